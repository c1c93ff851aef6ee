//! Two holders of the vault key at once: either alone opens, both must have destroyed a key before
//! it is called destroyed, and what a crash between them leaves is put right.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::BucketId;
use host::Disk;
use ledger::{HolderState, ProvableWord};
use testkit::disk::{Effect, Select};
use testkit::{Fault, FaultyDisk, TestClock};
use vault::{HoldersConfig, OpenVaultError, RotateError};

use crate::double::{Double, Machine, Then};
use crate::house::{Camera, DAY, HOUR, House, Place, Start, end};
use crate::keys;

const SLOT: &str = "slot:holder.slots";

/// A recorder whose key a slot file and a device keep, with an hour that is due and one that is not;
/// stopped.
struct Due {
    place: Place,
    clock: TestClock,
    double: Double,
    /// All buckets, and those that are due.
    all: BTreeSet<BucketId>,
    due: BTreeSet<BucketId>,
    old: [u8; 32],
    filmed: Vec<Camera>,
}

fn start(holders: HoldersConfig) -> Start {
    Start { volumes: vec!["a", "b"], holders, ..Start::default() }
}

impl Due {
    fn new() -> Self {
        let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
        let double = Double::default();
        let house = House::open(&place, Arc::new(Disk), &clock, start(double.and_slot())).unwrap();
        let mut filmed: Vec<Camera> = (1..3).map(|n| house.camera(n, 30 * DAY)).collect();
        for _ in 0..2 {
            filmed.iter_mut().for_each(Camera::film_a_second);
            house.vault.flush();
            clock.advance(2 * HOUR);
        }
        house.close();
        clock.advance(30 * DAY - 6 * HOUR);
        let buckets = keys::buckets(&place.root());
        let first = buckets.values().map(|bucket| bucket.start).min().unwrap();
        let due = buckets.iter().filter(|(_, it)| it.start == first).map(|(id, _)| *id).collect();
        let old = *keys::vault_keys(&place.root()).values().next().unwrap();
        assert_eq!(double.keys(), keys::vault_keys(&place.root()));
        Self { place, clock, double, all: buckets.keys().copied().collect(), due, old, filmed }
    }

    fn open(&self, place: &Place, double: &Double) -> Result<House, OpenVaultError> {
        House::open(place, Arc::new(Disk), &self.clock, start(double.and_slot()))
    }

    /// What must hold at any moment: nothing is called destroyed that any holder opens; and where all
    /// holders are there, everything is either open or called destroyed.
    fn check(
        &self,
        place: &Place,
        double: &Double,
        ledger: &ledger::Ledger,
        all_are_there: bool,
    ) -> Result<(), String> {
        let root = place.root();
        let mut held: Vec<[u8; 32]> = double.keys().into_values().collect();
        if root.join("vault/holder.slots").exists() {
            held.extend(keys::vault_keys(&root).into_values());
        }
        let open = keys::buckets_by(&root, &held);
        let said = keys::destroyed(&root, ledger);
        for id in &self.all {
            match (open.contains_key(id), said.contains(id)) {
                (true, true) => return Err(format!("{id} is called destroyed and opens")),
                (false, false) if all_are_there => {
                    return Err(format!("{id} is lost and not called destroyed"));
                }
                (false, _) if !self.due.contains(id) => return Err(format!("{id} is lost")),
                _ => {}
            }
        }
        if !said.is_empty() && held.contains(&self.old) {
            return Err("the old vault key is called destroyed and held".into());
        }
        let frames = keys::frames(&root, &open);
        for camera in &self.filmed {
            for (wall, bytes) in &camera.filmed[2..] {
                if frames.get(&(camera.feed, *wall)) != Some(bytes) {
                    return Err(format!("the survivor of {wall} is lost"));
                }
            }
        }
        Ok(())
    }

    /// After the machine ended: started with one holder away, or none, then with both; what was begun
    /// comes to its end.
    fn check_after_the_end(&self, place: &Place, double: &Double, turn: usize, when: &str) {
        let slots = place.root().join("vault/holder.slots");
        let aside = place.root().join("aside");
        double.heal();
        match turn % 3 {
            1 => double.set_away(true),
            2 => std::fs::rename(&slots, &aside).unwrap(),
            _ => {}
        }
        if !turn.is_multiple_of(3) {
            match self.open(place, double) {
                Ok(house) => {
                    let ledger = &house.ledger;
                    let checked = self.check(place, double, ledger, false);
                    checked.unwrap_or_else(|error| panic!("{when}, one away: {error}"));
                    assert!(house.vault.status().destruction.delayed.is_some(), "{when}");
                    let before = keys::destroyed(&place.root(), ledger);
                    let rotated = house.rotate_now();
                    assert!(rotated.is_err() || before == self.due, "{when}: not without it");
                    assert_eq!(keys::destroyed(&place.root(), ledger), before, "{when}");
                    let checked = self.check(place, double, ledger, false);
                    checked.unwrap_or_else(|error| panic!("{when}, one away, then: {error}"));
                    let mut camera = house.camera(9, 30 * DAY);
                    camera.film_a_second();
                    house.vault.flush();
                    assert_eq!(camera.sealer.status().frames, 2, "{when}: it records");
                    house.close();
                }
                // Only where a decision names a key that nobody who is there has.
                Err(OpenVaultError::HoldersAway { .. }) => {
                    assert!(place.root().join("vault/rotation").exists(), "{when}");
                }
                Err(error) => panic!("{when}, one away: {error}"),
            }
        }
        double.heal();
        if aside.exists() {
            std::fs::rename(&aside, &slots).unwrap();
        }
        let house = self.open(place, double).unwrap_or_else(|error| panic!("{when}: {error}"));
        let checked = self.check(place, double, &house.ledger, true);
        checked.unwrap_or_else(|error| panic!("{when}, both there: {error}"));
        house.rotate_now().unwrap();
        let checked = self.check(place, double, &house.ledger, true);
        checked.unwrap_or_else(|error| panic!("{when}, at the end: {error}"));
        assert_eq!(keys::destroyed(&place.root(), &house.ledger), self.due, "{when}");
        assert_eq!(double.keys(), keys::vault_keys(&place.root()), "{when}");
        house.close();
    }
}

fn machine(disk: &FaultyDisk, place: &Place) -> Option<Machine> {
    Some((disk.clone(), place.root()))
}

#[test]
fn k4_with_two_holders_the_machine_can_end_at_any_change_of_a_rotation() {
    let due = Due::new();
    let mut ends = 0;
    let stride = if testkit::is_long() { 1 } else { 4 };
    let kinds = [(Effect::Die, false), (Effect::DieTorn(40), true), (Effect::Die, true)];
    for (turn, (effect, power_too)) in kinds.into_iter().enumerate() {
        for after in (turn % stride..).step_by(stride) {
            let (place, double) = (due.place.copy(), due.double.copy());
            let disk = FaultyDisk::new(&place.root());
            let fs = Arc::new(disk.clone());
            let house = House::open(&place, fs, &due.clock, start(double.and_slot())).unwrap();
            disk.plan(Fault::new(Select::Changes, after, effect));
            let _ = house.rotate_now();
            let finished = !disk.is_dead();
            end(&disk, &place.root());
            if power_too {
                disk.lose_power();
            }
            drop(house);
            let when = format!("{effect:?} after {after}, power too: {power_too}");
            due.check_after_the_end(&place, &double, ends, &when);
            if finished {
                break;
            }
            ends += 1;
        }
    }
    eprintln!("{ends} ends");
    assert!(ends > 30, "{ends}");
}

#[test]
fn k4_a_device_may_fail_or_end_the_machine_at_any_call() {
    let due = Due::new();
    let mut happened = 0;
    for then in [Then::Fail, Then::FailDone, Then::Away, Then::Die, Then::DieDone] {
        for after in 0.. {
            let (place, double) = (due.place.copy(), due.double.copy());
            let disk = FaultyDisk::new(&place.root());
            // At any call of a start, and of the rotation after it.
            double.plan(after, then, machine(&disk, &place));
            let fs: Arc<dyn host::Fs> = Arc::new(disk.clone());
            let ledger = crate::house::open_ledger(&place.root(), Arc::clone(&fs), &due.clock);
            let with = start(double.and_slot());
            let house = House::open_over(&place, fs, &due.clock, with, ledger);
            if let Ok(house) = &house {
                let _ = house.rotate_now();
            }
            let has_happened = double.has_happened();
            end(&disk, &place.root());
            drop(house);
            let when = format!("{then:?} at call {after}");
            for turn in 0..3 {
                let (place, double) = (place.copy(), double.copy());
                due.check_after_the_end(&place, &double, turn, &when);
            }
            if !has_happened {
                break;
            }
            happened += 1;
        }
    }
    eprintln!("{happened} calls");
    assert!(happened >= 15, "{happened}");
}

/// The control: a device that says that it destroyed, and did not.
#[test]
fn k4_control_a_device_that_lies_is_caught() {
    let due = Due::new();
    due.double.lie();
    let house = due.open(&due.place, &due.double).unwrap();
    house.rotate_now().unwrap();
    let error = due.check(&due.place, &due.double, &house.ledger, true).unwrap_err();
    assert!(error.contains("is called destroyed and held"), "{error}");
    house.close();
}

#[test]
fn k3_a_holder_that_is_away_delays_alarms_and_is_made_up_for() {
    let due = Due::new();
    let house = due.open(&due.place, &due.double).unwrap();
    due.double.set_away(true);
    house.vault.look_after_holders();
    let status = house.vault.status();
    assert!(status.destruction.delayed.unwrap().contains("double:test is away since 2026-12-21T"));
    assert_eq!(status.destruction.frozen, None);
    let away: Vec<bool> = status.holders.iter().map(|holder| holder.away.is_some()).collect();
    assert_eq!(away, [false, true]);
    let before = house.ledger.status().size;
    assert!(!house.vault.is_destruction_due(), "no intent for what is not tried");
    assert_eq!(house.ledger.status().size, before);
    assert!(matches!(house.rotate_now(), Err(RotateError::Holder(_))));
    due.check(&due.place, &due.double, &house.ledger, true).unwrap();
    assert_eq!(house.vault.status().buckets, 4);
    // It records meanwhile.
    let mut camera = house.camera(9, 30 * DAY);
    for _ in 0..2 {
        camera.film_a_second();
        house.vault.flush();
        due.clock.advance(HOUR / 4);
    }
    assert_eq!(camera.sealer.status().frames, 4);
    // It is back.
    due.double.set_away(false);
    house.vault.look_after_holders();
    assert_eq!(house.vault.status().destruction.delayed, None);
    assert!(house.rotate().unwrap().buckets >= 2);
    due.check(&due.place, &due.double, &house.ledger, true).unwrap();
    assert!(keys::destroyed(&due.place.root(), &house.ledger).is_superset(&due.due));
    house.close();
}

#[test]
fn k3_nothing_is_called_destroyed_until_the_last_holder_has_destroyed_it() {
    let due = Due::new();
    let house = due.open(&due.place, &due.double).unwrap();
    // It keeps the new key, and is away when it should destroy the old one.
    due.double.plan(1, Then::Away, None);
    assert!(matches!(house.rotate_now(), Err(RotateError::Holder(_))));
    assert!(due.double.keys().values().any(|key| *key == due.old));
    assert!(keys::destroyed(&due.place.root(), &house.ledger).is_empty());
    let mut camera = house.camera(9, 30 * DAY);
    camera.film_a_second();
    house.close();
    // Nor by a start with the other alone, which records on.
    let house = due.open(&due.place, &due.double).unwrap();
    house.rotate_now().unwrap_err();
    assert!(keys::destroyed(&due.place.root(), &house.ledger).is_empty());
    assert_eq!(house.vault.status().epoch, 2);
    let mut second = house.camera(9, 30 * DAY);
    second.film_a_second();
    house.vault.flush();
    due.double.heal();
    house.rotate().unwrap();
    assert_eq!(keys::destroyed(&due.place.root(), &house.ledger), due.due);
    due.check(&due.place, &due.double, &house.ledger, true).unwrap();
    let from = camera.filmed[0].0;
    let seen = house.seen(camera.feed, from, from + HOUR);
    assert_eq!(seen.len(), 4, "what was filmed under the new key is all there");
    house.close();
}

/// The control: a holder that is given up holds nothing up, and what it kept opens what is called
/// destroyed.
#[test]
fn k3_control_without_waiting_a_holder_opens_what_is_called_destroyed() {
    let due = Due::new();
    due.double.set_away(true);
    let given_up = vec!["double:test".into()];
    let holders = HoldersConfig { wanted: Vec::new(), given_up };
    let house = House::open(&due.place, Arc::new(Disk), &due.clock, start(holders)).unwrap();
    assert_eq!(house.rotate_now().unwrap().buckets, 2);
    due.double.heal();
    let kit = due.place.copy();
    let error = due.check(&kit, &due.double, &house.ledger, true).unwrap_err();
    assert!(error.contains("the old vault key is called destroyed and held"), "{error}");
    house.close();
}

#[test]
fn either_holder_alone_opens_after_a_restart() {
    let due = Due::new();
    due.open(&due.place, &due.double).unwrap().rotate_now().unwrap();
    let slots = due.place.root().join("vault/holder.slots");
    let aside = due.place.root().join("aside");
    let (wall, _) = due.filmed[0].filmed[2];
    let sees = |house: &House| house.seen(due.filmed[0].feed, wall, wall + HOUR).len();
    due.double.set_away(true);
    let house = due.open(&due.place, &due.double).unwrap();
    assert_eq!(sees(&house), 2);
    house.close();
    std::fs::rename(&slots, &aside).unwrap();
    // The control: with both away there is nothing.
    let refused = due.open(&due.place, &due.double).err().unwrap();
    assert!(matches!(refused, OpenVaultError::HoldersAway { .. }), "{refused}");
    assert!(refused.to_string().contains("slot:holder.slots"), "{refused}");
    due.double.heal();
    let house = due.open(&due.place, &due.double).unwrap();
    assert_eq!(sees(&house), 2);
    assert!(!slots.exists(), "a slot file that is away is not made anew");
    house.close();
}

#[test]
fn k1_a_holder_put_back_from_a_copy_opens_nothing_and_is_not_believed() {
    let due = Due::new();
    let slots = due.place.root().join("vault/holder.slots");
    let copy = std::fs::read(&slots).unwrap();
    let keyrings = |place: &Place| {
        keys::files(&place.root())
            .into_iter()
            .filter(|(path, _)| path.extension().is_some_and(|it| it == "keys"))
            .collect::<Vec<_>>()
    };
    let old_keyrings = keyrings(&due.place);
    let house = due.open(&due.place, &due.double).unwrap();
    house.rotate_now().unwrap();
    house.close();
    std::fs::write(&slots, &copy).unwrap();
    for (path, bytes) in &old_keyrings {
        std::fs::write(path, bytes).unwrap();
    }
    let refused = due.open(&due.place, &due.double).err().unwrap();
    assert!(matches!(refused, OpenVaultError::HoldersDisagree { .. }), "{refused}");
    // Whoever puts it right says which one is wrong; that one's key goes.
    let holders = HoldersConfig { given_up: vec![SLOT.into()], ..due.double.alone() };
    let house = House::open(&due.place, Arc::new(Disk), &due.clock, start(holders)).unwrap();
    assert_eq!(house.vault.status().epoch, 2);
    assert!(keys::vault_keys(&due.place.root()).is_empty());
    due.check(&due.place, &due.double, &house.ledger, true).unwrap();
    house.close();
    // The control: the slot file alone would have been believed.
    let kit = Place::new();
    let house = House::open(&kit, Arc::new(Disk), &due.clock, Start::default()).unwrap();
    house.close();
    std::fs::write(kit.root().join("vault/holder.slots"), &copy).unwrap();
    assert!(keys::vault_keys(&kit.root()).values().any(|key| *key == due.old));
}

#[test]
fn a_holder_joins_and_is_missed_until_it_is_given_up() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let open = |holders: HoldersConfig| {
        let start = Start { holders, ..Start::default() };
        House::open(&place, Arc::new(Disk), &clock, start)
    };
    let house = open(HoldersConfig::default()).unwrap();
    let mut camera = house.camera(1, 30 * DAY);
    camera.film_a_second();
    house.close();
    assert!(!place.root().join("vault/holders").exists(), "as it always was");
    // One is added: it gets the key.
    let double = Double::default();
    open(double.and_slot()).unwrap().close();
    assert_eq!(double.keys(), keys::vault_keys(&place.root()));
    let list = || std::fs::read_to_string(place.root().join("vault/holders")).unwrap();
    assert_eq!(list(), "jikim holders v1\nkeeps slot:holder.slots\nkeeps double:test\n");
    // One is taken out, and keeps the key: destruction waits.
    clock.advance(30 * DAY);
    let house = open(HoldersConfig::default()).unwrap();
    let delayed = house.vault.status().destruction.delayed.unwrap();
    assert!(delayed.contains("double:test") && delayed.contains("not configured"), "{delayed}");
    house.rotate_now().unwrap_err();
    house.close();
    // Only what is a holder, and is not wanted, can be given up.
    let give_up = |name: &str, wanted: HoldersConfig| {
        open(HoldersConfig { given_up: vec![name.into()], ..wanted })
    };
    let unknown = give_up("double:other", HoldersConfig::default()).err().unwrap();
    assert!(matches!(unknown, OpenVaultError::HolderUnknown { .. }));
    let wanted = give_up("double:test", double.and_slot()).err().unwrap();
    assert!(matches!(wanted, OpenVaultError::HolderWanted { .. }));
    for _ in 0..2 {
        let house = give_up("double:test", HoldersConfig::default()).unwrap();
        house.rotate_now().unwrap();
        house.close();
    }
    assert!(list().contains("\ngiven-up ") && list().lines().count() == 3, "{}", list());
    assert_eq!(double.keys().len(), 1);
    // It is found again, with a key of long ago: that goes before it is told the present one.
    let house = open(double.and_slot()).unwrap();
    assert_eq!(double.keys(), keys::vault_keys(&place.root()));
    house.close();
}

/// What keeps the key is an entry as often as it changes and no oftener, and every destruction names
/// the newest.
#[test]
fn k7_what_keeps_the_key_is_entered_when_it_changes() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let double = Double::default();
    let open = |holders| House::open(&place, Arc::new(Disk), &clock, start(holders)).unwrap();
    let states = |house: &House| {
        let (number, facts) = house.ledger.holders().unwrap();
        let facts = facts.iter().map(|fact| (fact.state, fact.count)).collect::<Vec<_>>();
        (number, facts)
    };
    let house = open(HoldersConfig::default());
    let (first, found) = states(&house);
    assert_eq!(found, [(HolderState::Keeps, 1)]);
    let facts = house.ledger.holders().unwrap().1;
    let provable = house.vault.status().holders[0].provable;
    assert_eq!(facts[0].reason.as_deref(), provable.reason(), "as it is, and no better");
    assert_eq!(facts[0].provable == ProvableWord::Provable, provable.reason().is_none());
    house.vault.look_after_holders();
    house.close();
    let house = open(HoldersConfig::default());
    assert_eq!(states(&house).0, first, "nothing has changed");
    house.close();

    // A second one joins, while it is away: it keeps nothing yet, and does when it is back.
    double.set_away(true);
    let house = open(double.and_slot());
    let found = states(&house).1;
    assert_eq!(found, [(HolderState::Keeps, 1), (HolderState::Joins, 1)]);
    double.set_away(false);
    house.vault.look_after_holders();
    let found = states(&house).1.iter().map(|(state, count)| (*state, *count)).collect::<Vec<_>>();
    assert!(found.iter().all(|(state, _)| *state == HolderState::Keeps), "{found:?}");
    house.close();

    let given_up = vec!["double:test".into()];
    let house = open(HoldersConfig { wanted: Vec::new(), given_up });
    let (newest, found) = states(&house);
    assert_eq!(found, [(HolderState::Keeps, 1), (HolderState::GivenUp, 1)]);
    let mut camera = house.camera(1, 30 * DAY);
    camera.film_a_second();
    house.vault.flush();
    clock.advance(30 * DAY);
    assert!(house.rotate_now().unwrap().buckets > 0);
    let entries = house.ledger.entries(house.ledger.status().year, None, 100).unwrap();
    let named: Vec<_> = entries
        .iter()
        .filter_map(|(_, entry)| match &entry.kind {
            ledger::Kind::Destroyed { held_by, .. } => Some(*held_by),
            _ => None,
        })
        .collect();
    assert_eq!(named, [Some(newest)]);
    house.close();
}
