//! Letters that answer a person's request: 접수증, 존재확인 결과, 열람 통지, 일부열람, 연기, 거절, 남은 영상 없음.
//!
//! What is decided, its grounds, the facts and the days are handed in as they stand in the records of the
//! request; here they become sentences, and nothing is added that nobody said.

use crate::fields::{form, heading, pair, say, wide};
use crate::letter_body::{
    absent, decision, destroyed, existence, korean_day, nothing_of, postponed, reasons, receipt,
};
use crate::letter_objection::Objected;
use crate::{Block, Document, Paper};

/// A letter: who writes whom about which request, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Who writes.
    pub sender: Sender,
    /// The sender's number of the document (문서번호); without one there is no such line.
    pub document_number: String,
    /// Of which day it is, `2026-11-22`.
    pub date: String,
    /// Whom it is for.
    pub addressee: Addressee,
    /// What was asked.
    pub asked: Asked,
    /// What it says.
    pub says: Says,
    /// How to object; empty where nothing was decided against anybody.
    pub objections: Vec<Objection>,
}

/// Who writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The institution.
    pub institution: String,
    /// In whose name: its head.
    pub head: String,
    /// Where it is.
    pub address: String,
    /// Whom to ask: department, post and telephone.
    pub contact: String,
}

/// Whom it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    /// Who was filmed and asks.
    pub name: String,
    /// Who asks for that person, with what he is to him.
    pub agent: Option<String>,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The number of receipt.
    pub receipt: String,
    /// When it came in, in Korea.
    pub received_at: String,
    /// What: 존재확인, 열람, 삭제.
    pub what: Vec<String>,
    /// From when until when, in Korea.
    pub span: String,
    /// The cameras by their places.
    pub places: Vec<String>,
    /// Whether to see it is among what is asked.
    pub is_to_see: bool,
}

/// What a letter says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// That the request came in.
    Receipt {
        /// How it came.
        channel: String,
        /// The day to which the desk works, if the days can be counted.
        due: Option<String>,
        /// Until when somebody has to have shown who asks; none once somebody did.
        identity_until: Option<String>,
        /// Until when the footage is held; none if it is not.
        held_until: Option<String>,
        /// Places of which nothing of that time was kept at receipt.
        absent: Vec<String>,
    },
    /// Whether there is such footage.
    Existence {
        /// Places of which there is.
        there: Vec<String>,
        /// Places of which nothing of that time was kept at receipt.
        absent: Vec<String>,
        /// Until when it is held; none if it is not.
        held_until: Option<String>,
        /// When it was decided, and on which articles the letter rests.
        decided: Decided,
    },
    /// Where and when it is shown.
    Viewing {
        /// Where and when.
        meeting: Meeting,
        /// Places of which nothing of that time was kept at receipt.
        absent: Vec<String>,
        /// When it was decided, and on which articles the letter rests.
        decided: Decided,
    },
    /// What is granted, and why the rest is not.
    Partial {
        /// Why not.
        refusal: Refusal,
        /// Where and when the rest is shown; none if nobody asked to see it.
        meeting: Option<Meeting>,
        /// When it was decided, and on which articles the letter rests.
        decided: Decided,
    },
    /// Why it is done later.
    Postponed {
        /// Why.
        reason: String,
        /// The day on which the reason ends.
        until: String,
        /// The day until which it is answered then, if the days can be counted.
        due: Option<String>,
        /// When it was decided, and on which articles the letter rests.
        decided: Decided,
    },
    /// Why it is not done.
    Refused {
        /// Why.
        refusal: Refusal,
        /// Until when the footage is held for whoever objects; none if it is not.
        held_until: Option<String>,
        /// When it was decided, and on which articles the letter rests.
        decided: Decided,
    },
    /// What was decided of an objection, or that its days are extended.
    Objected(Box<Objected>),
    /// That nothing is kept.
    Absent {
        /// Of each place what is known.
        absences: Vec<Absence>,
        /// When it was decided, and on which articles the letter rests.
        decided: Decided,
    },
    /// That what was asked about is destroyed.
    Destroyed {
        /// By whose hands or by what, with its entry of the ledger: a sentence.
        how: String,
        /// When it was decided, and on which articles the letter rests.
        decided: Decided,
    },
}

/// When something was decided, and on which articles the letter about it rests, in Korean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The day.
    pub on: String,
    /// The articles.
    pub article: String,
}

/// Where and when somebody is shown something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// The day.
    pub day: String,
    /// The time of that day.
    pub time: String,
    /// The room.
    pub place: String,
    /// Until when the footage is held; none if it is not.
    pub held_until: Option<String>,
    /// The article by which others who appear are made unrecognisable.
    pub others: String,
}

/// Why something is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The ground, in the words of the law of the day of the decision.
    pub ground: String,
    /// Which article says so.
    pub article: String,
    /// The facts that make it one.
    pub facts: String,
}

/// Of a place nothing is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// The place.
    pub place: String,
    /// For how long its footage is kept at most, and when that was over for the last of what was asked.
    /// None if that is not over: then it was not recorded, or is gone for another reason.
    pub expired: Option<Expired>,
}

/// For how long footage is kept, and when that was over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expired {
    /// How long: 30일.
    pub kept: String,
    /// When it was over.
    pub at: String,
}

/// A way to object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// What a person can do, a sentence to him.
    pub text: String,
    /// Which articles say so.
    pub article: String,
}

impl Letter {
    /// The letter as a document.
    #[must_use]
    pub fn document(&self) -> Document {
        let title = self.says.title();
        let mut blocks = vec![self.head(), heading("청구하신 내용"), self.what_was_asked()];
        blocks.extend(self.body());
        if !self.objections.is_empty() {
            blocks.push(heading("이의를 제기하는 방법"));
            let way = |it: &Objection| format!("{} ({})", it.text, it.article).into();
            blocks.push(Block::List {
                is_numbered: true,
                items: self.objections.iter().map(way).collect(),
            });
        }
        let Sender { institution, head, .. } = &self.sender;
        blocks.push(say(format!("{}  {head}", korean_day(&self.date))));
        Document::Paper(Paper {
            title: title.into(),
            author: institution.clone(),
            language: "ko".into(),
            date: self.date.clone(),
            footer: format!("{institution} · {title} · 접수번호 {}", self.asked.receipt),
            is_landscape: false,
            blocks,
        })
    }

    fn head(&self) -> Block {
        let mut rows = Vec::new();
        if !self.document_number.is_empty() {
            rows.push(wide("문서번호", &self.document_number));
        }
        let to = match &self.addressee.agent {
            Some(agent) => format!("{} 귀하\n(대리인 {agent})", self.addressee.name),
            None => format!("{} 귀하", self.addressee.name),
        };
        rows.push(wide("받는 사람", &to));
        let Sender { institution, address, contact, .. } = &self.sender;
        rows.push(pair("보내는 기관", institution, "보내는 날", &korean_day(&self.date)));
        rows.push(wide("문의하실 곳", &format!("{contact}\n{address}")));
        form("이 문서", rows)
    }

    fn what_was_asked(&self) -> Block {
        let it = &self.asked;
        form(
            "청구",
            vec![
                pair("접수번호", &it.receipt, "접수한 때", &it.received_at),
                wide("청구하신 것", &it.what.join(", ")),
                wide("영상이 기록된 때", &it.span),
                wide("카메라가 설치된 곳", &it.places.join("\n")),
            ],
        )
    }

    fn body(&self) -> Vec<Block> {
        match &self.says {
            Says::Receipt { channel, due, identity_until, held_until, absent } => receipt(
                channel,
                due.as_deref(),
                identity_until.as_deref(),
                held_until.as_deref(),
                absent,
            ),
            Says::Existence { there, absent, held_until, decided } => {
                existence(there, absent, held_until.as_deref(), decided, self.asked.is_to_see)
            }
            Says::Viewing { meeting, absent, decided } => {
                let told = "청구하신 영상을 아래와 같이 보여 드립니다.";
                let mut blocks = decision("열람", told, decided);
                blocks.extend(nothing_of(absent));
                blocks.extend(self.meeting(meeting));
                blocks
            }
            Says::Partial { refusal, meeting, decided } => {
                let told =
                    "청구하신 것 가운데 일부는 들어드리지 못합니다. 그 사유를 알려 드립니다.";
                let mut blocks = decision("일부 거절", told, decided);
                blocks.push(reasons("일부를 거절한 사유", refusal));
                blocks.extend(meeting.iter().flat_map(|meeting| self.meeting(meeting)));
                blocks
            }
            Says::Postponed { reason, until, due, decided } => {
                postponed(reason, until, due.as_deref(), decided)
            }
            Says::Refused { refusal, held_until, decided } => {
                let told = "청구하신 것을 들어드리지 못합니다. 그 사유를 알려 드립니다.";
                let mut blocks = decision("거절", told, decided);
                blocks.push(reasons("거절한 사유", refusal));
                if let Some(until) = held_until {
                    blocks.push(say(format!(
                        "이의를 제기하실 수 있도록, 보전한 영상은 {until}까지 파기하지 않습니다."
                    )));
                }
                blocks
            }
            Says::Absent { absences, decided } => absent(absences, decided),
            Says::Destroyed { how, decided } => destroyed(how, decided),
            Says::Objected(objected) => objected.body(),
        }
    }

    fn meeting(&self, it: &Meeting) -> Vec<Block> {
        let bring = match self.addressee.agent {
            Some(_) => {
                "대리인의 신분증과, 위임장 또는 법정대리인임을 보이는 서류를 가지고 오십시오."
            }
            None => "신분증을 가지고 오십시오. 보고 확인하는 데에만 쓰며 사본을 보관하지 않습니다.",
        };
        let mut points = vec![
            bring.to_owned(),
            format!("함께 찍힌 다른 사람은 알아볼 수 없게 하여 보여 드립니다({}).", it.others),
            format!(
                "그때 오시기 어려우면 미리 알려 주십시오. 날짜와 시간을 다시 정합니다: {}",
                self.sender.contact
            ),
        ];
        if let Some(until) = &it.held_until {
            points.push(format!("영상은 {until}까지 보전합니다. 그 전에 보셔야 합니다."));
        }
        vec![
            heading("열람하실 날짜, 시간, 장소"),
            form(
                "열람",
                vec![pair("날짜", &korean_day(&it.day), "시간", &it.time), wide("장소", &it.place)],
            ),
            Block::List { is_numbered: false, items: points.into_iter().map(Into::into).collect() },
        ]
    }
}

impl Says {
    /// What such a letter is called.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Receipt { .. } => "개인영상정보 청구 접수증",
            Self::Existence { .. } => "개인영상정보 존재확인 결과 통지서",
            Self::Viewing { .. } => "개인영상정보 열람 통지서",
            Self::Partial { meeting: Some(_), .. } => "개인영상정보 일부열람 통지서",
            Self::Partial { meeting: None, .. } => "개인영상정보 청구 일부 거절 통지서",
            Self::Postponed { .. } => "개인영상정보 열람 연기 통지서",
            Self::Refused { .. } => "개인영상정보 열람 거절 통지서",
            Self::Absent { .. } => "개인영상정보 부존재 통지서",
            Self::Destroyed { .. } => "개인영상정보 삭제 결과 통지서",
            Self::Objected(objected) => objected.title(),
        }
    }
}

#[cfg(test)]
#[path = "letter_tests.rs"]
mod tests;
