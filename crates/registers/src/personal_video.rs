//! 개인영상정보 관리대장: use, provision, viewing and destruction of personal video data, each with what
//! the Guide asks for at least (표준 개인정보 보호지침 제42조제1항·제2항, 제44조제5항, 제45조; form 3).

use std::collections::BTreeMap;

use domain::{Action, EntryNumber, RegisterName, WallTime};
use ledger::{
    Detail, DisclosureStep, ExportStep, Kind, OutcomeWord, PurposeRecord, Record, RegisterEntry,
    RequestFact, SpanRecord, TargetRecord,
};

use crate::destruction::{self, Destroyed};
use crate::disclosures;
use crate::requests::{decision_of, ground, person};
use crate::text::{lines, moment, span};
use crate::words;
use crate::{Asked, Column, EXPIRED, Note, Register, Row, Sources};

const COLUMNS: [Column; 12] = [
    Column { key: "number", ko: "번호", en: "No." },
    Column { key: "kind", ko: "구분", en: "Kind" },
    Column { key: "time", ko: "일시", en: "Time" },
    Column { key: "footage", ko: "영상 파일 (카메라·시간)", en: "Footage" },
    Column { key: "officer", ko: "담당자", en: "Officer" },
    Column { key: "purpose", ko: "목적·사유", en: "Purpose" },
    Column {
        key: "recipient", ko: "제공받는 자·열람 등 청구인", en: "Recipient or requester"
    },
    Column { key: "basis", ko: "이용·제공 근거", en: "Basis" },
    Column { key: "form", ko: "이용·제공·열람 형태", en: "Form" },
    Column { key: "period", ko: "기간 (실제로 보인 영상)", en: "Period" },
    Column { key: "outcome", ko: "결과·거절 사유", en: "Outcome" },
    Column { key: "entry", ko: "원장 번호", en: "Ledger entry" },
];

const NOTES: &[Note] = &[
    Note {
        ko: "‘이용’은 녹화된 영상을 재생한 일입니다. 실시간 관제와 시험 화면 촬영은 접속기록에 있습니다.",
        en: "“이용” is footage that was played. Live watching and test pictures stand in the access log.",
    },
    Note {
        ko: "‘제공’과 ‘목적 외 이용’ 줄은 제공 업무(‘제공’ 화면)에서 실제로 준 것입니다. 이 시스템 밖에서 준 것이 있으면 따로 적어야 합니다.",
        en: "Provision and use beyond the purpose are what was given at the desk of disclosures. What was given otherwise has to be written down separately.",
    },
    Note {
        ko: "‘이용·제공 근거’ 칸은 제공과 정보주체의 청구에 따른 줄에만 적힙니다: 그 밖의 이용에 대하여 시스템이 아는 것은 목적과 사유뿐입니다.",
        en: "“Basis” is said of disclosures and persons' requests alone: of other uses the system knows purpose and reason only.",
    },
    Note {
        ko: "파기는 하루에 같은 카메라에서 일어난 것을 한 줄로 모았습니다. 낱낱은 파기 관리대장의 원장 번호로 확인할 수 있습니다.",
        en: "What was destroyed of a camera on one day is one row.",
    },
];

/// Under which article persons ask about footage of themselves.
const REQUEST_BASIS: &str = "개인정보 보호법 제35조, 표준 개인정보 보호지침 제44조";

pub(crate) fn register(asked: &Asked, sources: &Sources<'_>) -> Register {
    let mut rows = used(asked, sources);
    rows.extend(provided(asked, sources));
    rows.extend(asked_for(asked, sources));
    rows.extend(left(asked, sources));
    rows.extend(destroyed(asked, sources));
    rows.sort_by_key(|(at, row)| (*at, row.entry));
    let mut rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
    for (number, row) in (1_u32..).zip(&mut rows) {
        row.cells[0] = number.to_string();
    }
    Register {
        name: RegisterName::PersonalVideo,
        columns: COLUMNS.to_vec(),
        rows,
        notes: NOTES.to_vec(),
    }
}

/// What a row says, but for its number.
#[derive(Default)]
struct Line {
    kind: &'static str,
    time: String,
    footage: String,
    officer: String,
    purpose: String,
    recipient: String,
    basis: String,
    form: String,
    period: String,
    outcome: String,
    entries: String,
    is_expired: bool,
}

impl Line {
    fn row(self, entry: EntryNumber) -> Row {
        let cells: [String; COLUMNS.len()] = [
            String::new(),
            self.kind.into(),
            self.time,
            self.footage,
            self.officer,
            self.purpose,
            self.recipient,
            self.basis,
            self.form,
            self.period,
            self.outcome,
            self.entries,
        ];
        Row { entry, is_expired: self.is_expired, cells: cells.to_vec() }
    }
}

/// What became of acts after their intents.
#[derive(Default)]
struct After<'s> {
    ended: BTreeMap<EntryNumber, (WallTime, OutcomeWord)>,
    served: BTreeMap<EntryNumber, Vec<&'s SpanRecord>>,
    lost: BTreeMap<EntryNumber, u32>,
}

impl<'s> After<'s> {
    fn of(entries: &'s [RegisterEntry]) -> Self {
        let mut after = Self::default();
        for it in entries {
            match (&it.entry.kind, &it.detail) {
                (Kind::Outcome { intent, result }, _) => {
                    after.ended.insert(*intent, (it.entry.time, *result));
                }
                (Kind::Served { intent }, Detail::Open(record)) => {
                    if let Record::Served { spans, .. } = &**record {
                        after.served.entry(*intent).or_default().extend(spans);
                    }
                }
                (Kind::Served { intent }, _) => *after.lost.entry(*intent).or_default() += 1,
                _ => {}
            }
        }
        after
    }

    /// What really went out, camera by camera.
    fn shown(&self, intent: EntryNumber, sources: &Sources<'_>) -> String {
        let mut spans: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
        for it in self.served.get(&intent).into_iter().flatten() {
            let known = spans.entry(&it.camera).or_insert((&it.from, &it.to));
            *known = (known.0.min(&it.from), known.1.max(&it.to));
        }
        let mut told: Vec<String> = spans
            .iter()
            .map(|(camera, (from, to))| {
                format!("{}: {}", sources.names.camera(camera), span(from, to))
            })
            .collect();
        if self.lost.contains_key(&intent) {
            told.push(EXPIRED.into());
        }
        if told.is_empty() { "보인 영상 없음".into() } else { told.join("\n") }
    }
}

/// Footage that was played.
fn used(asked: &Asked, sources: &Sources<'_>) -> Vec<(WallTime, Row)> {
    let after = After::of(sources.entries);
    let mut rows = Vec::new();
    for it in sources.entries {
        let Kind::Intent { action: Action::PlayFootage, .. } = it.entry.kind else { continue };
        if !asked.is_in(it.entry.time) {
            continue;
        }
        let ended = after.ended.get(&it.number);
        let outcome = ended.map_or("진행 중", |(_, outcome)| words::outcome(*outcome));
        let mut line = Line {
            kind: "이용",
            time: moment(it.entry.time),
            form: "화면 재생".into(),
            outcome: outcome.into(),
            entries: it.number.to_string(),
            ..Line::default()
        };
        if let Detail::Open(record) = &it.detail {
            let Record::Ask { actor, purpose, target, .. } = &**record else { continue };
            let TargetRecord::Footage { cameras, from, to } = target else { continue };
            if !asked.is_of(cameras, false) {
                continue;
            }
            line.footage = lines([sources.names.cameras(cameras), span(from, to)]);
            line.officer = sources.names.actor(actor);
            line.purpose = purpose.as_ref().map(purpose_text).unwrap_or_default();
            line.period = after.shown(it.number, sources);
            // Whoever plays what a person asked about does it for that person's request.
            if purpose.as_ref().is_some_and(|purpose| purpose.kind == "subject-request") {
                line.basis = REQUEST_BASIS.into();
            }
        } else {
            if asked.camera.is_some() {
                continue;
            }
            line.is_expired = true;
            line.footage = EXPIRED.into();
            line.officer = EXPIRED.into();
            line.purpose = EXPIRED.into();
            line.period = EXPIRED.into();
        }
        rows.push((it.entry.time, line.row(it.number)));
    }
    rows
}

pub(crate) fn purpose_text(purpose: &PurposeRecord) -> String {
    format!("{}: {}", words::purpose(&purpose.kind), purpose.note)
}

/// Footage that was given to others, or used beyond the purpose.
fn provided(asked: &Asked, sources: &Sources<'_>) -> Vec<(WallTime, Row)> {
    let mut rows = Vec::new();
    for fact in sources.disclosures {
        let given = fact.steps.iter().find(|it| matches!(it.step, DisclosureStep::Provided { .. }));
        let Some(given) = given.filter(|it| asked.is_in(it.at)) else { continue };
        if !asked.is_of(disclosures::cameras_of(fact), false) {
            continue;
        }
        let record = fact.detail.as_ref().map(|(_, record)| record);
        let said = |text: Option<String>| text.unwrap_or_else(|| EXPIRED.to_owned());
        let line =
            Line {
                kind: match record.map(|it| it.disclosed.as_str()) {
                    Some("own-use") => "목적 외 이용",
                    _ => "제공",
                },
                time: moment(given.at),
                footage: said(record.map(|it| {
                    lines([sources.names.cameras(&it.cameras), span(&it.from, &it.until)])
                })),
                officer: sources.names.actor(&given.by),
                purpose: said(record.map(|it| it.purpose.clone())),
                recipient: said(record.map(|it| lines([it.body.clone(), it.officer.clone()]))),
                basis: said(record.map(|it| disclosures::basis(it, fact.received_at))),
                form: disclosures::form(fact),
                period: said(record.map(|it| {
                    it.use_until.as_ref().map(|day| format!("{day}까지")).unwrap_or_default()
                })),
                outcome: "제공함".into(),
                entries: lines([fact.number.to_string(), format!("접수번호 {}", fact.receipt())]),
                is_expired: record.is_none(),
            };
        rows.push((given.at, line.row(fact.number)));
    }
    rows
}

/// What persons asked for, as it was decided.
fn asked_for(asked: &Asked, sources: &Sources<'_>) -> Vec<(WallTime, Row)> {
    let of = |fact: &RequestFact| {
        let cameras = fact.detail.iter().flat_map(|(_, record)| &record.cameras);
        asked.is_of(cameras, false)
    };
    let mut rows = Vec::new();
    for fact in sources.requests.iter().filter(|fact| of(fact)) {
        for step in fact.steps.iter().filter(|step| asked.is_in(step.at)) {
            let Some(decision) = decision_of(step) else { continue };
            let record = fact.detail.as_ref().map(|(_, record)| record);
            let said = |text: Option<String>| text.unwrap_or_else(|| EXPIRED.to_owned());
            let line = Line {
                kind: "열람 등",
                time: moment(step.at),
                footage: said(record.map(|it| {
                    lines([sources.names.cameras(&it.cameras), span(&it.from, &it.until)])
                })),
                officer: sources.names.actor(&step.by),
                purpose: said(record.map(|it| it.reason.clone())),
                recipient: said(record.map(|it| {
                    let agent =
                        it.agent.as_ref().map(|agent| format!("대리인 {}", person(&agent.person)));
                    lines([person(&it.requester), agent.unwrap_or_default()])
                })),
                basis: REQUEST_BASIS.into(),
                form: said(record.map(|it| words::asks(&it.asks))),
                period: String::new(),
                outcome: lines([words::decision(decision).into(), ground(step)]),
                entries: lines([fact.number.to_string(), format!("접수번호 {}", fact.receipt())]),
                is_expired: record.is_none(),
            };
            rows.push((step.at, line.row(fact.number)));
        }
    }
    rows
}

/// Files that left the building.
fn left(asked: &Asked, sources: &Sources<'_>) -> Vec<(WallTime, Row)> {
    let is_revoked = |number: EntryNumber| {
        sources.entries.iter().any(|it| {
            matches!(it.entry.kind, Kind::Export(ExportStep::Revoked { export }) if export == number)
        })
    };
    let mut rows = Vec::new();
    for it in sources.entries.iter().filter(|it| asked.is_in(it.entry.time)) {
        let Kind::Export(ExportStep::Sealed { case, .. }) = &it.entry.kind else { continue };
        let known = match &it.detail {
            Detail::Open(record) => match &**record {
                Record::Export { actor, export } => Some((actor, export)),
                _ => None,
            },
            _ => None,
        };
        if !asked.is_of(known.iter().flat_map(|(_, export)| &export.cameras), false) {
            continue;
        }
        let said = |text: Option<String>| text.unwrap_or_else(|| EXPIRED.to_owned());
        let is_request = sources.requests.iter().any(|fact| fact.number == *case);
        let form =
            known.map(|(_, it)| if it.masked { "파일 (가림)" } else { "파일 (가리지 않음)" });
        let until = known.and_then(|(_, it)| it.use_until.as_ref());
        let line = Line {
            kind: "반출",
            time: moment(it.entry.time),
            footage: said(known.map(|(_, it)| {
                lines([sources.names.cameras(&it.cameras), span(&it.from, &it.to)])
            })),
            officer: said(known.map(|(actor, _)| sources.names.actor(actor))),
            purpose: said(known.map(|(_, it)| it.purpose.clone())),
            recipient: said(known.map(|(_, it)| it.recipient.clone())),
            basis: if is_request { REQUEST_BASIS.into() } else { String::new() },
            form: said(form.map(Into::into)),
            period: until.map(|day| format!("{day}까지")).unwrap_or_default(),
            outcome: if is_revoked(it.number) { "봉인 후 철회" } else { "봉인" }.into(),
            entries: lines([it.number.to_string(), format!("건: 원장 {case}")]),
            is_expired: known.is_none(),
        };
        rows.push((it.entry.time, line.row(it.number)));
    }
    rows
}

/// What was destroyed.
fn destroyed(asked: &Asked, sources: &Sources<'_>) -> Vec<(WallTime, Row)> {
    let row = |it: Destroyed| {
        let line = Line {
            kind: "파기",
            time: it.time(),
            footage: it.footage(sources.names),
            officer: it.officer(sources.names),
            purpose: it.reason().into(),
            form: destruction::METHOD.into(),
            outcome: it.left(),
            entries: it.entries(),
            is_expired: it.is_expired(),
            ..Line::default()
        };
        (it.first_at, line.row(it.first))
    };
    destruction::destroyed(asked, sources).into_iter().map(row).collect()
}
