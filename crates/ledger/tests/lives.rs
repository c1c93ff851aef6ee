//! The lives of side records: names expire, what is in force does not, the entries and their proofs
//! stay, and no end of the machine leaves anything in between.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use domain::{AccountId, Action, Actor, CameraId, EntryNumber, FloorId, RecorderId, SystemActor};
use host::{Clock as _, Disk, Fs, SlotFile};
use ledger::act::DestroyRecords;
use ledger::{
    AccessLife, AccountRecord, Event, Expired, FloorRecord, Kind, Ledger, LedgerConfig, Life,
    OpenLedgerError, OutcomeWord, Record, RootFact, RootState,
};
use rules::{Ask, Facts, Target, decide};
use testkit::disk::{Effect, Select};
use testkit::{Fault, FaultyDisk, TestClock};

const DAY: Duration = Duration::from_secs(86_400);

fn open(folder: &Path, fs: Arc<dyn Fs>, clock: &TestClock) -> Result<Ledger, OpenLedgerError> {
    let config =
        LedgerConfig { folder: folder.to_owned(), recorder: RecorderId::from_bytes([7; 16]) };
    Ledger::open_by_hand(&config, fs, Arc::new(clock.clone()))
}

fn id(number: u8) -> AccountId {
    AccountId::from_bytes([number; 16])
}

fn account(number: u8, name: &str, is_in_office: bool) -> Event {
    let account = AccountRecord {
        account: id(number).to_string(),
        name: name.into(),
        display_name: name.into(),
        roles: if is_in_office { vec!["manager".into()] } else { Vec::new() },
        scope: None,
        link_sha256: None,
        link_until: None,
        made_at: None,
        appointment: None,
    };
    let record = Record::Account { actor: "system:recorder".into(), account };
    Event { kind: Kind::Account, record: Some(record) }
}

fn password(number: u8) -> Event {
    let (account, verifier_sha256) = (id(number).to_string(), "ab".repeat(32));
    let record = Record::Credential { account, verifier_sha256, verifier: Some("$v".into()) };
    Event { kind: Kind::Credential, record: Some(record) }
}

fn asked(what: &str) -> Event {
    let record = Record::Outcome { actor: Actor::Person(id(1)).to_string(), note: what.into() };
    let intent = EntryNumber { year: 2026, index: 0 };
    Event { kind: Kind::Outcome { intent, result: OutcomeWord::Done }, record: Some(record) }
}

fn admit<A: ledger::act::Act>(
    ledger: &Ledger,
    actor: Actor,
    action: Action,
    target: Target,
) -> ledger::Grant<A> {
    let ask = Ask { actor, action, target, purpose: None, proposal: None };
    let facts = Facts { roles: vec![domain::Role::Manager], ..Facts::nobody() };
    let permit = decide(ask, &facts, domain::WallTime::EPOCH).expect("the act is permitted");
    ledger.admit_blocking(permit).expect("the ledger appends")
}

/// Destroys what is due, as the machine does.
fn expire(ledger: &Ledger, clock: &TestClock, access: AccessLife) -> Expired {
    let actor = Actor::System(SystemActor::Retention);
    let grant = admit::<DestroyRecords>(ledger, actor, Action::DestroyRecords, Target::House);
    ledger.expire_records(&grant, clock.wall(), access).expect("what is due can be destroyed")
}

/// What stands behind an entry, for whose act it was.
fn record(ledger: &Ledger, number: EntryNumber) -> Option<Record> {
    ledger.own_record(Actor::Person(id(1)), number).ok().flatten()
}

fn roots_said(ledger: &Ledger) -> Vec<RootFact> {
    let mut said = Vec::new();
    for year in 2026..2040 {
        let entries = ledger.entries(year, None, 10_000).unwrap_or_default();
        said.extend(entries.into_iter().rev().filter_map(|(_, entry)| match entry.kind {
            Kind::RecordRoot(root) => Some(root),
            _ => None,
        }));
    }
    said
}

/// The secrets of the record roots as they lie on the disk: what an attacker has of a copy.
fn roots_on_disk(folder: &Path) -> BTreeSet<[u8; 32]> {
    let mut found = BTreeSet::new();
    for name in ["roots.slots", "access.slots"] {
        let slots = SlotFile::open(&Disk, &folder.join(name), 48).expect("the slots are whole");
        found.extend((0..48).filter_map(|slot| slots.read(slot).unwrap()).map(|it| *it.1.expose()));
    }
    found
}

fn is_on_disk(folder: &Path, secret: &[u8; 32]) -> bool {
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if std::fs::read(&path).unwrap().windows(32).any(|window| window == secret) {
                return true;
            }
        }
    }
    false
}

/// An office of two, one of whom leaves; and one thing that was done. Gives its entry.
fn furnish(ledger: &Ledger, clock: &TestClock) -> EntryNumber {
    let made =
        vec![account(1, "김철수", true), password(1), account(2, "홍길동", true), password(2)];
    ledger.append_blocking(made).unwrap();
    let done = ledger.append_blocking(vec![asked("열람: 사건 12")]).unwrap()[0];
    clock.advance(3 * DAY);
    ledger.append_blocking(vec![account(2, "홍길동", false)]).unwrap();
    done
}

#[tokio::test]
async fn k1_names_expire_and_their_proofs_stay() {
    let folder = tempfile::tempdir().unwrap();
    let clock = TestClock::at("2026-11-21T12:00:00Z");
    let ledger = open(folder.path(), Arc::new(Disk), &clock).unwrap();
    let done = furnish(&ledger, &clock);
    let entry = ledger.entry(done).unwrap();
    let at_first = roots_on_disk(folder.path());
    assert_eq!(at_first.len(), 2, "one for access, one for rights");

    clock.advance(374 * DAY);
    assert!(!ledger.is_record_due(clock.wall(), AccessLife::TwoYears));
    assert!(ledger.is_record_due(clock.wall(), AccessLife::OneYear));
    assert!(record(&ledger, done).is_some());
    let expired = expire(&ledger, &clock, AccessLife::OneYear);
    assert_eq!(expired, Expired { roots: 1, renewed: 0, forgotten: 0 });
    assert_eq!(record(&ledger, done), None, "what was done is told no more");
    assert_eq!(ledger.entry(done).unwrap(), entry, "that it was done is");
    assert!(ledger.proof(done).await.is_ok());
    assert_eq!(
        ledger.account(id(2)).map(|it| it.name),
        Some("홍길동".into()),
        "rights: three years"
    );

    clock.advance(750 * DAY);
    let expired = expire(&ledger, &clock, AccessLife::OneYear);
    assert_eq!((expired.renewed, expired.forgotten), (2, 2));
    let gone = roots_said(&ledger).into_iter().filter(|it| it.state == RootState::Destroyed);
    let gone: Vec<_> = gone.map(|it| (it.life, it.month.to_string())).collect();
    assert!(gone.contains(&(Life::Rights, "2026-11".into())), "{gone:?}");
    let check = |ledger: &Ledger| {
        assert_eq!(ledger.account(id(2)), None, "who left three years ago is forgotten");
        assert_eq!(ledger.verifier_sha256(id(2)), None);
        assert_eq!(ledger.account(id(1)).map(|it| it.name), Some("김철수".into()));
        assert_eq!(ledger.verifier(id(1)), Some("$v".into()));
        let (made, ended) = ledger.account_dates(id(1));
        assert_eq!(made.map(|it| it.to_string()), Some("2026-11-21T12:00:00.000000Z".into()));
        assert_eq!(ended, None);
    };
    check(&ledger);
    ledger.close();
    drop(ledger);
    for secret in &at_first {
        assert!(!is_on_disk(folder.path(), secret), "a destroyed root lies on the disk");
    }
    let ledger = open(folder.path(), Arc::new(Disk), &clock).unwrap();
    check(&ledger);
    ledger.check().unwrap();
}

#[test]
fn k1_control_without_destruction_the_roots_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let clock = TestClock::at("2026-11-21T12:00:00Z");
    let ledger = open(folder.path(), Arc::new(Disk), &clock).unwrap();
    furnish(&ledger, &clock);
    clock.advance(2000 * DAY);
    ledger.close();
    drop(ledger);
    let roots = roots_on_disk(folder.path());
    assert!(!roots.is_empty() && roots.iter().all(|secret| is_on_disk(folder.path(), secret)));
}

#[test]
fn k1_a_root_that_is_put_back_is_destroyed_again() {
    let folder = tempfile::tempdir().unwrap();
    let clock = TestClock::at("2026-11-21T12:00:00Z");
    let ledger = open(folder.path(), Arc::new(Disk), &clock).unwrap();
    let done = furnish(&ledger, &clock);
    let copy = std::fs::read(folder.path().join("access.slots")).unwrap();
    clock.advance(374 * DAY);
    expire(&ledger, &clock, AccessLife::OneYear);
    ledger.close();
    drop(ledger);
    std::fs::write(folder.path().join("access.slots"), &copy).unwrap();
    let before = roots_on_disk(folder.path());
    let ledger = open(folder.path(), Arc::new(Disk), &clock).unwrap();
    assert_eq!(record(&ledger, done), None);
    let kept = roots_on_disk(folder.path());
    assert!(before.difference(&kept).count() >= 1, "it was overwritten again");
}

#[test]
fn a_ledger_from_before_lives_were_enters_its_roots_once() {
    let folder = tempfile::tempdir().unwrap();
    let clock = TestClock::at("2026-11-21T12:00:00Z");
    let ledger = open(folder.path(), Arc::new(Disk), &clock).unwrap();
    furnish(&ledger, &clock);
    let said = roots_said(&ledger);
    assert_eq!(said.len(), 2);
    assert!(said.iter().all(|root| root.state == RootState::Made));
    ledger.close();
    drop(ledger);
    let ledger = open(folder.path(), Arc::new(Disk), &clock).unwrap();
    assert_eq!(roots_said(&ledger), said, "nothing is said twice");
    // A root that no entry names: made by a machine that ended before it could say so.
    ledger.close();
    drop(ledger);
    let slots = SlotFile::open(&Disk, &folder.path().join("roots.slots"), 48).unwrap();
    slots.write(5, 24_101, &host::Secret::random()).unwrap();
    let ledger = open(folder.path(), Arc::new(Disk), &clock).unwrap();
    let said = roots_said(&ledger);
    assert_eq!(said.len(), 3);
    assert_eq!(said[2].month.to_string(), "2008-06");
}

/// Wherever the machine ends while roots are destroyed: after the next start what was in force is
/// there, and each root is one of two: it opens and nothing says that it is destroyed, or it is on
/// the disk no more and the ledger says so.
#[test]
fn k4_the_machine_can_end_anywhere_while_records_expire() {
    let is_long = testkit::is_long();
    let mut cut = 0;
    for (effect, lost) in [
        (Effect::Die, false),
        (Effect::DieTorn(40), false),
        (Effect::Die, true),
        (Effect::DieTorn(3), true),
    ] {
        // Every third of about twenty changes; each of them with `JIKIM_TEST_SIZE=long`.
        for after in (0..).step_by(if is_long { 1 } else { 3 }) {
            let folder = tempfile::tempdir().unwrap();
            let clock = TestClock::at("2026-11-21T12:00:00Z");
            let disk = FaultyDisk::new(folder.path());
            let ledger = open(folder.path(), Arc::new(disk.clone()), &clock).unwrap();
            let done = furnish(&ledger, &clock);
            let at_first = roots_on_disk(folder.path());
            clock.advance(1_130 * DAY);
            let actor = Actor::System(SystemActor::Retention);
            let grant =
                admit::<DestroyRecords>(&ledger, actor, Action::DestroyRecords, Target::House);
            disk.plan(Fault::new(Select::Changes, after, effect));
            let result = ledger.expire_records(&grant, clock.wall(), AccessLife::OneYear);
            let is_dead = disk.is_dead();
            drop((grant, ledger));
            if lost {
                disk.lose_power();
            }
            disk.heal();
            let ledger = open(folder.path(), Arc::new(disk.clone()), &clock).unwrap();
            check_parted(folder.path(), &ledger, done, &at_first, &format!("{effect:?} {after}"));
            if !is_dead {
                assert_eq!(result.unwrap().roots, 2);
                break;
            }
            cut += 1;
            // It comes to its end.
            expire(&ledger, &clock, AccessLife::OneYear);
            assert_eq!(ledger.account(id(2)), None);
            assert!(at_first.iter().all(|secret| !is_on_disk(folder.path(), secret)));
        }
    }
    assert!(cut >= 20, "{cut} cuts");
}

fn check_parted(
    folder: &Path,
    ledger: &Ledger,
    done: EntryNumber,
    at_first: &BTreeSet<[u8; 32]>,
    when: &str,
) {
    assert_eq!(ledger.account(id(1)).map(|it| it.name), Some("김철수".into()), "{when}");
    assert_eq!(ledger.verifier(id(1)), Some("$v".into()), "{when}");
    let said = roots_said(ledger);
    let is_said_gone = |life: Life| {
        let month = |root: &&RootFact| root.life == life && root.month.to_string() == "2026-11";
        said.iter().filter(month).any(|root| root.state == RootState::Destroyed)
    };
    let on_disk = at_first.iter().filter(|secret| is_on_disk(folder, secret)).count();
    let gone = [is_said_gone(Life::Access), is_said_gone(Life::Rights)];
    assert_eq!(on_disk, gone.iter().filter(|gone| !**gone).count(), "{when}");
    assert_eq!(record(ledger, done).is_none(), gone[0], "{when}");
    assert_eq!(ledger.account(id(2)).is_none(), gone[1], "{when}");
}

/// The control of the one above: facts that are not sealed anew are lost with their root.
#[test]
fn k4_control_a_root_that_goes_without_renewal_takes_what_is_in_force() {
    let folder = tempfile::tempdir().unwrap();
    let clock = TestClock::at("2026-11-21T12:00:00Z");
    let ledger = open(folder.path(), Arc::new(Disk), &clock).unwrap();
    furnish(&ledger, &clock);
    ledger.close();
    drop(ledger);
    let slots = SlotFile::open(&Disk, &folder.path().join("roots.slots"), 48).unwrap();
    (0..48).for_each(|slot| slots.destroy(slot).unwrap());
    assert!(open(folder.path(), Arc::new(Disk), &clock).is_err(), "nothing is decided on the rest");
}

fn floor_id(number: u8) -> FloorId {
    FloorId::from_bytes([number; 16])
}

fn floor(number: u8, name: &str, removed_at: Option<String>) -> Event {
    let floor = FloorRecord {
        floor: floor_id(number).to_string(),
        site: "부지".into(),
        building: "본관".into(),
        name: name.into(),
        level: 1,
        cameras: Vec::new(),
        removed_at,
    };
    let record = Record::Floor { actor: Actor::Person(id(1)).to_string(), floor };
    Event { kind: Kind::Plan, record: Some(record) }
}

fn picture(number: u8, picture: Option<&str>) -> Event {
    let record = Record::FloorPicture {
        actor: Actor::Person(id(1)).to_string(),
        floor: floor_id(number).to_string(),
        picture: picture.map(Into::into),
    };
    Event { kind: Kind::Plan, record: Some(record) }
}

/// What is there of plans, three years later: the names of floors and their pictures.
fn plans(ledger: &Ledger) -> Vec<(String, Option<String>)> {
    let floors = ledger.floors().into_iter();
    let mut all: Vec<_> = floors
        .map(|it| {
            let floor = it.record.floor.parse().unwrap();
            (it.record.name, ledger.floor_picture(floor).unwrap())
        })
        .collect();
    all.sort();
    all
}

#[test]
fn a_plan_that_is_in_use_outlives_its_root_and_what_was_replaced_or_removed_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let clock = TestClock::at("2026-11-21T12:00:00Z");
    let ledger = open(folder.path(), Arc::new(Disk), &clock).unwrap();
    // The picture of a floor may come before its floor is sealed anew, and the other way round.
    let first = vec![
        floor(1, "1층", None),
        picture(1, Some("b2xk")),
        floor(2, "2층", None),
        picture(2, Some("Z29uZQ==")),
        floor(3, "3층", None),
        picture(3, Some("Z29uZSB0b28=")),
    ];
    let numbers = ledger.append_blocking(first).unwrap();
    let second = vec![
        picture(1, Some("bmV3")),
        floor(2, "2층", Some("2026-11-21T12:00:00.000000Z".into())),
        picture(3, None),
        floor(1, "일층", None),
    ];
    ledger.append_blocking(second).unwrap();
    let expected = [("3층".to_owned(), None), ("일층".to_owned(), Some("bmV3".to_owned()))];
    assert_eq!(plans(&ledger), expected);
    ledger.close();
    drop(ledger);
    let ledger = open(folder.path(), Arc::new(Disk), &clock).unwrap();
    assert_eq!(plans(&ledger), expected, "a start reads them again");
    assert!(record(&ledger, numbers[1]).is_some(), "what was replaced is still told");

    clock.advance(1130 * DAY);
    let expired = expire(&ledger, &clock, AccessLife::OneYear);
    assert_eq!(expired.renewed, 3, "two floors and one picture");
    assert_eq!(plans(&ledger), expected);
    for number in numbers {
        assert_eq!(record(&ledger, number), None, "what it was in 2026 is told no more");
    }
    ledger.close();
    drop(ledger);
    let ledger = open(folder.path(), Arc::new(Disk), &clock).unwrap();
    assert_eq!(plans(&ledger), expected);
    ledger.check().unwrap();
}

fn filmed(number: u8, retired_at: Option<String>) -> Event {
    let camera = ledger::CameraRecord {
        camera: CameraId::from_bytes([number; 16]).to_string(),
        spot: "00000000-0000-4000-8000-000000000000".into(),
        name: format!("카메라 {number}"),
        spot_name: "로비".into(),
        policy_spot: None,
        retention_minimum_s: 0,
        retention_maximum_s: 86_400,
        added_at: "2026-11-21T12:00:00.000000Z".into(),
        retired_at,
        retired_reason: None,
        devices: Vec::new(),
    };
    let record = Record::Camera { actor: "system:recorder".into(), camera };
    Event { kind: Kind::Camera, record: Some(record) }
}

fn range(number: u8, picture: &str) -> Event {
    let camera = CameraId::from_bytes([number; 16]).to_string();
    let (actor, picture) = ("system:recorder".into(), Some(picture.to_owned()));
    let record = Record::RangePicture { actor, camera, picture };
    Event { kind: Kind::Camera, record: Some(record) }
}

#[test]
fn the_picture_of_what_a_camera_films_lives_as_long_as_the_camera() {
    let folder = tempfile::tempdir().unwrap();
    let clock = TestClock::at("2026-11-21T12:00:00Z");
    let ledger = open(folder.path(), Arc::new(Disk), &clock).unwrap();
    let first = vec![filmed(1, None), range(1, "b2xk"), filmed(2, None), range(2, "Z29uZQ==")];
    let numbers = ledger.append_blocking(first).unwrap();
    let retired = Some("2026-11-21T12:00:00.000000Z".to_owned());
    ledger.append_blocking(vec![range(1, "bmV3"), filmed(2, retired)]).unwrap();
    let shown = |ledger: &Ledger, number: u8| {
        ledger.range_picture(CameraId::from_bytes([number; 16])).unwrap()
    };
    assert_eq!(shown(&ledger, 1).as_deref(), Some("bmV3"));
    clock.advance(1130 * DAY);
    expire(&ledger, &clock, AccessLife::OneYear);
    for number in numbers {
        assert_eq!(record(&ledger, number), None, "what it was in 2026 is told no more");
    }
    ledger.close();
    drop(ledger);
    let ledger = open(folder.path(), Arc::new(Disk), &clock).unwrap();
    assert_eq!(shown(&ledger, 1).as_deref(), Some("bmV3"), "sealed anew");
    assert_eq!(shown(&ledger, 2), None, "nobody films there");
    ledger.check().unwrap();
}
