//! Long viewing: what was served, and how it ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use access::act::WatchLive;
use access::{Access, AccessConfig, Asker, Grant, PerformError, Served};
use domain::{Action, Role, WallTime};
use ledger::{Kind, OutcomeWord, Record};
use tokio::task::JoinHandle;

use crate::door::wall;
use crate::house::{DESK, House, PASSWORD, camera, soon};

type Watching = JoinHandle<Result<(), PerformError<String>>>;

/// Watches until told to end; `is_deaf` watches on all the same.
fn watch(access: &Arc<Access>, asker: Asker, is_deaf: bool) -> (Watching, Arc<AtomicBool>) {
    let begun = Arc::new(AtomicBool::new(false));
    let (access, flag) = (Arc::clone(access), Arc::clone(&begun));
    let task = tokio::spawn(async move {
        let effect = async |grant: &Grant<WatchLive>, served: &Served| {
            let from: WallTime = "2026-11-21T12:00:00Z".parse().unwrap();
            served.note(grant.cameras()[0], from, from + Duration::from_secs(1));
            flag.store(true, Ordering::SeqCst);
            if is_deaf {
                std::future::pending::<()>().await;
            }
            served.ended().await;
            assert!(served.is_ended());
            Ok::<_, String>(())
        };
        access.perform_while(&asker, wall(), effect).await
    });
    (task, begun)
}

async fn begins(begun: &AtomicBool) {
    soon(|| begun.load(Ordering::SeqCst)).await;
}

#[tokio::test]
async fn what_was_served_is_entered_again_and_again_and_at_the_end() {
    let config = |config| AccessConfig { served_every: Duration::from_millis(100), ..config };
    let house = House::with(config).await;
    let (_, manager) = house.founders().await;
    let asker = house.asker(&manager);
    let from: WallTime = "2026-11-21T12:00:00Z".parse().unwrap();
    let effect = async |_: &Grant<WatchLive>, served: &Served| {
        for n in 0..4 {
            let at = from + Duration::from_secs(n);
            served.note(camera(1), at, at + Duration::from_secs(1));
            tokio::time::sleep(Duration::from_millis(90)).await;
        }
        served.note(camera(2), from, from + Duration::from_secs(9));
        Ok::<_, String>(())
    };
    house.access.perform_while(&asker, wall(), effect).await.unwrap();
    let entries = house.entries();
    let served: Vec<_> = entries
        .iter()
        .filter(|(_, entry)| matches!(entry.kind, Kind::Served { .. }))
        .filter_map(|(number, _)| match house.record(asker.actor(), *number) {
            Record::Served { spans, .. } => Some(spans),
            _ => None,
        })
        .collect();
    assert!((3..=5).contains(&served.len()), "{served:?}");
    let all: Vec<_> = served.into_iter().flatten().collect();
    let first = all.iter().filter(|span| span.camera == camera(1).to_string());
    assert_eq!(first.clone().map(|span| span.from.clone()).min(), Some(from.to_string()));
    let end = (from + Duration::from_secs(4)).to_string();
    assert_eq!(first.map(|span| span.to.clone()).max(), Some(end));
    assert!(all.iter().any(|span| span.camera == camera(2).to_string()));
    // The outcome comes last.
    let (_, last) = entries.last().unwrap();
    assert!(matches!(last.kind, Kind::Outcome { result: OutcomeWord::Done, .. }));
}

#[tokio::test]
async fn a2_an_ended_appointment_ends_the_pictures_within_a_second() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let operator = house.appointed(&manager, Role::Operator, "operator").await;
    let asker = house.asker(&operator);
    let (polite, polite_begun) = watch(&house.access, asker, false);
    let (deaf, deaf_begun) = watch(&house.access, asker, true);
    let (other, other_begun) = watch(&house.access, house.asker(&manager), false);
    for begun in [&polite_begun, &deaf_begun, &other_begun] {
        begins(begun).await;
    }
    let by = house.asker(&manager);
    house.access.end_appointment(&by, asker.account().unwrap()).await.unwrap();
    let since = Instant::now();
    polite.await.unwrap().unwrap();
    assert!(matches!(deaf.await.unwrap(), Err(PerformError::Cut)));
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
    // The negative control: who kept the right watches on.
    assert!(!other.is_finished());
    other.abort();
    // What the deaf one showed at the end nobody can say.
    soon(|| {
        let unknown =
            |kind: &Kind| matches!(kind, Kind::Outcome { result: OutcomeWord::Unknown, .. });
        house.kinds().iter().filter(|kind| unknown(kind)).count() == 2
    })
    .await;
}

#[tokio::test]
async fn one_session_ends_and_the_other_of_the_same_person_goes_on() {
    let house = House::new().await;
    let (_, here) = house.founders().await;
    let there = house.access.sign_in("manager", PASSWORD, DESK).await.unwrap();
    let (mine, begun) = watch(&house.access, house.asker(&here), false);
    begins(&begun).await;
    let (theirs, begun) = watch(&house.access, house.asker(&there), false);
    begins(&begun).await;
    house.access.sign_out(&here).await.unwrap();
    let since = Instant::now();
    mine.await.unwrap().unwrap();
    assert!(since.elapsed() < Duration::from_secs(1));
    assert!(!theirs.is_finished());
    house.clock.advance(Duration::from_secs(12 * 3600));
    house.access.tick().await;
    theirs.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_idle_limit_locks_the_controls_and_not_the_pictures() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let (watching, begun) = watch(&house.access, house.asker(&manager), false);
    begins(&begun).await;
    house.clock.advance(Duration::from_secs(3600));
    house.access.tick().await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!watching.is_finished());
    assert_eq!(house.outcome_of(Action::WatchLive), None);
    watching.abort();
}

#[tokio::test]
async fn a_wall_that_is_handed_over_goes_on_until_the_next_has_begun() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let day = house.appointed(&manager, Role::Operator, "day").await;
    house.appointed(&manager, Role::Operator, "night").await;
    let (old, begun) = watch(&house.access, house.asker(&day), false);
    begins(&begun).await;
    let night = house.access.hand_over(&day, PASSWORD, "night", PASSWORD, DESK).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!old.is_finished(), "no dark wall");
    let (new, begun) = watch(&house.access, house.asker(&night), false);
    begins(&begun).await;
    old.await.unwrap().unwrap();
    assert!(!new.is_finished());
    new.abort();
}

#[tokio::test]
async fn a_ledger_that_cannot_write_ends_the_pictures() {
    let house =
        House::with(|config| AccessConfig { served_every: Duration::from_millis(100), ..config })
            .await;
    let (_, manager) = house.founders().await;
    let (watching, begun) = watch(&house.access, house.asker(&manager), false);
    begins(&begun).await;
    let ledger = house.ledger.clone();
    tokio::task::spawn_blocking(move || ledger.close()).await.unwrap();
    tokio::time::timeout(Duration::from_secs(2), watching).await.unwrap().unwrap().unwrap();
}
