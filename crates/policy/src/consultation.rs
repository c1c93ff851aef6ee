//! Whether those concerned were heard before a camera was put up (Act 25(3), Dec 23(1), Guide 38).
//!
//! It is asked where a version adds cameras to the one before: what hung there before the first version
//! was heard of, or not, before there was a recorder.

use serde::{Deserialize, Serialize};
use time::Date;

use crate::check::{Finding, Severity};
use crate::{Description, Spot};

/// Days that an administrative notice is open at least (행정절차법 46(3)).
const NOTICE_DAYS: i64 = 20;
const RULE: &str = "consultation";
const ARTICLE: &str = "Act 25(3), Dec 23(1), Guide 38";

/// How those concerned were heard. Closed: the decree names these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hearing {
    /// An administrative notice (행정예고).
    Notice,
    /// A hearing (의견청취).
    Hearing,
    /// A briefing of residents (설명회).
    Briefing,
    /// A survey (설문조사, 여론조사).
    Survey,
}

impl Hearing {
    pub(crate) const fn ko(self) -> &'static str {
        match self {
            Self::Notice => "행정예고",
            Self::Hearing => "의견청취",
            Self::Briefing => "설명회",
            Self::Survey => "설문조사",
        }
    }
}

/// Before cameras were put up: who was heard how, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consultation {
    /// For which lines.
    pub spots: Vec<String>,
    /// How.
    pub method: Hearing,
    /// Its first day: `2026-10-01`.
    pub from: String,
    /// Its last day.
    pub to: String,
    /// Who was asked, as published.
    pub asked: String,
    /// How many opinions there were.
    pub opinions: u32,
    /// What came of them, as published.
    pub result: String,
}

impl Consultation {
    /// First and last day, in order.
    fn days(&self) -> Option<(Date, Date)> {
        let (from, to) = (law::date(&self.from).ok()?, law::date(&self.to).ok()?);
        (from <= to).then_some((from, to))
    }
}

fn finding(severity: Severity, at: String, ko: String, en: String) -> Finding {
    Finding { severity, rule: RULE, at, ko, en, article: ARTICLE }
}

/// What is wrong with the consultations themselves.
pub(crate) fn findings(described: &Description) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, it) in described.consultations.iter().enumerate() {
        let place = format!("consultation {}", at + 1);
        let mut tell = |severity, ko: String, en: String| {
            found.push(finding(severity, place.clone(), ko, en));
        };
        for word in &it.spots {
            if described.spots.iter().all(|spot| spot.id != *word) {
                tell(
                    Severity::Error,
                    format!("spot ‘{word}’이(가) 없습니다."),
                    format!("there is no spot {word:?}"),
                );
            }
        }
        match it.days() {
            None => tell(
                Severity::Error,
                format!(
                    "기간 {}~{}을(를) 읽을 수 없습니다: 2026-10-01처럼 적으십시오.",
                    it.from, it.to
                ),
                format!("from {} to {}: write days like 2026-10-01, in order", it.from, it.to),
            ),
            Some((from, to)) if it.method == Hearing::Notice => {
                let days = (to - from).whole_days() + 1;
                if days < NOTICE_DAYS {
                    tell(
                        Severity::Warning,
                        format!(
                            "행정예고 기간이 {days}일입니다. 20일 이상이어야 합니다(행정절차법 제46조제3항)."
                        ),
                        format!("a notice of {days} days: it is open for 20 at least"),
                    );
                }
            }
            Some(_) => {}
        }
    }
    found
}

impl Description {
    /// What stands against this as the version after another, announced on a day: lines with more cameras
    /// than before of which nobody was heard.
    #[must_use]
    pub fn findings_after(&self, before: &Self, announced: Date) -> Vec<Finding> {
        let is_heard = |spot: &Spot| {
            let of_it = self.consultations.iter().filter(|it| it.spots.contains(&spot.id));
            of_it.filter_map(Consultation::days).any(|(_, to)| to <= announced)
        };
        let more = |spot: &&Spot| {
            let then: u32 = before.lines_before(spot).iter().map(|it| u32::from(it.cameras)).sum();
            u32::from(spot.cameras) > then
        };
        let unheard = self.spots.iter().filter(more).filter(|spot| !is_heard(spot));
        let tell = |spot: &Spot| {
            let at = format!("spot {}", spot.id);
            finding(
                Severity::Error,
                at,
                "카메라가 늘어나는 곳입니다. 설치하기 전에 의견을 들은 기록(consultation)이 있어야 하며, 그 기간이 공고일까지 끝나야 합니다.".into(),
                "more cameras than before: those concerned are heard first, and that has ended when this is announced".into(),
            )
        };
        unheard.map(tell).collect()
    }
}
