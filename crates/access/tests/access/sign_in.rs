//! Links, passwords, guessing, locking, handing over.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use access::{NameError, PasswordError, PerformError, SessionState, SignInError};
use argon2::password_hash::PasswordHasher as _;
use domain::{Action, Role};
use ledger::{Kind, OutcomeWord};

use crate::house::{DESK, House, PASSWORD};

const MINUTE: Duration = Duration::from_secs(60);

fn stranger(number: u32) -> IpAddr {
    IpAddr::V4(Ipv4Addr::from(0xc000_0200 + number))
}

#[tokio::test]
async fn a_link_opens_once_and_the_password_ever_after() {
    let house = House::new().await;
    let links = house.access.first_run_links().await.unwrap().unwrap();
    let link = links.manager.unwrap();
    let claim = |name, password| house.access.claim(&link, name, Some("책임자"), password);
    // What is wrong with the choice does not spend the link.
    let short = claim("kim", "short").await;
    assert!(matches!(short, Err(SignInError::Password(PasswordError::TooShort))));
    let unfit = claim("", PASSWORD).await;
    assert!(matches!(unfit, Err(SignInError::Name(NameError::Unfit))));
    let session = claim("Kim", PASSWORD).await.unwrap();
    let status = house.access.session(&session).unwrap();
    assert_eq!(status.account.name.as_deref(), Some("Kim"));
    assert_eq!(status.account.display_name, "책임자");
    assert_eq!(status.account.roles, [Role::Manager]);
    assert!(matches!(claim("kim", PASSWORD).await, Err(SignInError::LinkNotOpen)));
    assert_eq!(house.refusals(Action::SignIn), ["wrong-credentials"]);

    house.access.sign_out(&session).await.unwrap();
    assert_eq!(house.access.asker(&session), None);
    assert_eq!(house.outcome_of(Action::SignOut), Some(OutcomeWord::Done));
    let session = house.access.sign_in(" kIM", PASSWORD, DESK).await.unwrap();
    assert!(house.access.asker(&session).is_some());
    assert_eq!(house.outcome_of(Action::SignIn), Some(OutcomeWord::Done));
    assert!(house.kinds().contains(&Kind::Credential));
}

#[tokio::test]
async fn two_who_use_one_link_at_once_get_one_session() {
    let house = House::new().await;
    let link = house.access.first_run_links().await.unwrap().unwrap().manager.unwrap();
    let (one, other) = tokio::join!(
        house.access.claim(&link, "one", None, PASSWORD),
        house.access.claim(&link, "other", None, PASSWORD),
    );
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
}

#[tokio::test]
async fn a_link_is_valid_for_a_day_and_a_name_is_given_once() {
    let house = House::new().await;
    let links = house.access.first_run_links().await.unwrap().unwrap();
    house.claim(&links.manager.unwrap(), "kim").await;
    let administrator = links.administrator.unwrap();
    let taken = house.access.claim(&administrator, "KIM ", None, PASSWORD).await;
    assert!(matches!(taken, Err(SignInError::Name(NameError::Taken))), "{taken:?}");
    house.clock.advance(Duration::from_secs(24 * 3600));
    let late = house.access.claim(&administrator, "lee", None, PASSWORD).await;
    assert!(matches!(late, Err(SignInError::LinkNotOpen)), "{late:?}");
}

#[tokio::test]
async fn a_password_still_counts_after_a_restart_and_a_session_does_not() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let house = house.restart().await;
    assert_eq!(house.access.asker(&manager), None);
    house.access.sign_in("manager", PASSWORD, DESK).await.unwrap();
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_are_told_the_same() {
    let house = House::new().await;
    house.founders().await;
    let name = house.access.sign_in("nobody", PASSWORD, DESK).await.unwrap_err();
    let password = house.access.sign_in("manager", "wrong horse battery", DESK).await.unwrap_err();
    assert_eq!(name.to_string(), password.to_string());
    assert_eq!(house.refusals(Action::SignIn), ["wrong-credentials", "wrong-credentials"]);
}

#[tokio::test]
async fn a_verifier_written_into_the_catalog_lets_nobody_in() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let id = house.asker(&manager).account().unwrap();
    let honest = house.catalog.verifier(id).await.unwrap().unwrap();
    let forged = argon2::Argon2::default()
        .hash_password_with_salt(b"the forger's own", b"sixteen bytes...")
        .unwrap()
        .to_string();
    house.catalog.set_verifier(id, &forged).await.unwrap();
    let forger = house.access.sign_in("manager", "the forger's own", DESK).await;
    assert!(matches!(forger, Err(SignInError::WrongCredentials)), "{forger:?}");
    house.clock.advance(MINUTE * 15);
    let unlocked = house.access.unlock(&manager, "the forger's own").await;
    assert!(matches!(unlocked, Err(SignInError::WrongCredentials)), "{unlocked:?}");
    // The negative control: the row is a good verifier, and the ledger alone stands against it.
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, forged.as_bytes());
    let verifier_sha256 = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let record =
        ledger::Record::Credential { account: id.to_string(), verifier_sha256, verifier: None };
    let event = ledger::Event { kind: Kind::Credential, record: Some(record) };
    house.ledger.append(vec![event]).await.unwrap();
    house.access.sign_in("manager", "the forger's own", DESK).await.unwrap();
    // And the honest row no longer counts, though it is back.
    house.catalog.set_verifier(id, &honest).await.unwrap();
    let old = house.access.sign_in("manager", PASSWORD, DESK).await;
    assert!(matches!(old, Err(SignInError::WrongCredentials)), "{old:?}");
}

#[tokio::test]
async fn a_lost_catalog_locks_nobody_out() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let id = house.asker(&manager).account().unwrap();
    assert!(house.catalog.remove_verifier(id).await.unwrap());
    house.access.sign_in("manager", PASSWORD, DESK).await.unwrap();
    assert!(house.catalog.verifier(id).await.unwrap().is_some());
}

#[tokio::test]
async fn a4_ten_thousand_guesses_are_few_and_all_in_the_ledger_and_the_owner_gets_in() {
    let house = House::new().await;
    house.founders().await;
    house.access.sign_in("manager", PASSWORD, DESK).await.unwrap();
    // A thousand addresses, one minute.
    let (mut tried, mut sent_away) = (0, 0);
    for n in 0..10_000_u32 {
        if n % 167 == 0 {
            house.clock.advance(Duration::from_secs(1));
        }
        match house.access.sign_in("manager", "guess after guess", stranger(n % 1000)).await {
            Err(SignInError::WrongCredentials) => tried += 1,
            Err(SignInError::TooManyAttempts { .. }) => sent_away += 1,
            other => panic!("{other:?}"),
        }
        if n == 5000 {
            house.access.sign_in("manager", PASSWORD, DESK).await.unwrap();
        }
    }
    assert!((1..=6).contains(&tried), "{tried}");
    house.clock.advance(MINUTE);
    house.access.tick().await;
    // One by one or by a count: nothing is missing, and the ledger is not flooded.
    let reasons = house.refusals(Action::SignIn);
    assert_eq!(reasons.iter().filter(|reason| *reason == "wrong-credentials").count(), tried);
    let entered = reasons.iter().filter(|reason| *reason == "too-many-attempts").count();
    assert!((31..=62).contains(&entered), "{entered}");
    let counted: usize = house
        .entries()
        .into_iter()
        .filter(|(_, entry)| matches!(entry.kind, Kind::Refusal { .. }))
        .filter_map(|(number, _)| match house.record(domain::Actor::Unknown, number) {
            ledger::Record::Outcome { note, .. } => note.split(' ').next()?.parse().ok(),
            _ => Some(1),
        })
        .sum();
    assert_eq!(counted, tried + sent_away);
}

#[tokio::test]
async fn an_idle_session_locks_and_its_password_unlocks() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let asker = house.asker(&manager);
    house.clock.advance(MINUTE * 14);
    house.access.touch(&asker);
    house.clock.advance(MINUTE * 14);
    assert_eq!(house.access.session(&manager).unwrap().state, SessionState::Open);
    house.clock.advance(MINUTE);
    assert_eq!(house.access.session(&manager).unwrap().state, SessionState::Locked);
    let effect = async |_: &access::Grant<access::act::WatchLive>| Ok::<_, String>(());
    let refused = house.access.perform(&asker, crate::door::wall(), effect).await;
    assert!(matches!(refused, Err(PerformError::Refused(access::RefusalReason::Locked))));

    let wrong = house.access.unlock(&manager, "wrong horse battery").await;
    assert!(matches!(wrong, Err(SignInError::WrongCredentials)));
    house.access.unlock(&manager, PASSWORD).await.unwrap();
    house.access.perform(&asker, crate::door::wall(), effect).await.unwrap();
    assert_eq!(house.refusals(Action::Unlock), ["wrong-credentials"]);
    assert_eq!(house.outcome_of(Action::Unlock), Some(OutcomeWord::Done));
}

#[tokio::test]
async fn unlocking_cannot_be_guessed() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    house.clock.advance(MINUTE * 15);
    let mut tried = 0;
    for _ in 0..1000 {
        match house.access.unlock(&manager, "guess after guess").await {
            Err(SignInError::WrongCredentials) => tried += 1,
            Err(SignInError::TooManyAttempts { wait }) => assert!(wait <= MINUTE),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(tried, 3);
    house.clock.advance(MINUTE);
    house.access.unlock(&manager, PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_session_ends_at_its_limit() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let asker = house.asker(&manager);
    house.clock.advance(MINUTE * 720);
    assert_eq!(house.access.asker(&manager), None);
    // Whoever kept the asker has nothing of it.
    let effect = async |_: &access::Grant<access::act::WatchLive>| Ok::<_, String>(());
    let refused = house.access.perform(&asker, crate::door::wall(), effect).await;
    assert!(matches!(refused, Err(PerformError::Refused(access::RefusalReason::NoRole))));
}

#[tokio::test]
async fn a_hand_over_takes_both_passwords() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let day = house.appointed(&manager, Role::Operator, "day").await;
    house.appointed(&manager, Role::Operator, "night").await;
    // Idle at the end of the shift: the wall can still be handed over.
    house.clock.advance(MINUTE * 20);
    let hand_over = async |outgoing, name, incoming| {
        house.access.hand_over(&day, outgoing, name, incoming, DESK).await
    };
    let wrong = "wrong horse battery";
    for (outgoing, incoming) in [(wrong, PASSWORD), (PASSWORD, wrong)] {
        let refused = hand_over(outgoing, "night", incoming).await;
        assert!(matches!(refused, Err(SignInError::WrongCredentials)), "{refused:?}");
    }
    assert_eq!(house.refusals(Action::HandOver), ["wrong-credentials"]);
    house.clock.advance(MINUTE);
    let same = hand_over(PASSWORD, "day", PASSWORD).await;
    assert!(matches!(same, Err(SignInError::SamePerson)), "{same:?}");
    assert!(house.access.asker(&day).is_some(), "the outgoing session stays");
    let night = hand_over(PASSWORD, "night", PASSWORD).await.unwrap();
    assert_eq!(house.access.asker(&day), None);
    let status = house.access.session(&night).unwrap();
    assert_eq!(status.account.name.as_deref(), Some("night"));
    assert_eq!(house.outcome_of(Action::HandOver), Some(OutcomeWord::Done));
}
