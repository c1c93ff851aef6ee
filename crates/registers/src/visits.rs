//! 통제구역 출입자 기록부: who came into a controlled area, with his consent or without it, let in by whom.

use std::collections::BTreeMap;

use domain::{EntryNumber, RegisterName, WallTime};
use ledger::{AdmissionWord, ConsentWord, Detail, Kind, Record, RegisterEntry, VisitStep};

use crate::text::moment;
use crate::{Asked, Column, EXPIRED, Note, Register, Row, Sources};

const COLUMNS: [Column; 11] = [
    Column { key: "number", ko: "원장 번호", en: "Ledger entry" },
    Column { key: "came", ko: "들어온 때", en: "Came" },
    Column { key: "left", ko: "나간 때", en: "Left" },
    Column { key: "area", ko: "통제구역", en: "Area" },
    Column { key: "body", ko: "소속", en: "Body" },
    Column { key: "name", ko: "성명", en: "Name" },
    Column { key: "consent", ko: "수집 동의", en: "Consent" },
    Column { key: "business", ko: "용무", en: "Business" },
    Column { key: "admission", ko: "출입 허가", en: "Admission" },
    Column { key: "escort", ko: "동행자", en: "Escort" },
    Column { key: "entered_by", ko: "적은 사람", en: "Entered by" },
];

const NOTES: &[Note] = &[Note {
    ko: "동의하지 않은 사람의 소속·성명·용무는 적지 않습니다. 동의를 거둔 사람의 것은 보이지 않습니다.",
    en: "Of whoever did not consent, body, name and business are not written down; of whoever took the consent back, they are not shown.",
}];

/// What became of visits after somebody came.
#[derive(Default)]
struct Later {
    left: BTreeMap<EntryNumber, WallTime>,
    withdrawn: BTreeMap<EntryNumber, WallTime>,
}

impl Later {
    fn of(entries: &[RegisterEntry]) -> Self {
        let mut later = Self::default();
        for it in entries {
            match it.entry.kind {
                Kind::Visit(VisitStep::Departed { visit }) => {
                    later.left.insert(visit, it.entry.time);
                }
                Kind::Visit(VisitStep::Withdrawn { visit }) => {
                    later.withdrawn.insert(visit, it.entry.time);
                }
                _ => {}
            }
        }
        later
    }
}

pub(crate) fn register(asked: &Asked, sources: &Sources<'_>) -> Register {
    let later = Later::of(sources.entries);
    let rows = sources.entries.iter().filter(|it| asked.is_in(it.entry.time));
    // No camera is a visit's.
    let rows = rows.filter(|_| asked.camera.is_none());
    Register {
        name: RegisterName::Visits,
        columns: COLUMNS.to_vec(),
        rows: rows.filter_map(|it| row(it, &later, sources)).collect(),
        notes: NOTES.to_vec(),
    }
}

fn row(it: &RegisterEntry, later: &Later, sources: &Sources<'_>) -> Option<Row> {
    let Kind::Visit(VisitStep::Arrived { consent, admission, .. }) = &it.entry.kind else {
        return None;
    };
    let known = match &it.detail {
        Detail::Open(record) => match &**record {
            Record::Visit { actor, visit } => Some((actor, visit)),
            _ => None,
        },
        _ => None,
    };
    let withdrawn = later.withdrawn.get(&it.number);
    let said = |text: fn(&ledger::VisitRecord) -> Option<&String>| match known {
        None => EXPIRED.to_owned(),
        Some(_) if withdrawn.is_some() => String::new(),
        Some((_, visit)) => text(visit).cloned().unwrap_or_default(),
    };
    let let_in = match admission {
        AdmissionWord::Granted => "허가".to_owned(),
        AdmissionWord::Denied => {
            format!("허가하지 않음\n{}", known.map_or(EXPIRED, |(_, visit)| &visit.reason))
        }
    };
    let consent = match (consent, withdrawn) {
        (ConsentWord::Refused, _) => "동의하지 않음".to_owned(),
        (ConsentWord::Given, None) => "동의함".to_owned(),
        (ConsentWord::Given, Some(at)) => format!("동의를 거둠\n{}", moment(*at)),
    };
    let cells: [String; COLUMNS.len()] = [
        it.number.to_string(),
        moment(it.entry.time),
        later.left.get(&it.number).map(|at| moment(*at)).unwrap_or_default(),
        known.map_or_else(|| EXPIRED.to_owned(), |(_, visit)| visit.area_name.clone()),
        said(|visit| visit.body.as_ref()),
        said(|visit| visit.name.as_ref()),
        consent,
        said(|visit| visit.business.as_ref()),
        let_in,
        known.map_or_else(|| EXPIRED.to_owned(), |(_, visit)| sources.names.actor(&visit.escort)),
        known.map_or_else(|| EXPIRED.to_owned(), |(actor, _)| sources.names.actor(actor)),
    ];
    Some(Row { entry: it.number, is_expired: known.is_none(), cells: cells.to_vec() })
}
