//! What stands against publishing a description under the law of a day.
//!
//! An error blocks; a warning is told. Each finding names where it is, what it rests on and what to do.

use std::collections::BTreeSet;

use law::{Law, Topic};

use crate::{
    Description, Duty, Hours, Outsourcing, PlaceClass, Post, Purpose, Spot, SpotKind, Unit,
    consultation, contract, organisation,
};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It may be published; somebody should know.
    Warning,
    /// It may not be published.
    Error,
}

/// Something that stands against publishing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Which rule found it.
    pub rule: &'static str,
    /// Where: `spot lobby`.
    pub at: String,
    /// What is wrong and what to do, in Korean.
    pub ko: String,
    /// The same in English.
    pub en: String,
    /// The article that asks for it.
    pub article: &'static str,
}

/// Cars beyond which the law asks for cameras, and for a month of footage.
const PARKING_SPACES: u16 = 30;
/// A month is never longer.
const MONTH_DAYS: u16 = 31;

impl Description {
    /// What stands against publishing it under this law; the worst first.
    #[must_use]
    pub fn findings(&self, law: Law<'_>) -> Vec<Finding> {
        let mut found = Findings { law, found: Vec::new() };
        found.placeholders(self);
        found.ids(self);
        self.purposes.iter().for_each(|purpose| found.purpose(purpose));
        found.posts(self);
        self.units.iter().for_each(|unit| found.unit(self, unit));
        self.spots.iter().for_each(|spot| found.spot(self, spot));
        found.processor(self);
        found.requests(self);
        found.versions(self);
        let mut found = found.found;
        found.extend(organisation::findings(self));
        found.extend(consultation::findings(self));
        found.extend(contract::findings(self));
        found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        found
    }
}

struct Findings<'l> {
    law: Law<'l>,
    found: Vec<Finding>,
}

impl Findings<'_> {
    fn add(
        &mut self,
        severity: Severity,
        (rule, article): (&'static str, &'static str),
        at: &str,
        ko: impl Into<String>,
        en: impl Into<String>,
    ) {
        let (ko, en) = (ko.into(), en.into());
        self.found.push(Finding { severity, rule, at: at.into(), ko, en, article });
    }

    fn error(
        &mut self,
        rule: (&'static str, &'static str),
        at: &str,
        ko: impl Into<String>,
        en: impl Into<String>,
    ) {
        self.add(Severity::Error, rule, at, ko, en);
    }

    fn warn(
        &mut self,
        rule: (&'static str, &'static str),
        at: &str,
        ko: impl Into<String>,
        en: impl Into<String>,
    ) {
        self.add(Severity::Warning, rule, at, ko, en);
    }

    /// What a template left behind.
    fn placeholders(&mut self, described: &Description) {
        const LEFT: [char; 3] = ['○', '〇', '◯'];
        let mut value = serde_json::to_value(described).expect("a description is plain data");
        // What was mended quotes what was found.
        if let Some(fields) = value.as_object_mut() {
            fields.remove("mended");
        }
        let mut empty = 0;
        walk(&value, "", &mut |at, text| {
            if text.contains(LEFT) || text.contains("OOO") {
                self.error(
                    ("placeholder", "Act 3(3)"),
                    at,
                    format!("‘{text}’은(는) 서식의 빈칸입니다. 실제 값을 적으십시오."),
                    format!("{text:?} is a blank of a template: write what is true."),
                );
            }
            empty += usize::from(text.trim().is_empty());
        });
        if empty > 0 {
            self.error(
                ("empty", "Act 3(3)"),
                "description",
                format!("빈 값이 {empty}곳 있습니다. 채우거나 항목을 지우십시오."),
                format!("{empty} values are empty: fill them, or take the keys out."),
            );
        }
    }

    /// Every word that is used is there, and once.
    fn ids(&mut self, described: &Description) {
        let lists: [(&str, Vec<&str>); 5] = [
            ("purpose", described.purposes.iter().map(|it| it.id.as_str()).collect()),
            ("place", described.places.iter().map(|it| it.id.as_str()).collect()),
            ("post", described.posts.iter().map(|it| it.id.as_str()).collect()),
            ("unit", described.units.iter().map(|it| it.id.as_str()).collect()),
            ("spot", described.spots.iter().map(|it| it.id.as_str()).collect()),
        ];
        for (what, ids) in lists {
            if ids.is_empty() {
                let (ko, en) = (format!("{what} 항목이 없습니다."), format!("there is no {what}"));
                self.error(("nothing", "Dec 25(1)"), what, ko, en);
            }
            let mut seen = BTreeSet::new();
            for id in ids {
                let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
                if id.is_empty() || id.len() > 64 || !id.bytes().all(letters) {
                    self.error(
                        ("id", "Act 3(3)"),
                        &format!("{what} {id}"),
                        "id는 영문 소문자, 숫자, 붙임표 64자 이내로 적으십시오.",
                        "an id has small letters, digits and hyphens, at most 64",
                    );
                }
                if !seen.insert(id) {
                    self.error(
                        ("id", "Act 3(3)"),
                        &format!("{what} {id}"),
                        "같은 id가 두 번 있습니다.",
                        "this id is there twice",
                    );
                }
            }
        }
    }

    fn unknown(&mut self, at: &str, what: &str, id: &str) {
        self.error(
            ("reference", "Act 3(3)"),
            at,
            format!("{what} ‘{id}’이(가) 없습니다."),
            format!("there is no {what} {id:?}"),
        );
    }

    fn purpose(&mut self, purpose: &Purpose) {
        let at = format!("purpose {}", purpose.id);
        let ground = self.law.topic(Topic::InstallationGround).find(|r| r.id == purpose.ground);
        if ground.is_none() {
            self.error(
                ("ground", "Act 25(1)"),
                &at,
                format!("설치 근거 ‘{}’은(는) 이 날의 법에 없습니다.", purpose.ground),
                format!("the law of that day has no ground {:?}", purpose.ground),
            );
        }
        if purpose.ground == "ground-1" && purpose.statute.is_none() {
            self.error(
                ("ground-statute", "Act 25(1)1"),
                &at,
                "제1호는 카메라를 허용하는 법령을 적어야 합니다.",
                "ground 1 needs the statute that permits the cameras",
            );
        }
    }

    fn posts(&mut self, described: &Description) {
        for unit in &described.units {
            let of = |duty| {
                let here = |post: &&Post| post.units.is_empty() || post.units.contains(&unit.id);
                described.posts.iter().filter(here).filter(|post| post.duty == duty).count()
            };
            let (managers, others) = (of(Duty::Manager), of(Duty::Officer) + of(Duty::Access));
            if managers != 1 {
                self.error(
                    ("one-manager", "Dec 25(1)3, Guide 37"),
                    &format!("unit {}", unit.id),
                    format!("관리책임자는 한 명이어야 하는데 {managers}명입니다."),
                    format!("there is one manager, not {managers}"),
                );
            }
            if others == 0 {
                self.error(
                    ("access-list", "Dec 25(1)3"),
                    &format!("unit {}", unit.id),
                    "담당자 또는 접근권한자가 없습니다.",
                    "nobody is named who does the work or may look",
                );
            }
        }
        for post in &described.posts {
            let at = format!("post {}", post.id);
            if post.contact.bytes().filter(u8::is_ascii_digit).count() < 7 {
                self.error(
                    ("contact", "Dec 25(1)3"),
                    &at,
                    "연락처에 전화번호가 없습니다.",
                    "the contact has no telephone number",
                );
            }
            for unit in post.units.iter().filter(|id| described.unit(id).is_none()) {
                self.unknown(&at, "unit", unit);
            }
        }
    }

    fn unit(&mut self, described: &Description, unit: &Unit) {
        let at = format!("unit {}", unit.id);
        let monitored = unit.monitoring.iter().map(|it| &it.place);
        for place in [&unit.storage, &unit.viewing].into_iter().chain(monitored) {
            if described.place(place).is_none() {
                self.unknown(&at, "place", place);
            }
        }
        if described.post(&unit.contact).is_none() {
            self.unknown(&at, "post", &unit.contact);
        }
        if Hours::read(&unit.hours).is_err() {
            self.error(
                ("hours", "Dec 25(1)4"),
                &at,
                format!("촬영시간 ‘{}’을 읽을 수 없습니다: 24h 또는 mon-fri 08:00-19:00처럼 적으십시오.", unit.hours),
                format!("hours {:?}: write 24h, or like mon-fri 08:00-19:00", unit.hours),
            );
        }
        if unit.retention_days == 0 {
            self.error(
                ("retention", "Dec 25(1)4"),
                &at,
                "보관기간이 0일입니다.",
                "footage is kept for no day",
            );
        }
    }

    fn spot(&mut self, described: &Description, spot: &Spot) {
        let at = format!("spot {}", spot.id);
        if described.unit(&spot.unit).is_none() {
            self.unknown(&at, "unit", &spot.unit);
        }
        for id in spot.purposes.iter().filter(|id| described.purposes.iter().all(|p| p.id != **id))
        {
            self.unknown(&at, "purpose", id);
        }
        if spot.purposes.is_empty() || spot.cameras == 0 {
            self.error(
                ("spot", "Dec 25(1)1-2"),
                &at,
                "목적이 없거나 대수가 0입니다.",
                "it has no purpose, or no camera",
            );
        }
        if matches!(
            spot.kind,
            SpotKind::Toilet | SpotKind::Bath | SpotKind::ChangingRoom | SpotKind::NursingRoom
        ) {
            self.error(
                ("forbidden-place", "Act 25(2)"),
                &at,
                "사생활을 현저히 침해할 우려가 있는 장소에는 설치할 수 없습니다.",
                "no camera may be where privacy would be seriously hurt",
            );
        }
        self.staff(spot, &at);
        self.spot_retention(described, spot, &at);
    }

    fn staff(&mut self, spot: &Spot, at: &str) {
        let watches_staff = spot.kind == SpotKind::Office && spot.class != PlaceClass::Open;
        if watches_staff && spot.staff_consulted_on.is_none() {
            self.error(
                ("staff", "근로자참여법 20"),
                at,
                "일하는 사람을 비추는 카메라는 협의한 날을 적어야 합니다.",
                "a camera that watches staff needs the day on which they were consulted",
            );
        }
        if spot.class == PlaceClass::NonOpen {
            self.warn(
                ("non-open", "Act 15(1)"),
                at,
                "공개되지 않은 장소입니다. 제25조가 아니라 제15조(동의 등)가 근거여야 합니다.",
                "a place that is not open: Article 15 (consent or another ground) applies, not 25",
            );
        }
    }

    fn spot_retention(&mut self, described: &Description, spot: &Spot, at: &str) {
        let days = described.retention_days(spot);
        match spot.parking_spaces {
            _ if spot.kind != SpotKind::Parking => {}
            Some(spaces) if spaces > PARKING_SPACES && days < MONTH_DAYS => self.error(
                ("parking", "주차장법 시행규칙 6(1)"),
                at,
                format!("{spaces}대 주차장은 한 달(31일) 이상 보관해야 하는데 {days}일입니다."),
                format!("a car park of {spaces} keeps footage for a month (31 days), not {days}"),
            ),
            None if days < MONTH_DAYS => self.warn(
                ("parking", "주차장법 시행규칙 6(1)"),
                at,
                "주차대수가 30대를 넘으면 한 달(31일) 이상 보관해야 합니다. 대수를 확인하십시오.",
                "above 30 cars footage is kept for a month (31 days): count the spaces",
            ),
            _ => {}
        }
        let default = self.law.rule("retention-default-maximum").and_then(|rule| rule.amount);
        let is_parking = spot.kind == SpotKind::Parking && days == MONTH_DAYS;
        if default.is_some_and(|most| u64::from(days) > most.value) && !is_parking {
            self.warn(
                ("retention-long", "Guide 41(2)"),
                at,
                format!("{days}일은 30일보다 깁니다. 까닭이 있어야 합니다."),
                format!("{days} days are more than 30: there has to be a reason"),
            );
        }
    }

    fn processor(&mut self, described: &Description) {
        let wrong = match (described.processor.outsourced, described.processor.companies.len()) {
            (Outsourcing::Unknown, _) => Some((
                "위탁하는지 아닌지 적어야 합니다.",
                "it has to be said whether work is given to others",
            )),
            (Outsourcing::Yes, 0) => {
                Some(("위탁한다면 수탁업체를 적어야 합니다.", "work is given to others: to whom?"))
            }
            (Outsourcing::No, 1..) => Some((
                "위탁하지 않는다면서 수탁업체가 있습니다.",
                "work is given to nobody, and yet companies are named",
            )),
            _ => None,
        };
        if let Some((ko, en)) = wrong {
            self.error(("processor", "Act 26(2), Guide 43(1)"), "processor", ko, en);
        }
    }

    fn requests(&mut self, described: &Description) {
        let asked = &described.requests;
        let most = |id| self.law.rule(id).and_then(|rule| rule.amount).map(|amount| amount.value);
        let answer = most("deadline-access");
        let refusal = most("deadline-refusal-notice");
        if answer.is_some_and(|most| u64::from(asked.answer_days) > most) {
            self.error(
                ("deadline", "Act 35(3), Dec 41(4)"),
                "requests",
                "열람 요구에는 10일 안에 답해야 합니다.",
                "a request is answered within 10 days",
            );
        }
        if refusal.is_some_and(|most| u64::from(asked.refusal_days) > most) {
            self.error(
                ("deadline", "Dec 42(2)"),
                "requests",
                "거부는 10일 안에 알려야 합니다.",
                "a refusal is told within 10 days",
            );
        }
        if asked.urgent_interest && self.law.rule("scope-urgent").is_none() {
            self.warn(
                ("wider-than-law", "Guide 44(1)"),
                "requests",
                "급박한 이익을 위한 열람은 2024년에 지침에서 빠졌습니다. 약속하면 지켜야 합니다.",
                "viewing for an urgent interest left the guideline in 2024: promised, it binds",
            );
        }
    }

    fn versions(&mut self, described: &Description) {
        let Some(newest) = described.versions.last() else {
            let (ko, en) = ("시행일이 없습니다.", "there is no version with its day");
            return self.error(("version", "Dec 25(2)"), "version", ko, en);
        };
        for pair in described.versions.windows(2) {
            if pair[0].effective >= pair[1].effective {
                self.error(
                    ("version-order", "Dec 25(2)"),
                    &format!("version {}", pair[1].effective),
                    "시행일이 앞의 것보다 늦어야 합니다.",
                    "a version takes effect after the one before it",
                );
            }
        }
        for version in &described.versions {
            self.version(described, version, version == newest);
        }
    }

    fn version(&mut self, described: &Description, version: &crate::Version, is_newest: bool) {
        let at = format!("version {}", version.effective);
        let Ok(effective) = law::date(&version.effective) else {
            return self.unknown(&at, "day", &version.effective);
        };
        let days = i64::from(described.notice.days);
        let announced = match version.announced.as_deref().map(law::date) {
            Some(Err(_)) => {
                return self.unknown(&at, "day", version.announced.as_deref().unwrap_or(""));
            }
            Some(Ok(announced)) => announced,
            None if is_newest && days > 0 => {
                return self.warn(
                    ("notice", "Guide 36(1)"),
                    &at,
                    "공고일을 적어야 예고 기간을 지켰는지 알 수 있습니다.",
                    "without the day of announcement nobody can say whether notice was given",
                );
            }
            None => return,
        };
        let given = (effective - announced).whole_days();
        if given < days {
            let severity = if is_newest { Severity::Error } else { Severity::Warning };
            self.add(
                severity,
                ("notice", "Guide 36(1)"),
                &at,
                format!("시행 {days}일 전 공고를 약속했으나 {given}일 전이었습니다."),
                format!("{days} days of notice are promised, {given} were given"),
            );
        }
    }
}

/// Every text of a value, with where it is.
fn walk(value: &serde_json::Value, at: &str, tell: &mut impl FnMut(&str, &str)) {
    match value {
        serde_json::Value::String(text) => tell(at, text),
        serde_json::Value::Array(items) => items.iter().for_each(|item| walk(item, at, tell)),
        serde_json::Value::Object(fields) => {
            let id = fields.get("id").and_then(|id| id.as_str());
            for (name, value) in fields {
                let here = id.map_or_else(|| format!("{at} {name}"), |id| format!("{at} {id}"));
                walk(value, here.trim(), tell);
            }
        }
        _ => {}
    }
}
