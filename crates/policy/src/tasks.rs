//! What is due: computed from the promises, the versions and the law, and kept nowhere. A task is gone
//! when what it asks for is true.

use domain::Role;
use law::{Pack, Rule};
use time::{Date, Duration};

use crate::attested::{good_until, newest};
use crate::{
    AccountFact, AssetFact, Attestation, Check, Description, Judged, Outsourcing, Seen, State,
    asset,
};
use crate::{appointment, duties};

/// So many days before the word of a person ends somebody is asked to look again.
pub const ASKED_BEFORE_DAYS: i64 = 14;
/// So many days after a version is in force and known here its promises should have been looked at.
pub const FIRST_LOOK_DAYS: i64 = 14;
/// So many days after that the duties of the manager should have been entered once.
pub const FIRST_DUTY_DAYS: i64 = 90;
/// So many days ahead it is said that a contract ends.
pub const CONTRACT_AHEAD_DAYS: i64 = 60;
/// So many days ahead it is said that an article changes.
pub const LAW_AHEAD_DAYS: i64 = 180;
/// The measure that promises the yearly supervision of contractors.
const SUPERVISION: &str = "safety.supervision";

/// What kind of thing is to be done. Closed; words are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TaskKind {
    /// A broken promise is to be mended.
    Mend,
    /// Somebody has to look at what no program can see.
    Attest,
    /// Contractors have to be trained and supervised, and nothing promises it.
    Supervise,
    /// A contract with a contractor ends.
    RenewContract,
    /// A version that was announced comes into force.
    TakeEffect,
    /// An article changes on which the policy rests.
    LawChanges,
    /// An appointment lacks something, or ends.
    Appoint,
    /// A device's certificate ends, or is not for its firmware.
    Asset,
}

impl TaskKind {
    /// All.
    pub const ALL: [Self; 8] = [
        Self::Mend,
        Self::Attest,
        Self::Supervise,
        Self::RenewContract,
        Self::TakeEffect,
        Self::LawChanges,
        Self::Appoint,
        Self::Asset,
    ];

    /// The word that stands for it outside.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mend => "mend",
            Self::Attest => "attest",
            Self::Supervise => "supervise",
            Self::RenewContract => "renew-contract",
            Self::TakeEffect => "take-effect",
            Self::LawChanges => "law-changes",
            Self::Appoint => "appoint",
            Self::Asset => "asset",
        }
    }
}

/// Where a task is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// At a promise.
    Promise(String),
    /// At a version of the policy.
    Version(u64),
    /// Where a draft of the policy is looked at.
    Draft,
    /// At the accounts.
    Accounts,
    /// At the cameras.
    Cameras,
}

/// Something that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// What kind.
    pub kind: TaskKind,
    /// The last day on which it is in time.
    pub due: Date,
    /// Who sees to it.
    pub who: Role,
    /// The article that asks for it.
    pub article: String,
    /// What is to be done, in Korean.
    pub ko: String,
    /// The same in English.
    pub en: String,
    /// Where it is done.
    pub place: Place,
}

/// What tasks follow from.
#[derive(Debug, Clone, Copy)]
pub struct Outlook<'o> {
    /// The day.
    pub today: Date,
    /// The description in force.
    pub described: &'o Description,
    /// Its promises and the [`crate::duties`], looked at.
    pub judged: &'o [Judged],
    /// The first day on which it was both in force and known here.
    pub since: Date,
    /// Versions that were announced and are not in force yet, each with its first day.
    pub announced: &'o [(u64, Date)],
    /// What persons saw, in the order in which it was entered.
    pub attestations: &'o [Attestation],
    /// Who has an account.
    pub accounts: &'o [AccountFact],
    /// What devices are.
    pub assets: &'o [AssetFact],
    /// The law.
    pub law: &'o Pack,
}

/// Everything that is due, the most urgent first.
#[must_use]
pub fn tasks(outlook: &Outlook<'_>) -> Vec<Task> {
    let promises = outlook.judged.iter().filter_map(|it| of_promise(outlook, it));
    let versions = outlook.announced.iter().map(|(version, from)| takes_effect(*version, *from));
    let accounts = outlook.accounts.iter();
    let appointments = accounts.flat_map(|it| appointment::due(it, outlook.today, outlook.since));
    let due = supervision(outlook).into_iter().chain(contracts(outlook)).chain(appointments);
    let assets = outlook.assets.iter().flat_map(|it| asset::due(it, outlook.today));
    let due = due.chain(assets);
    let mut tasks: Vec<Task> =
        promises.chain(due).chain(versions).chain(law_changes(outlook)).collect();
    tasks.sort_by(|a, b| (a.due, a.kind, &a.ko).cmp(&(b.due, b.kind, &b.ko)));
    tasks
}

fn of_promise(outlook: &Outlook<'_>, judged: &Judged) -> Option<Task> {
    let promise = &judged.promise;
    let task = |kind, due, who, ko, en| Task {
        kind,
        due,
        who,
        article: promise.article.into(),
        ko,
        en,
        place: Place::Promise(promise.id.clone()),
    };
    if judged.state == State::Broken {
        let (ko, en) = (&judged.evidence_ko, &judged.evidence_en);
        return Some(task(
            TaskKind::Mend,
            outlook.today,
            mender(&promise.check),
            format!("어긋난 약속을 바로잡으십시오: {} {ko}", promise.ko),
            format!("Mend a broken promise: {} {en}", promise.en),
        ));
    }
    let every_days = promise.check.every_days()?;
    let said = newest(promise, outlook.attestations).filter(|said| said.seen == Seen::So);
    let due = match said {
        Some(said) => good_until(said, every_days),
        None => {
            let is_duty = promise.id.starts_with(duties::PREFIX);
            let days = if is_duty { FIRST_DUTY_DAYS } else { FIRST_LOOK_DAYS };
            outlook.since.saturating_add(Duration::days(days))
        }
    };
    let due = match said {
        Some(_) if judged.state == State::Kept => {
            if (due - outlook.today).whole_days() > ASKED_BEFORE_DAYS {
                return None;
            }
            due
        }
        // What he saw does not count any more: too long ago, or there is more to see now.
        Some(_) => due.min(outlook.today),
        None => due,
    };
    Some(task(
        TaskKind::Attest,
        due,
        looker(&promise.id),
        format!("직접 확인하고 기록하십시오: {}", promise.ko),
        format!("Look, and record what you saw: {}", promise.en),
    ))
}

/// Who sees to a broken promise: whoever answers for cameras and disks, or for the people.
const fn mender(check: &Check) -> Role {
    match check {
        Check::SpotCameras { .. }
        | Check::AllCameras { .. }
        | Check::Hours
        | Check::Storage { .. }
        | Check::Destruction
        | Check::Encrypted
        | Check::RecordsUnaltered => Role::Administrator,
        _ => Role::Manager,
    }
}

/// Who looks: at rooms and computers whoever looks after the machine, at paper and signs whoever works
/// with people, at plans, contracts and consent whoever answers for them. Any of them may record it.
fn looker(promise: &str) -> Role {
    match promise {
        "safety.room" | "safety.area" | "safety.computers" => Role::Administrator,
        "signs" | "prints" => Role::Officer,
        _ => Role::Manager,
    }
}

/// The law asks for it once a year of whoever has contractors; where the policy promises it, its
/// promise is the task.
fn supervision(outlook: &Outlook<'_>) -> Option<Task> {
    let processor = &outlook.described.processor;
    let is_promised = outlook.judged.iter().any(|it| it.promise.id == SUPERVISION);
    if processor.outsourced != Outsourcing::Yes || is_promised {
        return None;
    }
    let count = processor.companies.len();
    Some(Task {
        kind: TaskKind::Supervise,
        due: outlook.since.saturating_add(Duration::days(365)),
        who: Role::Manager,
        article: "Act 26(4), Guide 43(3)".into(),
        ko: format!(
            "수탁업체 {count}곳을 해마다 교육하고 감독해야 합니다. 방침의 안전 조치에 수탁업체 감독을 넣어 공고하면 \
             감독한 것을 기록할 수 있습니다."
        ),
        en: format!(
            "{count} contractors have to be trained and supervised each year. Announce a policy whose \
             measures have `supervision`, so that it can be recorded."
        ),
        place: Place::Draft,
    })
}

/// Contracts that end soon, or have ended.
fn contracts(outlook: &Outlook<'_>) -> impl Iterator<Item = Task> {
    let last = outlook.today.saturating_add(Duration::days(CONTRACT_AHEAD_DAYS));
    let companies = outlook.described.processor.companies.iter();
    let ending = companies.filter_map(move |company| {
        let ends = company.contract.as_ref()?.last_day()?;
        (ends <= last).then_some((company, ends))
    });
    ending.map(|(company, ends)| Task {
        kind: TaskKind::RenewContract,
        due: ends,
        who: Role::Manager,
        article: "Act 25(8), Dec 26(1)".into(),
        ko: format!(
            "{}의 위탁 계약이 {ends}에 끝납니다. 다시 계약하거나, 맡기지 않는 방침을 공고하십시오.",
            company.name
        ),
        en: format!(
            "The contract with {} ends on {ends}. Renew it, or announce a policy without it.",
            company.name
        ),
        place: Place::Draft,
    })
}

fn takes_effect(version: u64, from: Date) -> Task {
    Task {
        kind: TaskKind::TakeEffect,
        due: from,
        who: Role::Manager,
        article: "Act 25(7), Guide 36(1)".into(),
        ko: format!(
            "방침 제{version}판이 {from}부터 시행됩니다. 그날까지 누리집과 안내판을 새 방침에 맞추십시오."
        ),
        en: format!(
            "Version {version} of the policy is in force from {from}. Have homepage and signs agree by then."
        ),
        place: Place::Version(version),
    }
}

/// Rules that begin or end soon, of articles on which a promise or a purpose rests. A version that begins
/// on that day or later was made under that law: with it the task is done.
fn law_changes(outlook: &Outlook<'_>) -> Vec<Task> {
    let last = outlook.today.saturating_add(Duration::days(LAW_AHEAD_DAYS));
    let is_met = |day: Date| outlook.announced.iter().any(|(_, from)| *from >= day);
    let is_soon = |day: Date| outlook.today < day && day <= last && !is_met(day);
    let begins = |rule: &Rule| is_soon(rule.from).then_some(rule.from);
    let is_replaced = |rule: &Rule, day: Date| {
        outlook.law.all().iter().any(|it| it.id == rule.id && it.from == day)
    };
    let ends = |rule: &Rule| {
        let day = rule.to.and_then(Date::next_day)?;
        (is_soon(day) && !is_replaced(rule, day)).then_some(day)
    };
    let rests = rests_on(outlook);
    let concerns = |rule: &&Rule| articles(&rule.article).any(|it| rests.contains(&it));
    let mut tasks = Vec::new();
    for rule in outlook.law.all().iter().filter(concerns) {
        if let Some(day) = begins(rule) {
            tasks.push(law_change(rule, day, true));
        } else if let Some(day) = ends(rule) {
            tasks.push(law_change(rule, day, false));
        }
    }
    tasks
}

fn law_change(rule: &Rule, day: Date, begins: bool) -> Task {
    let text = &rule.ko;
    let (ko, en) = if begins {
        (format!("‘{text}’ 규정이 {day}부터 적용됩니다"), format!("holds from {day} on"))
    } else {
        (
            format!("‘{text}’ 규정이 {day}부터 적용되지 않습니다"),
            format!("holds no more from {day} on"),
        )
    };
    Task {
        kind: TaskKind::LawChanges,
        due: day,
        who: Role::Manager,
        article: rule.article.clone(),
        ko: format!(
            "법이 바뀝니다. {ko}. 그날의 법으로 방침을 살펴보고, 고칠 것이 있으면 새 방침을 공고하십시오."
        ),
        en: format!(
            "The law changes: {} ({en}). Check the policy under the law of that day, and announce another if it has to change.",
            rule.en
        ),
        place: Place::Draft,
    }
}

/// The articles on which the policy rests, without paragraphs: `Act 25`.
fn rests_on(outlook: &Outlook<'_>) -> Vec<String> {
    let promises = outlook.judged.iter().flat_map(|it| articles(it.promise.article));
    let law = outlook.law.on(outlook.today);
    let grounds = outlook.described.purposes.iter();
    let grounds = grounds.filter_map(|purpose| law.rule(&purpose.ground));
    promises.chain(grounds.flat_map(|rule| articles(&rule.article))).collect()
}

/// `Act 25(4), Dec 24` is `Act 25` and `Dec 24`; a part without a law's name belongs to the one before.
fn articles(text: &str) -> impl Iterator<Item = String> {
    let mut law = String::new();
    let parts = text.split(", ").map(move |part| {
        let (name, number) = part.rsplit_once(' ').unwrap_or((&law, part));
        law = name.to_owned();
        let end = number.find('(').unwrap_or(number.len());
        format!("{law} {}", &number[..end])
    });
    parts.collect::<Vec<_>>().into_iter()
}
