//! The published policy of this house: what was announced, which version is in force, what a draft
//! would become.
//!
//! What was announced is in the ledger, its description beside it as a public list: the policy in force
//! is what a reader of the log finds, not what a file on this machine says.

use access::{Grant, act};
use api::{
    ErrorCode, PolicyDifference, PolicyDraft, PolicyFinding, PolicyLine, PolicyLoosening,
    PolicyMended, PolicySign, PolicySignLine, PolicyView,
};
use domain::{Action, WallTime};
use host::Clock;
use law::KOREA_AHEAD;
use ledger::{Kind, Ledger, PolicyFact};
use policy::{
    Description, PlaceClass, Policy, Severity, Spot, Timetable, VersionState, loosenings,
};
use server::HouseError;
use time::Date;

use crate::edge::{failed, internal};
use crate::house::House;
use crate::register::time;
use crate::{Told, sentence};

/// A version that was announced.
pub(crate) struct Announced {
    pub(crate) fact: PolicyFact,
    pub(crate) described: Description,
    /// The file that it was read from.
    pub(crate) text: String,
    /// Its text.
    pub(crate) policy: Policy,
}

/// The day in Korea.
pub(crate) fn day_of(moment: WallTime) -> Date {
    let text = (moment + KOREA_AHEAD).to_string();
    law::date(&text[..10]).expect("a moment is written with its day first")
}

/// When a version begins: at midnight in Korea.
pub(crate) fn begins(fact: &PolicyFact) -> WallTime {
    let day: Option<WallTime> = format!("{}T00:00:00Z", fact.effective).parse().ok();
    day.map_or(fact.at, |midnight| midnight - KOREA_AHEAD)
}

/// The policy that follows from a description under the law of its first day.
pub(crate) fn policy_of(described: &Description, today: Date) -> Policy {
    Policy::of(described, law::korea().on(first_day(described).unwrap_or(today)))
}

fn first_day(described: &Description) -> Option<Date> {
    described.versions.last().and_then(|version| law::date(&version.effective).ok())
}

/// One version as it was announced.
pub(crate) fn announced(ledger: &Ledger, fact: PolicyFact) -> Told<Announced> {
    let path = format!("companion/{}", fact.companion.sha256);
    let bytes = ledger.published(&path);
    let bytes = bytes.ok_or_else(|| format!("the policy's description {path} is gone"))?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let described = Description::read(&text).map_err(sentence)?;
    let policy = policy_of(&described, day_of(fact.at));
    Ok(Announced { fact, described, text, policy })
}

/// The version in force, if one is.
pub(crate) fn in_force(house: &House) -> Told<Option<Announced>> {
    now_in_force(&house.ledger, &*house.clock)
        .map(|fact| announced(&house.ledger, fact))
        .transpose()
}

/// Which version is in force, if one is.
pub(crate) fn now_in_force(ledger: &Ledger, clock: &dyn Clock) -> Option<PolicyFact> {
    let facts = ledger.policies();
    let at = timetable(&facts).in_force(day_of(clock.wall()))?;
    facts.into_iter().nth(at)
}

fn timetable(facts: &[PolicyFact]) -> Timetable {
    let day = |fact: &PolicyFact| law::date(&fact.effective).unwrap_or(Date::MAX);
    Timetable::new(facts.iter().map(day).collect())
}

/// A version (if none is named, the one in force, else the newest) and all of them.
pub(crate) fn view(house: &House, version: Option<u64>) -> Result<PolicyView, HouseError> {
    let facts = house.ledger.policies();
    let today = day_of(house.clock.wall());
    let table = timetable(&facts);
    let versions = facts.iter().zip(table.states(today)).rev().map(|(fact, state)| {
        let state = match state {
            VersionState::Announced => api::PolicyState::Announced,
            VersionState::InForce => api::PolicyState::InForce,
            VersionState::Archived => api::PolicyState::Archived,
        };
        api::PolicyVersion {
            version: fact.version,
            entry: fact.number.to_string(),
            announced_at: time(fact.at),
            effective: fact.effective.clone(),
            state,
        }
    });
    let versions = versions.collect();
    let shown = match version {
        Some(version) => {
            let known = facts.into_iter().find(|fact| fact.version == version);
            Some(known.ok_or(HouseError::Unfit(ErrorCode::NotFound))?)
        }
        None => match table.in_force(today) {
            Some(at) => facts.into_iter().nth(at),
            None => facts.into_iter().next_back(),
        },
    };
    let shown = shown.map(|fact| announced(&house.ledger, fact)).transpose().map_err(internal)?;
    let document = shown.as_ref().map(|it| document(&it.policy)).transpose()?;
    let mended = shown.iter().flat_map(|it| &it.described.mended);
    let mended =
        mended.map(|it| PolicyMended { found: it.found.clone(), now: it.now.clone() }).collect();
    let lines = shown.iter().flat_map(|it| lines(&it.described)).collect();
    let signs = shown.iter().flat_map(|it| signs(&it.described, today)).collect();
    let unsigned = shown.iter().flat_map(|it| unsigned(&it.described)).collect();
    let before = shown.as_ref().and_then(|it| it.fact.version.checked_sub(1));
    let before = house.ledger.policies().into_iter().find(|fact| Some(fact.version) == before);
    let before = before.map(|fact| announced(&house.ledger, fact)).transpose().map_err(internal)?;
    let differences = before.iter().zip(&shown).flat_map(|(old, new)| changes(old, &new.policy));
    Ok(PolicyView {
        versions,
        document,
        mended,
        lines,
        reason: shown.as_ref().and_then(|it| it.described.versions.last()?.reason.clone()),
        differences: differences.collect(),
        signs,
        unsigned,
        shown: shown.map(|it| it.fact.version),
    })
}

fn changes(old: &Announced, new: &Policy) -> Vec<PolicyDifference> {
    let one = |it: policy::Difference| PolicyDifference {
        section: it.section,
        before: it.before,
        after: it.after,
    };
    policy::differences(&old.policy.paper, &new.paper).into_iter().map(one).collect()
}

fn lines(described: &Description) -> impl Iterator<Item = PolicyLine> {
    described.spots.iter().map(|spot| line(described, spot))
}

fn line(described: &Description, spot: &Spot) -> PolicyLine {
    let unit = described.unit(&spot.unit).map_or("", |unit| unit.name.as_str());
    let name = format!("{unit} · {}", spot.name);
    PolicyLine { id: spot.id.clone(), name, cameras: spot.cameras }
}

fn signs(described: &Description, today: Date) -> Vec<PolicySign> {
    let law = law::korea().on(first_day(described).unwrap_or(today));
    let covers = |unit: &str| -> Vec<PolicyLine> {
        let unit = described.unit(unit).into_iter();
        unit.flat_map(|it| described.covered_by_sign(it)).map(|it| line(described, it)).collect()
    };
    let one = |(unit, sign): (String, papers::Sign)| PolicySign {
        covers: covers(&unit),
        unit,
        title: sign.title,
        lines: sign
            .lines
            .into_iter()
            .map(|it| PolicySignLine { label: it.label, text: it.text })
            .collect(),
        url: sign.url,
    };
    policy::signs(described, law).into_iter().map(one).collect()
}

fn unsigned(described: &Description) -> impl Iterator<Item = PolicyLine> {
    let closed = described.spots.iter().filter(|spot| spot.class == PlaceClass::NonOpen);
    closed.map(|spot| line(described, spot))
}

fn document(policy: &Policy) -> Result<serde_json::Value, HouseError> {
    serde_json::to_value(policy.document()).map_err(internal)
}

/// What a description would become, and what stands against it.
pub(crate) fn draft(house: &House, text: &str) -> Result<PolicyDraft, HouseError> {
    let described = match Description::read(text) {
        Ok(described) => described,
        Err(error) => {
            return Ok(PolicyDraft {
                unreadable: Some(error.to_string()),
                findings: Vec::new(),
                loosenings: Vec::new(),
                differences: Vec::new(),
                can_be_announced: false,
                effective: None,
                document: None,
            });
        }
    };
    let judged = Judgement::of(house, &described)?;
    let policy = policy_of(&described, day_of(house.clock.wall()));
    let newest = newest(house)?;
    let document = document(&policy)?;
    Ok(PolicyDraft {
        unreadable: None,
        can_be_announced: judged.refusal().is_none(),
        findings: judged.findings,
        loosenings: judged.loosenings,
        differences: newest.map(|old| changes(&old, &policy)).unwrap_or_default(),
        effective: described.versions.last().map(|version| version.effective.clone()),
        document: Some(document),
    })
}

/// The version that was announced last.
fn newest(house: &House) -> Result<Option<Announced>, HouseError> {
    let fact = house.ledger.policies().into_iter().next_back();
    fact.map(|fact| announced(&house.ledger, fact)).transpose().map_err(internal)
}

/// What was found, for the wire.
fn finding(it: policy::Finding) -> PolicyFinding {
    PolicyFinding {
        severity: match it.severity {
            Severity::Warning => api::Severity::Warning,
            Severity::Error => api::Severity::Error,
        },
        rule: it.rule.into(),
        at: it.at,
        text_ko: it.ko,
        text_en: it.en,
        article: it.article.into(),
    }
}

/// What stands against publishing a description under a law, for the wire: of itself, and of the text
/// that follows from it.
pub(crate) fn findings(described: &Description, law: law::Law<'_>) -> Vec<PolicyFinding> {
    let published = linter::from_description(described, law);
    let of_its_text = linter::check(&published, law).into_iter().filter_map(of_text);
    described.findings(law).into_iter().map(finding).chain(of_its_text).collect()
}

/// What the linter found, for the wire; how something is written stops and warns nobody there.
fn of_text(it: linter::Finding) -> Option<PolicyFinding> {
    let severity = match it.severity {
        linter::Severity::Style => return None,
        linter::Severity::Warning => api::Severity::Warning,
        linter::Severity::Error => api::Severity::Error,
    };
    Some(PolicyFinding {
        severity,
        rule: it.rule.into(),
        at: it.section,
        text_ko: it.ko,
        text_en: it.en,
        article: it.law.into(),
    })
}

/// What stands against announcing a description.
pub(crate) struct Judgement {
    findings: Vec<PolicyFinding>,
    pub(crate) loosenings: Vec<PolicyLoosening>,
}

impl Judgement {
    pub(crate) fn of(house: &House, described: &Description) -> Result<Self, HouseError> {
        let today = day_of(house.clock.wall());
        let law = law::korea().on(first_day(described).unwrap_or(today));
        let mut findings = findings(described, law);
        let Some(before) = newest(house)? else {
            return Ok(Self { findings, loosenings: Vec::new() });
        };
        findings
            .extend(described.findings_after(&before.described, today).into_iter().map(finding));
        findings.extend(not_of_today(described, today));
        let loosening = |it: policy::Loosening| PolicyLoosening { text_ko: it.ko, text_en: it.en };
        let loosenings =
            loosenings(&before.described, described).into_iter().map(loosening).collect();
        Ok(Self { findings, loosenings })
    }

    pub(crate) fn refusal(&self) -> Option<ErrorCode> {
        if self.findings.iter().any(|finding| finding.severity == api::Severity::Error) {
            return Some(ErrorCode::PolicyUnfit);
        }
        (!self.loosenings.is_empty()).then_some(ErrorCode::PolicyLooser)
    }
}

/// A change is announced here and now, so it says so; the first version may have been published long
/// before there was a recorder.
fn not_of_today(described: &Description, today: Date) -> Option<PolicyFinding> {
    let announced = described.versions.last().and_then(|version| version.announced.as_deref());
    (announced.and_then(|day| law::date(day).ok()) != Some(today)).then(|| PolicyFinding {
        severity: api::Severity::Error,
        rule: "announced-today".into(),
        at: "version".into(),
        text_ko: format!("새 방침의 공고일은 오늘({today})이어야 합니다."),
        text_en: format!("A new version is announced today ({today})."),
        article: "Guide 36(1)".into(),
    })
}

/// Announces a version.
pub(crate) async fn announce(
    house: &House,
    grant: &Grant<act::AnnouncePolicy>,
    text: &str,
) -> Result<PolicyView, HouseError> {
    grant.check().map_err(|error| failed(ErrorCode::Forbidden)(error.into()))?;
    if grant.action() != Action::AnnouncePolicy {
        return Err(HouseError::Unfit(ErrorCode::Forbidden));
    }
    let described =
        Description::read(text).map_err(|error| failed(ErrorCode::PolicyUnfit)(error.into()))?;
    if let Some(code) = Judgement::of(house, &described)?.refusal() {
        return Err(HouseError::Unfit(code));
    }
    enter(&house.ledger, &described, text).await.map_err(internal)?;
    view(house, None)
}

/// The lines of a description, which become its companion: so the companion is the file.
pub(crate) fn lines_of(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// Enters it.
pub(crate) async fn enter(ledger: &Ledger, described: &Description, text: &str) -> Told<()> {
    let lines = lines_of(text);
    let companion = tokio::task::block_in_place(|| ledger.keep_companion(&lines));
    let effective = described.versions.last().ok_or("a description has a version")?;
    let kind = Kind::Policy {
        version: ledger.policies().iter().map(|fact| fact.version).max().unwrap_or(0) + 1,
        effective: effective.effective.clone(),
        companion: companion.map_err(sentence)?,
    };
    ledger.append(vec![kind.into()]).await.map(drop).map_err(sentence)
}

/// The policy of a demo's institution: there is no person yet who could announce it, and it is as fit as
/// any other.
pub(crate) async fn announce_for_demo(house: &House, text: &str) -> Told<()> {
    if !house.ledger.policies().is_empty() {
        return Ok(());
    }
    let described = Description::read(text).map_err(sentence)?;
    let judged = Judgement::of(house, &described).map_err(|_| "the sample cannot be judged")?;
    if let Some(finding) = judged.findings.iter().find(|it| it.severity == api::Severity::Error) {
        return Err(format!("the sample is unfit: {}: {}", finding.at, finding.text_en));
    }
    enter(&house.ledger, &described, text).await
}
