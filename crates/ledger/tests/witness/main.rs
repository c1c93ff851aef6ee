//! The ledger and its witnesses: who is asked, what is kept, and what a contradiction does.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod house;
mod restores;

use std::sync::Arc;

use domain::{AccountId, Action, Actor, CameraId, Role};
use host::Disk;
use ledger::act::WatchLive;
use ledger::{AdmitError, AppendError, GrantEnded, Heard, Kind, LONGEST_UNWITNESSED, Ledger};
use rules::{Ask, Facts, Permit, Target, decide};
use testkit::copy_folder;
use tlog::policy::Policy;
use tlog::{TlogProof, leaf_hash};

use crate::house::{House, SHORT, config, open};

fn permit_to_watch() -> Permit {
    let ask = Ask {
        actor: Actor::Person(AccountId::from_bytes([1; 16])),
        action: Action::WatchLive,
        target: Target::Live { cameras: vec![CameraId::from_bytes([2; 16])] },
        purpose: None,
        proposal: None,
    };
    let facts = Facts { roles: vec![Role::Operator], ..Facts::nobody() };
    decide(ask, &facts, domain::WallTime::EPOCH).expect("an operator may watch")
}

#[tokio::test]
async fn l4_an_entry_is_cosigned_with_a_quorum_and_the_receipt_says_so() {
    let mut house = House::new(3, 2).await;
    let number = house.append(20).await;
    house.ledger.publish().await.unwrap();
    // The control: one of three is no quorum.
    house.round(1);
    assert!(!house.ledger.cosigned(number, SHORT).await);
    let waiting = house.ledger.witness_status().unwrap().waiting_since;
    assert_eq!(waiting, Some(house.ledger.entry(number).unwrap().time));
    house.round(2);
    assert!(house.ledger.cosigned(number, SHORT).await);
    let status = house.ledger.witness_status().unwrap();
    assert_eq!((status.cosigned_size, status.waiting_since), (number.index + 1, None));

    // Later entries do not take the receipt's cosignatures away.
    house.append(3).await;
    house.ledger.publish().await.unwrap();
    let proof = house.ledger.proof(number).await.unwrap();
    let proof = TlogProof::parse(proof.as_bytes()).unwrap();
    let leaf = leaf_hash(house.ledger.entry(number).unwrap().encode().as_slice());
    let mut text = format!("log {}\n", house.ledger.verifier_key(2026));
    for (at, witness) in house.witnesses.iter().enumerate() {
        text += &format!("witness w{at} {}\n", witness.key());
    }
    text += "group all 2 w0 w1 w2\nquorum all\n";
    let inspector = Policy::parse(text.as_bytes()).unwrap();
    let checked = inspector.check_proof(&proof, leaf).unwrap();
    assert!(checked.has_quorum && checked.cosigners.len() == 2, "{checked:?}");
}

#[tokio::test]
async fn l4_who_waits_is_woken_by_the_quorum_and_asks_for_it() {
    let mut house = House::new(1, 1).await;
    let number = house.append(1).await;
    let ledger = house.ledger.clone();
    let waiting = tokio::spawn(async move { ledger.cosigned(number, SHORT * 50).await });
    house.ledger.cosigning_is_wanted().await;
    house.ledger.publish().await.unwrap();
    house.round(1);
    assert!(waiting.await.unwrap());
}

/// Yesterday's copy of the disk: it signs nothing before a witness was asked, and nothing after.
#[tokio::test]
async fn l6_an_old_copy_that_is_put_back_signs_nothing_and_stops_people() {
    let mut house = House::new(1, 1).await;
    house.append(20).await;
    house.ledger.publish().await.unwrap();
    house.round(1);
    let old = tempfile::tempdir().unwrap();
    copy_folder(house.folder.path(), &old.path().join("ledger"));
    house.append(20).await;
    house.ledger.publish().await.unwrap();
    house.round(1);
    house.ledger.close();

    let folder = tempfile::tempdir().unwrap();
    copy_folder(&old.path().join("ledger"), folder.path());
    house.ledger = open(folder.path(), &house.clock, &house.witnesses, 1);
    house.folder = folder;
    let signed = || std::fs::read(house.folder.path().join("2026").join("checkpoint")).unwrap();
    let before = signed();
    // It grows past what the witness knows before it can ask.
    house.append(100).await;
    house.ledger.publish().await.unwrap();
    assert_eq!(signed(), before, "it signed before it asked");
    assert!(house.ledger.witness_status().unwrap().is_holding);
    house.round(1);
    let refused = house.ledger.append(vec![Kind::Started.into()]).await;
    assert!(matches!(&refused, Err(AppendError::Broken(told)) if told.contains("old copy")));
    let refused = house.ledger.admit::<WatchLive>(permit_to_watch()).await;
    assert!(matches!(refused, Err(AdmitError::Append(AppendError::Broken(_)))));
    assert!(house.ledger.status().broken.is_some());

    // The control: without a witness nobody notices, and a second history is signed.
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&old.path().join("ledger"), folder.path());
    let clock = Arc::new(house.clock.clone());
    let ledger = Ledger::open(&config(folder.path()), Arc::new(Disk), clock).unwrap();
    ledger.append(vec![Kind::Stopped.into()]).await.unwrap();
    ledger.publish().await.unwrap();
    let forked = std::fs::read(folder.path().join("2026").join("checkpoint")).unwrap();
    assert_ne!(forked, before);
}

#[tokio::test]
async fn l6_after_a_start_in_good_order_signing_goes_on_once_a_quorum_was_heard() {
    let mut house = House::new(3, 2).await;
    house.append(5).await;
    house.ledger.publish().await.unwrap();
    house.round(3);
    house = house.reopen();
    let number = house.append(5).await;
    for (answering, holds) in [(0, true), (1, true), (2, false)] {
        house.ledger.publish().await.unwrap();
        house.round(answering);
        assert_eq!(house.ledger.witness_status().unwrap().is_holding, holds, "{answering}");
    }
    house.ledger.publish().await.unwrap();
    house.round(2);
    assert!(house.ledger.cosigned(number, SHORT).await);
}

/// Somebody with the disk and the key writes another history: the witness knows better.
#[tokio::test]
async fn l3_another_history_is_refused_by_the_witness_and_stops_people() {
    let mut house = House::new(1, 1).await;
    let clock = Arc::new(house.clock.clone());
    let empty = tempfile::tempdir().unwrap();
    house.ledger.close();
    copy_folder(house.folder.path(), empty.path());
    house = house.reopen();
    house.append(30).await;
    house.round(1);
    house.ledger.publish().await.unwrap();
    house.round(1);

    // The same key, other entries, and more of them.
    let forged = Ledger::open(&config(empty.path()), Arc::new(Disk), clock).unwrap();
    forged.append((0..50).map(|_| Kind::Stopped.into()).collect()).await.unwrap();
    forged.close();
    drop(forged);
    house.ledger.close();
    house.ledger = open(empty.path(), &house.clock, &house.witnesses, 1);
    house.round(1);
    let refused = house.ledger.append(vec![Kind::Started.into()]).await;
    assert!(matches!(&refused, Err(AppendError::Broken(told)) if told.contains("changed")));
}

/// One witness of four that lies can neither stop the recorder nor make it believe.
#[tokio::test]
async fn l5_one_witness_that_contradicts_is_an_alarm_and_no_stop_while_a_quorum_is_left() {
    let mut house = House::new(4, 3).await;
    let number = house.append(5).await;
    house.ledger.publish().await.unwrap();
    house.ledger.heard("w3", &Heard::Knows { year: 2026, size: 1_000_000 });
    let refusing = house.ledger.witness_status().unwrap().refusing;
    assert_eq!((refusing.len(), refusing[0].0.as_str()), (1, "w3"));
    house.round(3);
    assert!(house.ledger.cosigned(number, SHORT).await);
    assert_eq!(house.ledger.status().broken, None);
    // Two of four leave no quorum of three: then they are believed.
    house.ledger.heard("w2", &Heard::OtherHistory { year: 2026 });
    assert!(house.ledger.append(vec![Kind::Started.into()]).await.is_err());
}

/// A witness that holds another history names its size first and refuses then, in each round: what
/// it says against us stands all the while, until it cosigns.
#[tokio::test]
async fn l3_a_size_takes_no_refusal_back_and_a_cosignature_does() {
    let mut house = House::new(4, 3).await;
    house.append(5).await;
    house.ledger.publish().await.unwrap();
    let refusing = |house: &House| house.ledger.witness_status().unwrap().refusing;
    house.round(3);
    house.ledger.heard("w3", &Heard::OtherHistory { year: 2026 });
    let told = refusing(&house);
    assert_eq!(told.len(), 1);
    for _ in 0..3 {
        house.ledger.heard("w3", &Heard::Knows { year: 2026, size: 1 });
        assert_eq!(refusing(&house), told, "a size took a refusal back");
        house.ledger.heard("w3", &Heard::OtherHistory { year: 2026 });
    }
    // The others' cosignatures say nothing for it.
    house.append(5).await;
    house.ledger.publish().await.unwrap();
    house.round(3);
    assert_eq!(refusing(&house), told);
    // The control: its own does.
    house.append(5).await;
    house.ledger.publish().await.unwrap();
    house.round(4);
    assert_eq!(refusing(&house), []);
    assert_eq!(house.ledger.status().broken, None);
}

#[tokio::test]
async fn l10_without_a_quorum_for_a_day_no_footage_is_shown_and_entries_go_on() {
    let mut house = House::new(1, 1).await;
    house.append(1).await;
    house.ledger.publish().await.unwrap();
    house.round(1);
    house.append(1).await;
    house.clock.advance(LONGEST_UNWITNESSED - SHORT);
    assert!(!house.ledger.witness_status().unwrap().is_overdue);
    let grant = house.ledger.admit::<WatchLive>(permit_to_watch()).await.unwrap();
    house.clock.advance(SHORT);
    assert!(house.ledger.witness_status().unwrap().is_overdue);
    assert_eq!(grant.check(), Err(GrantEnded::Unwitnessed));
    let refused = house.ledger.admit::<WatchLive>(permit_to_watch()).await;
    assert!(matches!(refused, Err(AdmitError::Append(AppendError::Unwitnessed))));
    house.append(1).await;
    house.ledger.publish().await.unwrap();
    house.round(1);
    assert!(!house.ledger.witness_status().unwrap().is_overdue);
    assert!(house.ledger.admit::<WatchLive>(permit_to_watch()).await.is_ok());
}

#[tokio::test]
async fn l3_a_cosigned_checkpoint_is_never_more_than_is_here() {
    let mut house = House::new(1, 1).await;
    house.append(20).await;
    house.ledger.publish().await.unwrap();
    house.round(1);
    house.ledger.close();
    // Entries are cut away, and the log's own checkpoint with them.
    let year = house.folder.path().join("2026");
    std::fs::remove_file(year.join("checkpoint")).unwrap();
    let journal = std::fs::read(year.join("journal")).unwrap();
    std::fs::write(year.join("journal"), &journal[..journal.len() / 2]).unwrap();
    let clock = Arc::new(house.clock.clone());
    let opened = Ledger::open(&config(house.folder.path()), Arc::new(Disk), clock);
    assert!(opened.err().unwrap().to_string().contains("entries were lost"));
}
