//! 접속기록: who did what with the system, when, to whose data (안전성 확보조치 기준 제2조제3호, 제8조).

use std::collections::BTreeMap;

use domain::{EntryNumber, RegisterName, WallTime};
use ledger::{Detail, Kind, OutcomeWord, PurposeRecord, Record, TargetRecord};

use crate::personal_video::purpose_text;
use crate::text::{lines, moment, span};
use crate::words;
use crate::{Asked, Column, EXPIRED, Names, Note, Register, Row, Sources};

const COLUMNS: [Column; 10] = [
    Column { key: "number", ko: "번호", en: "No." },
    Column { key: "time", ko: "접속일시", en: "Time" },
    Column { key: "identifier", ko: "식별자 (계정)", en: "Identifier" },
    Column { key: "name", ko: "접속한 사람", en: "Person" },
    Column { key: "origin", ko: "접속지 정보", en: "Origin" },
    Column { key: "task", ko: "수행업무", en: "Task" },
    Column { key: "data", ko: "처리한 정보주체의 정보", en: "Data handled" },
    Column { key: "purpose", ko: "목적·사유", en: "Purpose" },
    Column { key: "outcome", ko: "결과", en: "Outcome" },
    Column { key: "entry", ko: "원장 번호", en: "Ledger entry" },
];

const NOTES: &[Note] = &[
    Note {
        ko: "‘접속지 정보’ 칸은 비어 있습니다: 원장은 접속한 기기의 주소를 적지 않습니다. 주소는 녹화기의 시스템 로그에 접속 시각과 함께 남습니다.",
        en: "“Origin” is empty: the ledger does not hold addresses. They stand in the recorder's system log beside the time.",
    },
    Note {
        ko: "영상을 보이거나 바꾸거나 없애는 일과 거부된 일이 모두 있습니다. 목록과 상태를 조회하기만 한 일은 원장에 적히지 않으므로 여기에도 없습니다.",
        en: "All that showed, changed or destroyed something is here, and all that was refused. Looking at lists and states is not entered, so it is not here.",
    },
    Note {
        ko: "녹화기가 스스로 한 일(자동 파기 등)은 사람의 접속이 아니므로 여기에 없습니다. 파기는 파기 관리대장에 있습니다.",
        en: "What the recorder did by itself is nobody's access and is not here; destruction has its own register.",
    },
];

pub(crate) fn register(asked: &Asked, sources: &Sources<'_>) -> Register {
    let mut ended: BTreeMap<EntryNumber, (WallTime, OutcomeWord)> = BTreeMap::new();
    for it in sources.entries {
        if let Kind::Outcome { intent, result } = it.entry.kind {
            ended.insert(intent, (it.entry.time, result));
        }
    }
    let mut rows = Vec::new();
    for it in sources.entries.iter().filter(|it| asked.is_in(it.entry.time)) {
        let (action, outcome) = match &it.entry.kind {
            Kind::Intent { action, .. } => {
                let outcome = ended.get(&it.number).map_or_else(
                    || "진행 중".to_owned(),
                    |(at, outcome)| format!("{} ({})", words::outcome(*outcome), moment(*at)),
                );
                (*action, outcome)
            }
            Kind::Refusal { action, reason } => {
                (*action, format!("거부: {}", words::refusal(reason)))
            }
            _ => continue,
        };
        let Some(said) = said(&it.detail, asked, sources.names) else { continue };
        let number = (rows.len() + 1).to_string();
        let cells: [String; COLUMNS.len()] = [
            number,
            moment(it.entry.time),
            said.identifier,
            said.name,
            String::new(),
            words::action(action).into(),
            said.data,
            said.purpose,
            lines([outcome, said.count]),
            it.number.to_string(),
        ];
        rows.push(Row { entry: it.number, is_expired: said.is_expired, cells: cells.to_vec() });
    }
    Register { name: RegisterName::Access, columns: COLUMNS.to_vec(), rows, notes: NOTES.to_vec() }
}

/// What the record behind an act says.
#[derive(Default)]
struct Said {
    identifier: String,
    name: String,
    data: String,
    purpose: String,
    count: String,
    is_expired: bool,
}

/// None if it is not asked for: an act of the machine, or of another camera.
fn said(detail: &Detail, asked: &Asked, names: &Names) -> Option<Said> {
    let record = match detail {
        Detail::Open(record) => &**record,
        // Whose it was is not known any more, nor of which camera.
        Detail::Expired | Detail::None => {
            let gone = || EXPIRED.to_owned();
            let said = Said {
                identifier: gone(),
                name: gone(),
                data: gone(),
                purpose: gone(),
                is_expired: true,
                ..Said::default()
            };
            return asked.camera.is_none().then_some(said);
        }
    };
    match record {
        Record::Ask { actor, purpose, target, .. } => {
            let cameras = cameras_of(target);
            let is_machine = actor.starts_with("system:");
            (!is_machine && asked.is_of(cameras, false)).then(|| Said {
                identifier: identifier(actor, names),
                name: names.actor(actor),
                data: data_of(target, names),
                purpose: purpose
                    .as_ref()
                    .map(|it: &PurposeRecord| purpose_text(it))
                    .unwrap_or_default(),
                ..Said::default()
            })
        }
        // The count of further refusals of one kind.
        Record::Outcome { actor, note } => asked.camera.is_none().then(|| Said {
            identifier: identifier(actor, names),
            name: names.actor(actor),
            count: note.clone(),
            ..Said::default()
        }),
        _ => None,
    }
}

/// The name to sign in with; of who has none, the actor as records write it.
fn identifier(actor: &str, names: &Names) -> String {
    let name = names.sign_in_name(actor);
    if name.is_empty() { actor.to_owned() } else { name }
}

fn cameras_of(target: &TargetRecord) -> Vec<&String> {
    match target {
        TargetRecord::Live { cameras }
        | TargetRecord::Footage { cameras, .. }
        | TargetRecord::Hold { cameras, .. }
        | TargetRecord::NewTicket { cameras, .. }
        | TargetRecord::Register { cameras, .. }
        | TargetRecord::Request { cameras, .. }
        | TargetRecord::Disclosure { cameras, .. }
        | TargetRecord::Export { cameras, .. } => cameras.iter().collect(),
        TargetRecord::Certified { camera, .. }
        | TargetRecord::Camera { camera }
        | TargetRecord::Retention { camera, .. } => vec![camera],
        TargetRecord::Proposed { target, .. } => cameras_of(target),
        TargetRecord::House {}
        | TargetRecord::Floor { .. }
        | TargetRecord::Account { .. }
        | TargetRecord::Entry { .. }
        | TargetRecord::Policy { .. }
        | TargetRecord::Ticket { .. }
        | TargetRecord::Proposal { .. } => Vec::new(),
    }
}

/// Whose data: cameras and times, a person's account, a request, a register.
fn data_of(target: &TargetRecord, names: &Names) -> String {
    let cameras = names.cameras(cameras_of(target));
    match target {
        TargetRecord::Footage { from, to, .. } | TargetRecord::Certified { from, to, .. } => {
            lines([cameras, span(from, to)])
        }
        TargetRecord::Hold { from, to, case, .. } => {
            lines([cameras, span(from, to), format!("사건 {case}")])
        }
        TargetRecord::Register { register, from, to, .. } => {
            let title = domain::RegisterName::from_word(register).map(words::title);
            lines([title.unwrap_or(register).to_owned(), cameras, span(from, to)])
        }
        TargetRecord::Account { account, .. } => {
            format!("계정: {}", names.actor(&format!("person:{account}")))
        }
        TargetRecord::Request { request, .. } => {
            let request = request.as_ref().map(|number| format!("청구 (원장 {number})"));
            lines([request.unwrap_or_else(|| "새 청구".into()), cameras])
        }
        TargetRecord::Disclosure { disclosure, .. } => {
            let known = disclosure.as_ref().map(|number| format!("제공 (원장 {number})"));
            lines([known.unwrap_or_else(|| "새 제공".into()), cameras])
        }
        TargetRecord::Export { case, from, to, .. } => {
            lines([format!("반출 (원장 {case}의 건)"), cameras, span(from, to)])
        }
        TargetRecord::Entry { number, year } => {
            let year = year.map(|year| format!("{year}/")).unwrap_or_default();
            format!("원장 {year}{number}의 열람기록")
        }
        TargetRecord::Ticket { number } => format!("작업표 (원장 {number})"),
        TargetRecord::Proposal { number, .. } => format!("승인 요청 (원장 {number})"),
        TargetRecord::Proposed { target, .. } => data_of(target, names),
        TargetRecord::House {}
        | TargetRecord::Live { .. }
        | TargetRecord::Camera { .. }
        | TargetRecord::Floor { .. }
        | TargetRecord::Policy { .. }
        | TargetRecord::Retention { .. }
        | TargetRecord::NewTicket { .. } => cameras,
    }
}
