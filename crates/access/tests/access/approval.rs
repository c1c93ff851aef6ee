//! Acts that take two people.

use std::convert::Infallible;
use std::time::Duration;

use access::act::ManageRetention;
use access::{
    ApprovalError, Asker, EntryNumber, Grant, PerformError, ProposalState, RefusalReason, Request,
    SessionSecret, Target,
};
use domain::{Action, Role};
use ledger::{Decision, Kind};

use crate::house::{House, camera};

const DAY: Duration = Duration::from_secs(86_400);

fn longer(days: u32) -> Target {
    Target::Retention { camera: camera(1), maximum: DAY * days }
}

impl House {
    async fn propose(&self, session: &SessionSecret) -> EntryNumber {
        let by = self.asker(session);
        let action = Action::LengthenRetention;
        self.access.propose(&by, action, longer(60), "수사 요청 2026-17").await.unwrap()
    }

    async fn decide(
        &self,
        session: &SessionSecret,
        number: EntryNumber,
        approves: bool,
    ) -> Result<(), RefusalReason> {
        let decided = self.access.decide_proposal(&self.asker(session), number, approves).await;
        decided.map_err(reason)
    }

    /// Carries it out; gives the retention that the effect read from its grant.
    async fn carry_out(
        &self,
        asker: &Asker,
        proposal: Option<EntryNumber>,
        target: Target,
    ) -> Result<Duration, RefusalReason> {
        let request = Request { proposal, ..Request::new(Action::LengthenRetention, target) };
        let effect = async |grant: &Grant<ManageRetention>| match grant.target() {
            Target::Retention { maximum, .. } => Ok::<_, Infallible>(*maximum),
            other => panic!("{other:?}"),
        };
        self.access.perform(asker, request, effect).await.map_err(reason)
    }

    fn state_of(&self, number: EntryNumber) -> ProposalState {
        self.access.proposal(number).unwrap().state
    }
}

fn reason<E: std::fmt::Debug>(error: PerformError<E>) -> RefusalReason {
    match error {
        PerformError::Refused(reason) => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn nobody_alone_makes_a_promise_looser() {
    let house = House::new().await;
    let (administrator, manager) = house.founders().await;
    let officer = house.appointed(&manager, Role::Officer, "officer").await;
    // Without a proposal, whoever asks and however often.
    for session in [&administrator, &manager, &officer] {
        let asker = house.asker(session);
        let alone = house.carry_out(&asker, None, longer(60)).await;
        assert_eq!(alone, Err(RefusalReason::ApprovalMissing));
    }
    // With a proposal that nobody else approved.
    let number = house.propose(&manager).await;
    let by = house.asker(&manager);
    assert_eq!(house.decide(&manager, number, true).await, Err(RefusalReason::OwnProposal));
    let alone = house.carry_out(&by, Some(number), longer(60)).await;
    assert_eq!(alone, Err(RefusalReason::ApprovalMissing));
    // The control: the same with another person's approval.
    house.decide(&administrator, number, true).await.unwrap();
    assert_eq!(house.carry_out(&by, Some(number), longer(60)).await, Ok(DAY * 60));
}

#[tokio::test]
async fn what_is_carried_out_is_what_was_approved_and_once() {
    let house = House::new().await;
    let (administrator, manager) = house.founders().await;
    let officer = house.appointed(&manager, Role::Officer, "officer").await;
    let number = house.propose(&administrator).await;
    house.decide(&manager, number, true).await.unwrap();
    let by = house.asker(&manager);
    for (asker, target) in [
        (by, longer(61)),
        (by, Target::Retention { camera: camera(2), maximum: DAY * 60 }),
        (house.asker(&officer), longer(60)),
    ] {
        let other = house.carry_out(&asker, Some(number), target).await;
        assert_eq!(other, Err(RefusalReason::ApprovalMissing));
    }
    assert_eq!(house.carry_out(&by, Some(number), longer(60)).await, Ok(DAY * 60));
    assert_eq!(house.state_of(number), ProposalState::CarriedOut);
    let again = house.carry_out(&by, Some(number), longer(60)).await;
    assert_eq!(again, Err(RefusalReason::ProposalClosed));
    // Everybody who reads the log sees that the act rests on an approval.
    let kinds = house.kinds();
    let action = Action::LengthenRetention;
    assert!(kinds.contains(&Kind::Proposal { action }));
    assert!(kinds.contains(&Kind::Approval { proposal: number, decision: Decision::Approved }));
    let intents =
        kinds.iter().filter(|kind| **kind == Kind::Intent { action, proposal: Some(number) });
    assert_eq!(intents.count(), 1);
}

#[tokio::test]
async fn of_two_acts_at_once_one_goes_on() {
    let house = House::new().await;
    let (administrator, manager) = house.founders().await;
    let number = house.propose(&administrator).await;
    house.decide(&manager, number, true).await.unwrap();
    let (one, other) = (house.asker(&administrator), house.asker(&manager));
    let (one, other) = tokio::join!(
        house.carry_out(&one, Some(number), longer(60)),
        house.carry_out(&other, Some(number), longer(60)),
    );
    let mut both = [one, other];
    both.sort_by_key(Result::is_err);
    assert_eq!(both, [Ok(DAY * 60), Err(RefusalReason::ProposalClosed)]);
}

#[tokio::test]
async fn an_act_that_fails_uses_the_approval_up_and_is_not_called_done() {
    let house = House::new().await;
    let (administrator, manager) = house.founders().await;
    let number = house.propose(&administrator).await;
    house.decide(&manager, number, true).await.unwrap();
    let by = house.asker(&manager);
    let request = || Request {
        proposal: Some(number),
        ..Request::new(Action::LengthenRetention, longer(60))
    };
    let effect = async |_: &Grant<ManageRetention>| Err::<(), _>("the camera was retired");
    let failed = house.access.perform(&by, request(), effect).await;
    assert!(matches!(failed, Err(PerformError::Effect("the camera was retired"))));
    assert_eq!(house.state_of(number), ProposalState::Failed);
    let again = house.carry_out(&by, Some(number), longer(60)).await;
    assert_eq!(again, Err(RefusalReason::ProposalClosed));
    let house = house.restart().await;
    assert_eq!(house.state_of(number), ProposalState::Failed);
}

#[tokio::test]
async fn a_manager_is_one_of_the_two() {
    let house = House::new().await;
    let (administrator, manager) = house.founders().await;
    let officer = house.appointed(&manager, Role::Officer, "officer").await;
    let operator = house.appointed(&manager, Role::Operator, "operator").await;
    let number = house.propose(&officer).await;
    let by_administrator = house.decide(&administrator, number, true).await;
    assert_eq!(by_administrator, Err(RefusalReason::ManagerMissing));
    assert_eq!(house.decide(&operator, number, true).await, Err(RefusalReason::NoRole));
    assert_eq!(house.decide(&operator, number, false).await, Err(RefusalReason::NoRole));
    assert_eq!(house.decide(&manager, number, true).await, Ok(()));
}

#[tokio::test]
async fn a_proposal_is_decided_once_and_runs_out() {
    let house = House::new().await;
    let (administrator, manager) = house.founders().await;
    let refused = house.propose(&administrator).await;
    house.decide(&manager, refused, false).await.unwrap();
    assert_eq!(house.state_of(refused), ProposalState::Refused);
    assert_eq!(house.decide(&manager, refused, true).await, Err(RefusalReason::ProposalClosed));
    let withdrawn = house.propose(&administrator).await;
    house.decide(&administrator, withdrawn, false).await.unwrap();
    assert_eq!(house.state_of(withdrawn), ProposalState::Withdrawn);
    // Nothing that was refused or taken back can be carried out.
    let by = house.asker(&administrator);
    for number in [refused, withdrawn] {
        let late = house.carry_out(&by, Some(number), longer(60)).await;
        assert_eq!(late, Err(RefusalReason::ProposalClosed));
    }
    let (late, approved) =
        (house.propose(&administrator).await, house.propose(&administrator).await);
    house.decide(&manager, approved, true).await.unwrap();
    house.clock.advance(rules::PROPOSAL_VALID_FOR);
    // Sessions have ended by then; a part of the machine may not do it either.
    assert_eq!(house.state_of(late), ProposalState::Lapsed);
    assert_eq!(house.state_of(approved), ProposalState::Lapsed);
}

#[tokio::test]
async fn an_approval_ends_with_the_appointment_of_either() {
    let house = House::new().await;
    let (administrator, manager) = house.founders().await;
    let officer = house.appointed(&manager, Role::Officer, "officer").await;
    let number = house.propose(&officer).await;
    house.decide(&manager, number, true).await.unwrap();
    let by = house.asker(&manager);
    let account = house.asker(&officer).account().unwrap();
    house.access.end_appointment(&by, account).await.unwrap();
    let late = house.carry_out(&by, Some(number), longer(60)).await;
    assert_eq!(late, Err(RefusalReason::NoRole));
    drop(administrator);
}

#[tokio::test]
async fn proposals_and_approvals_outlive_a_restart() {
    let house = House::new().await;
    let (administrator, manager) = house.founders().await;
    let (open, approved) =
        (house.propose(&administrator).await, house.propose(&administrator).await);
    house.decide(&manager, approved, true).await.unwrap();
    let house = house.restart().await;
    assert_eq!(house.state_of(open), ProposalState::Open);
    assert_eq!(house.state_of(approved), ProposalState::Approved);
    let view = house.access.proposal(approved).unwrap();
    assert_eq!(view.reason, "수사 요청 2026-17");
    assert!(view.decided_by.is_some_and(|(by, _)| by.account.is_some()));
}

#[tokio::test]
async fn a_proposal_has_a_reason_and_there_are_not_too_many() {
    let house = House::new().await;
    let (administrator, _) = house.founders().await;
    let by = house.asker(&administrator);
    let action = Action::LengthenRetention;
    for unfit in ["", "  ", "a\nb"] {
        let refused = house.access.propose(&by, action, longer(60), unfit).await;
        assert!(matches!(refused, Err(PerformError::Effect(ApprovalError::Reason))));
    }
    for _ in 0..20 {
        house.propose(&administrator).await;
    }
    let refused = house.access.propose(&by, action, longer(60), "one more").await;
    assert!(matches!(refused, Err(PerformError::Effect(ApprovalError::TooMany))));
    // What takes one person, or no person, is not proposed.
    for action in [Action::RetireCamera, Action::DestroyExpired, Action::PlayFootage] {
        let refused = house.access.propose(&by, action, longer(60), "why not").await;
        assert_eq!(reason(refused.unwrap_err()), RefusalReason::TooMuch);
    }
}
