//! R3, K9: when the disks are full, the oldest goes before its time, by a rule of two people alone,
//! and never below the statutory minimum.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{Action, Actor, EntryNumber, RecorderId, Retention, SystemActor, WallTime};
use host::{Clock as _, Fs, Space};
use ledger::act::DestroyEarly;
use ledger::{Grant, GrantEnded, Ledger, LedgerConfig};
use rules::{Ask, EarlyRule, Facts, Target, decide};
use testkit::{FaultyDisk, TestClock, TestWitness};
use tlog::policy::Policy;
use tlog::witness::{AddCheckpoint, Answer};
use tlog::{Checkpoint, VerifierKey};
use vault::{RotateError, RotationReport};

use crate::holds::hold_of;
use crate::house::{DAY, HOUR, House, Place, Start, codec, feed, open_ledger};
use crate::keys;

const HOURS: usize = 40;
const FULL: Space = Space { free_bytes: 100 << 20, total_bytes: 100 << 30 };

struct Full {
    place: Place,
    clock: TestClock,
    disk: FaultyDisk,
    house: House,
    witness: Mutex<TestWitness>,
    filmed: Vec<WallTime>,
}

impl Full {
    /// Forty hours of footage that is promised for thirty days and owed for ten hours.
    fn new() -> Self {
        let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
        let disk = FaultyDisk::new(&place.root());
        let fs: Arc<dyn Fs> = Arc::new(disk.clone());
        let (ledger, witness) = witnessed_ledger(&place, &fs, &clock);
        let house = House::open_over(&place, fs, &clock, Start::default(), ledger).unwrap();
        let retention = Retention::new(10 * HOUR, 30 * DAY).unwrap();
        let mut camera = house.camera(1, 30 * DAY);
        camera.sealer = house.vault.sealer().feed(feed(1), retention);
        camera.sealer.set_config(codec());
        for _ in 0..HOURS {
            camera.film_a_second();
            house.vault.flush();
            clock.advance(HOUR - Duration::from_secs(1));
        }
        camera.film_a_second();
        house.vault.flush();
        house.vault.settle();
        let filmed = camera.filmed.iter().map(|(wall, _)| *wall).step_by(2).collect();
        Self { place, clock, disk, house, witness: Mutex::new(witness), filmed }
    }

    /// What the recorder does in a round.
    fn cosign(&self) {
        cosign(&self.house.ledger, &mut self.witness.lock().unwrap());
    }

    /// The machine does it, on a rule that is in force, once the witness has cosigned that.
    fn destroy(&self) -> RotationReport {
        let grant = self.grant();
        self.cosign();
        let report = self.house.vault.destroy_early(&grant).unwrap();
        self.house.vault.settle();
        report
    }

    fn grant(&self) -> Grant<DestroyEarly> {
        may_destroy_early(&self.house.ledger, &self.clock)
    }

    fn kept(&self) -> usize {
        keys::buckets(&self.place.root()).len()
    }

    /// The hours of which footage is still to be seen, by their number.
    fn seen(&self) -> Vec<usize> {
        let visible = |start: &WallTime| {
            !self.house.seen(feed(1), *start, *start + Duration::from_secs(1)).is_empty()
        };
        (0..self.filmed.len()).filter(|index| visible(&self.filmed[*index])).collect()
    }
}

fn may_destroy_early(ledger: &Ledger, clock: &TestClock) -> Grant<DestroyEarly> {
    let proposal = EntryNumber { year: 2026, index: 1 };
    let ask = Ask {
        actor: Actor::System(SystemActor::Retention),
        action: Action::DestroyEarly,
        target: Target::House,
        purpose: None,
        proposal: Some(proposal),
    };
    let from = clock.wall() - HOUR;
    let facts = Facts { early_rule: Some(EarlyRule { proposal, from }), ..Facts::nobody() };
    let permit = decide(ask, &facts, clock.wall()).unwrap();
    ledger.admit_blocking::<DestroyEarly>(permit).unwrap()
}

/// What the recorder does in a round: the witness cosigns what was entered so far.
pub(crate) fn cosign(ledger: &Ledger, witness: &mut TestWitness) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    // After a start it is asked what it knows before anything is signed.
    for _ in 0..2 {
        runtime.block_on(ledger.publish()).unwrap();
        for (year, note) in ledger.to_be_cosigned().unwrap() {
            let size = Checkpoint::parse(note.text()).unwrap().size;
            let old_size = ledger.witness_status().unwrap().cosigned_size;
            let proof = ledger.consistency(year, old_size, size).unwrap();
            let request = AddCheckpoint::new(old_size, proof, note.clone()).unwrap();
            let Answer::Cosigned(signatures) = witness.add_checkpoint(&request) else { panic!() };
            let mut cosigned = note;
            cosigned.add(signatures[0].clone()).unwrap();
            assert!(ledger.keep_cosigned(&cosigned).unwrap());
        }
    }
}

/// A ledger with one witness, whose key it has to know first.
pub(crate) fn witnessed_ledger(
    place: &Place,
    fs: &Arc<dyn Fs>,
    clock: &TestClock,
) -> (Ledger, TestWitness) {
    let bare = open_ledger(&place.root(), Arc::clone(fs), clock);
    let key: VerifierKey = bare.verifier_key(2026).parse().unwrap();
    bare.close();
    drop(bare);
    let witness = TestWitness::new("witness.example/1", *key.public_key());
    let policy = format!("witness w {} http://127.0.0.1:1\nquorum w\n", witness.key());
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let recorder = RecorderId::from_bytes([7; 16]);
    let config = LedgerConfig { folder: place.root().join("ledger"), recorder };
    let clock = Arc::new(clock.clone());
    let ledger = Ledger::open_witnessed(&config, Arc::clone(fs), clock, policy).unwrap();
    (ledger, witness)
}

#[test]
fn k9_nothing_goes_early_before_a_quorum_has_cosigned_it() {
    let full = Full::new();
    full.disk.set_room(FULL);
    let grant = full.grant();
    for _ in 0..2 {
        let refused = full.house.vault.destroy_early(&grant);
        assert!(matches!(refused, Err(RotateError::Ended(GrantEnded::NotCosigned))));
        assert_eq!(full.kept(), HOURS + 1);
    }
    // The control: cosigned, the same act goes through.
    full.cosign();
    assert!(full.house.vault.destroy_early(&grant).unwrap().buckets > 0);
    full.house.close();

    // Without witnesses it never does.
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let house = House::new(&place, &clock);
    let grant = may_destroy_early(&house.ledger, &clock);
    let refused = house.vault.destroy_early(&grant);
    assert!(matches!(refused, Err(RotateError::Ended(GrantEnded::NotCosigned))));
    house.close();
}

#[test]
fn r3_k9_the_oldest_goes_first_and_nothing_below_its_minimum() {
    let full = Full::new();
    // The control: while there is room nothing goes, rule or not.
    assert!(!full.house.vault.is_early_wanted());
    assert_eq!(full.destroy(), RotationReport::default());
    assert_eq!(full.kept(), HOURS + 1);
    full.disk.set_room(FULL);
    assert!(full.house.vault.is_early_wanted());
    let report = full.destroy();
    assert_eq!((report.buckets, report.reels), (24, 24), "a day at once, no more");
    assert_eq!(full.seen(), (24..=HOURS).collect::<Vec<_>>());
    // Until the statutory minimum of ten hours: then it stops, full or not.
    let report = full.destroy();
    let left = full.kept();
    assert_eq!(report.buckets, (HOURS + 1 - 24 - left) as u64);
    let oldest = full.filmed[HOURS + 1 - left];
    assert!(full.clock.wall().since(oldest) <= 11 * HOUR, "{oldest}");
    assert!(full.clock.wall().since(oldest) >= 10 * HOUR, "{oldest}");
    assert!(!full.house.vault.is_early_wanted());
    assert_eq!(full.destroy(), RotationReport::default());
    // The ledger says of each key that it is destroyed, and nothing that is gone can be opened.
    assert_eq!(keys::destroyed(&full.place.root(), &full.house.ledger).len(), HOURS + 1 - left);
    full.house.close();
}

#[test]
fn r3_no_more_goes_than_makes_room() {
    let full = Full::new();
    let reel = keys::files(&full.place.root().join("a/reels"))[0].1.len() as u64;
    // Kept back is a twentieth, soon full at twice that: three reels are missing to four times it.
    let total_bytes = 20 * 3 * reel;
    full.disk.set_room(Space { free_bytes: 6 * reel - 1, total_bytes });
    let report = full.destroy();
    assert!((6..=8).contains(&report.buckets), "{report:?}");
    full.house.close();
}

#[test]
fn k2_k9_while_the_clock_is_in_doubt_nothing_goes_early() {
    let full = Full::new();
    full.disk.set_room(FULL);
    full.clock.set_wall(full.clock.wall() + DAY);
    assert!(!full.house.vault.is_early_wanted());
    assert_eq!(full.destroy(), RotationReport::default());
    full.clock.set_wall(full.clock.wall() - DAY);
    assert!(full.destroy().buckets > 0);
    full.house.close();
}

#[test]
fn k6_k9_what_is_held_does_not_go_early() {
    let full = Full::new();
    full.disk.set_room(FULL);
    let minute = full.filmed[3].floor(Duration::from_secs(60));
    let hold = hold_of(1, &[1], minute, 1, full.clock.wall() + DAY);
    full.house.hold(Action::HoldFootage, &hold).unwrap();
    full.cosign();
    // Nothing of that hour: its reel would stay for what is held, and no room be made.
    assert_eq!(full.destroy().buckets, 24);
    assert_eq!(full.seen(), [3].into_iter().chain(25..=HOURS).collect::<Vec<_>>());
    // The control: when it is released it goes before all others.
    full.house.hold(Action::ReleaseHold, &hold).unwrap();
    full.destroy();
    assert!(!full.seen().contains(&3));
    full.house.close();
}
