//! Who can give which rights to whom, end to end.

use access::{AccountError, PerformError, RefusalReason, Scope, SignInError};
use domain::Role;

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
        let result = house.access.appoint(&admin, "me too", roles, &Scope::All).await;
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
    let appointed = house.access.appoint(&admin, "수탁업체", &[Role::Contractor], &Scope::All);
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
        let result = house.access.appoint(&by, "x", roles, &Scope::All).await;
        assert!(is_refused(&result), "{roles:?}: {result:?}");
    }
    let mixed = [Role::Administrator, Role::Operator];
    assert!(is_refused(&house.access.appoint(&by, "x", &mixed, &Scope::All).await));
    let admin = house.asker(&administrator).account().unwrap();
    assert!(is_refused(&house.access.reset(&by, admin).await));
    assert!(is_refused(&house.access.end_appointment(&by, admin).await));
    let nobody = house.access.appoint(&by, "x", &[], &Scope::All).await;
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
    house.access.appoint(&by, "never came", &[Role::Manager], &Scope::All).await.unwrap();
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
