//! The order of an act, refusals, hang-ups, a broken ledger.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};

use access::act::{ManageCameras, PlayFootage, WatchLive};
use access::{Asker, Cell, Grant, PerformError, RefusalReason, Request, Target};
use domain::{Action, Actor, Purpose, PurposeKind, Role, SystemActor};
use ledger::{Kind, OutcomeWord};

use crate::house::{House, camera, soon};

pub(crate) fn wall() -> Request {
    Request::new(Action::WatchLive, Target::Live { cameras: vec![camera(1), camera(2)] })
}

#[tokio::test]
async fn l1_the_effect_runs_between_a_durable_intent_and_its_outcome() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let asker = house.asker(&manager);
    let journal = house.folder.path().join("ledger/2026/journal");
    let effect = async |grant: &Grant<WatchLive>| {
        // Another reader of the disk finds the intent while the effect runs.
        let bytes = std::fs::read(&journal).unwrap();
        let needle = br#""kind":"intent","action":"live.watch""#;
        assert!(bytes.windows(needle.len()).any(|window| window == needle));
        assert_eq!(house.outcome_of(Action::WatchLive), None);
        Ok::<_, Infallible>(grant.cameras().to_vec())
    };
    let cameras = house.access.perform(&asker, wall(), effect).await.unwrap();
    assert_eq!(cameras, [camera(1), camera(2)]);
    assert_eq!(house.outcome_of(Action::WatchLive), Some(OutcomeWord::Done));
}

#[tokio::test]
async fn an_effect_that_fails_is_entered_as_failed_with_its_reason() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let asker = house.asker(&manager);
    let effect = async |_: &Grant<WatchLive>| Err::<(), _>("the camera is dark");
    let error = house.access.perform(&asker, wall(), effect).await.unwrap_err();
    assert!(matches!(error, PerformError::Effect("the camera is dark")));
    assert_eq!(house.outcome_of(Action::WatchLive), Some(OutcomeWord::Failed));
    let (number, _) = house.entries().pop().unwrap();
    let record = format!("{:?}", house.record(asker.actor(), number));
    assert!(record.contains("the camera is dark"), "{record}");
}

#[tokio::test]
async fn a_refusal_is_entered_and_the_effect_never_runs() {
    let house = House::new().await;
    let (administrator, manager) = house.founders().await;
    let has_run = AtomicBool::new(false);
    for (session, request, reason) in [
        (&administrator, wall(), RefusalReason::NoRole),
        (&manager, play(None), RefusalReason::PurposeMissing),
    ] {
        let asker = house.asker(session);
        let action = request.action;
        let run = || has_run.store(true, Ordering::SeqCst);
        let result: Result<(), PerformError<Infallible>> = if action == Action::WatchLive {
            let effect = async |_: &Grant<WatchLive>| {
                run();
                Ok(())
            };
            house.access.perform(&asker, request, effect).await
        } else {
            let effect = async |_: &Grant<PlayFootage>| {
                run();
                Ok(())
            };
            house.access.perform(&asker, request, effect).await
        };
        assert!(matches!(result, Err(PerformError::Refused(why)) if why == reason), "{result:?}");
        assert_eq!(house.refusals(action), [reason.word()]);
    }
    assert!(!has_run.load(Ordering::SeqCst));
    assert!(!house.kinds().contains(&Kind::Intent { action: Action::WatchLive, proposal: None }));
}

fn play(purpose: Option<Purpose>) -> Request {
    let from = "2026-11-21T11:00:00Z".parse().unwrap();
    let to = "2026-11-21T11:30:00Z".parse().unwrap();
    let target = Target::Footage { cameras: vec![camera(1)], from, to };
    Request { purpose, ..Request::new(Action::PlayFootage, target) }
}

#[tokio::test]
async fn a_purpose_reaches_the_grant_and_the_record() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let asker = house.asker(&manager);
    let purpose = Purpose::new(PurposeKind::Incident, "2026-17").unwrap();
    let effect = async |grant: &Grant<PlayFootage>| {
        assert_eq!(grant.purpose().unwrap().note(), "2026-17");
        Ok::<_, Infallible>(grant.number())
    };
    let number = house.access.perform(&asker, play(Some(purpose)), effect).await.unwrap();
    let record = format!("{:?}", house.record(asker.actor(), number));
    assert!(record.contains("2026-17"), "{record}");
}

#[tokio::test]
async fn a_hang_up_leaves_the_outcome_unknown() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let asker = house.asker(&manager);
    let begun = AtomicBool::new(false);
    let effect = async |_: &Grant<WatchLive>| {
        begun.store(true, Ordering::SeqCst);
        std::future::pending::<Result<(), Infallible>>().await
    };
    tokio::select! {
        result = house.access.perform(&asker, wall(), effect) => panic!("{result:?}"),
        () = soon(|| begun.load(Ordering::SeqCst)) => {}
    }
    soon(|| house.outcome_of(Action::WatchLive) == Some(OutcomeWord::Unknown)).await;
}

#[tokio::test]
async fn a2_a_right_that_ends_while_the_intent_is_written_opens_nothing() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let operator = house.appointed(&manager, Role::Operator, "operator").await;
    let (by, asker) = (house.asker(&manager), house.asker(&operator));
    let effect = async |_: &Grant<WatchLive>| -> Result<(), Infallible> {
        unreachable!("the right was gone before the grant was there")
    };
    let mut act = std::pin::pin!(house.access.perform(&asker, wall(), effect));
    // Polled once: permitted, the intent on its way, and no further.
    tokio::select! {
        biased;
        result = &mut act => panic!("{result:?}"),
        () = std::future::ready(()) => {}
    }
    house.access.end_appointment(&by, asker.account().unwrap()).await.unwrap();
    assert!(matches!(act.await, Err(PerformError::Refused(RefusalReason::NoRole))));
    assert_eq!(house.outcome_of(Action::WatchLive), Some(OutcomeWord::Failed));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_can_run_as_a_task_of_its_own() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let (access, asker) = (house.access.clone(), house.asker(&manager));
    let task = tokio::spawn(async move {
        let name = String::from("borrowed by the effect");
        let effect = async |grant: &Grant<WatchLive>| {
            tokio::task::yield_now().await;
            grant.check().map_err(|error| error.to_string())?;
            Ok::<_, String>(name.len())
        };
        access.perform(&asker, wall(), effect).await
    });
    assert_eq!(task.await.unwrap().unwrap(), 22);
    let (access, asker) = (house.access.clone(), house.asker(&manager));
    let task = tokio::spawn(async move {
        let effect = async |grant: &Grant<WatchLive>, served: &access::Served| {
            served.note(grant.cameras()[0], grant.usable_until(), grant.usable_until());
            tokio::task::yield_now().await;
            Ok::<_, String>(())
        };
        access.perform_while(&asker, wall(), effect).await
    });
    task.await.unwrap().unwrap();
}

#[tokio::test]
async fn looking_leaves_no_trace_unless_it_is_refused() {
    let house = House::new().await;
    let (administrator, _) = house.founders().await;
    let asker = house.asker(&administrator);
    let before = house.entries().len();
    for _ in 0..10 {
        let look = house.access.look::<Infallible>(&asker, Action::ReadHealth, Target::House);
        look.await.unwrap();
    }
    assert_eq!(house.entries().len(), before);
    for _ in 0..100 {
        let target = Target::Camera(camera(1));
        let look = house.access.look::<Infallible>(&asker, Action::ReadTimeline, target);
        assert!(matches!(look.await, Err(PerformError::Refused(RefusalReason::NoRole))));
    }
    // A page that asks again and again does not fill the ledger: the rest is counted.
    assert_eq!(house.entries().len(), before + 30);
    house.clock.advance(std::time::Duration::from_secs(60));
    house.access.tick().await;
    let (number, _) = house.entries().pop().unwrap();
    let record = format!("{:?}", house.record(asker.actor(), number));
    assert!(record.contains("70 more refusals of footage.timeline"), "{record}");
}

#[tokio::test]
#[should_panic(expected = "it goes through perform")]
async fn what_leaves_a_full_trace_cannot_be_looked_at() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let asker = house.asker(&manager);
    let _ = house.access.look::<Infallible>(&asker, Action::WatchLive, wall().target).await;
}

#[tokio::test]
async fn a_closed_ledger_lets_nothing_happen() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let asker = house.asker(&manager);
    let ledger = house.ledger.clone();
    tokio::task::spawn_blocking(move || ledger.close()).await.unwrap();
    let effect = async |_: &Grant<WatchLive>| -> Result<(), Infallible> {
        unreachable!("no receipt, no picture")
    };
    let result = house.access.perform(&asker, wall(), effect).await;
    assert!(matches!(result, Err(PerformError::Ledger(_))), "{result:?}");
}

#[tokio::test]
async fn an_outcome_that_cannot_be_entered_does_not_undo_the_effect() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let asker = house.asker(&manager);
    let effect = async |_: &Grant<WatchLive>| {
        let ledger = house.ledger.clone();
        tokio::task::spawn_blocking(move || ledger.close()).await.unwrap();
        Ok::<_, Infallible>("seen")
    };
    assert_eq!(house.access.perform(&asker, wall(), effect).await.unwrap(), "seen");
    let house = house.restart().await;
    assert_eq!(house.outcome_of(Action::WatchLive), Some(OutcomeWord::Unknown));
}

#[tokio::test]
async fn the_socket_and_the_machine_go_through_the_same_door() {
    let house = House::new().await;
    let effect = async |grant: &Grant<ManageCameras>| Ok::<_, Infallible>(grant.actor());
    let add = || Request::new(Action::AddCamera, Target::House);
    let os = Asker::os(1000);
    let actor = house.access.perform(&os, add(), effect).await.unwrap();
    assert_eq!(actor, Actor::Os { uid: 1000 });
    let retention = Asker::system(SystemActor::Retention);
    let refused = house.access.perform(&retention, add(), effect).await;
    assert!(matches!(refused, Err(PerformError::Refused(RefusalReason::NoRole))));
    let watch = async |_: &Grant<WatchLive>| Ok::<_, Infallible>(());
    let refused = house.access.perform(&os, wall(), watch).await;
    assert!(matches!(refused, Err(PerformError::Refused(RefusalReason::NoRole))));
}

#[tokio::test]
async fn the_pages_are_told_what_a_person_may_do() {
    let house = House::new().await;
    let (administrator, manager) = house.founders().await;
    let operator = house.appointed(&manager, Role::Operator, "operator").await;
    let cell = |session: &_, action| {
        let permissions = house.access.permissions(&house.asker(session));
        permissions.into_iter().find(|one| one.action == action).map(|one| one.cell)
    };
    assert_eq!(cell(&administrator, Action::WatchLive), None);
    assert_eq!(cell(&administrator, Action::AddCamera), Some(Cell::Yes));
    assert_eq!(cell(&administrator, Action::TakeStill), Some(Cell::OncePerDevice));
    assert_eq!(cell(&manager, Action::PlayFootage), Some(Cell::WithPurpose));
    assert_eq!(cell(&operator, Action::PlayFootage), Some(Cell::RecentWithPurpose));
    assert_eq!(house.access.permissions(&Asker::system(SystemActor::Repair)), []);
}
