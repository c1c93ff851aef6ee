//! 열람 등 청구 처리대장: who asked about which footage, by when it is answered, what was decided
//! (표준 개인정보 보호지침 제44조제5항).

use domain::RegisterName;
use ledger::{RequestDecision, RequestFact, RequestPerson, RequestStep, RequestStepFact};

use crate::text::{lines, moment, span};
use crate::words;
use crate::{
    Asked, Column, EXPIRED, Note, Register, Row, Sources, asked_at, counted_events, standing,
};

const COLUMNS: [Column; 17] = [
    Column { key: "number", ko: "접수번호", en: "Number" },
    Column { key: "received", ko: "접수일시", en: "Received" },
    Column { key: "channel", ko: "접수방법", en: "How" },
    Column { key: "requester", ko: "청구인 성명·연락처", en: "Requester" },
    Column { key: "agent", ko: "대리인 성명·연락처", en: "Agent" },
    Column { key: "asks", ko: "청구 내용", en: "Asks for" },
    Column { key: "footage", ko: "영상 (카메라·시간)", en: "Footage" },
    Column { key: "purpose", ko: "목적·사유", en: "Purpose" },
    Column { key: "received_by", ko: "접수 담당자", en: "Received by" },
    Column { key: "identified", ko: "본인 확인", en: "Identity checked" },
    Column { key: "due", ko: "처리기한", en: "Due" },
    Column { key: "standing", ko: "처리 상태", en: "Standing" },
    Column { key: "decision", ko: "결정 (일시·담당자)", en: "Decision" },
    Column { key: "ground", ko: "거절·연기의 근거와 사유", en: "Ground and facts" },
    Column { key: "objection", ko: "이의신청 (받은 날·기한·내용)", en: "Objection" },
    Column { key: "answered", ko: "통지 (일시·담당자)", en: "Answered" },
    Column { key: "copy", ko: "사본 교부 내용·사유", en: "Copy given" },
];

const NOTES: &[Note] = &[
    Note {
        ko: "‘처리기한’은 접수한 날(연기했으면 연기 사유가 끝난 날)부터 10일을 세는 세 가지 방법 가운데 가장 이른 날입니다.",
        en: "The due day is the earliest of the three ways to count ten days from receipt, or from the end of a postponement.",
    },
    Note {
        ko: "‘이의신청’의 기한은 받은 날부터 14일(연장했으면 연장한 날)이고, 그 뒤의 결정이 이의신청의 결과입니다.",
        en: "An objection is decided within 14 days, or to the day to which these are extended; the decision after it is its result.",
    },
    Note {
        ko: "‘사본 교부 내용·사유’ 칸에는 이 시스템이 봉인하여 내보낸 파일이 있습니다. 다른 방법으로 사본을 교부하였다면 그 내용과 사유를 이 대장 밖에 따로 적어 두어야 합니다.",
        en: "“Copy given” has the files that this system sealed. What was given otherwise is to be written down elsewhere.",
    },
];

pub(crate) fn register(asked: &Asked, sources: &Sources<'_>) -> Register {
    let wanted = sources.requests.iter().filter(|fact| {
        let cameras = fact.detail.iter().flat_map(|(_, record)| &record.cameras);
        asked.is_in(fact.received_at) && asked.is_of(cameras, false)
    });
    Register {
        name: RegisterName::Requests,
        columns: COLUMNS.to_vec(),
        rows: wanted.map(|fact| row(fact, sources)).collect(),
        notes: NOTES.to_vec(),
    }
}

fn row(fact: &RequestFact, sources: &Sources<'_>) -> Row {
    let names = sources.names;
    let record = fact.detail.as_ref().map(|(_, record)| record);
    // What only the record said.
    let said = |text: Option<String>| match record {
        Some(_) => text.unwrap_or_default(),
        None => EXPIRED.to_owned(),
    };
    let step = |wanted: fn(&RequestStep) -> bool| {
        fact.steps
            .iter()
            .rev()
            .find(|step| wanted(&step.step))
            .map(|step| when_and_who(step, sources))
    };
    let decided = decided(fact).into_iter();
    let (decisions, grounds): (Vec<_>, Vec<_>) = decided
        .map(|(step, word)| (format!("{word}\n{}", when_and_who(step, sources)), ground(step)))
        .unzip();
    let cells: [String; COLUMNS.len()] = [
        fact.receipt(),
        received(fact),
        said(record.map(|record| words::channel(&record.channel))),
        said(record.map(|record| person(&record.requester))),
        said(record.map(|record| {
            let agent = record.agent.as_ref();
            agent.map_or_else(String::new, |agent| {
                let kind = words::agent(&agent.kind);
                lines([person(&agent.person), format!("{kind} · {}", agent.relation)])
            })
        })),
        said(record.map(|record| words::asks(&record.asks))),
        said(record.map(|record| {
            lines([names.cameras(&record.cameras), span(&record.from, &record.until)])
        })),
        said(record.map(|record| record.reason.clone())),
        said(fact.detail.as_ref().map(|(by, _)| names.actor(by))),
        step(|step| matches!(step, RequestStep::Identified { .. })).unwrap_or_default(),
        due(fact),
        words::standing(standing(fact, sources.now).word()),
        decisions.join("\n"),
        lines(grounds),
        objections(fact),
        step(|step| matches!(step, RequestStep::Done { .. })).unwrap_or_default(),
        copies(fact, sources),
    ];
    Row { entry: fact.number, is_expired: record.is_none(), cells: cells.to_vec() }
}

/// The files that were sealed for it: by which entry each is called, what is on it, why, and whether it was revoked.
fn copies(fact: &RequestFact, sources: &Sources<'_>) -> String {
    let given = sources.exports.iter().filter(|export| export.case == fact.number);
    lines(given.map(|export| {
        let revoked = export.revoked_at.map(|at| format!("철회 {}", moment(at)));
        let said = export.detail.as_ref().map_or_else(
            || EXPIRED.to_owned(),
            |(by, record)| {
                let masked =
                    if record.masked { "다른 사람을 가림" } else { "가리지 않음" };
                let by = sources.names.actor(by);
                lines([format!("{masked} · {by}"), record.purpose.clone()])
            },
        );
        lines([
            format!("봉인한 파일 {} · {}", export.number, moment(export.at)),
            said,
            revoked.unwrap_or_default(),
        ])
    }))
}

/// When the desk had it; of one from the public form also when it was sent, since its days begin then.
fn received(fact: &RequestFact) -> String {
    let sent = asked_at(fact);
    let sent = (sent != fact.received_at).then(|| format!("보낸 때 {}", moment(sent)));
    lines([moment(fact.received_at), sent.unwrap_or_default()])
}

/// Its decisions and what they were: one on an objection that waits is the result of that.
fn decided(fact: &RequestFact) -> Vec<(&RequestStepFact, String)> {
    let (mut waits, mut decided) = (false, Vec::new());
    for step in &fact.steps {
        match (&step.step, decision_of(step)) {
            (RequestStep::Objected { .. }, _) => waits = true,
            (RequestStep::Withdrawn { .. }, _) => waits = false,
            (_, Some(RequestDecision::Postponed)) if waits => {
                decided.push((step, "이의신청 기한 연장".to_owned()));
            }
            (_, Some(decision)) => {
                let about = if waits { "이의신청 결과: " } else { "" };
                decided.push((step, format!("{about}{}", words::decision(decision))));
                waits = false;
            }
            _ => {}
        }
    }
    decided
}

/// The objections: the day on which each came, by when the last is to be decided, and what they say.
fn objections(fact: &RequestFact) -> String {
    let objected = fact.steps.iter().filter(|it| matches!(it.step, RequestStep::Objected { .. }));
    let due = rights::objection_deadlines(&counted_events(fact)).and_then(Result::ok);
    let due = due.map(|days| format!("기한 {}", days.earliest())).unwrap_or_default();
    let said = objected.flat_map(|step| {
        [step.note.on.clone().unwrap_or_else(|| moment(step.at)), step.note.text.clone()]
    });
    lines(said.chain([due]))
}

pub(crate) const fn decision_of(fact: &RequestStepFact) -> Option<RequestDecision> {
    match fact.step {
        RequestStep::Decided { decision, .. } => Some(decision),
        _ => None,
    }
}

/// Name and telephone.
pub(crate) fn person(person: &RequestPerson) -> String {
    lines([person.name.clone(), person.phone.clone()])
}

fn when_and_who(step: &RequestStepFact, sources: &Sources<'_>) -> String {
    lines([moment(step.at), sources.names.actor(&step.by)])
}

/// The ground of the law on which a decision rests, its facts, and until when it is postponed.
pub(crate) fn ground(step: &RequestStepFact) -> String {
    let rule = step.note.ground.as_deref().map(|id| words::ground(id, step.at)).unwrap_or_default();
    let until = step.note.until.as_deref().map(|day| format!("{day}까지")).unwrap_or_default();
    lines([rule, step.note.text.clone(), until])
}

/// The earliest day by which it is to be answered.
fn due(fact: &RequestFact) -> String {
    let deadlines = rights::deadlines(&counted_events(fact)).and_then(Result::ok);
    deadlines.map(|deadlines| deadlines.earliest().to_string()).unwrap_or_default()
}
