//! 수탁업체 작업 대장: who repaired what, in whose presence, from when until when, and how it ended: what an
//! institution shows of its supervision of a contractor (개인정보 보호법 제26조제4항).

use domain::RegisterName;
use ledger::TicketFact;

use crate::text::{korean_minute, lines, moment, span_of};
use crate::{Asked, Column, EXPIRED, Note, Register, Row, Sources};

const COLUMNS: [Column; 9] = [
    Column { key: "number", ko: "원장 번호", en: "Ledger entry" },
    Column { key: "opened", ko: "열림 (일시·담당자)", en: "Opened" },
    Column { key: "contractor", ko: "작업자", en: "Contractor" },
    Column { key: "escort", ko: "입회자", en: "Escort" },
    Column { key: "work", ko: "작업 내용", en: "Work" },
    Column { key: "cameras", ko: "대상", en: "About" },
    Column { key: "span", ko: "허가한 시간", en: "Allowed" },
    Column { key: "visits", ko: "실제로 접속한 시간", en: "Sessions" },
    Column { key: "end", ko: "끝 (일시·담당자·결과)", en: "End" },
];

const NOTES: &[Note] = &[Note {
    ko: "작업자는 영상을 볼 수 없습니다. 여기 적힌 접속은 상태와 시험 무늬를 보고 기기를 고친 일입니다. 해마다 하는 수탁자 교육·점검은 ‘할 일’과 ‘약속’ 화면에 남습니다.",
    en: "A contractor sees no footage: these sessions are work on devices. Yearly training and inspection are kept under tasks and promises.",
}];

pub(crate) fn register(asked: &Asked, sources: &Sources<'_>) -> Register {
    let wanted = sources
        .tickets
        .iter()
        .filter(|it| asked.is_in(it.opened_at) && asked.is_of(&it.cameras, true));
    Register {
        name: RegisterName::Tickets,
        columns: COLUMNS.to_vec(),
        rows: wanted.map(|it| row(it, sources)).collect(),
        notes: NOTES.to_vec(),
    }
}

fn row(fact: &TicketFact, sources: &Sources<'_>) -> Row {
    let names = sources.names;
    // A ticket has a contractor; where none is known its record is gone.
    let is_expired = fact.contractor.is_empty();
    let said = |text: String| if is_expired { EXPIRED.to_owned() } else { text };
    let about = if fact.cameras.is_empty() {
        "녹화기 전체".to_owned()
    } else {
        names.cameras(&fact.cameras)
    };
    let visit = |(from, until): &(domain::WallTime, Option<domain::WallTime>)| match until {
        Some(until) => span_of(*from, *until),
        None => format!("{} ~", korean_minute(*from)),
    };
    let end = fact.end.as_ref().map(|end| {
        let by = end.by.as_deref().map_or_else(|| "시간이 다 됨".into(), |by| names.actor(by));
        lines([moment(end.at), by, end.remark.clone()])
    });
    let cells: [String; COLUMNS.len()] = [
        fact.number.to_string(),
        lines([moment(fact.opened_at), names.actor(&fact.opened_by)]),
        names.actor(&fact.contractor),
        names.actor(&fact.escort),
        said(fact.work.clone()),
        said(about),
        span_of(fact.from, fact.until),
        lines(fact.visits.iter().map(visit)),
        end.unwrap_or_else(|| "진행 중".into()),
    ];
    Row { entry: fact.number, is_expired, cells: cells.to_vec() }
}
