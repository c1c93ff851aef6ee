//! 개인정보의 목적 외 이용 및 제3자 제공 대장: which footage another body was given or the institution used
//! beyond its purpose, on what ground, with what conditions, and what became of it afterwards
//! (개인정보 보호법 제18조제2항·제4항·제5항, 같은 법 시행령 제15조).

use domain::{RegisterName, WallTime};
use ledger::{DisclosureFact, DisclosureStep, DisclosureStepFact};
use rights::{day_in_korea, disclosure_standing, duties};

use crate::text::{lines, minute_of, moment, span};
use crate::{
    Asked, Column, EXPIRED, Note, Register, Row, Sources, disclosure_events, disclosure_terms,
    words,
};

const COLUMNS: [Column; 17] = [
    Column { key: "number", ko: "접수번호", en: "Number" },
    Column { key: "received", ko: "접수 (일시·담당자)", en: "Received" },
    Column { key: "kind", ko: "구분", en: "Kind" },
    Column {
        key: "body", ko: "이용·제공받는 기관 (담당자·연락처)", en: "Using or receiving body"
    },
    Column { key: "document", ko: "요청 문서", en: "Paper that asks" },
    Column { key: "footage", ko: "개인정보파일·항목 (카메라·시간)", en: "Footage" },
    Column { key: "purpose", ko: "이용·제공 목적", en: "Purpose" },
    Column { key: "basis", ko: "법적 근거", en: "Legal ground" },
    Column { key: "standing", ko: "처리 상태", en: "Standing" },
    Column { key: "decision", ko: "결정 (일시·담당자)", en: "Decision" },
    Column {
        key: "alone", ko: "혼자 한 제공의 확인·검토", en: "Confirmed and reviewed"
    },
    Column { key: "provided", ko: "이용·제공 (일시·담당자)", en: "Given" },
    Column { key: "form", ko: "이용·제공 형태", en: "Form" },
    Column { key: "use_until", ko: "이용 기간", en: "Period of use" },
    Column { key: "conditions", ko: "제한·안전조치 요구", en: "Conditions" },
    Column { key: "published", ko: "공고 (기간·곳)", en: "Published" },
    Column { key: "reported", ko: "받은 기관의 결과 통지", en: "Recipient's report" },
];

const NOTES: &[Note] = &[
    Note {
        ko: "‘이용·제공 형태’ 칸은 담당자가 제공할 때 적은 말입니다: 열람하게 하였는지, 사본을 어떻게 주었는지 적습니다. 이 시스템이 봉인하여 내보낸 파일은 개인영상정보 관리대장의 ‘반출’ 줄에 있습니다.",
        en: "“Form” is what the officer wrote when it was given. Files that this system sealed are rows of the register of personal video data.",
    },
    Note {
        ko: "정보주체의 동의나 범죄의 수사·공소를 근거로 한 것은 공고하지 않습니다 (개인정보 보호법 제18조제4항).",
        en: "What rests on consent or on a criminal investigation is not published.",
    },
];

pub(crate) fn register(asked: &Asked, sources: &Sources<'_>) -> Register {
    let wanted = sources
        .disclosures
        .iter()
        .filter(|fact| asked.is_in(fact.received_at) && asked.is_of(cameras_of(fact), false));
    Register {
        name: RegisterName::Disclosures,
        columns: COLUMNS.to_vec(),
        rows: wanted.map(|fact| row(fact, sources)).collect(),
        notes: NOTES.to_vec(),
    }
}

pub(crate) fn cameras_of(fact: &DisclosureFact) -> impl Iterator<Item = &String> {
    fact.detail.iter().flat_map(|(_, record)| &record.cameras)
}

fn row(fact: &DisclosureFact, sources: &Sources<'_>) -> Row {
    let record = fact.detail.as_ref().map(|(_, record)| record);
    // What only the record said.
    let said = |text: Option<String>| {
        if record.is_some() { text.unwrap_or_default() } else { EXPIRED.into() }
    };
    let by = fact.detail.as_ref().map_or("", |(by, _)| by);
    let cells: [String; COLUMNS.len()] = [
        fact.receipt(),
        lines([moment(fact.received_at), sources.names.actor(by)]),
        said(record.map(|it| words::disclosed(&it.disclosed))),
        said(record.map(|it| lines([it.body.clone(), it.officer.clone(), it.phone.clone()]))),
        said(record.map(|it| it.document.clone())),
        said(
            record.map(|it| lines([sources.names.cameras(&it.cameras), span(&it.from, &it.until)])),
        ),
        said(record.map(|it| it.purpose.clone())),
        said(record.map(|it| basis(it, fact.received_at))),
        standing(fact, sources.now),
        decision(fact, sources),
        alone(fact, sources),
        when(fact, sources, |step| matches!(step, DisclosureStep::Provided { .. })),
        form(fact),
        said(
            record.map(|it| {
                it.use_until.as_ref().map(|day| format!("{day}까지")).unwrap_or_default()
            }),
        ),
        said(record.map(|it| it.conditions.clone())),
        published(fact),
        reported(fact, sources),
    ];
    Row { entry: fact.number, is_expired: record.is_none(), cells: cells.to_vec() }
}

/// The rule that is its ground, and what makes it complete.
pub(crate) fn basis(record: &ledger::DisclosureRecord, at: WallTime) -> String {
    lines([words::ground(&record.ground, at), record.basis.clone()])
}

fn standing(fact: &DisclosureFact, now: WallTime) -> String {
    let standing = disclosure_standing(&disclosure_events(fact), disclosure_terms(fact));
    let word = standing.map_or("", rights::DisclosureStanding::word);
    let owed = duties(&disclosure_events(fact), disclosure_terms(fact)).unwrap_or_default();
    let today = day_in_korea(now);
    let owed = owed.into_iter().map(|duty| {
        let late = if duty.due < today { " (지남)" } else { "" };
        format!("{}: {}까지{late}", words::duty(duty.kind.word()), duty.due)
    });
    lines(std::iter::once(words::disclosure_standing(word)).chain(owed))
}

fn decision(fact: &DisclosureFact, sources: &Sources<'_>) -> String {
    let told = |step: &DisclosureStepFact| {
        let word = words::disclosure_step(&step.step)?;
        Some(lines([word.into(), when_and_who(step, sources), step.note.text.clone()]))
    };
    lines(fact.steps.iter().filter_map(told))
}

/// Who confirmed from afar what one person did alone, and who looked at it since.
fn alone(fact: &DisclosureFact, sources: &Sources<'_>) -> String {
    let told = |step: &DisclosureStepFact| match &step.step {
        DisclosureStep::Compelled { .. } => Some(match &step.note.confirmation {
            Some(it) => format!(
                "{}: {} ({}, {})",
                words::compelled_by(&it.compelled_by),
                it.by,
                words::confirmed_how(&it.how),
                minute_of(&it.at)
            ),
            None => EXPIRED.into(),
        }),
        DisclosureStep::Reviewed { .. } => {
            Some(lines(["검토".into(), when_and_who(step, sources), step.note.text.clone()]))
        }
        _ => None,
    };
    lines(fact.steps.iter().filter_map(told))
}

pub(crate) fn form(fact: &DisclosureFact) -> String {
    let provided = fact.steps.iter().find(|it| matches!(it.step, DisclosureStep::Provided { .. }));
    provided.map(|step| step.note.text.clone()).unwrap_or_default()
}

fn published(fact: &DisclosureFact) -> String {
    let step = fact.steps.iter().find(|it| matches!(it.step, DisclosureStep::Published { .. }));
    let Some(step) = step else { return String::new() };
    let days = step.note.published.as_ref().map(|(from, until)| format!("{from} ~ {until}"));
    lines([days.unwrap_or_else(|| EXPIRED.into()), step.note.text.clone()])
}

fn reported(fact: &DisclosureFact, sources: &Sources<'_>) -> String {
    let step = fact.steps.iter().find(|it| matches!(it.step, DisclosureStep::Reported { .. }));
    step.map(|it| lines([when_and_who(it, sources), it.note.text.clone()])).unwrap_or_default()
}

fn when(
    fact: &DisclosureFact,
    sources: &Sources<'_>,
    is_it: fn(&DisclosureStep) -> bool,
) -> String {
    let step = fact.steps.iter().find(|it| is_it(&it.step));
    step.map(|it| when_and_who(it, sources)).unwrap_or_default()
}

fn when_and_who(step: &DisclosureStepFact, sources: &Sources<'_>) -> String {
    lines([moment(step.at), sources.names.actor(&step.by)])
}
