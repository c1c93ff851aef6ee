//! The letters that answer a request, from what the ledger says of it: an officer writes the appointment of a
//! viewing and the number of the document, and nothing else.

use std::collections::BTreeSet;
use std::time::Duration;

use api::{ErrorCode, HoldState, LetterFormat, RequestLetter, RequestLetters};
use domain::{CameraId, WallTime};
use law::{KOREA_AHEAD, Law, Topic, article_in_korean, korea};
use ledger::{
    CameraRecord, RequestDecision, RequestFact, RequestRecord, RequestStep, RequestStepFact,
};
use papers::{
    Absence, Addressee, Decided, Document, Expired, Letter, Meeting, Objected, Objection, Outcome,
    Refusal, Says, Sender,
};
use policy::{Description, Duty, Post};
use registers::{asked_at, counted_events, events, standing};
use rights::{
    Appointment, Asked, DecidedAs, DocumentNumber, LetterError, LetterKind, Standing, day_in_korea,
};
use server::{HouseError, LetterOrder};

use crate::edge::internal;
use crate::house::House;
use crate::policy_desk::in_force;
use crate::press_line::{self, PressError};
use crate::request_deletion::{deletion, how};
use crate::request_view::hold;

/// The letters that a request can be answered with as it stands. PDF and HWPX, and what tells a destruction, come
/// with [`completed`](crate::request_view::completed).
pub(crate) fn letters_due(house: &House, fact: &RequestFact) -> RequestLetters {
    let sender = in_force(house).ok().flatten().map(|policy| policy.described.institution.name);
    let kinds = match (&fact.detail, &sender) {
        (Some((_, record)), Some(_)) => {
            let asks = asks(record);
            let kinds = letters(fact, house.clock.wall(), &asks).into_iter();
            let one = |kind: LetterKind| {
                let word = api::LetterKind::from_word(kind.word())?;
                Some(RequestLetter { kind: word, has_appointment: kind.has_appointment(&asks) })
            };
            kinds.filter_map(one).collect()
        }
        _ => Vec::new(),
    };
    RequestLetters { sender, due: kinds, formats: vec![LetterFormat::Html, LetterFormat::Json] }
}

fn letters(fact: &RequestFact, now: WallTime, asks: &BTreeSet<Asked>) -> Vec<LetterKind> {
    rights::letters(standing(fact, now), rights::result_of_objection(&events(fact)), asks)
}

/// A letter as a file.
pub(crate) async fn letter(
    house: &House,
    fact: &RequestFact,
    order: &LetterOrder,
) -> Result<Vec<u8>, HouseError> {
    let deletion = deletion(house, fact).await?;
    let is_destroyed = deletion.is_some_and(|it| it.kept.is_empty());
    let document = document(house, fact, order, is_destroyed)?;
    let word = order.format.word();
    match order.format {
        LetterFormat::Html => Ok(papers::html(&document, "").into_bytes()),
        LetterFormat::Json => Ok(document.to_json().into_bytes()),
        LetterFormat::Pdf | LetterFormat::Hwpx => {
            let made = press_line::press(&house.press, &document, word).await;
            made.map_err(|error| {
                let code = match error {
                    PressError::Away(_) | PressError::Slow(_) => ErrorCode::PressMissing,
                    PressError::Refused(_) => ErrorCode::LetterUnfit,
                };
                HouseError::failed(code, error)
            })
        }
    }
}

fn document(
    house: &House,
    fact: &RequestFact,
    order: &LetterOrder,
    is_destroyed: bool,
) -> Result<Document, HouseError> {
    let now = house.clock.wall();
    let policy = in_force(house).map_err(internal)?;
    let described = policy.ok_or(HouseError::Unfit(ErrorCode::LetterUnfit))?.described;
    let (_, record) = fact.detail.as_ref().ok_or(HouseError::Unfit(ErrorCode::NotFound))?;
    let case = Case { house, fact, record, described: &described, now };
    let kind =
        LetterKind::from_word(order.kind.word()).ok_or_else(|| unfit(LetterError::NotDue))?;
    let is_due = match kind {
        LetterKind::Destroyed => is_destroyed,
        _ => letters(fact, now, &asks(record)).contains(&kind),
    };
    if !is_due {
        return Err(unfit(LetterError::NotDue));
    }
    let number = DocumentNumber::new(&order.document_number).map_err(unfit)?;
    let says = case.says(kind, case.appointment(kind, order)?)?;
    let objections = match kind {
        LetterKind::Receipt
        | LetterKind::Existence
        | LetterKind::Viewing
        | LetterKind::Destroyed => Vec::new(),
        _ => objections(korea().on(case.decided_on()), case.is_final()),
    };
    let letter = Letter {
        sender: case.sender(),
        document_number: number.as_str().to_owned(),
        date: day_in_korea(now).to_string(),
        addressee: addressee(record),
        asked: case.asked()?,
        says,
        objections,
    };
    Ok(letter.document())
}

/// What a letter is made from.
struct Case<'a> {
    house: &'a House,
    fact: &'a RequestFact,
    record: &'a RequestRecord,
    described: &'a Description,
    now: WallTime,
}

impl Case<'_> {
    /// The appointment that a letter of this kind names, if it names one.
    fn appointment(
        &self,
        kind: LetterKind,
        order: &LetterOrder,
    ) -> Result<Option<Appointment>, HouseError> {
        let written = (order.day.as_str(), order.time.as_str(), order.place.as_str());
        if !kind.has_appointment(&asks(self.record)) {
            let is_empty = written == ("", "", "");
            return if is_empty { Ok(None) } else { Err(unfit(LetterError::AppointmentUnneeded)) };
        }
        Appointment::new(written, self.now, self.held()).map(Some).map_err(unfit)
    }

    fn says(&self, kind: LetterKind, appointment: Option<Appointment>) -> Result<Says, HouseError> {
        let held_until = self.held().map(minute);
        let meeting = appointment.map(|it| self.meeting(&it));
        let missing = || unfit(LetterError::AppointmentMissing);
        Ok(match kind {
            LetterKind::Receipt => self.receipt(held_until),
            LetterKind::Existence => {
                let (absent, there) = self.places();
                Says::Existence {
                    there,
                    absent,
                    held_until,
                    decided: self.decided("deadline-access"),
                }
            }
            LetterKind::Viewing => Says::Viewing {
                meeting: meeting.ok_or_else(missing)?,
                absent: self.places().0,
                decided: self.decided("letter-viewing"),
            },
            LetterKind::Partial => {
                let decided = self.decided("letter-partial");
                Says::Partial { refusal: self.refusal()?, meeting, decided }
            }
            LetterKind::Postponed => {
                let note = &self.decision()?.note;
                Says::Postponed {
                    reason: note.text.clone(),
                    until: note.until.clone().unwrap_or_default(),
                    due: self.due(),
                    decided: self.decided("letter-postponed"),
                }
            }
            LetterKind::Refused => {
                let decided = self.decided("letter-refused");
                Says::Refused { refusal: self.refusal()?, held_until, decided }
            }
            LetterKind::Absent => {
                let decided = self.decided("deadline-access");
                Says::Absent { absences: self.absences()?, decided }
            }
            LetterKind::Objection => Says::Objected(Box::new(self.objected(held_until)?)),
            LetterKind::Destroyed => {
                let decided = self.decided("letter-destroyed");
                Says::Destroyed { how: how(self.house, self.fact)?, decided }
            }
        })
    }

    fn receipt(&self, held_until: Option<String>) -> Says {
        let identity_until = match standing(self.fact, self.now) {
            Standing::AwaitsIdentity(until) => Some(minute(until)),
            _ => None,
        };
        let channel = match self.record.channel.as_str() {
            "counter" => "창구",
            "telephone" => "전화",
            "paper" => "종이(우편 등)",
            other => other,
        };
        let channel = channel.to_owned();
        let (absent, _) = self.places();
        Says::Receipt { channel, due: self.due(), identity_until, held_until, absent }
    }

    /// The places of which nothing was kept at receipt, and the others.
    fn places(&self) -> (Vec<String>, Vec<String>) {
        let (absent, there): (Vec<&String>, Vec<&String>) =
            self.record.cameras.iter().partition(|camera| self.record.absent.contains(camera));
        let places = |ids: Vec<&String>| ids.into_iter().map(|id| self.place(id)).collect();
        (places(absent), places(there))
    }

    /// Where a camera hangs: as the policy says, else as the register does, and what it is called.
    fn place(&self, id: &str) -> String {
        let Some(camera) = self.camera(id) else { return id.to_owned() };
        let spot =
            self.described.spots.iter().find(|spot| Some(&spot.id) == camera.policy_spot.as_ref());
        let place = spot.map(|spot| spot.range.clone()).unwrap_or(camera.spot_name);
        if place.is_empty() {
            camera.name
        } else {
            format!("{place} (카메라 ‘{}’)", camera.name)
        }
    }

    fn camera(&self, id: &str) -> Option<CameraRecord> {
        self.house.ledger.camera(id.parse::<CameraId>().ok()?)
    }

    fn asked(&self) -> Result<papers::Asked, HouseError> {
        let (from, until) = (moment(&self.record.from)?, moment(&self.record.until)?);
        let what = asks(self.record).into_iter().map(|asked| match asked {
            Asked::Existence => "존재확인",
            Asked::Viewing => "열람",
            Asked::Deletion => "삭제",
        });
        Ok(papers::Asked {
            receipt: self.fact.receipt(),
            received_at: minute(asked_at(self.fact)),
            what: what.map(str::to_owned).collect(),
            span: format!("{}부터 {}까지", minute(from), minute(until)),
            places: self.record.cameras.iter().map(|id| self.place(id)).collect(),
            is_to_see: asks(self.record).contains(&Asked::Viewing),
        })
    }

    /// Until when what was asked about is held; none if it is not.
    fn held(&self) -> Option<WallTime> {
        let hold = hold(self.house, self.record.hold.as_deref())?;
        (hold.state == HoldState::Held).then(|| hold.until.0.parse().ok())?
    }

    /// The decision that stands.
    fn decision(&self) -> Result<&RequestStepFact, HouseError> {
        let is_decision = |it: &&RequestStepFact| matches!(it.step, RequestStep::Decided { .. });
        self.fact.steps.iter().rev().find(is_decision).ok_or_else(|| unfit(LetterError::NotDue))
    }

    /// The day of the decision, whose law a letter is written under.
    fn decided_on(&self) -> time::Date {
        day_in_korea(self.decision().map_or(self.now, |step| step.at))
    }

    /// When it was decided, and the articles of the rule after which the letter is written.
    fn decided(&self, rule: &str) -> Decided {
        let on = self.decided_on();
        Decided { on: on.to_string(), article: article(korea().on(on), rule) }
    }

    fn refusal(&self) -> Result<Refusal, HouseError> {
        let note = &self.decision()?.note;
        let ground = note.ground.as_deref().and_then(|id| korea().on(self.decided_on()).rule(id));
        let ground = ground.ok_or_else(|| internal("a refusal has no ground of its day"))?;
        Ok(Refusal {
            ground: ground.ko.clone(),
            article: article_in_korean(&ground.article),
            facts: note.text.clone(),
        })
    }

    /// The objection that the last decision, or the extension of its days, is about.
    fn objection(&self) -> Option<rights::Objected> {
        match standing(self.fact, self.now) {
            Standing::Objected(objected) => Some(objected),
            _ => rights::result_of_objection(&events(self.fact)),
        }
    }

    /// Whether the agency takes no other objection to what this letter tells: an extension is no decision, and the
    /// result of an objection is its last word.
    fn is_final(&self) -> bool {
        self.objection().is_some_and(|it| {
            let waits = matches!(standing(self.fact, self.now), Standing::Objected(_));
            waits || !it.to_postponement()
        })
    }

    fn objected(&self, held_until: Option<String>) -> Result<Objected, HouseError> {
        let objection = self.objection().ok_or_else(|| unfit(LetterError::NotDue))?;
        let decision = self.decision()?;
        let RequestStep::Decided { decision: word, .. } = decision.step else {
            return Err(unfit(LetterError::NotDue));
        };
        let outcome = match word {
            RequestDecision::Granted => Outcome::Granted,
            RequestDecision::Partly => Outcome::Partly(self.refusal()?),
            RequestDecision::Refused => Outcome::Refused(self.refusal()?),
            RequestDecision::Absent => Outcome::Absent,
            RequestDecision::Postponed => Outcome::Extended {
                reason: decision.note.text.clone(),
                until: decision.note.until.clone().unwrap_or_default(),
            },
        };
        let rule = match outcome {
            Outcome::Extended { .. } => "deadline-objection-extension",
            _ => "deadline-objection",
        };
        let (on, to) = (objection.on.to_string(), decided_in_korean(objection.to).to_owned());
        Ok(Objected { on, to, outcome, held_until, decided: self.decided(rule) })
    }

    fn due(&self) -> Option<String> {
        let days = rights::deadlines(&counted_events(self.fact))?.ok()?;
        Some(days.earliest().to_string())
    }

    fn meeting(&self, it: &Appointment) -> Meeting {
        Meeting {
            day: it.day().to_string(),
            time: it.time(),
            place: it.place().to_owned(),
            held_until: self.held().map(minute),
            others: article(korea().on(self.decided_on()), "no-refusal-others-appear"),
        }
    }

    /// Of each camera whether the time of what was asked was over when that was decided.
    fn absences(&self) -> Result<Vec<Absence>, HouseError> {
        let (until, decided_at) = (moment(&self.record.until)?, self.decision()?.at);
        let absence = |id: &String| {
            let kept = self.camera(id).map(|camera| {
                let promised = Duration::from_secs(camera.retention_maximum_s);
                self.house.recorder.kept_at_most(&camera).unwrap_or(promised)
            });
            let expired = kept.filter(|kept| until + *kept <= decided_at);
            let expired =
                expired.map(|kept| Expired { kept: length(kept), at: minute(until + kept) });
            Absence { place: self.place(id), expired }
        };
        Ok(self.record.cameras.iter().map(absence).collect())
    }

    fn sender(&self) -> Sender {
        let institution = &self.described.institution;
        Sender {
            institution: institution.name.clone(),
            head: institution.head.clone(),
            address: institution.address.text.clone(),
            contact: self.contact().map(written).unwrap_or_default(),
        }
    }

    /// Whom to ask: the post that answers for the place of the first camera, else the manager's.
    fn contact(&self) -> Option<&Post> {
        let described = self.described;
        let camera = self.record.cameras.first().and_then(|id| self.camera(id));
        let spot = camera.and_then(|camera| camera.policy_spot);
        let spot = described.spots.iter().find(|it| Some(&it.id) == spot.as_ref());
        let unit = spot.and_then(|spot| described.unit(&spot.unit));
        let unit = unit.or(described.units.first());
        let of_the_unit =
            described.posts.iter().find(|post| unit.is_some_and(|it| it.contact == post.id));
        of_the_unit.or_else(|| described.posts.iter().find(|post| post.duty == Duty::Manager))
    }
}

fn written(post: &Post) -> String {
    format!("{} {}, {}", post.department, post.title, post.contact)
}

pub(crate) fn asks(record: &RequestRecord) -> BTreeSet<Asked> {
    record.asks.iter().filter_map(|word| Asked::from_word(word)).collect()
}

fn addressee(record: &RequestRecord) -> Addressee {
    let agent = record.agent.as_ref().map(|agent| {
        let right = match agent.kind.as_str() {
            "power-of-attorney" => "위임장을 받음",
            _ => "법정대리인",
        };
        format!("{}, {}, {right}", agent.person.name, agent.relation)
    });
    Addressee { name: record.requester.name.clone(), agent }
}

const fn decided_in_korean(decided: DecidedAs) -> &'static str {
    match decided {
        DecidedAs::Granted => "청구대로",
        DecidedAs::Partly => "일부 거절",
        DecidedAs::Refused => "거절",
        DecidedAs::Postponed(_) => "연기",
        DecidedAs::Absent => "남은 영상 없음",
    }
}

/// How to object. `is_final`: not to the agency again.
fn objections(law: Law<'_>, is_final: bool) -> Vec<Objection> {
    let way = |rule: &law::Rule| Objection {
        text: rule.ko.clone(),
        article: article_in_korean(&rule.article),
    };
    let ways = law.topic(Topic::Objection);
    ways.filter(|rule| !is_final || rule.id != "objection-agency").map(way).collect()
}

/// The articles of a rule; empty on a day on which it does not hold.
fn article(law: Law<'_>, rule: &str) -> String {
    law.rule(rule).map(|rule| article_in_korean(&rule.article)).unwrap_or_default()
}

fn moment(text: &str) -> Result<WallTime, HouseError> {
    text.parse().map_err(internal)
}

/// `2026-11-22 19:05` in Korea: never later than it is.
fn minute(moment: WallTime) -> String {
    let text = (moment + KOREA_AHEAD).to_string();
    format!("{} {}", &text[..10], &text[11..16])
}

/// 30일, 36시간, 90초.
fn length(span: Duration) -> String {
    let seconds = span.as_secs();
    let units = [(86_400, "일"), (3600, "시간"), (60, "분")];
    let fit = units.into_iter().find(|(unit, _)| seconds >= *unit && seconds.is_multiple_of(*unit));
    fit.map_or_else(|| format!("{seconds}초"), |(unit, word)| format!("{}{word}", seconds / unit))
}

fn unfit(error: LetterError) -> HouseError {
    HouseError::failed(ErrorCode::LetterUnfit, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_it_is_in_korea_and_a_time_in_its_largest_unit() {
        assert_eq!(minute("2026-11-22T15:04:59.9Z".parse().unwrap()), "2026-11-23 00:04");
        let spans = [(2_592_000, "30일"), (129_600, "36시간"), (600, "10분"), (90, "90초")];
        for (seconds, text) in spans {
            assert_eq!(length(Duration::from_secs(seconds)), text);
        }
    }

    /// Each rule after which a letter is written holds today and names an article.
    #[test]
    fn every_letter_rests_on_an_article_of_today() {
        let today = korea().on(law::date("2026-11-23").unwrap());
        for rule in [
            "deadline-access",
            "letter-viewing",
            "letter-partial",
            "letter-postponed",
            "letter-refused",
            "letter-destroyed",
            "deadline-objection",
            "deadline-objection-extension",
            "no-refusal-others-appear",
        ] {
            assert!(article(today, rule).contains('「'), "{rule}");
        }
        assert_eq!(article(today, "scope-urgent"), "", "the control: it ended in 2024");
        let ways = |is_final| objections(today, is_final).len();
        assert_eq!((ways(false), ways(true)), (3, 2), "not to the agency again");
    }
}
