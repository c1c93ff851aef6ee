//! What was decided of an objection (이의신청 결과 통지서), or that its days are extended.

use crate::Block;
use crate::fields::{form, heading, pair, say, wide};
use crate::letter::{Decided, Refusal};
use crate::letter_body::{decision, korean_day, reasons};

/// An objection and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objected {
    /// The day on which it came.
    pub on: String,
    /// To what: 거절.
    pub to: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Until when the footage is held; none if it is not.
    pub held_until: Option<String>,
    /// When it was decided, and on which articles the letter rests.
    pub decided: Decided,
}

/// What became of an objection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// What was asked is granted after all.
    Granted,
    /// It is granted in part, and why not the rest.
    Partly(Refusal),
    /// It is refused, and why.
    Refused(Refusal),
    /// Nothing of what was asked about is kept.
    Absent,
    /// It is decided later.
    Extended {
        /// Why.
        reason: String,
        /// The day until which it is decided.
        until: String,
    },
}

impl Objected {
    pub(crate) const fn title(&self) -> &'static str {
        match self.outcome {
            Outcome::Extended { .. } => "이의신청 처리 기한 연장 통지서",
            _ => "이의신청 결과 통지서",
        }
    }

    pub(crate) fn body(&self) -> Vec<Block> {
        let mut blocks = vec![
            heading("제기하신 이의"),
            form(
                "이의신청",
                vec![pair("받은 날", &korean_day(&self.on), "이의를 제기하신 결정", &self.to)],
            ),
        ];
        blocks.extend(self.outcome());
        if let Some(until) = &self.held_until {
            blocks.push(say(format!("보전한 영상은 {until}까지 파기하지 않습니다.")));
        }
        blocks
    }

    fn outcome(&self) -> Vec<Block> {
        let told = |word, told: &str| decision(word, told, &self.decided);
        match &self.outcome {
            Outcome::Granted => told(
                "청구대로",
                "이의를 받아들여, 청구하신 대로 결정하였습니다. 결과는 함께 드리는 통지서에 적혀 있습니다.",
            ),
            Outcome::Partly(refusal) => {
                let mut blocks = told(
                    "일부 거절",
                    "다시 결정하였으나 일부는 들어드리지 못합니다. 그 사유를 알려 드립니다.",
                );
                blocks.push(reasons("일부를 거절한 사유", refusal));
                blocks
            }
            Outcome::Refused(refusal) => {
                let mut blocks =
                    told("거절", "다시 결정하였으나 들어드리지 못합니다. 그 사유를 알려 드립니다.");
                blocks.push(reasons("거절한 사유", refusal));
                blocks
            }
            Outcome::Absent => told(
                "남은 영상 없음",
                "다시 찾아보았으나 남아 있는 영상이 없습니다. 결과는 함께 드리는 통지서에 적혀 있습니다.",
            ),
            Outcome::Extended { reason, until } => {
                let mut blocks = told(
                    "처리 기한 연장",
                    "기한 안에 결정할 수 없어 처리 기한을 한 차례 연장합니다. 그 사유를 알려 드립니다.",
                );
                blocks.push(form(
                    "연장",
                    vec![
                        wide("연장한 사유", reason),
                        wide("결과를 알려 드리는 날", &format!("{}까지", korean_day(until))),
                    ],
                ));
                blocks
            }
        }
    }
}
