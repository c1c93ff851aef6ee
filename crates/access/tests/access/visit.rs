//! The visitors' book: consent and admission are two things, and without consent nobody is named.

use access::{AdmissionWord, ConsentWord, PerformError, RefusalReason, VisitAsk, VisitError};
use domain::Role;
use ledger::{Kind, VisitCounts, VisitStep};

use crate::house::House;

const NOTICE: [&str; 2] =
    ["수집·이용 목적: 확인", "거부할 권리와 불이익: 동의하지 않을 수 있습니다."];

fn notice() -> Vec<String> {
    NOTICE.map(str::to_owned).to_vec()
}

fn ask(escort: domain::AccountId, has_consented: bool, is_admitted: bool) -> VisitAsk {
    let said = |text: &str| if has_consented { text.to_owned() } else { String::new() };
    VisitAsk {
        area: ("server-room".into(), "통신실".into()),
        escort,
        has_consented,
        is_admitted,
        name: said("홍길동"),
        body: said("한빛보안"),
        business: said("배선 점검"),
        reason: if is_admitted { String::new() } else { "신분을 확인하지 못함".into() },
    }
}

#[tokio::test]
async fn all_four_answers_of_consent_and_admission_are_entered_and_only_consent_names() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let by = house.asker(&manager);
    let escort = by.account().unwrap();
    for (has_consented, is_admitted) in [(true, true), (true, false), (false, true), (false, false)]
    {
        let ask = ask(escort, has_consented, is_admitted);
        let entered = house.access.enter_visit(&by, ask, notice()).await.unwrap();
        let fact = entered.fact;
        assert_eq!(fact.consent == ConsentWord::Given, has_consented);
        assert_eq!(fact.admission == AdmissionWord::Granted, is_admitted);
        assert_eq!(fact.is_inside(), is_admitted);
        let (_, detail) = fact.detail.unwrap();
        assert_eq!(detail.name.is_some(), has_consented);
        let path = format!("companion/{}", fact.notice_sha256);
        let shown = house.ledger.published(&path).unwrap();
        assert_eq!(String::from_utf8(shown).unwrap(), format!("{}\n{}\n", NOTICE[0], NOTICE[1]));
    }
    let counts = VisitCounts { arrived: 4, consented: 2, admitted_without: 1 };
    assert_eq!(house.ledger.visit_counts(), counts);
    for (number, entry) in house.entries() {
        let text = String::from_utf8(entry.encode()).unwrap();
        assert!(!text.contains("홍길동") && !text.contains("통신실"), "{number}: {text}");
    }
}

#[tokio::test]
async fn what_may_not_be_kept_without_consent_is_refused_and_what_is_needed_is_asked_for() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let operator = house.appointed(&manager, Role::Operator, "operator").await;
    let by = house.asker(&manager);
    let good = ask(by.account().unwrap(), true, true);
    let bad = [
        VisitAsk { has_consented: false, ..good.clone() },
        VisitAsk { name: " ".into(), ..good.clone() },
        VisitAsk { business: String::new(), ..good.clone() },
        VisitAsk { is_admitted: false, ..good.clone() },
        VisitAsk { name: "가".repeat(201), ..good.clone() },
        VisitAsk { escort: domain::AccountId::from_bytes([9; 16]), ..good.clone() },
    ];
    for ask in bad {
        let refused = house.access.enter_visit(&by, ask.clone(), notice()).await;
        assert!(matches!(refused, Err(PerformError::Effect(_))), "{ask:?}: {refused:?}");
    }
    let other = house.asker(&operator);
    let refused = house.access.enter_visit(&other, good.clone(), notice()).await;
    assert!(matches!(refused, Err(PerformError::Refused(RefusalReason::NoRole))));
    assert!(matches!(
        house.access.visits(&other).await,
        Err(PerformError::Refused(RefusalReason::NoRole))
    ));
    assert_eq!(house.ledger.visit_counts().arrived, 0);
    // The control.
    assert!(house.access.enter_visit(&by, good, notice()).await.is_ok());
}

#[tokio::test]
async fn who_leaves_and_who_takes_consent_back_is_entered_once_and_survives_a_restart() {
    let house = House::new().await;
    let (_, manager) = house.founders().await;
    let by = house.asker(&manager);
    let escort = by.account().unwrap();
    let entered = house.access.enter_visit(&by, ask(escort, true, true), notice()).await.unwrap();
    let without = house.access.enter_visit(&by, ask(escort, false, true), notice()).await.unwrap();
    let number = entered.fact.number;
    assert!(!house.access.leave_visit(&by, number).await.unwrap().fact.is_inside());
    let again = house.access.leave_visit(&by, number).await;
    assert!(matches!(again, Err(PerformError::Effect(VisitError::Ended))));
    let withdrawn = house.access.withdraw_visit(&by, number).await.unwrap();
    assert_eq!(withdrawn.fact.detail.unwrap().1.name, None);
    for number in [number, without.fact.number] {
        let again = house.access.withdraw_visit(&by, number).await;
        assert!(matches!(again, Err(PerformError::Effect(VisitError::Ended))), "{again:?}");
    }
    let steps = house.kinds().into_iter().filter(|kind| matches!(kind, Kind::Visit(_)));
    let steps: Vec<Kind> = steps.collect();
    assert!(matches!(steps[2], Kind::Visit(VisitStep::Departed { visit }) if visit == number));
    assert!(matches!(steps[3], Kind::Visit(VisitStep::Withdrawn { visit }) if visit == number));

    let house = house.restart().await;
    let fact = house.ledger.visit(number).unwrap();
    assert!(fact.left_at.is_some() && fact.withdrawn_at.is_some());
    assert_eq!(fact.detail.unwrap().1.name, None);
    assert!(house.ledger.visit(without.fact.number).unwrap().is_inside());
}
