//! What an institution was, what belongs to it, and what became of its parts: names before this one,
//! bodies below it, lines that were merged, split or renamed.

use serde::{Deserialize, Serialize};

use crate::check::{Finding, Severity};
use crate::{Description, Spot, Unit};

/// A name that the institution had before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Predecessor {
    /// As it was written then.
    pub name: String,
    /// The first day on which it was called otherwise: `2023-01-10`.
    pub until: String,
}

/// A body below the institution (소속기관).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Its word here.
    pub id: String,
    /// As published.
    pub name: String,
    /// Where its own policy is published, if it has one: that prevails for its cameras, so this policy
    /// speaks of none of them.
    #[serde(default)]
    pub own_policy: Option<String>,
}

impl Description {
    /// The line that a camera belongs to which was put on the line with this word: that line, or the one
    /// that it became. A line that was split became none: somebody has to say which.
    #[must_use]
    pub fn line_of(&self, word: &str) -> Option<&Spot> {
        let same = self.spots.iter().find(|spot| spot.id == word);
        same.or_else(|| {
            let mut became = self.spots.iter().filter(|spot| is_in(word, &spot.formerly));
            became.next().filter(|_| became.next().is_none())
        })
    }

    /// The lines of an earlier version that this one holds now; itself, if it was there.
    pub(crate) fn lines_before(&self, line: &Spot) -> Vec<&Spot> {
        let is_it = |spot: &&Spot| spot.id == line.id || is_in(&spot.id, &line.formerly);
        self.spots.iter().filter(is_it).collect()
    }
}

fn is_in(word: &str, words: &[String]) -> bool {
    words.iter().any(|it| it == word)
}

/// What is wrong with what it says of its parts.
pub(crate) fn findings(described: &Description) -> Vec<Finding> {
    let mut found = Findings::default();
    for (at, body) in described.bodies.iter().enumerate() {
        if described.bodies[..at].iter().any(|before| before.id == body.id) {
            found.error(
                "id",
                format!("body {}", body.id),
                "같은 id가 두 번 있습니다.",
                "this id is there twice",
            );
        }
    }
    described.units.iter().for_each(|unit| found.unit(described, unit));
    described.spots.iter().for_each(|spot| found.spot(described, spot));
    for before in &described.institution.predecessors {
        if law::date(&before.until).is_err() {
            found.error(
                "day",
                format!("predecessor {}", before.name),
                "날짜는 2023-01-10처럼 적으십시오.",
                "write a day like 2023-01-10",
            );
        }
    }
    found.0
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn tell(&mut self, severity: Severity, rule: &'static str, at: String, ko: &str, en: &str) {
        let (ko, en) = (ko.into(), en.into());
        self.0.push(Finding { severity, rule, at, ko, en, article: "Dec 25(1)" });
    }

    fn error(&mut self, rule: &'static str, at: String, ko: &str, en: &str) {
        self.tell(Severity::Error, rule, at, ko, en);
    }

    fn unit(&mut self, described: &Description, unit: &Unit) {
        let at = || format!("unit {}", unit.id);
        let body = unit.body.as_ref().map(|id| described.bodies.iter().find(|it| it.id == *id));
        match body {
            Some(None) => {
                self.error("reference", at(), "body가 없습니다.", "there is no such body");
            }
            Some(Some(body)) if body.own_policy.is_some() => self.error(
                "own-policy",
                at(),
                "따로 방침을 둔 소속기관입니다. 그 기관의 카메라는 그 방침에 적으십시오.",
                "this body has a policy of its own, which prevails: its cameras belong there",
            ),
            _ => {}
        }
    }

    fn spot(&mut self, described: &Description, spot: &Spot) {
        let at = || format!("spot {}", spot.id);
        if described.spots.iter().any(|it| is_in(&it.id, &spot.formerly)) {
            self.still_there(at());
        }
        let others = || described.spots.iter().filter(|it| it.id != spot.id);
        if spot.formerly.iter().any(|word| others().any(|it| is_in(word, &it.formerly))) {
            self.tell(
                Severity::Warning,
                "split",
                at(),
                "여러 줄로 나뉜 곳입니다. 시행일 전에 카메라마다 새 줄을 정해야 녹화가 이어집니다.",
                "a line that was split: name each camera's line before it takes effect, or it stops",
            );
        }
        if spot.staff_consulted_on.as_deref().is_some_and(|day| law::date(day).is_err()) {
            self.error(
                "staff",
                at(),
                "협의한 날은 2021-06-01처럼 적으십시오.",
                "write the day of consultation like 2021-06-01",
            );
        }
    }

    fn still_there(&mut self, at: String) {
        self.error(
            "formerly",
            at,
            "formerly에 적은 것이 아직 있습니다.",
            "what it was formerly is still there",
        );
    }
}
