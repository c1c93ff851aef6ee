//! What is due, and the alarm of broken promises: both follow from what was looked at, and are kept
//! nowhere.

use api::HealthAlarm;
use domain::WallTime;
use ledger::PolicyFact;
use policy::{Outlook, Task, TaskPlace};
use time::Date;

use crate::Told;
use crate::attestations;
use crate::house::House;
use crate::policy_desk::day_of;
use crate::promises::{Looked, account_facts, broken_in, entered_lines, look};
use crate::ranges::asset_facts;
use crate::register::time;

/// Promises that an alarm names; of more it says how many.
const MOST_NAMED: usize = 5;

/// What is due now.
pub(crate) async fn tasks(house: &House) -> Told<api::Tasks> {
    let Some(Looked { present, mut promises, duties, at: now }) = look(house).await? else {
        let now = house.clock.wall();
        let today = day_of(now).to_string();
        return Ok(api::Tasks { looked_at: time(now), today, version: None, tasks: Vec::new() });
    };
    promises.extend(duties);
    let today = day_of(now);
    let announced = announced(&house.ledger.policies(), today);
    let attestations = attestations::all(house);
    let accounts = account_facts(house);
    let assets = asset_facts(house);
    let outlook = Outlook {
        today,
        described: &present.described,
        judged: &promises,
        since: first_day(&present.fact),
        announced: &announced,
        attestations: &attestations,
        accounts: &accounts,
        assets: &assets,
        law: law::korea(),
    };
    let tasks = policy::tasks(&outlook).into_iter().filter_map(|task| on_wire(task, today));
    Ok(api::Tasks {
        looked_at: time(now),
        today: today.to_string(),
        version: Some(present.fact.version),
        tasks: tasks.collect(),
    })
}

/// The first day on which a version was both in force and known here.
fn first_day(fact: &PolicyFact) -> Date {
    let effective = law::date(&fact.effective).unwrap_or(Date::MIN);
    effective.max(day_of(fact.at))
}

/// Versions that wait for their day.
fn announced(facts: &[PolicyFact], today: Date) -> Vec<(u64, Date)> {
    let day = |fact: &PolicyFact| Some((fact.version, law::date(&fact.effective).ok()?));
    facts.iter().filter_map(day).filter(|(_, from)| *from > today).collect()
}

fn on_wire(task: Task, today: Date) -> Option<api::Task> {
    let (promise, version) = match task.place {
        TaskPlace::Promise(id) => (Some(id), None),
        TaskPlace::Version(version) => (None, Some(version)),
        TaskPlace::Draft | TaskPlace::Accounts | TaskPlace::Cameras => (None, None),
    };
    Some(api::Task {
        kind: api::TaskKind::from_word(task.kind.word())?,
        due: task.due.to_string(),
        overdue: task.due < today,
        who: api::Role::from_word(task.who.word())?,
        article: task.article,
        text_ko: task.ko,
        text_en: task.en,
        promise,
        version,
    })
}

/// The alarm of broken promises, as the ledger last had it entered.
pub(crate) fn alarm_of_promises(house: &House) -> Option<HealthAlarm> {
    let fact = house.ledger.promises()?;
    alarm(&entered_lines(house, &fact), fact.at)
}

fn alarm(lines: &str, at: WallTime) -> Option<HealthAlarm> {
    let broken: Vec<&str> = broken_in(lines).collect();
    let count = broken.len();
    if count == 0 {
        return None;
    }
    let named = broken.iter().take(MOST_NAMED).copied().collect::<Vec<_>>().join(", ");
    Some(HealthAlarm {
        code: "promise-broken".into(),
        since: time(at),
        camera: None,
        text_ko: format!(
            "공개한 방침의 약속 {count}건이 어긋났습니다: {named}. 약속 화면에서 까닭을 확인하고 바로잡으십시오."
        ),
        text_en: format!(
            "{count} promises of the published policy are broken: {named}. The page of promises says why; mend them."
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_promises_raise_one_alarm_and_nothing_else_does() {
        let at: WallTime = "2026-11-22T12:00:00Z".parse().unwrap();
        assert_eq!(alarm("cameras kept\nsigns unproven\n", at), None);
        assert_eq!(alarm("", at), None);
        let one = alarm("cameras kept\nsigns broken\nbroken kept\n", at).unwrap();
        assert_eq!(one.code, "promise-broken");
        assert!(one.text_ko.contains("약속 1건이 어긋났습니다: signs."), "{}", one.text_ko);
        let many: String = (0..9).map(|it| format!("cameras.{it} broken\n")).collect();
        let many = alarm(&many, at).unwrap();
        assert!(many.text_en.starts_with("9 promises"), "{}", many.text_en);
        assert!(many.text_en.contains("cameras.4.") && !many.text_en.contains("cameras.5"));
    }

    #[test]
    fn a_version_that_waits_is_known_by_its_day() {
        let companion = ledger::Companion { count: 1, sha256: String::new(), root: String::new() };
        let fact = |version, effective: &str| PolicyFact {
            number: "2026/17".parse().unwrap(),
            at: "2026-11-22T12:00:00Z".parse().unwrap(),
            version,
            effective: effective.into(),
            companion: companion.clone(),
        };
        let facts = [fact(1, "2022-08-04"), fact(2, "2026-11-22"), fact(3, "2026-12-01")];
        let today = law::date("2026-11-22").unwrap();
        let waiting = announced(&facts, today);
        assert_eq!(waiting, [(3, law::date("2026-12-01").unwrap())]);
        assert_eq!(first_day(&facts[0]).to_string(), "2026-11-22", "known here later");
        assert_eq!(first_day(&facts[2]).to_string(), "2026-12-01");
    }
}
