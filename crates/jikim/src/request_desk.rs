//! The desk at which persons ask about footage of themselves: what may happen to a request next, what is
//! held for it from then on, and that both are entered at once.

use access::{Grant, HeldFor, RequestTarget, Target, act};
use api::ErrorCode;
use domain::{CameraId, FeedKind, Hold, HoldId, WallTime};
use futures::FutureExt as _;
use ledger::{RequestDecision, RequestFact, RequestNote, RequestStep};
use registers::events;
use rights::{
    DecidedAs, Decision, FormError, IDENTITY_WITHIN, Postponement, Refusal, Request, Step,
    StepError, day_in_korea, may_take,
};
use server::{Answer, HouseError, LetterOrder, RequestDesk, RequestMove};
use vault::{HoldFootageError, RequestEntry};

use crate::edge::{failed, internal};
use crate::front_desk::front_of;
use crate::house::House;
use crate::request_deletion::deletion;
use crate::request_hold::held_after;
use crate::request_letter::letter;
use crate::request_objection::{may_enter, objection_from};
use crate::request_view::{case, completed, form_from, line, record_of};

/// Requests that are shown: the newest.
const MOST_SHOWN: usize = 500;
/// Characters of the longest remark.
pub(crate) const LONGEST_REMARK: usize = 500;

impl RequestDesk for House {
    fn requests(&self, looker: domain::Actor) -> Answer<'_, Vec<api::RequestLine>> {
        async move {
            let looker = looker.to_string();
            let newest = self.ledger.requests(self.clock.wall()).into_iter().rev().take(MOST_SHOWN);
            let mut lines: Vec<_> = newest.map(|fact| line(self, &fact, &looker)).collect();
            let rank = |line: &api::RequestLine| {
                let is_decided = line.state == api::RequestState::Decided;
                let days_left = line.due.as_ref().map_or(i64::MAX, |due| due.days_left);
                (line.due.is_none() && !is_decided, days_left)
            };
            lines.sort_by_key(rank);
            Ok(lines)
        }
        .boxed()
    }

    fn new_request(&self, form: api::NewRequest) -> Answer<'_, RequestTarget> {
        async move {
            let request = fit(self, &form)?;
            front_of(self, &form)?;
            let cameras = request.form().cameras.clone();
            if cameras.iter().any(|camera| self.ledger.camera(*camera).is_none()) {
                return Err(HouseError::Unfit(ErrorCode::NotFound));
            }
            let kept = kept_of(self, &request).await?;
            let hold = match request.is_to_hold() && !kept.is_empty() {
                true => Some(HeldFor::Until(first_hold(self, &request, kept)?)),
                false => None,
            };
            Ok(RequestTarget { request: None, cameras, hold })
        }
        .boxed()
    }

    fn receive_request<'a>(
        &'a self,
        grant: &'a Grant<act::ManageRequests>,
        form: api::NewRequest,
    ) -> Answer<'a, api::RequestCase> {
        async move {
            let _alone = self.receiving.lock().await;
            let request = fit(self, &form)?;
            let front = front_of(self, &form)?;
            let hold = target_of(grant)?.hold.as_ref().map(HeldFor::hold);
            // Two that came at once would have been given one number: the second asks again.
            if hold.is_some_and(|hold| hold.case() != case_name(self, self.clock.wall())) {
                return Err(HouseError::Unfit(ErrorCode::Busy));
            }
            let kept = match hold {
                Some(hold) => hold.cameras().to_vec(),
                None => kept_of(self, &request).await?,
            };
            let absent: Vec<CameraId> =
                request.form().cameras.iter().copied().filter(|it| !kept.contains(it)).collect();
            let record = record_of(&request, &absent, hold.map(Hold::id), front);
            let entered = enter(self, grant, RequestEntry::Received(Box::new(record)))?;
            Ok(completed(self, entered).await)
        }
        .boxed()
    }

    fn known_request(&self, receipt: &str) -> Option<RequestTarget> {
        let all = self.ledger.requests(self.clock.wall());
        let fact = all.into_iter().find(|fact| fact.receipt() == receipt)?;
        let cameras = cameras_of(&fact)?;
        Some(RequestTarget { request: Some(fact.number), cameras, hold: None })
    }

    fn request<'a>(&'a self, grant: &'a Grant<act::ReadRequest>) -> Answer<'a, api::RequestCase> {
        async move {
            let Target::Request(target) = grant.target() else {
                return Err(HouseError::Unfit(ErrorCode::Forbidden));
            };
            let case = case(self, &known(self, target)?, &grant.actor().to_string());
            Ok(completed(self, case).await)
        }
        .boxed()
    }

    fn letter<'a>(
        &'a self,
        grant: &'a Grant<act::ReadRequest>,
        order: LetterOrder,
    ) -> Answer<'a, Vec<u8>> {
        async move {
            let Target::Request(target) = grant.target() else {
                return Err(HouseError::Unfit(ErrorCode::Forbidden));
            };
            letter(self, &known(self, target)?, &order).await
        }
        .boxed()
    }

    fn next_of_request<'a>(
        &'a self,
        target: RequestTarget,
        to: &'a RequestMove,
    ) -> Answer<'a, RequestTarget> {
        async move {
            let fact = known(self, &target)?;
            let (step, _) = self.checked(&fact, to).await?;
            Ok(RequestTarget { hold: held_after(self, &fact, step), ..target })
        }
        .boxed()
    }

    fn continue_request<'a>(
        &'a self,
        grant: &'a Grant<act::ManageRequests>,
        to: RequestMove,
    ) -> Answer<'a, api::RequestCase> {
        async move {
            let _alone = self.receiving.lock().await;
            let fact = known(self, target_of(grant)?)?;
            let (step, note) = self.checked(&fact, &to).await?;
            let request = fact.number;
            let step = match step {
                Step::Received => return Err(HouseError::Unfit(ErrorCode::Conflict)),
                Step::Identified => RequestStep::Identified { request },
                Step::Decided(decided) => {
                    RequestStep::Decided { request, decision: decision_of(decided) }
                }
                Step::Done => RequestStep::Done { request },
                Step::Objected(_) => {
                    may_enter(self, &fact, grant)?;
                    RequestStep::Objected { request }
                }
                Step::Withdrawn => RequestStep::Withdrawn { request },
            };
            let entered = enter(self, grant, RequestEntry::Step(step, note))?;
            Ok(completed(self, entered).await)
        }
        .boxed()
    }
}

impl House {
    /// The step of a move and what is written beside it, if it can be taken now.
    async fn checked(
        &self,
        fact: &RequestFact,
        to: &RequestMove,
    ) -> Result<(Step, RequestNote), HouseError> {
        let now = self.clock.wall();
        let (step, note) = match to {
            RequestMove::Identify(remark) => (Step::Identified, note_of(remark)?),
            RequestMove::Answer(remark) => (Step::Done, note_of(remark)?),
            RequestMove::Withdraw(remark) => (Step::Withdrawn, note_of(remark)?),
            RequestMove::Object(objection) => objection_from(objection)?,
            RequestMove::Decide(decision) => {
                let decision = decision_from(decision, now)?;
                (Step::Decided(DecidedAs::from(&decision)), note_beside(&decision))
            }
        };
        may_take(&events(fact), step, now).map_err(|error| {
            let code = match error {
                StepError::ObjectionDay | StepError::ExtendedBefore | StepError::Extension => {
                    ErrorCode::ObjectionUnfit
                }
                _ => ErrorCode::Conflict,
            };
            HouseError::failed(code, error)
        })?;
        // That nothing is kept is what the recorder finds, and nobody's word.
        if step == Step::Decided(DecidedAs::Absent) && self.keeps_any_of(fact).await? {
            return Err(HouseError::Unfit(ErrorCode::FootageKept));
        }
        // Nor is it anybody's word that what was to be destroyed is.
        let owed = if step == Step::Done { deletion(self, fact).await? } else { None };
        if owed.is_some_and(|it| !it.kept.is_empty()) {
            return Err(HouseError::Unfit(ErrorCode::FootageKept));
        }
        Ok((step, note))
    }

    async fn keeps_any_of(&self, fact: &RequestFact) -> Result<bool, HouseError> {
        let gone = || HouseError::Unfit(ErrorCode::NotFound);
        let (_, record) = fact.detail.as_ref().ok_or_else(gone)?;
        let moment = |text: &str| text.parse::<WallTime>().map_err(internal);
        let span = (moment(&record.from)?, moment(&record.until)?);
        Ok(!kept(self, &cameras_of(fact).ok_or_else(gone)?, span).await?.is_empty())
    }
}

fn fit(house: &House, form: &api::NewRequest) -> Result<Request, HouseError> {
    let form = form_from(form).ok_or(HouseError::Unfit(ErrorCode::RequestUnfit))?;
    Request::new(form, house.clock.wall()).map_err(|error| {
        let code = match error {
            FormError::Footage | FormError::Ahead => ErrorCode::SpanUnfit,
            _ => ErrorCode::RequestUnfit,
        };
        HouseError::failed(code, error)
    })
}

/// Of the cameras of a request, those of which anything of its minutes is kept.
async fn kept_of(house: &House, request: &Request) -> Result<Vec<CameraId>, HouseError> {
    let form = request.form();
    kept(house, &form.cameras, (form.from, form.until)).await
}

pub(crate) async fn kept(
    house: &House,
    cameras: &[CameraId],
    (from, to): (WallTime, WallTime),
) -> Result<Vec<CameraId>, HouseError> {
    let opener = house.vault.opener();
    let mut there = Vec::new();
    for &camera in cameras {
        for kind in [FeedKind::Main, FeedKind::Sub] {
            let timeline =
                playback::timeline(&house.catalog, &opener, camera, kind, from, to).await;
            // Of what is destroyed the catalog tells until its reel goes too.
            let is_there = timeline.map_err(internal)?.spans.iter().any(|span| span.playable);
            if is_there && !there.contains(&camera) {
                there.push(camera);
            }
        }
    }
    Ok(there)
}

fn first_hold(
    house: &House,
    request: &Request,
    cameras: Vec<CameraId>,
) -> Result<Hold, HouseError> {
    let (form, now) = (request.form(), house.clock.wall());
    let id = HoldId::from_random(host::random_bytes());
    let span = (form.from, form.until);
    let hold = Hold::new(id, &case_name(house, now), cameras, span, now + IDENTITY_WITHIN);
    hold.map_err(|error| HouseError::failed(ErrorCode::SpanUnfit, error))
}

/// What the next request is called among the holds.
fn case_name(house: &House, now: WallTime) -> String {
    format!("청구 {}-{}", now.year(), house.ledger.next_request(now.year()))
}

pub(crate) fn cameras_of(fact: &RequestFact) -> Option<Vec<CameraId>> {
    let (_, record) = fact.detail.as_ref()?;
    record.cameras.iter().map(|id| id.parse().ok()).collect()
}

fn target_of(grant: &Grant<act::ManageRequests>) -> Result<&RequestTarget, HouseError> {
    match grant.target() {
        Target::Request(target) => Ok(target),
        _ => Err(HouseError::Unfit(ErrorCode::Forbidden)),
    }
}

fn known(house: &House, target: &RequestTarget) -> Result<RequestFact, HouseError> {
    let fact = target.request.and_then(|number| house.ledger.request(number));
    fact.ok_or(HouseError::Unfit(ErrorCode::NotFound))
}

/// Enters it, and shows the request as it is then.
fn enter(
    house: &House,
    grant: &Grant<act::ManageRequests>,
    entry: RequestEntry,
) -> Result<api::RequestCase, HouseError> {
    let done = tokio::task::block_in_place(|| house.vault.manage_request(grant, entry));
    let number = done.map_err(not_entered)?;
    let number = target_of(grant)?.request.unwrap_or(number);
    let fact = house.ledger.request(number).ok_or_else(|| internal("an entry is not there"))?;
    Ok(case(house, &fact, &grant.actor().to_string()))
}

pub(crate) fn not_entered(error: HoldFootageError) -> HouseError {
    let code = match &error {
        HoldFootageError::Ended(_) | HoldFootageError::NotGranted => ErrorCode::Forbidden,
        HoldFootageError::Taken | HoldFootageError::Over | HoldFootageError::Unknown => {
            ErrorCode::Conflict
        }
        HoldFootageError::TooMany => ErrorCode::Busy,
        HoldFootageError::Ledger(_) => ErrorCode::LedgerUnavailable,
    };
    failed(code)(error.into())
}

fn note_of(remark: &api::RequestRemark) -> Result<RequestNote, HouseError> {
    let text = remark.remark.trim();
    let has_control = text.chars().any(|c| c.is_control() && c != '\n');
    if text.chars().count() > LONGEST_REMARK || has_control {
        return Err(HouseError::Unfit(ErrorCode::RemarkUnfit));
    }
    Ok(RequestNote { text: text.to_owned(), ..RequestNote::default() })
}

fn decision_from(input: &api::RequestDecision, now: WallTime) -> Result<Decision, HouseError> {
    let today = day_in_korea(now);
    let unfit = || HouseError::Unfit(ErrorCode::DecisionUnfit);
    let refusal = || {
        let ground = input.ground.as_deref().ok_or_else(unfit)?;
        Refusal::new(ground, &input.text, today)
            .map_err(|error| HouseError::failed(ErrorCode::DecisionUnfit, error))
    };
    Ok(match input.decision {
        api::RequestDecided::Granted => Decision::Granted,
        api::RequestDecided::Absent => Decision::Absent,
        api::RequestDecided::Partly => Decision::Partly(refusal()?),
        api::RequestDecided::Refused => Decision::Refused(refusal()?),
        api::RequestDecided::Postponed => {
            let until = input.until.as_deref().and_then(|day| law::date(day).ok());
            let postponed = Postponement::new(&input.text, until.ok_or_else(unfit)?, today);
            Decision::Postponed(
                postponed.map_err(|error| HouseError::failed(ErrorCode::DecisionUnfit, error))?,
            )
        }
    })
}

fn note_beside(decision: &Decision) -> RequestNote {
    match decision {
        Decision::Granted | Decision::Absent => RequestNote::default(),
        Decision::Partly(refusal) | Decision::Refused(refusal) => RequestNote {
            ground: Some(refusal.ground().to_owned()),
            text: refusal.facts().to_owned(),
            ..RequestNote::default()
        },
        Decision::Postponed(postponement) => RequestNote {
            text: postponement.reason().to_owned(),
            until: Some(postponement.until().to_string()),
            ..RequestNote::default()
        },
    }
}

const fn decision_of(decided: DecidedAs) -> RequestDecision {
    match decided {
        DecidedAs::Granted => RequestDecision::Granted,
        DecidedAs::Partly => RequestDecision::Partly,
        DecidedAs::Refused => RequestDecision::Refused,
        DecidedAs::Postponed(_) => RequestDecision::Postponed,
        DecidedAs::Absent => RequestDecision::Absent,
    }
}
