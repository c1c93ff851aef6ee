//! L1 with numbers: over a disk whose machine ends at any operation, nothing has happened of which
//! the intent is not in the ledger afterwards.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may panic, and tells its seeds"
)]

use std::sync::Arc;
use std::time::Duration;

use domain::{
    AccountId, Action, Actor, CameraId, EntryNumber, Purpose, PurposeKind, RecorderId, Role,
};
use ledger::act::{ReadRecords, WatchLive};
use ledger::{Kind, Ledger, LedgerConfig, OutcomeWord};
use rules::{Ask, Facts, Permit, Target, decide};
use testkit::disk::{Effect, Fault, Select};
use testkit::{Chance, FickleDisk, Lie, TestClock};

/// Acts on one disk, so that no journal grows without end.
const ACTS_OF_A_DISK: usize = 250;

/// How an act is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    /// As the product does it: the effect needs the grant.
    GrantFirst,
    /// The control: somebody shows a picture, and writes it down then.
    EffectFirst,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Ran {
    acts: usize,
    crashes: usize,
    /// Effects without an intent in the ledger that the crash left.
    unrecorded: usize,
}

fn permit(action: Action, number: usize) -> Permit {
    let target = match action {
        Action::WatchLive => Target::Live { cameras: vec![CameraId::from_bytes([2; 16])] },
        _ => Target::House,
    };
    let person = Actor::Person(AccountId::from_bytes([u8::try_from(number % 250).unwrap(); 16]));
    let purpose =
        (action == Action::ReadRecords).then(|| Purpose::new(PurposeKind::Incident, "1").unwrap());
    let ask = Ask { actor: person, action, target, purpose, proposal: None };
    let roles = vec![Role::Operator, Role::Inspector];
    decide(ask, &Facts { roles, ..Facts::nobody() }, domain::WallTime::EPOCH).unwrap()
}

/// Something that happened: nobody can take it back.
struct Happened {
    intent: Option<EntryNumber>,
    action: Action,
}

/// Acts until one fails or there are enough; what happened of them.
fn act(ledger: &Ledger, order: Order, most: usize, chance: &mut Chance) -> Vec<Happened> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut happened = Vec::new();
    for number in 0..most {
        let action = [Action::WatchLive, Action::ReadRecords][number % 2];
        if order == Order::EffectFirst {
            happened.push(Happened { intent: None, action });
        }
        let permit = permit(action, number);
        let ends = chance.below(3);
        let granted = if action == Action::WatchLive {
            ledger.admit_blocking::<WatchLive>(permit).map(|grant| {
                let number = grant.number();
                match ends {
                    0 => drop(grant),
                    1 => drop(runtime.block_on(grant.close(OutcomeWord::Done, ""))),
                    _ => drop(runtime.block_on(grant.served(Vec::new()))),
                }
                number
            })
        } else {
            ledger.admit_blocking::<ReadRecords>(permit).map(|grant| grant.number())
        };
        let Ok(intent) = granted else { break };
        match order {
            Order::GrantFirst => happened.push(Happened { intent: Some(intent), action }),
            Order::EffectFirst => happened.last_mut().unwrap().intent = Some(intent),
        }
    }
    happened
}

/// How many effects have no intent in the ledger.
fn unrecorded(ledger: &Ledger, happened: &[Happened]) -> usize {
    let is_recorded = |it: &Happened| {
        let entry = it.intent.and_then(|number| ledger.entry(number).ok());
        entry.is_some_and(
            |entry| matches!(entry.kind, Kind::Intent { action, .. } if action == it.action),
        )
    };
    happened.iter().filter(|it| !is_recorded(it)).count()
}

fn open(disk: &FickleDisk, clock: &TestClock) -> Option<Ledger> {
    let recorder = RecorderId::from_bytes([7; 16]);
    let config = LedgerConfig { folder: "/ledger".into(), recorder };
    Ledger::open_by_hand(&config, Arc::new(disk.start()), Arc::new(clock.clone())).ok()
}

/// One disk, on which the machine ends so often, or until there are enough acts, each time `at`
/// changes after a start.
fn one_disk(
    seed: u64,
    order: Order,
    lie: Option<Lie>,
    (lives, most): (usize, usize),
    mut at: impl FnMut(&mut Chance) -> usize,
) -> Ran {
    let (disk, clock) = (FickleDisk::new(seed), TestClock::at("2026-11-21T12:00:00Z"));
    let mut chance = Chance(seed);
    lie.into_iter().for_each(|lie| disk.lie(lie));
    let mut ran = Ran::default();
    while ran.acts < most && ran.crashes < lives {
        let mut happened = Vec::new();
        if let Some(ledger) = open(&disk, &clock) {
            let torn =
                if chance.below(2) == 0 { Effect::Die } else { Effect::DieTorn(at(&mut chance)) };
            disk.plan(Fault::new(Select::Changes, at(&mut chance), torn));
            happened = act(&ledger, order, most - ran.acts, &mut chance);
            clock.advance(Duration::from_millis(chance.below(1500) as u64));
        }
        ran.acts += happened.len();
        ran.crashes += 1;
        // A process that ends leaves what it wrote; a machine without power some of it.
        if chance.below(3) == 0 {
            disk.kill();
        } else {
            disk.lose_power();
        }
        let Some(ledger) = open(&disk, &clock) else {
            // What happened cannot be shown to have been written down.
            eprintln!("seed {seed}: it did not open again after {} acts", ran.acts);
            ran.unrecorded += happened.len().max(1);
            return ran;
        };
        ran.unrecorded += unrecorded(&ledger, &happened);
        disk.kill();
    }
    ran
}

fn sum(one: Ran, other: Ran) -> Ran {
    Ran {
        acts: one.acts + other.acts,
        crashes: one.crashes + other.crashes,
        unrecorded: one.unrecorded + other.unrecorded,
    }
}

/// Now soon, now late.
fn at(chance: &mut Chance) -> usize {
    let few = if chance.below(4) == 0 { 400 } else { 20 };
    chance.below(few)
}

/// Killed after the journal was made and before its name was synced; then the power went.
#[test]
fn l1_seeds_that_once_failed() {
    let ran = one_disk(227, Order::GrantFirst, None, (4, 250), at);
    assert_eq!(ran.unrecorded, 0, "{ran:?}");
}

fn many(disks: u64, order: Order, lie: Option<Lie>, acts: usize) -> Ran {
    let one = |seed: u64| {
        let ran = one_disk(seed, order, lie, (acts, acts), at);
        if ran.unrecorded > 0 {
            eprintln!("seed {seed}: {ran:?}");
        }
        ran
    };
    (1..=disks).map(one).fold(Ran::default(), sum)
}

#[test]
fn l1_wherever_the_machine_ends_what_happened_has_its_intent_in_the_ledger() {
    // Each operation after a start in turn is the last one.
    let each = (0..60).map(|at| one_disk(at, Order::GrantFirst, None, (1, 60), |_| at as usize));
    let each = each.fold(Ran::default(), sum);
    assert_eq!(each.unrecorded, 0, "{each:?}");
    let is_long = testkit::is_long();
    let disks = if is_long { 4000 } else { 6 };
    let ran = many(disks, Order::GrantFirst, None, ACTS_OF_A_DISK);
    eprintln!("{each:?}, {ran:?}");
    assert!(ran.acts >= ACTS_OF_A_DISK && ran.crashes > 20, "{ran:?}");
    assert_eq!(ran.unrecorded, 0, "{ran:?}");
}

#[test]
fn l1_control_an_act_that_is_written_down_afterwards_is_caught() {
    let ran = many(1, Order::EffectFirst, None, 300);
    assert!(ran.unrecorded > 0, "{ran:?}");
}

#[test]
fn l1_control_a_disk_that_lies_about_the_journal_is_caught() {
    let ran = many(3, Order::GrantFirst, Some(Lie::Sync("journal")), 300);
    assert!(ran.unrecorded > 0, "{ran:?}");
}
