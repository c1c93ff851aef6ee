//! Forms: what is filled in by hand, or by a program beforehand. An empty field stays a blank to write on.

use serde::{Deserialize, Serialize};

use crate::fields::{form, named, pair, say, wide};
use crate::{Block, Cell, Document, Paper, Row};

/// Lines that a visitor book offers to be written on, when none is given.
const BLANK_LINES: usize = 8;

/// The request for access to footage (개인영상정보 열람 청구서; Guide 44, Act 35).
///
/// A file of fields has neither the institution, its head nor the days: they are the institution's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccessRequest {
    /// Whose form it is.
    #[serde(skip)]
    pub institution: String,
    /// To whom it is addressed: the head of the institution.
    #[serde(skip)]
    pub head: String,
    /// Within how many days it is answered.
    #[serde(skip)]
    pub answer_days: u16,
    /// What is asked for; none if it is still to be ticked.
    pub wanted: Option<Wanted>,
    /// Who asks.
    pub claimant: Claimant,
    /// Who is in the footage.
    pub subject: Subject,
    /// When it was recorded.
    pub recorded: String,
    /// Where the camera hangs.
    pub place: String,
    /// What for, and why.
    pub reason: String,
    /// On which day it is asked.
    pub asked_on: String,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wanted {
    /// Whether there is footage.
    Existence,
    /// To see it.
    Viewing,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Claimant {
    /// As on the identity card.
    pub name: String,
    /// A telephone number.
    pub phone: String,
    /// Date of birth.
    pub birth_date: String,
    /// What the claimant is to the one in the footage: the same, a parent, an agent.
    pub relation: String,
    /// Where letters reach them.
    pub address: String,
}

/// Who is in the footage.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Subject {
    /// As on the identity card.
    pub name: String,
    /// A telephone number.
    pub phone: String,
    /// Date of birth.
    pub birth_date: String,
    /// Where letters reach them.
    pub address: String,
}

impl AccessRequest {
    /// The form as a document of a day, `2026-11-22`; the day may be empty.
    #[must_use]
    pub fn document(&self, date: &str) -> Document {
        let ticks = [
            tick(self.wanted == Some(Wanted::Existence), "존재 확인"),
            tick(self.wanted == Some(Wanted::Viewing), "열람"),
        ];
        let within = format!("청구를 받은 날부터 {}일 이내", count(self.answer_days));
        let blocks = vec![
            form(
                "청구 내용",
                vec![wide("청구의 종류", &ticks.join("     ")), wide("처리 기한", &within)],
            ),
            form("청구인", self.claimant_rows()),
            form("정보주체 (영상에 찍힌 사람)", self.subject_rows()),
            note("청구인이 정보주체 본인이면 ‘본인’이라고 적고 정보주체 칸은 비워 두십시오."),
            form(
                "찾는 영상",
                vec![
                    wide("영상이 기록된 때", &self.recorded),
                    wide("카메라가 설치된 곳", &self.place),
                    wide("청구 목적과 사유", or_lines(&self.reason)),
                ],
            ),
            say(
                "「개인정보 보호법」 제35조와 「표준 개인정보 보호지침」 제44조에 따라 위와 같이 개인영상정보의 \
                 존재 확인 또는 열람을 청구합니다.",
            ),
            form(
                "청구",
                vec![
                    wide("청구한 날", &self.asked_on),
                    pair("청구인", &self.claimant.name, "서명 또는 인", ""),
                ],
            ),
            say(format!("{} 귀하", self.head)),
            form(
                "담당자 확인",
                vec![
                    wide("청구인 확인", "□ 본인 신분증     □ 위임장과 대리인 신분증"),
                    pair("확인한 날", "", "담당자 서명", ""),
                ],
            ),
            note("신분증은 보고 확인하는 데에만 쓰며 사본을 보관하지 않습니다."),
        ];
        let title = "개인영상정보(존재확인·열람) 청구서";
        paper(title, &self.institution, date, blocks)
    }

    fn claimant_rows(&self) -> Vec<Row> {
        let it = &self.claimant;
        vec![
            pair("성명", &it.name, "전화번호", &it.phone),
            pair("생년월일", &it.birth_date, "정보주체와의 관계", &it.relation),
            wide("주소", &it.address),
        ]
    }

    fn subject_rows(&self) -> Vec<Row> {
        let it = &self.subject;
        vec![
            pair("성명", &it.name, "전화번호", &it.phone),
            wide("생년월일", &it.birth_date),
            wide("주소", &it.address),
        ]
    }
}

/// The visitor book of a controlled area, with consent to the collection of personal data (Act 15(2)).
///
/// Consent and admission are two things: who does not consent may be let in, and who consents may not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VisitorBook {
    /// Whose book it is.
    #[serde(skip)]
    pub institution: String,
    /// The controlled area.
    pub area: String,
    /// Which version of this text was shown to who signs; 0 leaves it to be written.
    pub version: u16,
    /// For how many days the book is kept; 0 leaves it to be written.
    pub kept_days: u16,
    /// Who decides who is let in: a post, no person.
    pub approver: String,
    /// Who came; empty lines to write on if nobody is given.
    pub visits: Vec<Visit>,
}

/// A visit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Visit {
    /// On which day.
    pub date: String,
    /// When they came.
    pub came_in: String,
    /// When they left.
    pub went_out: String,
    /// From where, with their rank.
    pub body: String,
    /// Who.
    pub name: String,
    /// What for.
    pub business: String,
    /// Whether they consent to the collection of their data; none if they are still to say.
    pub consent: Option<Consent>,
    /// Whether they were let in; none if it is still to be decided.
    pub admission: Option<Admission>,
}

/// What a visitor says to the collection of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Consent {
    /// Yes.
    Given,
    /// No.
    Refused,
}

/// What the approver decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Admission {
    /// Let in.
    Granted,
    /// Not let in.
    Denied,
}

impl VisitorBook {
    /// The book as a document of a day, `2026-11-22`; the day may be empty.
    #[must_use]
    pub fn document(&self, date: &str) -> Document {
        let blocks = vec![
            form(
                "이 장부",
                vec![
                    pair("통제구역", &self.area, "승인자", &self.approver),
                    wide("동의서 판", &format!("제{}판", count(self.version))),
                ],
            ),
            Block::Heading { level: 1, text: "1. 개인정보 수집·이용 안내".into() },
            self.information(),
            Block::Heading { level: 1, text: "2. 출입 기록".into() },
            say(
                "동의와 출입 승인은 서로 다른 칸입니다. 동의는 출입하는 사람이, 승인은 승인자가 따로 적습니다.",
            ),
            self.entries(),
        ];
        let title = "통제구역 출입 기록부 (개인정보 수집·이용 동의)";
        paper(title, &self.institution, date, blocks)
    }

    /// The four things that who is asked for consent is told: Act 15(2).
    fn information(&self) -> Block {
        let kept = format!("적은 날부터 {}일이며, 지나면 파기합니다.", count(self.kept_days));
        let row =
            |label: &str, text: &str| Row { cells: vec![named(label), text.into()], promise: None };
        Block::Table {
            caption: "동의를 구하면서 알려 드리는 것 (「개인정보 보호법」 제15조제2항)".into(),
            head: Vec::new(),
            rows: Self::told(&kept).map(|(label, text)| row(label, &text)).to_vec(),
        }
    }

    /// These four things, each with its name; `kept` says for how long.
    #[must_use]
    pub fn told(kept: &str) -> [(&'static str, String); 4] {
        let refusal = "동의하지 않을 수 있습니다. 동의하지 않았다는 까닭만으로 출입을 거절하지 않으며, 출입 여부는 승인자가 \
                       따로 정합니다. 다만 누구인지 확인할 수 없으면 통제구역에 들어가지 못할 수 있습니다.";
        [
            ("수집·이용 목적", "통제구역에 드나든 사람의 확인과 기록".into()),
            (
                "수집 항목",
                "소속과 직급, 성명, 출입한 날과 때, 용무, 통제구역 안에서 찍힌 영상".into(),
            ),
            ("보유·이용 기간", kept.into()),
            ("거부할 권리와 불이익", refusal.into()),
        ]
    }

    fn entries(&self) -> Block {
        let blank = Visit::default();
        let mut rows: Vec<Row> = self.visits.iter().map(Visit::row).collect();
        if rows.is_empty() {
            rows = (0..BLANK_LINES).map(|_| blank.row()).collect();
        }
        let head = [
            "날짜",
            "들어온 때",
            "나간 때",
            "소속·직급",
            "성명",
            "용무",
            "수집·이용 동의",
            "출입 승인",
        ];
        Block::Table {
            caption: "출입한 사람".into(), head: head.map(String::from).to_vec(), rows
        }
    }
}

impl Visit {
    fn row(&self) -> Row {
        let consent = [
            tick(self.consent == Some(Consent::Given), "동의"),
            tick(self.consent == Some(Consent::Refused), "동의 안 함"),
        ];
        let admission = [
            tick(self.admission == Some(Admission::Granted), "승인"),
            tick(self.admission == Some(Admission::Denied), "불허"),
        ];
        let texts = [
            self.date.clone(),
            self.came_in.clone(),
            self.went_out.clone(),
            self.body.clone(),
            self.name.clone(),
            self.business.clone(),
            format!("{}\n(서명)", consent.join("\n")),
            format!("{}\n(서명)", admission.join("\n")),
        ];
        Row { cells: texts.into_iter().map(Cell::from).collect(), promise: None }
    }
}

fn paper(title: &str, institution: &str, date: &str, blocks: Vec<Block>) -> Document {
    Document::Paper(Paper {
        title: title.into(),
        author: institution.into(),
        language: "ko".into(),
        date: date.into(),
        footer: format!("{institution} · {title}"),
        is_landscape: false,
        blocks,
    })
}

fn note(text: &str) -> Block {
    Block::Note { sentence: text.into() }
}

/// What was filled in, or room for three lines.
fn or_lines(text: &str) -> &str {
    if text.is_empty() { "\n\n" } else { text }
}

/// A number, or room to write it.
fn count(number: u16) -> String {
    if number == 0 { "(        )".into() } else { number.to_string() }
}

fn tick(is_so: bool, text: &str) -> String {
    format!("{} {text}", if is_so { '■' } else { '□' })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html;

    fn request() -> AccessRequest {
        AccessRequest {
            institution: "본보기청".into(),
            head: "본보기청장".into(),
            answer_days: 10,
            ..AccessRequest::default()
        }
    }

    fn has(document: &Document, text: &str) -> bool {
        document.texts().iter().any(|it| it.contains(text)) && html(document, "").contains(text)
    }

    #[test]
    fn a_blank_request_has_every_field_and_fills_none() {
        let document = request().document("2026-11-23");
        for label in [
            "성명",
            "전화번호",
            "생년월일",
            "정보주체와의 관계",
            "주소",
            "영상이 기록된 때",
            "카메라가 설치된 곳",
            "청구 목적과 사유",
            "처리 기한",
            "담당자 서명",
            "본보기청장 귀하",
            "□ 존재 확인",
            "□ 열람",
            "10일 이내",
            "제35조",
            "제44조",
        ] {
            assert!(has(&document, label), "{label} is missing");
        }
        assert!(!has(&document, "■"));
        assert_eq!(Document::read(document.to_json().as_bytes()).unwrap(), document);
    }

    #[test]
    fn a_filled_request_says_what_was_filled_in() {
        let filled = AccessRequest {
            wanted: Some(Wanted::Viewing),
            claimant: Claimant {
                name: "청구인-1".into(),
                relation: "본인".into(),
                ..Claimant::default()
            },
            recorded: "2026-11-20 13:00~14:00".into(),
            place: "전면 출입구".into(),
            reason: "지갑을 잃어버림".into(),
            asked_on: "2026-11-23".into(),
            ..request()
        };
        let document = filled.document("2026-11-23");
        for text in ["■ 열람", "□ 존재 확인", "청구인-1", "본인", "13:00~14:00", "지갑을 잃어버림"]
        {
            assert!(has(&document, text), "{text} is missing");
        }
        assert!(!has(&request().document("2026-11-23"), "청구인-1"));
    }

    fn book(visits: Vec<Visit>) -> Document {
        VisitorBook {
            institution: "본보기청".into(),
            area: "통신실".into(),
            version: 2,
            kept_days: 365,
            approver: "운영지원과장".into(),
            visits,
        }
        .document("2026-11-23")
    }

    #[test]
    fn consent_tells_the_four_things_and_the_consequence_the_right_way_round() {
        let document = book(Vec::new());
        for text in [
            "수집·이용 목적",
            "수집 항목",
            "보유·이용 기간",
            "거부할 권리",
            "365일",
            "제2판",
            "동의하지 않았다는 까닭만으로 출입을 거절하지 않으며",
        ] {
            assert!(has(&document, text), "{text} is missing");
        }
        assert_eq!(Document::read(document.to_json().as_bytes()).unwrap(), document);
    }

    #[test]
    fn consent_and_admission_are_two_fields() {
        let visit = |consent, admission| Visit { consent, admission, ..Visit::default() };
        let let_in = book(vec![visit(Some(Consent::Refused), Some(Admission::Granted))]);
        assert!(has(&let_in, "■ 동의 안 함") && has(&let_in, "■ 승인") && has(&let_in, "□ 동의"));
        let sent_away = book(vec![visit(Some(Consent::Given), Some(Admission::Denied))]);
        assert!(has(&sent_away, "■ 동의\n□ 동의 안 함") && has(&sent_away, "■ 불허"));
        assert!(!has(&book(vec![visit(None, None)]), "■"));
    }

    #[test]
    fn an_empty_book_offers_lines_to_write_on() {
        let lines = |document: &Document| {
            let Document::Paper(paper) = document else { panic!("a book is a paper") };
            let Some(Block::Table { rows, .. }) = paper.blocks.last() else { panic!("a table") };
            rows.len()
        };
        assert_eq!(lines(&book(Vec::new())), BLANK_LINES);
        assert_eq!(lines(&book(vec![Visit::default()])), 1);
    }
}
