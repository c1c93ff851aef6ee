//! Whether the promises of the policy in force are kept: the facts that are looked up for it, and the
//! entry in the ledger once a day and whenever one of them changed.

use std::fs::File;
use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

use access::Account;
use api::{PromiseState, PromisesEntered};
use domain::{AccountId, Role, WallTime};
use ledger::{Kind, PromisesFact};
use policy::{AccountFact, Facts, Judged, State, judge};
use reel::{REEL_HEADER_BYTES, ReelHeader};
use rules::{Cell, Place, cell};

use crate::attestations;
use crate::camera_facts::camera_facts;
use crate::desk_facts::desk_facts;
use crate::house::House;
use crate::policy_desk::{Announced, day_of, in_force};
use crate::register::time;
use crate::{Told, sentence};

/// Reels whose headers are looked at, the newest.
const REELS: usize = 64;
/// How often it is looked whether a promise changed.
const LOOK_EVERY: Duration = Duration::from_secs(300);
/// How often promises are entered although none changed.
const ENTER_EVERY: Duration = Duration::from_secs(86_400);
/// After a start cameras come one by one: what is found before is no finding.
const SETTLE: Duration = Duration::from_secs(150);

/// The promises of the policy in force, looked at now; nothing without one.
pub(crate) async fn look(house: &House) -> Told<Option<Looked>> {
    let Some(present) = tokio::task::block_in_place(|| in_force(house))? else { return Ok(None) };
    let facts = facts(house, &present).await?;
    let promises = judge(&present.described, &present.policy.promises, &facts);
    let duties = judge(&present.described, &policy::duties(), &facts);
    Ok(Some(Looked { present, promises, duties, at: facts.now }))
}

/// What was found.
pub(crate) struct Looked {
    /// The policy in force.
    pub(crate) present: Announced,
    /// What it promises.
    pub(crate) promises: Vec<Judged>,
    /// What the manager has to see to beside it.
    pub(crate) duties: Vec<Judged>,
    pub(crate) at: WallTime,
}

/// The list that was entered: a line for each promise, its id and its state. Empty if it is gone.
pub(crate) fn entered_lines(house: &House, fact: &PromisesFact) -> String {
    let path = format!("companion/{}", fact.companion.sha256);
    let bytes = tokio::task::block_in_place(|| house.ledger.published(&path));
    String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()
}

/// The ids of what such a list calls broken.
pub(crate) fn broken_in(lines: &str) -> impl Iterator<Item = &str> {
    lines.lines().filter_map(|line| line.strip_suffix(State::Broken.word())?.strip_suffix(' '))
}

/// As the wire has them.
pub(crate) async fn promises(house: &House) -> Told<api::Promises> {
    let entered = house
        .ledger
        .promises()
        .map(|fact| PromisesEntered { entry: fact.number.to_string(), at: time(fact.at) });
    let Some(looked) = look(house).await? else {
        let (promises, duties) = (Vec::new(), Vec::new());
        return Ok(api::Promises { version: None, entered, promises, duties });
    };
    let now = looked.at;
    let law = law::korea().on(day_of(now));
    let one = |it: Judged| {
        let penalty = it.promise.penalty.and_then(|id| law.rule(id));
        let attested_every_days = it.promise.check.every_days();
        let attestation = attestations::counting(house, &it.promise);
        api::Promise {
            id: it.promise.id,
            section: it.promise.section,
            text_ko: it.promise.ko,
            text_en: it.promise.en,
            state: match it.state {
                State::Kept => PromiseState::Kept,
                State::Broken => PromiseState::Broken,
                State::Unproven => PromiseState::Unproven,
            },
            evidence: it.evidence_ko,
            evidence_en: it.evidence_en,
            checked_at: time(now),
            attested_every_days,
            attestation,
            article: it.promise.article.into(),
            penalty_ko: penalty.map(|rule| rule.ko.clone()),
            penalty_en: penalty.map(|rule| rule.en.clone()),
        }
    };
    Ok(api::Promises {
        version: Some(looked.present.fact.version),
        entered,
        promises: looked.promises.into_iter().map(one).collect(),
        duties: looked.duties.into_iter().map(one).collect(),
    })
}

/// Looks again and again, and enters what was found: once a day, and when a promise changed.
pub(crate) async fn run(house: Arc<House>) {
    tokio::time::sleep(SETTLE).await;
    loop {
        if let Err(error) = enter_if_due(&house).await {
            tracing::error!(error, "the policy's promises could not be looked at");
        }
        // What a person saw is entered, and alarms, at once.
        let asked = tokio::time::timeout(LOOK_EVERY, house.look_again.notified());
        let _in_time = asked.await;
    }
}

async fn enter_if_due(house: &House) -> Told<()> {
    let Some(Looked { promises: judged, at: now, .. }) = look(house).await? else {
        return Ok(());
    };
    let line = |it: &Judged| format!("{} {}", it.promise.id, it.state.word());
    let lines: Vec<String> = judged.iter().map(line).collect();
    let companion = tokio::task::block_in_place(|| house.ledger.keep_companion(&lines));
    let companion = companion.map_err(sentence)?;
    let is_due = house
        .ledger
        .promises()
        .is_none_or(|last| last.companion != companion || now.since(last.at) >= ENTER_EVERY);
    if !is_due {
        return Ok(());
    }
    let count = |state| judged.iter().filter(|it| it.state == state).count() as u64;
    let broken = count(State::Broken);
    if broken > 0 {
        tracing::warn!(broken, "promises of the published policy are broken");
    }
    let kind = Kind::Promises {
        kept: count(State::Kept),
        broken,
        unproven: count(State::Unproven),
        companion,
    };
    house.ledger.append(vec![kind.into()]).await.map(drop).map_err(sentence)
}

async fn facts(house: &House, present: &Announced) -> Told<Facts> {
    let now = house.clock.wall();
    let cameras = camera_facts(house, present, now).await?;
    let vault = house.vault.status();
    let ledger = house.ledger.status();
    let (reels, reels_sealed) = tokio::task::block_in_place(|| headers(&vault.volumes));
    let shows = [domain::Action::WatchLive, domain::Action::PlayFootage, domain::Action::TakeStill];
    let may = |action| cell(Role::Contractor, action, Place::InScope) != Cell::No;
    let (tickets, visits) = (house.ledger.ticket_counts(), house.ledger.visit_counts());
    Ok(Facts {
        now,
        today: day_of(now),
        cameras,
        accounts: account_facts(house),
        due_at: vault.destruction.oldest_due_at,
        frozen: vault.destruction.frozen.or(vault.destruction.delayed),
        destroyed: house.ledger.destroyed().map(|(number, at)| (at, number.to_string())),
        viewings: house.ledger.viewings(),
        contractors_may_see: shows.into_iter().any(may),
        ledger_appends: ledger.broken.is_none(),
        entries: ledger.size,
        cosigned: house.ledger.witness_status().map(|status| status.cosigned_size),
        reels,
        reels_sealed,
        tickets: tickets.opened,
        contractor_sessions: tickets.entered,
        sessions_outside: tickets.outside,
        visits: visits.arrived,
        visits_consented: visits.consented,
        visits_admitted_without: visits.admitted_without,
        desk: desk_facts(house, now),
        attestations: attestations::all(house),
    })
}

/// Who has rights, or will have them: an appointment that has not begun is one.
pub(crate) fn account_facts(house: &House) -> Vec<AccountFact> {
    let all: Vec<Account> = house.ledger.accounts().iter().filter_map(Account::read).collect();
    let post_of = |id: AccountId| {
        all.iter().find(|it| it.id == id).and_then(|it| it.appointment.post.clone())
    };
    let open = all.iter().filter(|account| account.is_in_force());
    let fact = |account: &Account| {
        let appointment = &account.appointment;
        let principals = appointment.deputy_of.and_then(post_of);
        AccountFact {
            name: account.display_name.clone(),
            roles: account.roles.clone(),
            post: appointment.post.clone().or(principals),
            is_deputy: appointment.deputy_of.is_some(),
            pledged: appointment.pledged_at.map(day_of),
            trained: appointment.trained_at.map(day_of),
            // The first moment after it is the beginning of a day, and the last day the one before.
            ends: appointment.term.until.map(|until| day_of(until - Duration::from_micros(1))),
        }
    };
    open.map(fact).collect()
}

/// How many of the newest reels were looked at, and how many of these say that they are sealed.
fn headers(volumes: &[vault::VolumeStatus]) -> (u64, u64) {
    let folders = volumes.iter().filter_map(|it| std::fs::read_dir(it.path.join("reels")).ok());
    let files = folders.flatten().filter_map(Result::ok).map(|entry| entry.path());
    let reels = files.filter(|path| path.extension().is_some_and(|it| it == "reel"));
    let aged = |path: &std::path::PathBuf| path.metadata().and_then(|it| it.modified()).ok();
    let mut reels: Vec<_> = reels.collect();
    reels.sort_by_key(|path| std::cmp::Reverse(aged(path)));
    let head = |path: &std::path::PathBuf| {
        let mut bytes = [0; REEL_HEADER_BYTES];
        File::open(path).and_then(|mut file| file.read_exact(&mut bytes)).ok().map(|()| bytes)
    };
    // One that went meanwhile is none; one whose header names no cipher is not sealed.
    let heads: Vec<_> = reels.iter().take(REELS).filter_map(head).collect();
    let sealed = heads.iter().filter(|bytes| ReelHeader::parse(&bytes[..]).is_ok()).count();
    (heads.len() as u64, sealed as u64)
}
