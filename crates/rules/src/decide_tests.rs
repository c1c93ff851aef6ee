//! Tests of the decision.

use domain::PurposeKind;

use domain::AccountId;

use super::*;

const NOW: WallTime = WallTime::from_micros(1_795_301_858_000_000);
const HOUR: Duration = Duration::from_secs(3600);

fn camera(number: u8) -> CameraId {
    CameraId::from_bytes([number; 16])
}

fn person() -> Actor {
    Actor::Person(AccountId::from_bytes([9; 16]))
}

/// A contractor has a ticket that holds: what he may not do all the same, he may not do at all.
fn facts(roles: &[Role]) -> Facts {
    let ticket = crate::Ticket {
        contractor: AccountId::from_bytes([9; 16]),
        escort_roles: vec![Role::Officer],
        cameras: Vec::new(),
        from: NOW - HOUR,
        until: NOW + HOUR,
        is_ended: false,
        latest: NOW,
    };
    Facts { roles: roles.to_vec(), tickets: vec![ticket], ..Facts::nobody() }
}

fn ask(action: Action, target: Target) -> Ask {
    Ask { actor: person(), action, target, purpose: None, proposal: None }
}

fn with_purpose(mut ask: Ask) -> Ask {
    ask.purpose = Some(Purpose::new(PurposeKind::Incident, "2026-17").unwrap());
    ask
}

fn play(from: WallTime, to: WallTime) -> Ask {
    ask(Action::PlayFootage, Target::Footage { cameras: vec![camera(1)], from, to })
}

fn answer(ask: Ask, facts: &Facts) -> Result<(), RefusalReason> {
    decide(ask, facts, NOW).map(|_| ()).map_err(|refusal| refusal.reason)
}

#[test]
fn an_administrator_cannot_watch_even_with_a_second_role() {
    let live = || ask(Action::WatchLive, Target::Live { cameras: vec![camera(1)] });
    for role in [Role::Administrator, Role::Contractor, Role::Inspector] {
        assert_eq!(answer(live(), &facts(&[role])), Err(RefusalReason::NoRole), "{role:?}");
        assert_eq!(
            answer(with_purpose(play(NOW - HOUR, NOW)), &facts(&[role])),
            Err(RefusalReason::NoRole)
        );
    }
    assert_eq!(answer(live(), &facts(&[Role::Operator])), Ok(()));
    assert_eq!(
        answer(live(), &facts(&[Role::Administrator, Role::Operator])),
        Err(RefusalReason::NoRole)
    );
}

#[test]
fn a5_recorded_footage_asks_for_a_purpose() {
    let manager = facts(&[Role::Manager]);
    assert_eq!(answer(play(NOW - HOUR, NOW), &manager), Err(RefusalReason::PurposeMissing));
    assert_eq!(answer(with_purpose(play(NOW - HOUR, NOW)), &manager), Ok(()));
}

#[test]
fn an_operator_looks_back_an_hour_and_no_further() {
    let operator = facts(&[Role::Operator]);
    assert_eq!(answer(with_purpose(play(NOW - HOUR, NOW)), &operator), Ok(()));
    let earlier = NOW - HOUR - Duration::from_secs(1);
    assert_eq!(answer(with_purpose(play(earlier, NOW)), &operator), Err(RefusalReason::TooLongAgo));
}

#[test]
fn one_act_is_bounded() {
    let manager = facts(&[Role::Manager]);
    let too_long = with_purpose(play(NOW - HOUR * 25, NOW));
    assert_eq!(answer(too_long, &manager), Err(RefusalReason::TooMuch));
    let wall = |count: u8| {
        ask(Action::WatchLive, Target::Live { cameras: (0..count).map(camera).collect() })
    };
    assert_eq!(answer(wall(25), &manager), Ok(()));
    assert_eq!(answer(wall(26), &manager), Err(RefusalReason::TooMuch));
    assert_eq!(answer(wall(0), &manager), Err(RefusalReason::TooMuch));
    let twice = Target::Live { cameras: vec![camera(1), camera(1)] };
    assert_eq!(answer(ask(Action::WatchLive, twice), &manager), Err(RefusalReason::TooMuch));
    // A target of another shape opens nothing either.
    assert_eq!(
        answer(ask(Action::WatchLive, Target::House), &manager),
        Err(RefusalReason::TooMuch)
    );
    assert_eq!(
        answer(ask(Action::ReadHealth, Target::Live { cameras: vec![camera(1)] }), &manager),
        Err(RefusalReason::TooMuch)
    );
}

#[test]
fn a1_a_camera_outside_the_scope_is_refused() {
    let mut operator = facts(&[Role::Operator]);
    operator.scope = Scope::Cameras([camera(1)].into());
    let both = Target::Live { cameras: vec![camera(1), camera(2)] };
    assert_eq!(answer(ask(Action::WatchLive, both), &operator), Err(RefusalReason::OutOfScope));
    let own = Target::Live { cameras: vec![camera(1)] };
    assert_eq!(answer(ask(Action::WatchLive, own), &operator), Ok(()));
}

#[test]
fn a_locked_session_only_unlocks_hands_over_or_ends() {
    let mut operator = facts(&[Role::Operator]);
    operator.session_locked = true;
    let live = ask(Action::WatchLive, Target::Live { cameras: vec![camera(1)] });
    assert_eq!(answer(live, &operator), Err(RefusalReason::Locked));
    for action in [Action::Unlock, Action::HandOver, Action::SignOut] {
        assert_eq!(answer(ask(action, Target::House), &operator), Ok(()), "{action:?}");
    }
}

#[test]
fn an_administrator_cannot_touch_who_has_footage_rights() {
    let administrator = facts(&[Role::Administrator]);
    let manager = facts(&[Role::Manager]);
    let of = |action, roles: &[Role]| {
        ask(
            action,
            Target::Account { account: AccountId::from_bytes([1; 16]), roles: roles.to_vec() },
        )
    };
    let footage = [Role::Officer];
    for action in [
        Action::AppointTechnical,
        Action::ResetTechnical,
        Action::AppointFootage,
        Action::ResetFootage,
        Action::EndAppointment,
        Action::ChangeAppointment,
    ] {
        assert_eq!(
            answer(of(action, &footage), &administrator),
            Err(RefusalReason::NoRole),
            "{action:?}"
        );
    }
    assert_eq!(answer(of(Action::AppointFootage, &footage), &manager), Ok(()));
    assert_eq!(answer(of(Action::ResetFootage, &footage), &manager), Ok(()));
    assert_eq!(answer(of(Action::AppointTechnical, &[Role::Contractor]), &administrator), Ok(()));
    let both = [Role::Administrator, Role::Operator];
    assert_eq!(answer(of(Action::AppointFootage, &both), &manager), Err(RefusalReason::RolesClash));
}

#[test]
fn the_test_picture_is_given_once_to_who_mounts_the_camera() {
    let still = || with_purpose(ask(Action::TakeStill, Target::Camera(camera(1))));
    let mut administrator = facts(&[Role::Administrator]);
    assert_eq!(answer(still(), &administrator), Err(RefusalReason::StillAlreadyTaken));
    administrator.device_is_unseen = true;
    assert_eq!(answer(still(), &administrator), Ok(()));
    assert_eq!(answer(still(), &facts(&[Role::Contractor])), Err(RefusalReason::NoRole));
}

#[test]
fn the_socket_and_the_machine_do_only_their_own_work() {
    let asks =
        |actor, action| Ask { actor, action, target: Target::House, purpose: None, proposal: None };
    let os = Actor::Os { uid: 0 };
    let retention = Actor::System(domain::SystemActor::Retention);
    assert_eq!(answer(asks(os, Action::AddCamera), &Facts::nobody()), Ok(()));
    assert_eq!(
        answer(asks(os, Action::AppointFootage), &Facts::nobody()),
        Err(RefusalReason::NoRole)
    );
    assert_eq!(answer(asks(retention, Action::DestroyExpired), &Facts::nobody()), Ok(()));
    assert_eq!(
        answer(asks(retention, Action::AddCamera), &Facts::nobody()),
        Err(RefusalReason::NoRole)
    );
    assert_eq!(
        answer(asks(os, Action::DestroyExpired), &Facts::nobody()),
        Err(RefusalReason::NoRole)
    );
    assert_eq!(answer(asks(Actor::Unknown, Action::SignIn), &Facts::nobody()), Ok(()));
    assert_eq!(
        answer(asks(Actor::Unknown, Action::ReadHealth), &Facts::nobody()),
        Err(RefusalReason::NoRole)
    );
}

fn number(index: u64) -> EntryNumber {
    EntryNumber { year: 2026, index }
}

#[test]
fn an_act_that_takes_one_names_no_proposal() {
    let administrator = facts(&[Role::Administrator]);
    let add = ask(Action::AddCamera, Target::House);
    assert_eq!(answer(add.clone(), &administrator), Ok(()));
    for action in Action::ALL.iter().filter(|action| !proposal::takes_two(**action)) {
        let named = Ask { action: *action, proposal: Some(number(17)), ..add.clone() };
        let all = facts(&Role::ALL);
        assert!(answer(named, &all).is_err(), "{action:?}");
    }
    let named = Ask { proposal: Some(number(17)), ..add };
    assert_eq!(answer(named, &administrator), Err(RefusalReason::TooMuch));
}

#[test]
fn k9_footage_is_destroyed_early_by_a_rule_in_force_and_by_nobody() {
    let early = |proposal| Ask {
        actor: Actor::System(domain::SystemActor::Retention),
        proposal,
        ..ask(Action::DestroyEarly, Target::House)
    };
    let by_rule = |from| Facts {
        early_rule: Some(EarlyRule { proposal: number(17), from }),
        ..Facts::nobody()
    };
    let missing = Err(RefusalReason::ApprovalMissing);
    assert_eq!(answer(early(Some(number(17))), &Facts::nobody()), missing);
    assert_eq!(answer(early(None), &by_rule(NOW - HOUR)), missing);
    assert_eq!(answer(early(Some(number(16))), &by_rule(NOW - HOUR)), missing);
    // The day is not over.
    assert_eq!(answer(early(Some(number(17))), &by_rule(NOW + HOUR)), missing);
    // The control: the same rule in force.
    assert_eq!(answer(early(Some(number(17))), &by_rule(NOW)), Ok(()));
    // No person does it by hand, whatever the roles, nor the machine's other parts.
    for actor in [person(), Actor::Os { uid: 0 }, Actor::System(domain::SystemActor::Repair)] {
        let by_hand = Ask { actor, ..early(Some(number(17))) };
        let tickets = facts(&[]).tickets;
        let all = Facts { roles: Role::ALL.to_vec(), tickets, ..by_rule(NOW - HOUR) };
        assert_eq!(answer(by_hand, &all), Err(RefusalReason::NoRole), "{actor:?}");
    }
}

#[test]
fn k9_one_takes_the_rule_back_and_two_make_it() {
    for role in Role::ALL {
        let takes_part = matches!(role, Role::Administrator | Role::Manager | Role::Officer);
        let revoke = answer(ask(Action::RevokeEarly, Target::House), &facts(&[role]));
        assert_eq!(revoke.is_ok(), takes_part, "{role:?}");
        let alone = answer(ask(Action::AllowEarly, Target::House), &facts(&[role]));
        assert!(alone.is_err(), "{role:?}");
    }
    let propose = |action, target| {
        let proposed = Target::Proposed { action, target: Box::new(target) };
        answer(ask(Action::Propose, proposed), &facts(&[Role::Manager]))
    };
    assert_eq!(propose(Action::AllowEarly, Target::House), Ok(()));
    let longer = Target::Retention { camera: camera(1), maximum: HOUR };
    assert_eq!(propose(Action::AllowEarly, longer), Err(RefusalReason::TooMuch));
    assert_eq!(propose(Action::LengthenRetention, Target::House), Err(RefusalReason::TooMuch));
    assert_eq!(propose(Action::DestroyEarly, Target::House), Err(RefusalReason::TooMuch));
}

#[test]
fn k6_a_hold_is_the_managers_with_a_reason_and_it_ends() {
    let start = NOW.floor(HOUR) - HOUR;
    let hold = |until| {
        let id = domain::HoldId::from_bytes([1; 16]);
        Hold::new(id, "2026-17", vec![camera(1)], (start, start + HOUR), until).unwrap()
    };
    let asked = |action, until| ask(action, Target::Hold(hold(until)));
    let manager = facts(&[Role::Manager]);
    let (month, late) = (NOW + HOUR * 720, NOW + Hold::LONGEST + HOUR);
    for action in [Action::HoldFootage, Action::RenewHold, Action::ReleaseHold] {
        assert_eq!(answer(asked(action, month), &manager), Err(RefusalReason::PurposeMissing));
        assert_eq!(answer(with_purpose(asked(action, month)), &manager), Ok(()));
        for role in [Role::Administrator, Role::Officer, Role::Operator, Role::Inspector] {
            let refused = answer(with_purpose(asked(action, month)), &facts(&[role]));
            assert_eq!(refused, Err(RefusalReason::NoRole), "{role:?}");
        }
        let scope = Scope::Cameras([camera(2)].into());
        let elsewhere = Facts { scope, ..manager.clone() };
        let refused = answer(with_purpose(asked(action, month)), &elsewhere);
        assert_eq!(refused, Err(RefusalReason::OutOfScope));
        let other = answer(with_purpose(ask(action, Target::House)), &manager);
        assert_eq!(other, Err(RefusalReason::TooMuch));
    }
    for action in [Action::HoldFootage, Action::RenewHold] {
        for until in [NOW, late] {
            let refused = answer(with_purpose(asked(action, until)), &manager);
            assert_eq!(refused, Err(RefusalReason::TooMuch));
        }
    }
    assert_eq!(answer(with_purpose(asked(Action::ReleaseHold, NOW)), &manager), Ok(()));
}

#[test]
fn k9_single_minutes_go_by_two_people_and_a_day_later() {
    let (one, two) = (AccountId::from_bytes([9; 16]), AccountId::from_bytes([8; 16]));
    let start = NOW.floor(HOUR) - HOUR * 30;
    let minutes = |to| Target::Footage { cameras: vec![camera(1)], from: start, to };
    let target = minutes(start + HOUR);
    let asked = |target| Ask { proposal: Some(number(1)), ..ask(Action::DestroyMinutes, target) };
    let approved = |approval| Facts {
        proposal: Some(Proposal {
            action: Action::DestroyMinutes,
            target: target.clone(),
            proposed_by: one,
            proposer_roles: vec![Role::Officer],
            until: NOW + HOUR * 100,
            approval,
        }),
        ..facts(&[Role::Officer])
    };
    let by =
        |by, roles: &[Role], at| proposal::Approval::Approved { by, roles: roles.to_vec(), at };
    let a_day = NOW - HOUR * 24;
    let asked_for = asked(target.clone());
    let answers = [
        (by(two, &[Role::Manager], a_day), Ok(())),
        (by(two, &[Role::Manager], a_day + HOUR), Err(RefusalReason::TooSoon)),
        (by(two, &[Role::Officer], a_day), Err(RefusalReason::ManagerMissing)),
        (by(one, &[Role::Manager], a_day), Err(RefusalReason::OwnProposal)),
        (proposal::Approval::Open, Err(RefusalReason::ApprovalMissing)),
    ];
    for (approval, expected) in answers {
        assert_eq!(answer(asked_for.clone(), &approved(approval)), expected);
    }
    // Others than were approved, and more than one act may take.
    let facts = approved(by(two, &[Role::Manager], a_day));
    let other = answer(asked(minutes(start + HOUR * 2)), &facts);
    assert_eq!(other, Err(RefusalReason::ApprovalMissing));
    let long = answer(asked(minutes(start + HOUR * 5)), &facts);
    assert_eq!(long, Err(RefusalReason::TooMuch));
}

/// Numbers that are the same in each run (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)) % end
    }

    /// One of three people; whoever has stolen a session is the one whose it is.
    fn person(&mut self) -> AccountId {
        AccountId::from_bytes([u8::try_from(self.below(3)).unwrap(); 16])
    }

    fn roles(&mut self) -> Vec<Role> {
        let likely = [Role::Manager, Role::Officer, Role::Administrator];
        Role::ALL
            .into_iter()
            .filter(|role| self.below(if likely.contains(role) { 2 } else { 6 }) == 0)
            .collect()
    }
}

/// Somebody tries to destroy single minutes: a proposal by anybody, approved by anybody, or not, some
/// time ago.
fn attempt(chance: &mut Chance) -> (Ask, Facts) {
    let start = NOW.floor(HOUR) - HOUR * 30;
    let minutes =
        |hours| Target::Footage { cameras: vec![camera(1)], from: start, to: start + HOUR * hours };
    let at = NOW - HOUR * 12 - HOUR / 60 * u32::try_from(chance.below(24 * 60)).unwrap();
    let approval = match chance.below(8) {
        0 => proposal::Approval::Open,
        1 => proposal::Approval::Closed,
        _ => proposal::Approval::Approved { by: chance.person(), roles: chance.roles(), at },
    };
    let proposal = Proposal {
        action: if chance.below(9) == 0 {
            Action::LengthenRetention
        } else {
            Action::DestroyMinutes
        },
        target: minutes(1),
        proposed_by: chance.person(),
        proposer_roles: chance.roles(),
        until: NOW + HOUR * 90 - HOUR * u32::try_from(chance.below(100)).unwrap(),
        approval,
    };
    let actor = Actor::Person(chance.person());
    let target = minutes(if chance.below(9) == 0 { 2 } else { 1 });
    let named = (chance.below(9) != 0).then(|| number(1));
    let ask = Ask { actor, proposal: named, ..ask(Action::DestroyMinutes, target) };
    let proposal = (chance.below(9) != 0).then_some(proposal);
    (ask, Facts { roles: chance.roles(), proposal, ..Facts::nobody() })
}

/// Why an attempt should not have gone through, by K9 and nothing of the code beneath.
fn breach(ask: &Ask, facts: &Facts) -> Option<&'static str> {
    let Some(proposal) = &facts.proposal else { return Some("nobody proposed it") };
    let proposal::Approval::Approved { by, roles, at } = &proposal.approval else {
        return Some("nobody approved it");
    };
    let may = |roles: &[Role]| {
        roles.iter().any(|it| matches!(it, Role::Manager | Role::Officer | Role::Administrator))
    };
    let checks = [
        (*by == proposal.proposed_by, "one person did both"),
        (NOW < *at + HOUR * 24, "no day has passed"),
        (NOW >= proposal.until, "it is too old"),
        (
            ![*by, proposal.proposed_by].map(Actor::Person).contains(&ask.actor),
            "a third person did it",
        ),
        (
            ask.target != proposal.target || ask.action != proposal.action,
            "something else was agreed to",
        ),
        (!may(roles) || !may(&proposal.proposer_roles), "one of the two may not"),
        (
            !roles.contains(&Role::Manager) && !proposal.proposer_roles.contains(&Role::Manager),
            "no manager agreed",
        ),
    ];
    checks.into_iter().find(|check| check.0).map(|check| check.1)
}

/// Attempts by everybody on everything: nothing goes but by two people of whom one is a manager, a day
/// later. The control asks only whether there is an approval, and lets all kinds of breaches through.
#[test]
fn k9_of_random_attempts_none_goes_without_two_people_and_a_day() {
    let (mut chance, mut permitted, mut breaches) =
        (Chance(9), 0, std::collections::BTreeSet::new());
    for number in 0..100_000 {
        let (ask, facts) = attempt(&mut chance);
        let breach = breach(&ask, &facts);
        let is_approved =
            |it: &Proposal| matches!(it.approval, proposal::Approval::Approved { .. });
        if facts.proposal.as_ref().is_some_and(is_approved) {
            breaches.extend(breach);
        }
        if answer(ask.clone(), &facts).is_ok() {
            assert_eq!(breach, None, "attempt {number}: {ask:?} {facts:?}");
            permitted += 1;
        }
    }
    assert!(permitted > 100, "{permitted}: what may go goes");
    assert_eq!(breaches.len(), 7, "the control: {breaches:?}");
}

#[test]
fn a_policy_that_promises_less_takes_two_and_just_that_file() {
    let file = |digit: &str| Target::Policy { file: digit.repeat(64).parse().unwrap() };
    let ask =
        |action, target| Ask { actor: person(), action, target, purpose: None, proposal: None };
    let manager = Facts { roles: vec![Role::Manager], ..Facts::nobody() };
    let alone = decide(ask(Action::LoosenPolicy, file("a")), &manager, NOW).unwrap_err();
    assert_eq!(alone.reason, RefusalReason::ApprovalMissing);
    // It is about one file and nothing else, and no other act is about a file.
    for (action, target) in [
        (Action::LoosenPolicy, Target::House),
        (Action::AnnouncePolicy, file("a")),
        (Action::ReadPolicy, file("a")),
    ] {
        let refused = decide(ask(action, target), &manager, NOW).unwrap_err();
        assert_eq!(refused.reason, RefusalReason::TooMuch, "{action:?}");
    }
}
