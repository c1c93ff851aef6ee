//! K9: footage goes before its time by a rule of two people that has stood for a day, and one person
//! takes it back.

use std::convert::Infallible;
use std::time::Duration;

use access::act::DestroyEarly;
use access::{Asker, EntryNumber, Grant, PerformError, RefusalReason, Request, Target};
use domain::{Action, Role, SystemActor};
use ledger::{Kind, OutcomeWord};

use crate::house::House;

const HOUR: Duration = Duration::from_secs(3600);

/// The machine does it, by the rule that it was told of.
async fn destroy(house: &House, proposal: Option<EntryNumber>) -> Result<(), RefusalReason> {
    let asker = Asker::system(SystemActor::Retention);
    let request = Request { proposal, ..Request::new(Action::DestroyEarly, Target::House) };
    let effect = async |_: &Grant<DestroyEarly>| Ok::<_, Infallible>(());
    house.access.perform(&asker, request, effect).await.map_err(reason)
}

fn reason<E: std::fmt::Debug>(error: PerformError<E>) -> RefusalReason {
    match error {
        PerformError::Refused(reason) => reason,
        other => panic!("{other:?}"),
    }
}

async fn proposed(house: &House, by: &Asker) -> EntryNumber {
    house.access.propose(by, Action::AllowEarly, Target::House, "disk").await.unwrap()
}

#[tokio::test]
async fn k9_a_rule_of_two_is_in_force_after_a_day_and_each_destruction_names_it() {
    let house = House::new().await;
    let (administrator, manager) = house.founders().await;
    let (one, other) = (house.asker(&administrator), house.asker(&manager));
    let number = proposed(&house, &one).await;
    let missing = RefusalReason::ApprovalMissing;
    assert_eq!(destroy(&house, Some(number)).await, Err(missing));
    let alone = house.access.allow_early(&one, number).await;
    assert_eq!(reason(alone.unwrap_err()), missing);
    house.access.decide_proposal(&other, number, true).await.unwrap();
    // Approved is not yet made, and made is not yet in force.
    assert_eq!(destroy(&house, Some(number)).await, Err(missing));
    house.access.allow_early(&other, number).await.unwrap();
    for _ in 0..24 {
        assert_eq!(destroy(&house, Some(number)).await, Err(missing));
        house.clock.advance(HOUR);
    }
    // The control: a day is over, and nobody took it back.
    assert_eq!(destroy(&house, Some(number)).await, Ok(()));
    assert_eq!(destroy(&house, None).await, Err(missing));
    let action = Action::DestroyEarly;
    let kinds = house.kinds();
    let done = Kind::Intent { action, proposal: Some(number) };
    assert_eq!(kinds.iter().filter(|kind| **kind == done).count(), 1);
    let early = house.access.early();
    let (intent, _) = early.last.unwrap();
    let outcome = Kind::Outcome { intent, result: OutcomeWord::Done };
    assert!(kinds.contains(&outcome));
    assert_eq!(early.rule.map(|rule| rule.0), Some(number));
}

#[tokio::test]
async fn k9_one_person_takes_the_rule_back_and_it_needs_two_again() {
    for takes_back in [true, false] {
        let house = House::new().await;
        let (administrator, manager) = house.founders().await;
        let officer = house.appointed(&manager, Role::Officer, "officer").await;
        let (one, other) = (house.asker(&administrator), house.asker(&manager));
        let number = proposed(&house, &one).await;
        house.access.decide_proposal(&other, number, true).await.unwrap();
        house.access.allow_early(&one, number).await.unwrap();
        if takes_back {
            let refused = house.access.revoke_early(&Asker::system(SystemActor::Recorder)).await;
            assert_eq!(reason(refused.unwrap_err()), RefusalReason::NoRole);
            house.access.revoke_early(&house.asker(&officer)).await.unwrap();
            // The old approval does not bring it back.
            let again = house.access.allow_early(&other, number).await;
            assert_eq!(reason(again.unwrap_err()), RefusalReason::ProposalClosed);
        }
        // What the ledger says goes on over a restart.
        let house = house.restart().await;
        house.clock.advance(25 * HOUR);
        assert_eq!(house.access.early().rule.is_none(), takes_back);
        let refused = Err(RefusalReason::ApprovalMissing);
        let expected = if takes_back { refused } else { Ok(()) };
        assert_eq!(destroy(&house, Some(number)).await, expected);
    }
}
