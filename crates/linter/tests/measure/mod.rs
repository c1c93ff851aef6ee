//! What was expected, what was found, and how far the two agree.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use law::korea;
use linter::{Finding, HoursKind, Published, check, read};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Expected {
    #[serde(rename = "policy")]
    pub(crate) policies: Vec<Policy>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Policy {
    pub(crate) file: String,
    date: String,
    institution: Option<String>,
    cameras_total: Option<u32>,
    cameras_stated: Option<u32>,
    groups: Option<Vec<Group>>,
    retention_days_max: Option<u32>,
    hours: Option<String>,
    purposes: Option<Vec<String>>,
    storage_places: Option<Vec<String>>,
    processor: Option<String>,
    versions: Option<Vec<Version>>,
    #[serde(default)]
    skip: Vec<String>,
    #[serde(default, rename = "finding")]
    findings: Vec<Wanted>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    name: String,
    cameras: u32,
}

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
struct Version {
    announced: Option<String>,
    effective: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    rule: String,
    line: Option<u32>,
    #[serde(default)]
    also: Vec<u32>,
}

impl Wanted {
    /// Whether a finding is this one: on one of its lines, two up or down.
    fn is(&self, found: &Finding) -> bool {
        let near = |line: u32| line.abs_diff(found.line) <= 2;
        self.rule == found.rule
            && self.line.is_none_or(|line| near(line) || self.also.iter().copied().any(near))
    }
}

impl Expected {
    pub(crate) fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("what is expected can be read");
        toml::from_str(&text).expect("it is as it should be")
    }
}

#[derive(Default)]
struct Tally {
    expected: usize,
    found: usize,
    right: usize,
}

/// How far it agrees.
#[derive(Default)]
pub(crate) struct Measured {
    rules: BTreeMap<String, Tally>,
    texts: BTreeMap<String, Tally>,
    missed: Vec<String>,
    falsely: Vec<String>,
    facts: usize,
    pub(crate) wrong_facts: Vec<String>,
}

impl Measured {
    pub(crate) fn add(&mut self, policy: &Policy, text: &str) {
        let law = korea().on(law::date(&policy.date).expect("a day"));
        let published = read(text);
        self.compare_facts(policy, &published);
        let mut findings = check(&published, law);
        for wanted in &policy.findings {
            let hit = findings.iter().position(|it| wanted.is(it));
            for tally in self.tallies(&policy.file, &wanted.rule) {
                tally.expected += 1;
                tally.right += usize::from(hit.is_some());
                tally.found += usize::from(hit.is_some());
            }
            match hit {
                Some(at) => drop(findings.remove(at)),
                None => {
                    let line = wanted.line.map_or("-".into(), |it| it.to_string());
                    self.missed.push(format!("{}:{line} {}", policy.file, wanted.rule));
                }
            }
        }
        for found in findings {
            self.falsely
                .push(format!("{}:{} {}: {}", policy.file, found.line, found.rule, found.en));
            for tally in self.tallies(&policy.file, found.rule) {
                tally.found += 1;
            }
        }
    }

    fn tallies(&mut self, file: &str, rule: &str) -> [&mut Tally; 2] {
        [
            self.rules.entry(rule.to_owned()).or_default(),
            self.texts.entry(file.to_owned()).or_default(),
        ]
    }

    fn compare_facts(&mut self, policy: &Policy, read: &Published) {
        let mut check = |name: &str, wanted: String, got: String| {
            if policy.skip.iter().any(|it| it == name) {
                return;
            }
            self.facts += 1;
            if wanted != got {
                self.wrong_facts.push(format!("{} {name}: {got}, not {wanted}", policy.file));
            }
        };
        let shown = |it: &dyn fmt::Debug| format!("{it:?}");
        let institution = read.institution.as_ref().map(|it| it.value.clone());
        check("institution", shown(&policy.institution), shown(&institution));
        check("cameras_total", shown(&policy.cameras_total), shown(&read.cameras.total()));
        let stated = read.cameras.stated_total().map(|it| it.count);
        check("cameras_stated", shown(&policy.cameras_stated), shown(&stated));
        if let Some(groups) = &policy.groups {
            let wanted: Vec<(String, u32)> =
                groups.iter().map(|it| (plain(&it.name), it.cameras)).collect();
            let got: Vec<(String, u32)> =
                read.cameras.groups.iter().map(|it| (plain(&it.name), it.cameras)).collect();
            check("groups", shown(&wanted), shown(&got));
        }
        let days = read.retention.iter().filter(|it| !it.is_of_law).map(|it| it.days).max();
        check("retention_days_max", shown(&policy.retention_days_max), shown(&days));
        check("hours", policy.hours.clone().unwrap_or_default(), hours(read).into());
        let kinds = read.purposes.iter().flat_map(|it| &it.kinds).map(|it| it.word().to_owned());
        let wanted: BTreeSet<String> = policy.purposes.iter().flatten().cloned().collect();
        check("purposes", shown(&wanted), shown(&kinds.collect::<BTreeSet<_>>()));
        let places = |it: &mut dyn Iterator<Item = String>| it.collect::<BTreeSet<String>>();
        let wanted = places(&mut policy.storage_places.iter().flatten().map(|it| plain(it)));
        let kept = read.storage.iter().filter(|it| it.item != linter::Item::Safety);
        check(
            "storage_places",
            shown(&wanted),
            shown(&places(&mut kept.map(|it| plain(&it.text)))),
        );
        let processor = policy.processor.clone().unwrap_or_default();
        check("processor", processor, read.processor.outsourced.word().into());
        let day = |it: Option<time::Date>| it.map(|it| it.to_string());
        let got = read.versions.iter().filter(|it| it.announced.or(it.effective).is_some());
        let got: BTreeSet<_> = got.map(|it| (day(it.announced), day(it.effective))).collect();
        let wanted = policy.versions.iter().flatten();
        let wanted: BTreeSet<_> =
            wanted.map(|it| (it.announced.clone(), it.effective.clone())).collect();
        check("versions", shown(&wanted), shown(&got));
    }

    fn sums(&self) -> (usize, usize, usize) {
        let sum = |of: fn(&Tally) -> usize| self.rules.values().map(of).sum();
        (sum(|it| it.expected), sum(|it| it.found), sum(|it| it.right))
    }

    /// Of what was expected, so much was found, in hundredths.
    pub(crate) fn recall(&self) -> usize {
        let (expected, _, right) = self.sums();
        (right * 100).checked_div(expected).unwrap_or(100)
    }

    /// Of what was found, so much was expected, in hundredths.
    pub(crate) fn precision(&self) -> usize {
        let (_, found, right) = self.sums();
        (right * 100).checked_div(found).unwrap_or(100)
    }
}

/// A name without spaces and what stands in brackets: `탐지견 훈련센터(인천)` is `탐지견훈련센터`.
fn plain(text: &str) -> String {
    let text = text.split(['(', '[']).next().unwrap_or(text);
    text.chars().filter(|it| !it.is_whitespace()).collect()
}

fn hours(read: &Published) -> &'static str {
    let kinds: BTreeSet<HoursKind> = read.hours.iter().map(|it| it.kind).collect();
    match (kinds.contains(&HoursKind::AllDay), kinds.contains(&HoursKind::Schedule)) {
        (true, true) => "mixed",
        (true, false) => "24",
        (false, true) => "schedule",
        (false, false) => "unknown",
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "| rule | expected | found | right |\n| --- | --- | --- | --- |")?;
        for (rule, it) in &self.rules {
            writeln!(out, "| `{rule}` | {} | {} | {} |", it.expected, it.found, it.right)?;
        }
        for (text, it) in &self.texts {
            writeln!(
                out,
                "{text}: expected {}, found {}, right {}",
                it.expected, it.found, it.right
            )?;
        }
        let (expected, found, right) = self.sums();
        writeln!(
            out,
            "recall {}% ({right} of {expected}), precision {}% ({right} of {found}), facts {} of {}",
            self.recall(),
            self.precision(),
            self.facts - self.wrong_facts.len(),
            self.facts,
        )?;
        for (what, list) in
            [("missed", &self.missed), ("false", &self.falsely), ("fact", &self.wrong_facts)]
        {
            for one in list {
                writeln!(out, "{what}: {one}")?;
            }
        }
        Ok(())
    }
}
