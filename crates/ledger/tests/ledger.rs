//! The ledger as others meet it, on a real disk.

use std::path::Path;
use std::sync::Arc;

use domain::{Action, Actor, CameraId, RecorderId};
use host::{Disk, Fs, SystemClock};
use ledger::act::{ReadRecords, WatchLive};
use ledger::{Event, GrantEnded, Kind, Ledger, LedgerConfig, OpenLedgerError, OutcomeWord, Record};
use rules::{Ask, Facts, Permit, Target, decide};

fn open(folder: &Path) -> Result<Ledger, OpenLedgerError> {
    let config =
        LedgerConfig { folder: folder.to_owned(), recorder: RecorderId::from_bytes([7; 16]) };
    Ledger::open(&config, Arc::new(Disk), Arc::new(SystemClock))
}

fn person() -> Actor {
    Actor::Person(domain::AccountId::from_bytes([1; 16]))
}

fn permit_to_watch() -> Permit {
    let cameras = vec![CameraId::from_bytes([2; 16])];
    let ask = Ask {
        actor: person(),
        action: Action::WatchLive,
        target: Target::Live { cameras },
        purpose: None,
        proposal: None,
    };
    let facts = Facts { roles: vec![domain::Role::Operator], ..Facts::nobody() };
    decide(ask, &facts, domain::WallTime::EPOCH).expect("an operator may watch")
}

fn year_folder(folder: &Path) -> std::path::PathBuf {
    let names = Disk.list(folder).expect("the ledger's folder can be listed");
    let year = names.into_iter().find(|name| name.starts_with("20"));
    folder.join(year.expect("a year's log was begun"))
}

#[tokio::test]
async fn l2_what_was_acknowledged_is_there_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(folder.path()).unwrap();
    let mut numbers = Vec::new();
    for _ in 0..300 {
        numbers.extend(ledger.append(vec![Kind::Started.into()]).await.unwrap());
    }
    drop(ledger);
    let ledger = open(folder.path()).unwrap();
    for number in numbers {
        assert_eq!(ledger.entry(number).unwrap().kind, Kind::Started);
    }
}

#[tokio::test]
async fn l1_a_grant_comes_after_its_intent_and_a_dropped_one_counts_as_all_done() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(folder.path()).unwrap();
    let grant = ledger.admit::<WatchLive>(permit_to_watch()).await.unwrap();
    let intent = grant.number();
    // Durable: another reader of the same folder finds it in the journal at this moment.
    let journal = std::fs::read(year_folder(folder.path()).join("journal")).unwrap();
    let needle = br#""kind":"intent","action":"live.watch""#;
    assert!(journal.windows(needle.len()).any(|window| window == needle));
    assert_eq!(grant.check(), Ok(()));
    drop(grant);
    ledger.publish().await.unwrap();
    let (_, newest) = ledger.entries(intent.year, None, 1).unwrap().remove(0);
    assert_eq!(newest.kind, Kind::Outcome { intent, result: OutcomeWord::Unknown });
}

#[tokio::test]
async fn an_act_that_a_crash_cut_off_is_closed_as_unknown_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(folder.path()).unwrap();
    let grant = ledger.admit::<WatchLive>(permit_to_watch()).await.unwrap();
    let intent = grant.number();
    // Nothing runs at a crash, not even drop.
    std::mem::forget(grant);
    std::mem::forget(ledger);
    let ledger = open(folder.path()).unwrap();
    let entries = ledger.entries(intent.year, None, 5).unwrap();
    let closed = Kind::Outcome { intent, result: OutcomeWord::Unknown };
    assert!(entries.iter().any(|(_, entry)| entry.kind == closed));
}

#[tokio::test]
async fn a2_a_revoked_right_ends_the_open_grant() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(folder.path()).unwrap();
    let grant = ledger.admit::<WatchLive>(permit_to_watch()).await.unwrap();
    ledger.revoke(domain::AccountId::from_bytes([9; 16]));
    assert_eq!(grant.check(), Ok(()));
    ledger.revoke(domain::AccountId::from_bytes([1; 16]));
    assert_eq!(grant.check(), Err(GrantEnded::Revoked));
}

#[tokio::test]
async fn names_and_purposes_are_nowhere_in_the_open() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(folder.path()).unwrap();
    let record = Record::Outcome { actor: person().to_string(), note: "canary-홍길동".into() };
    let event = Event { kind: Kind::Account, record: Some(record.clone()) };
    let number = ledger.append(vec![event]).await.unwrap()[0];
    ledger.publish().await.unwrap();
    let mut stack = vec![folder.path().to_owned()];
    while let Some(at) = stack.pop() {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                stack.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(6).any(|window| window == b"canary"), "{path:?}");
        }
    }
    assert_eq!(ledger.own_record(person(), number).unwrap(), Some(record));
    assert_eq!(ledger.own_record(Actor::Unknown, number).unwrap(), None);
}

#[tokio::test]
async fn records_open_under_a_grant_and_not_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(folder.path()).unwrap();
    let record = Record::Outcome { actor: "os:0".into(), note: "n".into() };
    let event = Event { kind: Kind::Account, record: Some(record.clone()) };
    let number = ledger.append(vec![event]).await.unwrap()[0];
    let ask = Ask {
        actor: person(),
        action: Action::ReadRecords,
        target: Target::House,
        purpose: Some(domain::Purpose::new(domain::PurposeKind::Incident, "1").unwrap()),
        proposal: None,
    };
    let facts = Facts { roles: vec![domain::Role::Inspector], ..Facts::nobody() };
    let permit = decide(ask, &facts, domain::WallTime::EPOCH).unwrap();
    let grant = ledger.admit::<ReadRecords>(permit).await.unwrap();
    assert_eq!(ledger.record(&grant, number).unwrap(), Some(record));
    ledger.revoke(domain::AccountId::from_bytes([1; 16]));
    assert!(ledger.record(&grant, number).is_err());
}

#[tokio::test]
async fn l3_a_ledger_that_lost_or_changed_what_was_signed_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(folder.path()).unwrap();
    for _ in 0..5 {
        ledger.append(vec![Kind::Started.into()]).await.unwrap();
    }
    ledger.publish().await.unwrap();
    drop(ledger);
    let journal = year_folder(folder.path()).join("journal");
    let whole = std::fs::read(&journal).unwrap();
    std::fs::write(&journal, &whole[..whole.len() - 1]).unwrap();
    assert!(matches!(open(folder.path()), Err(OpenLedgerError::Shrunk { .. })));
    std::fs::write(&journal, &whole).unwrap();
    assert!(open(folder.path()).is_ok());
    // The negative control: the same loss goes unseen where no checkpoint was signed.
    std::fs::write(&journal, &whole[..whole.len() - 1]).unwrap();
    std::fs::remove_file(year_folder(folder.path()).join("checkpoint")).unwrap();
    assert!(open(folder.path()).is_ok());
}

#[tokio::test]
async fn a_proof_is_good_for_others_and_only_for_its_entry() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(folder.path()).unwrap();
    let mut numbers = Vec::new();
    for _ in 0..600 {
        numbers.extend(ledger.append(vec![Kind::Stopped.into()]).await.unwrap());
    }
    let number = numbers[300];
    let proof = tlog::TlogProof::parse(ledger.proof(number).await.unwrap().as_bytes()).unwrap();
    let policy = tlog::proof::Policy {
        log_key: tlog::VerifierKey::parse(&ledger.verifier_key(number.year)).unwrap(),
        witnesses: Vec::new(),
        quorum: 0,
    };
    let entry = ledger.entry(number).unwrap().encode();
    assert!(proof.verify(tlog::leaf_hash(&entry), &policy).is_ok());
    assert!(proof.verify(tlog::leaf_hash(b"another"), &policy).is_err());
}
