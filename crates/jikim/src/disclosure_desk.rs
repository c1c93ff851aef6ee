//! The desk at which other bodies ask for footage, and at which it is wanted for something else than its
//! purpose: what may happen next, what is held from then on, and that both are entered at once.

use access::{DisclosureTarget, Grant, HeldFor, Target, act};
use api::ErrorCode;
use domain::{CameraId, Hold, HoldId, WallTime};
use futures::FutureExt as _;
use ledger::{ConfirmationRecord, DisclosureDecision, DisclosureFact, DisclosureNote};
use registers::{disclosure_events, disclosure_terms};
use rights::{
    Compelled, CompelledBy, ConfirmedHow, Disclosure, DisclosureError, DisclosureStep,
    day_in_korea, may_disclose,
};
use server::{Answer, DisclosureDesk, DisclosureMove, HouseError};
use vault::DisclosureEntry;

use crate::disclosure_view::{case, form_from, grounds, line, record_of};
use crate::edge::internal;
use crate::house::House;
use crate::request_desk::{kept, not_entered};

/// Disclosures that are shown: the newest.
const MOST_SHOWN: usize = 500;
/// Characters of the longest text beside a step.
const LONGEST_TEXT: usize = 500;

impl DisclosureDesk for House {
    fn disclosures(&self, looker: domain::Actor) -> Answer<'_, api::Disclosures> {
        async move {
            let (looker, now) = (looker.to_string(), self.clock.wall());
            let newest = self.ledger.disclosures(now).into_iter().rev().take(MOST_SHOWN);
            let mut lines: Vec<_> = newest.map(|fact| line(self, &fact, &looker)).collect();
            let rank = |line: &api::DisclosureLine| {
                let is_waiting = line.state == api::DisclosureState::AwaitsDecision
                    || line.state == api::DisclosureState::AwaitsProvision;
                let first = line.duties.first().map(|duty| duty.days_left);
                // Who waits for an answer has no day, and comes after what is due today or late.
                first.unwrap_or(if is_waiting { 1 } else { i64::MAX })
            };
            lines.sort_by_key(rank);
            Ok(api::Disclosures {
                disclosures: lines,
                grounds: grounds(self),
                published_days: rights::days_published(day_in_korea(now)).ok(),
            })
        }
        .boxed()
    }

    fn new_disclosure(&self, form: api::NewDisclosure) -> Answer<'_, DisclosureTarget> {
        async move {
            let disclosure = fit(self, &form)?;
            let cameras = disclosure.form().cameras.clone();
            if cameras.iter().any(|camera| self.ledger.camera(*camera).is_none()) {
                return Err(HouseError::Unfit(ErrorCode::NotFound));
            }
            let there = kept_of(self, &disclosure).await?;
            let hold = match there.is_empty() {
                true => None,
                false => Some(HeldFor::Until(first_hold(self, &disclosure, there)?)),
            };
            Ok(DisclosureTarget { disclosure: None, cameras, hold })
        }
        .boxed()
    }

    fn receive_disclosure<'a>(
        &'a self,
        grant: &'a Grant<act::ManageDisclosures>,
        form: api::NewDisclosure,
    ) -> Answer<'a, api::DisclosureCase> {
        async move {
            let _alone = self.receiving.lock().await;
            let disclosure = fit(self, &form)?;
            let hold = target_of(grant)?.hold.as_ref().map(HeldFor::hold);
            // Two that came at once would have been given one number: the second asks again.
            if hold.is_some_and(|hold| hold.case() != case_name(self, self.clock.wall())) {
                return Err(HouseError::Unfit(ErrorCode::Busy));
            }
            let there = match hold {
                Some(hold) => hold.cameras().to_vec(),
                None => kept_of(self, &disclosure).await?,
            };
            let cameras = disclosure.form().cameras.iter().copied();
            let absent: Vec<CameraId> = cameras.filter(|it| !there.contains(it)).collect();
            let record = record_of(&disclosure, &absent, hold.map(Hold::id));
            enter(self, grant, DisclosureEntry::Received(Box::new(record)))
        }
        .boxed()
    }

    fn known_disclosure(&self, receipt: &str) -> Option<DisclosureTarget> {
        let all = self.ledger.disclosures(self.clock.wall());
        let fact = all.into_iter().find(|fact| fact.receipt() == receipt)?;
        let (_, record) = fact.detail.as_ref()?;
        let cameras = record.cameras.iter().map(|id| id.parse().ok()).collect::<Option<_>>()?;
        Some(DisclosureTarget { disclosure: Some(fact.number), cameras, hold: None })
    }

    fn disclosure<'a>(
        &'a self,
        grant: &'a Grant<act::ReadDisclosure>,
    ) -> Answer<'a, api::DisclosureCase> {
        async move {
            let Target::Disclosure(target) = grant.target() else {
                return Err(HouseError::Unfit(ErrorCode::Forbidden));
            };
            Ok(case(self, &known(self, target)?, &grant.actor().to_string()))
        }
        .boxed()
    }

    fn next_of_disclosure<'a>(
        &'a self,
        target: DisclosureTarget,
        to: &'a DisclosureMove,
    ) -> Answer<'a, DisclosureTarget> {
        async move {
            let fact = known(self, &target)?;
            let (step, _) = self.checked_disclosure(&fact, to)?;
            Ok(DisclosureTarget { hold: self.held_after_disclosing(&fact, &step), ..target })
        }
        .boxed()
    }

    fn continue_disclosure<'a>(
        &'a self,
        grant: &'a Grant<act::ManageDisclosures>,
        to: DisclosureMove,
    ) -> Answer<'a, api::DisclosureCase> {
        async move {
            let _alone = self.receiving.lock().await;
            let fact = known(self, target_of(grant)?)?;
            let (step, note) = self.checked_disclosure(&fact, &to)?;
            enter(self, grant, DisclosureEntry::Step(step, note))
        }
        .boxed()
    }
}

impl House {
    /// The step of a move and what is written beside it, if it can be taken now.
    fn checked_disclosure(
        &self,
        fact: &DisclosureFact,
        to: &DisclosureMove,
    ) -> Result<(ledger::DisclosureStep, DisclosureNote), HouseError> {
        use ledger::DisclosureStep as Entered;
        let (now, disclosure) = (self.clock.wall(), fact.number);
        let decided = |granted: bool| match granted {
            true => (DisclosureStep::Granted, DisclosureDecision::Granted),
            false => (DisclosureStep::Refused, DisclosureDecision::Refused),
        };
        let (step, entered, note) = match to {
            DisclosureMove::Decide(said) => {
                let (step, decision) = decided(said.granted);
                let note = note_of(&said.text, !said.granted)?;
                (step, Entered::Decided { disclosure, decision }, note)
            }
            DisclosureMove::Compel(said) => {
                let note = confirmation_of(said, now)?;
                (DisclosureStep::Compelled, Entered::Compelled { disclosure }, note)
            }
            DisclosureMove::Review(said) => {
                let note = note_of(&said.text, true)?;
                (DisclosureStep::Reviewed, Entered::Reviewed { disclosure }, note)
            }
            DisclosureMove::Provide(said) => {
                let note = note_of(&said.text, false)?;
                (DisclosureStep::Provided, Entered::Provided { disclosure }, note)
            }
            DisclosureMove::Publish(said) => {
                let note = publication_of(said, now)?;
                (DisclosureStep::Published, Entered::Published { disclosure }, note)
            }
            DisclosureMove::Report(said) => {
                let note = note_of(&said.text, true)?;
                (DisclosureStep::Reported, Entered::Reported { disclosure }, note)
            }
            DisclosureMove::Withdraw(said) => {
                let note = note_of(&said.text, false)?;
                (DisclosureStep::Withdrawn, Entered::Withdrawn { disclosure }, note)
            }
        };
        may_disclose(&disclosure_events(fact), disclosure_terms(fact), step)
            .map_err(|error| HouseError::failed(ErrorCode::Conflict, error))?;
        Ok((entered, note))
    }

    /// What becomes of its hold: it is let go when nobody needs to look at it again.
    fn held_after_disclosing(
        &self,
        fact: &DisclosureFact,
        step: &ledger::DisclosureStep,
    ) -> Option<HeldFor> {
        use ledger::DisclosureStep as Entered;
        let (_, record) = fact.detail.as_ref()?;
        let id: HoldId = record.hold.as_ref()?.parse().ok()?;
        let known = self.ledger.hold(id).filter(|known| known.is_active(self.clock.wall()))?;
        let was = |is: fn(&Entered) -> bool| fact.steps.iter().any(|it| is(&it.step));
        let is_provided = was(|step| matches!(step, Entered::Provided { .. }));
        let is_compelled = was(|step| matches!(step, Entered::Compelled { .. }));
        let is_reviewed = was(|step| matches!(step, Entered::Reviewed { .. }));
        let is_let_go = match step {
            Entered::Decided { decision, .. } => *decision == DisclosureDecision::Refused,
            Entered::Withdrawn { .. } => true,
            // Whoever reviews looks at what was given.
            Entered::Provided { .. } => !is_compelled || is_reviewed,
            Entered::Reviewed { .. } => is_provided,
            Entered::Received
            | Entered::Compelled { .. }
            | Entered::Published { .. }
            | Entered::Reported { .. } => false,
        };
        is_let_go.then_some(HeldFor::Released(known.hold))
    }
}

fn fit(house: &House, form: &api::NewDisclosure) -> Result<Disclosure, HouseError> {
    let form = form_from(form).ok_or(HouseError::Unfit(ErrorCode::DisclosureUnfit))?;
    Disclosure::new(form, house.clock.wall()).map_err(|error| {
        let code = match error {
            DisclosureError::Footage | DisclosureError::Ahead => ErrorCode::SpanUnfit,
            _ => ErrorCode::DisclosureUnfit,
        };
        HouseError::failed(code, error)
    })
}

/// Of the cameras of a disclosure, those of which anything of its minutes is kept.
async fn kept_of(house: &House, disclosure: &Disclosure) -> Result<Vec<CameraId>, HouseError> {
    let form = disclosure.form();
    kept(house, &form.cameras, (form.from, form.until)).await
}

fn first_hold(
    house: &House,
    disclosure: &Disclosure,
    cameras: Vec<CameraId>,
) -> Result<Hold, HouseError> {
    let (form, now) = (disclosure.form(), house.clock.wall());
    let id = HoldId::from_random(host::random_bytes());
    let span = (form.from, form.until);
    let hold = Hold::new(id, &case_name(house, now), cameras, span, now + Hold::LONGEST);
    hold.map_err(|error| HouseError::failed(ErrorCode::SpanUnfit, error))
}

/// What the next disclosure is called among the holds.
fn case_name(house: &House, now: WallTime) -> String {
    format!("제공 {}-{}", now.year(), house.ledger.next_disclosure(now.year()))
}

fn target_of(grant: &Grant<act::ManageDisclosures>) -> Result<&DisclosureTarget, HouseError> {
    match grant.target() {
        Target::Disclosure(target) => Ok(target),
        _ => Err(HouseError::Unfit(ErrorCode::Forbidden)),
    }
}

fn known(house: &House, target: &DisclosureTarget) -> Result<DisclosureFact, HouseError> {
    let fact = target.disclosure.and_then(|number| house.ledger.disclosure(number));
    fact.ok_or(HouseError::Unfit(ErrorCode::NotFound))
}

/// Enters it, and shows the disclosure as it is then.
fn enter(
    house: &House,
    grant: &Grant<act::ManageDisclosures>,
    entry: DisclosureEntry,
) -> Result<api::DisclosureCase, HouseError> {
    let done = tokio::task::block_in_place(|| house.vault.manage_disclosure(grant, entry));
    let number = done.map_err(not_entered)?;
    let number = target_of(grant)?.disclosure.unwrap_or(number);
    let fact = house.ledger.disclosure(number).ok_or_else(|| internal("an entry is not there"))?;
    Ok(case(house, &fact, &grant.actor().to_string()))
}

fn note_of(text: &str, is_needed: bool) -> Result<DisclosureNote, HouseError> {
    let text = text.trim();
    let has_control = text.chars().any(|c| c.is_control() && c != '\n');
    let is_missing = is_needed && text.is_empty();
    if is_missing || text.chars().count() > LONGEST_TEXT || has_control {
        return Err(HouseError::Unfit(ErrorCode::DisclosureUnfit));
    }
    Ok(DisclosureNote { text: text.to_owned(), ..DisclosureNote::default() })
}

fn confirmation_of(
    said: &api::DisclosureConfirmation,
    now: WallTime,
) -> Result<DisclosureNote, HouseError> {
    let unfit = || HouseError::Unfit(ErrorCode::DisclosureUnfit);
    let by = CompelledBy::from_word(said.compelled_by.word()).ok_or_else(unfit)?;
    let how = ConfirmedHow::from_word(said.how.word()).ok_or_else(unfit)?;
    let at: WallTime = said.at.0.parse().map_err(|_unfit| unfit())?;
    let compelled = Compelled::new(by, &said.by, how, at, now)
        .map_err(|error| HouseError::failed(ErrorCode::DisclosureUnfit, error))?;
    let confirmation = ConfirmationRecord {
        compelled_by: compelled.by().word().into(),
        by: compelled.confirmed_by().to_owned(),
        how: compelled.how().word().into(),
        at: compelled.confirmed_at().to_string(),
    };
    Ok(DisclosureNote { confirmation: Some(confirmation), ..DisclosureNote::default() })
}

/// Where it is published, and from when until when: at least as long as the law says.
fn publication_of(
    said: &api::DisclosurePublication,
    now: WallTime,
) -> Result<DisclosureNote, HouseError> {
    let unfit = || HouseError::Unfit(ErrorCode::DisclosureUnfit);
    let day = |text: &str| law::date(text).map_err(|_unfit| unfit());
    let (from, until) = (day(&said.from)?, day(&said.until)?);
    let least = rights::days_published(day_in_korea(now))
        .map_err(|error| HouseError::failed(ErrorCode::DisclosureUnfit, error))?;
    if from > day_in_korea(now) || (until - from).whole_days() < least {
        return Err(unfit());
    }
    let note = note_of(&said.text, true)?;
    Ok(DisclosureNote { published: Some((from.to_string(), until.to_string())), ..note })
}
