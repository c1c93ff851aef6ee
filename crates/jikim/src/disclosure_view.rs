//! Disclosures in the words of the wire, and how they stand now.

use api::{
    DisclosureBasis, DisclosureCase, DisclosureConfirmation, DisclosureDuty, DisclosureDutyKind,
    DisclosureGround, DisclosureLine, DisclosureState, DisclosureStepWord, Id, NewDisclosure, Time,
};
use domain::CameraId;
use domain::HoldId;
use ledger::{DisclosureDecision, DisclosureFact, DisclosureRecord, DisclosureStepFact};
use registers::{disclosure_events, disclosure_terms};
use rights::{Disclosure, day_in_korea};

use crate::house::House;
use crate::ledger_view::{name_of, named};
use crate::register::time;
use crate::request_view::hold;

/// A line of the board. `looker` is who looks, as written.
pub(crate) fn line(house: &House, fact: &DisclosureFact, looker: &str) -> DisclosureLine {
    let standing = rights::disclosure_standing(&disclosure_events(fact), disclosure_terms(fact))
        .expect("the first of the events is the receipt");
    let record = fact.detail.as_ref().map(|(_, record)| record);
    let is_compelled =
        |it: &&DisclosureStepFact| matches!(it.step, ledger::DisclosureStep::Compelled { .. });
    let compelled = fact.steps.iter().find(is_compelled);
    DisclosureLine {
        id: fact.receipt(),
        state: DisclosureState::from_word(standing.word()).expect("the wire has every state"),
        received_at: time(fact.received_at),
        mine: fact.detail.as_ref().is_some_and(|(by, _)| by == looker),
        compelled: compelled.is_some(),
        compelled_by_me: compelled.is_some_and(|step| step.by == looker),
        cameras: named(house, record.map(|it| it.cameras.clone()).unwrap_or_default()),
        from: record.map(|record| Time(record.from.clone())),
        until: record.map(|record| Time(record.until.clone())),
        duties: record.map(|_| duties(house, fact)).unwrap_or_default(),
        hold: hold(house, record.and_then(|record| record.hold.as_deref())),
    }
}

fn duties(house: &House, fact: &DisclosureFact) -> Vec<DisclosureDuty> {
    let today = day_in_korea(house.clock.wall());
    let duties =
        rights::duties(&disclosure_events(fact), disclosure_terms(fact)).unwrap_or_else(|error| {
            tracing::warn!(%error, "the days of a disclosure cannot be counted");
            Vec::new()
        });
    let on_wire = |duty: rights::Duty| DisclosureDuty {
        kind: DisclosureDutyKind::from_word(duty.kind.word()).expect("the wire has every duty"),
        due: duty.due.to_string(),
        days_left: (duty.due - today).whole_days(),
    };
    duties.into_iter().map(on_wire).collect()
}

/// The grounds of the law of today, with what each asks for.
pub(crate) fn grounds(house: &House) -> Vec<DisclosureGround> {
    let today = day_in_korea(house.clock.wall());
    let on_wire = |(rule, basis): (&law::Rule, rights::Basis)| DisclosureGround {
        id: rule.id.clone(),
        article: rule.article.clone(),
        ko: rule.ko.clone(),
        en: rule.en.clone(),
        basis: DisclosureBasis::from_word(basis.word()).expect("the wire has every basis"),
    };
    Disclosure::grounds(today).map(on_wire).collect()
}

/// One disclosure with everything that is said of it.
pub(crate) fn case(house: &House, fact: &DisclosureFact, looker: &str) -> DisclosureCase {
    let who = |actor: &str| name_of(house, actor).unwrap_or_else(|| actor.to_owned());
    let record = fact.detail.as_ref().map(|(_, record)| record);
    let absent = record.map(|record| record.absent.clone()).unwrap_or_default();
    DisclosureCase {
        line: line(house, fact, looker),
        disclosure: record.and_then(form_on_wire),
        absent: absent.into_iter().map(Id).collect(),
        received_by: fact.detail.as_ref().map(|(by, _)| who(by)).unwrap_or_default(),
        steps: fact.steps.iter().filter_map(|step| step_on_wire(step, who)).collect(),
    }
}

fn step_on_wire(
    fact: &DisclosureStepFact,
    who: impl Fn(&str) -> String,
) -> Option<api::DisclosureStep> {
    let confirmation = fact.note.confirmation.as_ref();
    let (published_from, published_until) = fact.note.published.clone().unzip();
    Some(api::DisclosureStep {
        step: DisclosureStepWord::from_word(fact.step.word())?,
        at: time(fact.at),
        by: who(&fact.by),
        granted: match fact.step {
            ledger::DisclosureStep::Decided { decision, .. } => {
                Some(decision == DisclosureDecision::Granted)
            }
            _ => None,
        },
        text: fact.note.text.clone(),
        confirmation: confirmation.and_then(|said| {
            Some(DisclosureConfirmation {
                compelled_by: api::DisclosureCompelledBy::from_word(&said.compelled_by)?,
                by: said.by.clone(),
                how: api::DisclosureConfirmedHow::from_word(&said.how)?,
                at: Time(said.at.clone()),
            })
        }),
        published_from,
        published_until,
    })
}

fn form_on_wire(record: &DisclosureRecord) -> Option<NewDisclosure> {
    Some(NewDisclosure {
        kind: api::DisclosureKind::from_word(&record.disclosed)?,
        body: record.body.clone(),
        officer: record.officer.clone(),
        phone: record.phone.clone(),
        document: record.document.clone(),
        ground: record.ground.clone(),
        basis: record.basis.clone(),
        purpose: record.purpose.clone(),
        cameras: record.cameras.iter().cloned().map(Id).collect(),
        from: Time(record.from.clone()),
        until: Time(record.until.clone()),
        conditions: record.conditions.clone(),
        use_until: record.use_until.clone(),
    })
}

/// A form of the wire as the rules of disclosures read it; none if a word, a day or a camera is no such thing.
pub(crate) fn form_from(form: &NewDisclosure) -> Option<rights::DisclosureForm> {
    let line = |text: &str| text.trim().to_owned();
    let cameras = form.cameras.iter().map(|id| id.0.parse::<CameraId>().ok());
    Some(rights::DisclosureForm {
        kind: rights::DisclosureKind::from_word(form.kind.word())?,
        body: line(&form.body),
        officer: line(&form.officer),
        phone: line(&form.phone),
        document: line(&form.document),
        ground: form.ground.clone(),
        basis: line(&form.basis),
        purpose: line(&form.purpose),
        cameras: cameras.collect::<Option<_>>()?,
        from: form.from.0.parse().ok()?,
        until: form.until.0.parse().ok()?,
        conditions: line(&form.conditions),
        use_until: form.use_until.as_deref().map(law::date).transpose().ok()?,
    })
}

/// A disclosure as its side record has it.
pub(crate) fn record_of(
    disclosure: &Disclosure,
    absent: &[CameraId],
    hold: Option<HoldId>,
) -> DisclosureRecord {
    let form = disclosure.form();
    let ids = |cameras: &[CameraId]| cameras.iter().map(ToString::to_string).collect();
    DisclosureRecord {
        disclosed: form.kind.word().into(),
        body: form.body.clone(),
        officer: form.officer.clone(),
        phone: form.phone.clone(),
        document: form.document.clone(),
        ground: form.ground.clone(),
        basis: form.basis.clone(),
        purpose: form.purpose.clone(),
        cameras: ids(&form.cameras),
        absent: ids(absent),
        from: form.from.to_string(),
        until: form.until.to_string(),
        conditions: form.conditions.clone(),
        use_until: form.use_until.map(|day| day.to_string()),
        hold: hold.map(|hold| hold.to_string()),
    }
}
