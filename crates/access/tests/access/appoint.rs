//! Who can give which rights to whom, end to end.

use std::time::Duration;

use access::{
    AccountError, Appointment, AppointmentError, NewAccount, PerformError, RefusalReason,
    SignInError, TRAINING_HOLDS_FOR, Term,
};
use domain::{AccountId, Role};
use host::Clock as _;

use crate::house::{DESK, House, PASSWORD};

fn is_refused<T>(result: &Result<T, PerformError<AccountError>>) -> bool {
    matches!(result, Err(PerformError::Refused(RefusalReason::NoRole | RefusalReason::RolesClash)))
}

#[tokio::test]
async fn an_administrator_gets_no_footage_role_on_any_path() {
    let house = House::new().await;
    let (administrator, manager) = house.founders().await;
    let officer = house.appointed(&manager, Role::Officer, "officer").await;
    let admin = house.asker(&administrator);
    // Appointing: no footage role, alone or beside another.
    for roles in [
        &[Role::Manager][..],
        &[Role::Officer],
        &[Role::Operator],
        &[Role::Contractor, Role::Operator],
        &[Role::Administrator, Role::Manager],
    ] {
        let result = house.access.appoint(&admin, house.new_account("me too", roles)).await;
        assert!(is_refused(&result), "{roles:?}: {result:?}");
    }
    // Resetting or ending who has one, whose password the administrator could then set.
    for session in [&manager, &officer] {
        let id = house.asker(session).account().unwrap();
        assert!(is_refused(&house.access.reset(&admin, id).await));
        assert!(is_refused(&house.access.end_appointment(&admin, id).await));
        assert!(house.access.asker(session).is_some());
    }
    let footage = |account: &access::Account| account.roles.iter().any(|role| role.sees_footage());
    let accounts = house.access.accounts(&admin).await.unwrap();
    assert_eq!(accounts.iter().filter(|account| footage(account)).count(), 2);
    // What is the administrator's own still works.
    let appointed =
        house.access.appoint(&admin, house.new_account("수탁업체", &[Role::Contractor]));
    let (contractor, _) = appointed.await.unwrap();
    house.access.reset(&admin, contractor).await.unwrap();
    house.access.end_appointment(&admin, contractor).await.unwrap();
}

#[tokio::test]
async fn a_manager_gives_footage_rights_and_no_technical_ones() {
    let house = House::new().await;
    let (administrator, manager) = house.founders().await;
    let by = house.asker(&manager);
    for roles in [&[Role::Administrator][..], &[Role::Contractor], &[Role::Inspector]] {
        let result = house.access.appoint(&by, house.new_account("x", roles)).await;
        assert!(is_refused(&result), "{roles:?}: {result:?}");
    }
    let mixed = [Role::Administrator, Role::Operator];
    assert!(is_refused(&house.access.appoint(&by, house.new_account("x", &mixed)).await));
    let admin = house.asker(&administrator).account().unwrap();
    assert!(is_refused(&house.access.reset(&by, admin).await));
    assert!(is_refused(&house.access.end_appointment(&by, admin).await));
    let nobody = house.access.appoint(&by, house.new_account("x", &[])).await;
    assert!(matches!(nobody, Err(PerformError::Effect(AccountError::NoRole))));
}

#[tokio::test]
async fn who_was_ended_is_out_at_once_and_stays_out() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let operator = house.appointed(&manager, Role::Operator, "operator").await;
    let (by, id) = (house.asker(&manager), house.asker(&operator).account().unwrap());
    house.access.end_appointment(&by, id).await.unwrap();
    assert_eq!(house.access.asker(&operator), None);
    assert_eq!(house.catalog.verifier(id).await.unwrap(), None);
    let again = house.access.end_appointment(&by, id).await;
    assert!(matches!(again, Err(PerformError::Effect(AccountError::NoSuchAccount))));
    let house = house.restart().await;
    let back = house.access.sign_in("operator", PASSWORD, DESK).await;
    assert!(matches!(back, Err(SignInError::WrongCredentials)), "{back:?}");
}

#[tokio::test]
async fn a_reset_takes_the_old_password_and_sessions_away_and_the_link_gives_new_ones() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let operator = house.appointed(&manager, Role::Operator, "operator").await;
    let (by, id) = (house.asker(&manager), house.asker(&operator).account().unwrap());
    let first = house.access.reset(&by, id).await.unwrap();
    assert_eq!(house.access.asker(&operator), None);
    let old = house.access.sign_in("operator", PASSWORD, DESK).await;
    assert!(matches!(old, Err(SignInError::WrongCredentials)), "{old:?}");
    let second = house.access.reset(&by, id).await.unwrap();
    let replaced = house.access.claim(&first, "operator", None, PASSWORD).await;
    assert!(matches!(replaced, Err(SignInError::LinkNotOpen)), "{replaced:?}");
    house.access.claim(&second, "operator", None, "another long one").await.unwrap();
    house.access.sign_in("operator", "another long one", DESK).await.unwrap();
    let old = house.access.sign_in("operator", PASSWORD, DESK).await;
    assert!(matches!(old, Err(SignInError::WrongCredentials)), "{old:?}");
}

#[tokio::test]
async fn the_last_manager_cannot_be_ended_and_one_of_two_can() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let (by, id) = (house.asker(&manager), house.asker(&manager).account().unwrap());
    let last = house.access.end_appointment(&by, id).await;
    assert!(matches!(last, Err(PerformError::Effect(AccountError::LastOne(Role::Manager)))));
    house.appointed(&manager, Role::Manager, "deputy").await;
    house.access.end_appointment(&by, id).await.unwrap();
}

#[tokio::test]
async fn a_start_renews_only_the_first_two_links_and_only_until_they_are_used() {
    let house = House::new().await;
    let first = house.access.first_run_links().await.unwrap().unwrap();
    let house = house.restart().await;
    let second = house.access.first_run_links().await.unwrap().unwrap();
    let old = house.access.claim(&first.manager.unwrap(), "kim", None, PASSWORD).await;
    assert!(matches!(old, Err(SignInError::LinkNotOpen)), "{old:?}");
    let manager = house.claim(&second.manager.unwrap(), "kim").await;
    // A manager appoints another and leaves: the one who never came gets no link from a restart,
    // or whoever can restart would become a manager.
    let by = house.asker(&manager);
    house.appointed(&manager, Role::Manager, "deputy").await;
    house.access.appoint(&by, house.new_account("never came", &[Role::Manager])).await.unwrap();
    house.access.end_appointment(&by, by.account().unwrap()).await.unwrap();
    let house = house.restart().await;
    let third = house.access.first_run_links().await.unwrap().unwrap();
    assert!(third.manager.is_none());
    house.claim(&third.administrator.unwrap(), "lee").await;
    assert!(house.access.first_run_links().await.unwrap().is_none());
}

#[tokio::test]
async fn only_a_demo_makes_accounts_that_nobody_appointed() {
    let house = House::new().await;
    let refused = house.access.appoint_for_demo(Role::Operator, "operator").await;
    assert!(matches!(refused, Err(AccountError::NoDemo)));
    let demo = House::with(|config| access::AccessConfig { is_demo: true, ..config }).await;
    let link = demo.access.appoint_for_demo(Role::Operator, "operator").await.unwrap().unwrap();
    let again = demo.access.appoint_for_demo(Role::Operator, "operator").await.unwrap().unwrap();
    let old = demo.access.claim(&link, "operator", None, PASSWORD).await;
    assert!(matches!(old, Err(SignInError::LinkNotOpen)), "{old:?}");
    demo.claim(&again, "operator").await;
    assert!(demo.access.appoint_for_demo(Role::Operator, "operator").await.unwrap().is_none());
}

fn unfit<T: std::fmt::Debug>(result: Result<T, PerformError<AccountError>>) -> AppointmentError {
    match result {
        Err(PerformError::Effect(AccountError::Appointment(error))) => error,
        other => panic!("{other:?}"),
    }
}

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);

#[tokio::test]
async fn pledge_and_training_come_before_an_account_that_handles_footage() {
    let house = House::new().await;
    let (administrator, manager) = house.founders().await;
    let by = house.asker(&manager);
    let whole = house.new_account("주무관", &[Role::Officer]);
    let with = |change: fn(&mut Appointment)| {
        let mut new = whole.clone();
        change(&mut new.appointment);
        new
    };
    let no_pledge = with(|it| it.pledged_at = None);
    let refused = unfit(house.access.appoint(&by, no_pledge).await);
    assert_eq!(refused, AppointmentError::PledgeMissing);
    for old in [None, whole.appointment.trained_at.map(|at| at - TRAINING_HOLDS_FOR - HOUR)] {
        let mut new = whole.clone();
        new.appointment.trained_at = old;
        let refused = unfit(house.access.appoint(&by, new).await);
        assert_eq!(refused, AppointmentError::TrainingMissing);
    }
    let ahead = with(|it| it.pledged_at = it.pledged_at.map(|at| at + DAY + HOUR));
    let refused = unfit(house.access.appoint(&by, ahead).await);
    assert_eq!(refused, AppointmentError::NotYetDone);
    // Who administers handles it too; a contractor has a contract, and a ticket.
    let admin = house.asker(&administrator);
    for (role, is_sworn) in [(Role::Administrator, true), (Role::Contractor, false)] {
        let roles = [role];
        let appointment = Appointment::default();
        let new = NewAccount { roles: &roles, appointment, ..whole.clone() };
        assert_eq!(house.access.appoint(&admin, new).await.is_err(), is_sworn, "{role:?}");
    }
    // Nothing of all that was given an account; the control is.
    assert_eq!(house.access.accounts(&by).await.unwrap().len(), 3);
    house.access.appoint(&by, whole).await.unwrap();
}

#[tokio::test]
async fn rights_begin_and_end_by_themselves_and_what_is_watched_ends_with_them() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let by = house.asker(&manager);
    let now = house.clock.wall();
    let mut new = house.new_account("officer", &[Role::Officer]);
    new.appointment.term.from = Some(now + 2 * DAY);
    new.appointment.term.until = Some(now + 4 * DAY);
    let (id, link) = house.access.appoint(&by, new).await.unwrap();
    let claim = || house.access.claim(&link, "officer", None, PASSWORD);
    let early = claim().await;
    let not_yet = SignInError::Refused(RefusalReason::AppointmentNotYet);
    assert_eq!(format!("{:?}", early.unwrap_err()), format!("{not_yet:?}"));
    // The link waits for the first day.
    house.clock.advance(2 * DAY + HOUR);
    let session = claim().await.unwrap();
    house.access.tick().await;
    assert!(house.access.asker(&session).is_some(), "the control: within the term");
    house.clock.advance(2 * DAY);
    let again = house.access.sign_in("officer", PASSWORD, DESK).await;
    let over = SignInError::Refused(RefusalReason::AppointmentOver);
    assert_eq!(format!("{:?}", again.unwrap_err()), format!("{over:?}"));
    house.access.tick().await;
    assert_eq!(house.access.asker(&session), None);
    let manager = house.access.sign_in("manager", PASSWORD, DESK).await.unwrap();
    let accounts = house.access.accounts(&house.asker(&manager)).await.unwrap();
    assert_eq!(accounts.iter().find(|it| it.id == id).unwrap().roles, []);
    // It stays so under a clock that is set back.
    let house = house.restart().await;
    house.clock.set_wall(now + 3 * DAY);
    let back = house.access.sign_in("officer", PASSWORD, DESK).await;
    assert!(matches!(back, Err(SignInError::WrongCredentials)), "{back:?}");
}

#[tokio::test]
async fn who_stands_in_has_rights_on_duty_alone() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let officer = house.appointed(&manager, Role::Officer, "officer").await;
    let principal = house.asker(&officer).account().unwrap();
    let (by, now) = (house.asker(&manager), house.clock.wall());
    let mut new = house.new_account("deputy", &[Role::Officer]);
    new.appointment.deputy_of = Some(principal);
    new.appointment.term.duty = vec![(now, now + HOUR), (now + 3 * HOUR, now + 4 * HOUR)];
    let (deputy, link) = house.access.appoint(&by, new.clone()).await.unwrap();
    let session = house.claim(&link, "deputy").await;
    house.clock.advance(HOUR);
    house.access.tick().await;
    assert_eq!(house.access.asker(&session), None, "it ends with the hour");
    let off = house.access.sign_in("deputy", PASSWORD, DESK).await;
    assert!(format!("{off:?}").contains("OffDuty"), "{off:?}");
    house.clock.advance(2 * HOUR);
    house.access.sign_in("deputy", PASSWORD, DESK).await.unwrap();
    // Nobody stands in for himself, for a deputy, or for nobody.
    let manager = house.access.sign_in("manager", PASSWORD, DESK).await.unwrap();
    let by = house.asker(&manager);
    for of in [deputy, AccountId::from_bytes([9; 16])] {
        new.appointment.deputy_of = Some(of);
        let refused = house.access.change_appointment(&by, deputy, new.appointment.clone()).await;
        assert_eq!(unfit(refused), AppointmentError::Deputy);
    }
}

#[tokio::test]
async fn somebody_of_each_kind_always_stays() {
    let house = House::new().await;
    let (administrator, manager) = house.founders().await;
    let now = house.clock.wall();
    let ends = || {
        let term = Term { until: Some(now + 2 * DAY), ..Term::default() };
        Appointment { term, ..Appointment::default() }
    };
    for session in [&administrator, &manager] {
        let asker = house.asker(session);
        let own = asker.account().unwrap();
        let refused = house.access.change_appointment(&asker, own, ends()).await;
        assert!(matches!(refused, Err(PerformError::Effect(AccountError::LastOne(_)))));
        // What takes nothing away may be said of oneself.
        let trained = Appointment { trained_at: Some(now), ..Appointment::default() };
        house.access.change_appointment(&asker, own, trained).await.unwrap();
    }
    // A successor without an end, and the first one may go by himself.
    house.appointed(&manager, Role::Manager, "successor").await;
    let asker = house.asker(&manager);
    house.access.change_appointment(&asker, asker.account().unwrap(), ends()).await.unwrap();
    house.clock.advance(3 * DAY);
    house.access.tick().await;
    let successor = house.access.sign_in("successor", PASSWORD, DESK).await.unwrap();
    let accounts = house.access.accounts(&house.asker(&successor)).await.unwrap();
    assert_eq!(accounts.iter().filter(|it| it.roles.contains(&Role::Manager)).count(), 1);
    // Each changes his own kind only.
    let admin = house.access.sign_in("admin", PASSWORD, DESK).await.unwrap();
    let of_footage = house.asker(&successor).account().unwrap();
    let asker = house.asker(&admin);
    let refused = house.access.change_appointment(&asker, of_footage, Appointment::default()).await;
    assert!(is_refused(&refused), "{refused:?}");
}
