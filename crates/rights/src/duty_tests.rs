//! The life of a disclosure, and what is owed of it on which day.

use super::*;
use crate::start_of;

const POLICE: Terms<'static> = Terms { ground: "provision-7", use_until: None };

fn day(text: &str) -> Date {
    law::date(text).unwrap()
}

fn events(steps: &[(&str, DisclosureStep)]) -> Vec<DisclosureEvent> {
    let noon = |text| start_of(day(text)) + std::time::Duration::from_secs(12 * 3600);
    steps.iter().map(|(on, step)| DisclosureEvent { at: noon(on), step: *step }).collect()
}

fn standing(steps: &[(&str, DisclosureStep)], terms: Terms<'_>) -> DisclosureStanding {
    disclosure_standing(&events(steps), terms).unwrap()
}

fn owed(steps: &[(&str, DisclosureStep)], terms: Terms<'_>) -> Vec<(DutyKind, String)> {
    let duties = duties(&events(steps), terms).unwrap();
    duties.into_iter().map(|duty| (duty.kind, duty.due.to_string())).collect()
}

use DisclosureStep::{
    Compelled, Granted, Provided, Published, Received, Refused, Reported, Reviewed, Withdrawn,
};

#[test]
fn it_is_granted_before_it_is_given() {
    let received = [("2026-11-20", Received)];
    assert_eq!(standing(&received, POLICE), DisclosureStanding::AwaitsDecision);
    // Given without a grant counts for nothing.
    let leaked = [("2026-11-20", Received), ("2026-11-20", Provided)];
    assert_eq!(standing(&leaked, POLICE), DisclosureStanding::AwaitsDecision);
    let denied = may_disclose(&events(&received), POLICE, Provided);
    assert_eq!(denied, Err(DisclosureStepError::DecisionFirst));
    let granted = [("2026-11-20", Received), ("2026-11-20", Granted), ("2026-11-21", Provided)];
    assert_eq!(standing(&granted[..2], POLICE), DisclosureStanding::AwaitsProvision);
    assert_eq!(standing(&granted, POLICE), DisclosureStanding::Done);
    let again = may_disclose(&events(&granted), POLICE, Provided);
    assert_eq!(again, Err(DisclosureStepError::Already));
    assert_eq!(disclosure_standing(&events(&granted[1..]), POLICE), None);
}

#[test]
fn what_one_person_did_alone_is_looked_at_on_the_next_open_day() {
    // Friday night; the review is due on Monday. Before a feast of holidays, after it.
    for (compelled, due) in [("2026-11-20", "2026-11-23"), ("2026-09-23", "2026-09-28")] {
        let steps = [(compelled, Received), (compelled, Compelled), (compelled, Provided)];
        assert_eq!(owed(&steps, POLICE), [(DutyKind::Review, due.to_owned())], "{compelled}");
        assert_eq!(standing(&steps, POLICE), DisclosureStanding::Provided);
        let reviewed = [steps[0], steps[1], steps[2], (due, Reviewed)];
        assert_eq!(owed(&reviewed, POLICE), []);
        assert_eq!(standing(&reviewed, POLICE), DisclosureStanding::Done);
    }
    // The control: what two people decided is looked at by nobody else.
    let two = events(&[("2026-11-20", Received), ("2026-11-20", Granted)]);
    assert_eq!(may_disclose(&two, POLICE, Reviewed), Err(DisclosureStepError::NotOwed));
}

#[test]
fn it_is_published_within_thirty_days_but_for_consent_and_crime() {
    let given = [("2026-11-20", Received), ("2026-11-20", Granted), ("2026-11-21", Provided)];
    for ground in ["provision-2", "provision-3", "provision-5", "provision-8", "provision-10"] {
        let terms = Terms { ground, use_until: None };
        assert_eq!(owed(&given, terms), [(DutyKind::Publish, "2026-12-21".into())], "{ground}");
        let published = [given[0], given[1], given[2], ("2026-12-01", Published)];
        assert_eq!(owed(&published, terms), []);
        assert_eq!(standing(&published, terms), DisclosureStanding::Done);
    }
    for ground in ["provision-1", "provision-7"] {
        let terms = Terms { ground, use_until: None };
        assert_eq!(owed(&given, terms), [], "{ground}");
        let denied = may_disclose(&events(&given), terms, Published);
        assert_eq!(denied, Err(DisclosureStepError::NotOwed), "{ground}");
    }
    assert_eq!(days_published(day("2026-11-23")), Ok(10));
}

#[test]
fn the_recipient_reports_by_the_last_day_of_its_use() {
    let terms = Terms { use_until: Some(day("2026-12-31")), ..POLICE };
    let given = [("2026-11-20", Received), ("2026-11-20", Granted), ("2026-11-21", Provided)];
    assert_eq!(owed(&given[..2], terms), [], "nothing was given yet");
    assert_eq!(owed(&given, terms), [(DutyKind::Report, "2026-12-31".into())]);
    let early = may_disclose(&events(&given[..2]), terms, Reported);
    assert_eq!(early, Err(DisclosureStepError::ProvisionFirst));
    let reported = [given[0], given[1], given[2], ("2026-12-30", Reported)];
    assert_eq!(standing(&reported, terms), DisclosureStanding::Done);
}

#[test]
fn what_was_refused_or_taken_back_is_over() {
    for (end, standing_then) in
        [(Refused, DisclosureStanding::Refused), (Withdrawn, DisclosureStanding::Withdrawn)]
    {
        let steps = [("2026-11-20", Received), ("2026-11-21", end), ("2026-11-22", Provided)];
        assert_eq!(standing(&steps, POLICE), standing_then);
        let denied = may_disclose(&events(&steps), POLICE, Granted);
        assert_eq!(denied, Err(DisclosureStepError::Over));
    }
    // What one person granted alone and nobody was given is looked at by nobody.
    let steps = [("2026-11-20", Received), ("2026-11-20", Compelled), ("2026-11-20", Withdrawn)];
    assert_eq!(owed(&steps[..2], POLICE).len(), 1, "the control");
    assert_eq!(owed(&steps, POLICE), []);
    // What was given cannot be taken back.
    let given = [("2026-11-20", Received), ("2026-11-20", Granted), ("2026-11-21", Provided)];
    let denied = may_disclose(&events(&given), POLICE, Withdrawn);
    assert_eq!(denied, Err(DisclosureStepError::Already));
}
