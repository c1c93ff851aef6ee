//! Persons' requests in the words of the wire, and how they stand now.

use api::{
    HoldState, Id, LetterFormat, NewRequest, RequestAgent, RequestAgentKind, RequestAsked,
    RequestCase, RequestChannel, RequestDay, RequestDecided, RequestDue, RequestFront,
    RequestGround, RequestHold, RequestLetter, RequestLine, RequestPerson, RequestState,
    RequestStep, RequestStepWord, Time,
};
use domain::{CameraId, HoldId, WallTime};
use ledger::{FrontRecord, RequestDecision, RequestFact, RequestRecord, RequestStepFact};
use registers::{counted_events, standing};
use rights::{Counting, Refusal, Standing, day_in_korea};

use crate::house::House;
use crate::ledger_view::{name_of, named};
use crate::press_line;
use crate::register::time;
use crate::request_deletion::deletion;
use crate::request_letter::letters_due;
use crate::request_objection::{objected, open_to_objection};

/// A line of the board. `looker` is who looks, as written.
pub(crate) fn line(house: &House, fact: &RequestFact, looker: &str) -> RequestLine {
    let now = house.clock.wall();
    let standing = standing(fact, now);
    let record = fact.detail.as_ref().map(|(_, record)| record);
    let decision = fact.steps.iter().rev().find_map(decision_of);
    RequestLine {
        id: fact.receipt(),
        state: RequestState::from_word(standing.word()).expect("the wire has every state"),
        decision,
        received_at: time(fact.received_at),
        mine: fact.detail.as_ref().is_some_and(|(by, _)| by == looker),
        asks: record.map(asks).unwrap_or_default(),
        cameras: named(house, record.map(|it| it.cameras.clone()).unwrap_or_default()),
        from: record.map(|record| Time(record.from.clone())),
        until: record.map(|record| Time(record.until.clone())),
        due: standing.is_open().then(|| due(fact, now)).flatten(),
        identity_until: match standing {
            Standing::AwaitsIdentity(until) => Some(time(until)),
            _ => None,
        },
        hold: hold(house, record.and_then(|record| record.hold.as_deref())),
        front: record.and_then(front_on_wire),
        objection: objected(house, fact, looker),
        objectable: open_to_objection(house, fact, looker),
    }
}

/// One request with everything that is said of it.
pub(crate) fn case(house: &House, fact: &RequestFact, looker: &str) -> RequestCase {
    let who = |actor: &str| name_of(house, actor).unwrap_or_else(|| actor.to_owned());
    let today = day_in_korea(house.clock.wall());
    let grounds = Refusal::grounds(today).map(|rule| RequestGround {
        id: rule.id.clone(),
        article: rule.article.clone(),
        ko: rule.ko.clone(),
        en: rule.en.clone(),
    });
    let record = fact.detail.as_ref().map(|(_, record)| record);
    let absent = record.map(|record| record.absent.clone()).unwrap_or_default();
    RequestCase {
        line: line(house, fact, looker),
        request: record.and_then(form_on_wire),
        absent: absent.into_iter().map(Id).collect(),
        received_by: fact.detail.as_ref().map(|(by, _)| who(by)).unwrap_or_default(),
        steps: fact.steps.iter().filter_map(|step| step_on_wire(step, who)).collect(),
        grounds: grounds.collect(),
        letters: letters_due(house, fact),
        deletion: None,
    }
}

/// A case with what has to be looked for: what is still to be destroyed for it, and whether its letters can be had as
/// PDF and HWPX.
pub(crate) async fn completed(house: &House, mut case: RequestCase) -> RequestCase {
    let all = house.ledger.requests(house.clock.wall()).into_iter();
    if let Some(fact) = all.rev().find(|fact| fact.receipt() == case.line.id) {
        match deletion(house, &fact).await {
            Ok(deletion) => case.deletion = deletion,
            Err(error) => tracing::warn!(%error, "what is to be destroyed cannot be looked up"),
        }
    }
    let is_destroyed = case.deletion.as_ref().is_some_and(|it| it.kept.is_empty());
    if is_destroyed && case.letters.sender.is_some() {
        let kind = api::LetterKind::Destroyed;
        case.letters.due.push(RequestLetter { kind, has_appointment: false });
    }
    if !case.letters.due.is_empty() && press_line::is_there(&house.press).await {
        case.letters.formats.extend([LetterFormat::Pdf, LetterFormat::Hwpx]);
    }
    case
}

/// By when it is due, if the days can be counted.
fn due(fact: &RequestFact, now: WallTime) -> Option<RequestDue> {
    let deadlines = rights::deadlines_now(&counted_events(fact), now)?;
    let deadlines = deadlines
        .inspect_err(|error| tracing::warn!(%error, "the days of a request cannot be counted"))
        .ok()?;
    let days = Counting::ALL.map(|counting| RequestDay {
        counting: counting.word().into(),
        day: deadlines.by(counting).to_string(),
        article: counting.article().into(),
    });
    Some(RequestDue {
        day: deadlines.earliest().to_string(),
        days_left: deadlines.days_left(day_in_korea(now)),
        days: days.into(),
    })
}

/// What is held for a case, by the id in its record.
pub(crate) fn hold(house: &House, id: Option<&str>) -> Option<RequestHold> {
    let id: HoldId = id?.parse().ok()?;
    let fact = house.ledger.hold(id)?;
    let state = match (fact.is_active(house.clock.wall()), &fact.record.released) {
        (true, _) => HoldState::Held,
        (false, Some(_)) => HoldState::Released,
        (false, None) => HoldState::Lapsed,
    };
    Some(RequestHold { id: Id(id.to_string()), until: time(fact.hold.until()), state })
}

fn asks(record: &RequestRecord) -> Vec<RequestAsked> {
    record.asks.iter().filter_map(|word| RequestAsked::from_word(word)).collect()
}

fn person_on_wire(person: &ledger::RequestPerson) -> RequestPerson {
    RequestPerson {
        name: person.name.clone(),
        phone: person.phone.clone(),
        born: person.born.clone(),
        address: person.address.clone(),
    }
}

fn form_on_wire(record: &RequestRecord) -> Option<NewRequest> {
    let agent = match &record.agent {
        None => None,
        Some(agent) => Some(RequestAgent {
            kind: RequestAgentKind::from_word(&agent.kind)?,
            person: person_on_wire(&agent.person),
            relation: agent.relation.clone(),
        }),
    };
    Some(NewRequest {
        requester: person_on_wire(&record.requester),
        agent,
        asks: asks(record),
        cameras: record.cameras.iter().cloned().map(Id).collect(),
        from: Time(record.from.clone()),
        until: Time(record.until.clone()),
        reason: record.reason.clone(),
        channel: RequestChannel::from_word(&record.channel)?,
        front: front_on_wire(record),
    })
}

fn front_on_wire(record: &RequestRecord) -> Option<RequestFront> {
    let front = record.front.as_ref()?;
    Some(RequestFront { receipt: front.receipt.clone(), sealed_at: Time(front.sealed_at.clone()) })
}

fn decision_of(fact: &RequestStepFact) -> Option<RequestDecided> {
    let ledger::RequestStep::Decided { decision, .. } = fact.step else { return None };
    Some(match decision {
        RequestDecision::Granted => RequestDecided::Granted,
        RequestDecision::Partly => RequestDecided::Partly,
        RequestDecision::Refused => RequestDecided::Refused,
        RequestDecision::Postponed => RequestDecided::Postponed,
        RequestDecision::Absent => RequestDecided::Absent,
    })
}

fn step_on_wire(fact: &RequestStepFact, who: impl Fn(&str) -> String) -> Option<RequestStep> {
    Some(RequestStep {
        step: RequestStepWord::from_word(fact.step.word())?,
        at: time(fact.at),
        by: who(&fact.by),
        decision: decision_of(fact),
        ground: fact.note.ground.clone(),
        text: fact.note.text.clone(),
        until: fact.note.until.clone(),
        on: fact.note.on.clone(),
    })
}

/// A form of the wire as the rules of requests read it; none if a word, a day or a camera is no such thing.
pub(crate) fn form_from(form: &NewRequest) -> Option<rights::Form> {
    let person = |person: &RequestPerson| {
        let born = person.born.as_deref().map(law::date).transpose().ok()?;
        Some(rights::Person {
            name: person.name.trim().to_owned(),
            phone: person.phone.trim().to_owned(),
            born,
            address: person.address.trim().to_owned(),
        })
    };
    let agent = match &form.agent {
        None => None,
        Some(agent) => Some(rights::Agent {
            kind: rights::AgentKind::from_word(agent.kind.word())?,
            person: person(&agent.person)?,
            relation: agent.relation.trim().to_owned(),
        }),
    };
    let cameras = form.cameras.iter().map(|id| id.0.parse::<CameraId>().ok());
    let asks = form.asks.iter().map(|asked| rights::Asked::from_word(asked.word()));
    Some(rights::Form {
        requester: person(&form.requester)?,
        agent,
        asks: asks.collect::<Option<_>>()?,
        cameras: cameras.collect::<Option<_>>()?,
        from: form.from.0.parse().ok()?,
        until: form.until.0.parse().ok()?,
        reason: form.reason.trim().to_owned(),
        channel: rights::Channel::from_word(form.channel.word())?,
    })
}

/// A request as its side record has it.
pub(crate) fn record_of(
    request: &rights::Request,
    absent: &[CameraId],
    hold: Option<HoldId>,
    front: Option<FrontRecord>,
) -> RequestRecord {
    let form = request.form();
    let person = |person: &rights::Person| ledger::RequestPerson {
        name: person.name.clone(),
        phone: person.phone.clone(),
        born: person.born.map(|day| day.to_string()),
        address: person.address.clone(),
    };
    let ids = |cameras: &[CameraId]| cameras.iter().map(ToString::to_string).collect();
    RequestRecord {
        requester: person(&form.requester),
        agent: form.agent.as_ref().map(|agent| ledger::RequestAgent {
            kind: agent.kind.word().into(),
            person: person(&agent.person),
            relation: agent.relation.clone(),
        }),
        asks: form.asks.iter().map(|asked| asked.word().into()).collect(),
        cameras: ids(&form.cameras),
        absent: ids(absent),
        from: form.from.to_string(),
        until: form.until.to_string(),
        reason: form.reason.clone(),
        channel: form.channel.word().into(),
        hold: hold.map(|hold| hold.to_string()),
        front,
    }
}
