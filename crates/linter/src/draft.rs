//! A published policy to the draft of a description: what was read, what was assumed and what is asked.
//!
//! Nothing is invented. What the text does not say is left empty, and an empty value blocks publication;
//! names of persons are never taken over. Each line of the draft says where it comes from.

mod keeping;
mod people;
mod questions;
mod spots;

use std::collections::BTreeMap;
use std::fmt::Write as _;

pub use self::questions::Choice;
use crate::{Measure, Outsourced, Published, PurposeKind};

/// Where a value of a draft comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It stands in the text, on this line.
    Read(u32),
    /// Somebody answered it.
    Answered,
    /// It follows from the text or from the law, and somebody should look.
    Assumed,
    /// The text does not say: somebody has to.
    Asked,
}

/// What can be answered to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Words on one line; several with commas where it is a list.
    Text,
    /// A whole number.
    Number,
    /// A day, `2026-11-23`.
    Date,
    /// One of the choices.
    Choice,
}

/// A value of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its key with its table: `unit headquarters.storage`. No two are the same.
    pub path: String,
    /// Where it comes from.
    pub mark: Mark,
    /// What can be answered.
    pub kind: FieldKind,
    /// As it stands in the draft; empty if it is asked.
    pub value: String,
    /// What it is called, in Korean.
    pub ko: String,
    /// The same in English.
    pub en: String,
    /// What it belongs to, in Korean: a line of cameras with its name.
    pub of_ko: String,
    /// The same in English.
    pub of_en: String,
    /// What can be chosen; empty for any answer.
    pub choices: Vec<Choice>,
}

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// A description as TOML, with a comment behind each value (docs/formats/institution.md).
    pub toml: String,
    /// The same marks, in order.
    pub fields: Vec<Field>,
}

/// Makes the draft, with what was answered of its fields by their paths. An answer to a path that there
/// is not, or that cannot be its value, changes nothing.
#[must_use]
pub fn draft(published: &Published, answers: &BTreeMap<String, String>) -> Draft {
    let mut writer = Writer {
        answers,
        toml: String::new(),
        table: String::new(),
        again: BTreeMap::new(),
        fields: Vec::new(),
    };
    institution(published, &mut writer);
    let purposes = purposes(published, &mut writer);
    let places = keeping::places(published, &mut writer);
    let posts = people::posts(published, &mut writer);
    let units = keeping::units(published, &places, &posts, &mut writer);
    spots::spots(published, &units, &purposes, &mut writer);
    processor(published, &mut writer);
    requests(published, &mut writer);
    measures(published, &mut writer);
    versions(published, &mut writer);
    let (toml, mut fields) = (writer.toml, writer.fields);
    questions::ask(&mut fields);
    Draft { toml, fields }
}

/// Writes keys with their marks.
struct Writer<'a> {
    answers: &'a BTreeMap<String, String>,
    toml: String,
    table: String,
    /// How often a table without a word of its own came.
    again: BTreeMap<String, usize>,
    fields: Vec<Field>,
}

impl Writer<'_> {
    /// Begins a table: `[[unit]]`, with the word that tells it from others.
    fn table(&mut self, header: &str, id: Option<&str>) {
        let bare = header.trim_matches(['[', ']']);
        self.table = match id {
            Some(id) => format!("{bare} {id}"),
            None if header.starts_with("[[") => {
                let count = self.again.entry(bare.to_owned()).or_default();
                *count += 1;
                format!("{bare} {count}")
            }
            None => bare.to_owned(),
        };
        self.line(&format!("\n{header}"));
        if let Some(id) = id {
            self.line(&format!("id = \"{id}\""));
        }
    }

    fn line(&mut self, line: &str) {
        self.toml.push_str(line);
        self.toml.push('\n');
    }

    fn set(&mut self, key: &str, value: &toml::Value, mark: Mark) {
        let path = format!("{}.{key}", self.table);
        let answer = self.answers.get(&path).and_then(|answer| answered(value, answer));
        let (value, mark) = answer.map_or((value.clone(), mark), |it| (it, Mark::Answered));
        let comment = match mark {
            Mark::Read(line) => format!("read: line {line}"),
            Mark::Answered => "answered".to_owned(),
            Mark::Assumed => "assumed".to_owned(),
            Mark::Asked => "asked".to_owned(),
        };
        writeln!(self.toml, "{key} = {value} # {comment}").expect("a string takes every text");
        self.fields.push(Field {
            path,
            mark,
            kind: if value.is_integer() { FieldKind::Number } else { FieldKind::Text },
            value: if mark == Mark::Asked { String::new() } else { shown(&value) },
            ko: String::new(),
            en: String::new(),
            of_ko: String::new(),
            of_en: String::new(),
            choices: Vec::new(),
        });
    }

    /// A text; one that nobody read is asked for.
    fn text(&mut self, key: &str, value: Option<(&str, u32)>) {
        match value.filter(|(text, _)| !text.trim().is_empty() && !text.contains('○')) {
            Some((text, line)) => {
                self.set(key, &toml::Value::from(one_line(text)), Mark::Read(line));
            }
            None => self.set(key, &toml::Value::from(""), Mark::Asked),
        }
    }

    fn number(&mut self, key: &str, value: u32, mark: Mark) {
        self.set(key, &toml::Value::from(i64::from(value)), mark);
    }
}

/// An answer as a value of the same type; nothing if it cannot be one, or is none.
fn answered(value: &toml::Value, answer: &str) -> Option<toml::Value> {
    let answer = one_line(answer);
    if answer.is_empty() {
        return None;
    }
    match value {
        toml::Value::Integer(_) => {
            answer.parse::<u16>().ok().map(|number| toml::Value::from(i64::from(number)))
        }
        toml::Value::Boolean(_) => answer.parse::<bool>().ok().map(toml::Value::from),
        toml::Value::Array(_) => {
            let words = answer.split(',').map(|word| toml::Value::from(word.trim()));
            Some(toml::Value::Array(words.collect()))
        }
        _ => Some(toml::Value::from(answer)),
    }
}

/// A value as somebody would answer it.
fn shown(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Array(words) => words.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// A text without tabs and breaks, which a string of one line cannot hold.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn institution(published: &Published, writer: &mut Writer<'_>) {
    writer.line("# A draft, made of a published policy. Behind each value stands whether it was read in the text,");
    writer.line("# assumed, or is asked: fill what is asked, look at what is assumed.");
    writer.table("[institution]", None);
    let name = published.institution.as_ref();
    writer.text("name", name.map(|it| (it.value.as_str(), it.line)));
    match (&published.short, name) {
        (Some(short), _) => writer.text("short", Some((&short.value, short.line))),
        (None, Some(name)) => {
            writer.set("short", &toml::Value::from(name.value.clone()), Mark::Assumed);
        }
        (None, None) => writer.text("short", None),
    }
    writer.text("name_en", None);
    writer.text("head", None);
    writer.table("[institution.address]", None);
    writer.text("text", published.addresses.first().map(|it| (it.text.as_str(), it.line)));
}

/// The purposes; gives their words.
fn purposes(published: &Published, writer: &mut Writer<'_>) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for purpose in &published.purposes {
        let kind = purpose.kinds.first().copied().unwrap_or(PurposeKind::Other);
        let same = ids.iter().filter(|it| {
            it.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-') == kind.word()
        });
        let id = match same.count() {
            0 => kind.word().to_owned(),
            count => format!("{}-{}", kind.word(), count + 1),
        };
        writer.table("[[purpose]]", Some(&id));
        writer.text("text", Some((&purpose.text, purpose.line)));
        writer.set("ground", &toml::Value::from(ground(kind)), Mark::Assumed);
        if ground(kind) == "ground-1" {
            let statute =
                published.citations.iter().find(|it| !it.law.starts_with("개인정보보호법"));
            let named = statute.map(|it| {
                let article = it.article.map_or(String::new(), |number| format!(" 제{number}조"));
                (format!("{}{article}", it.law), it.line)
            });
            writer.text("statute", named.as_ref().map(|(text, line)| (text.as_str(), *line)));
        }
        ids.push(id);
    }
    if ids.is_empty() {
        writer.table("[[purpose]]", Some("purpose"));
        writer.text("text", None);
        writer.text("ground", None);
        ids.push("purpose".into());
    }
    ids
}

/// The ground of Act 25(1) for a kind of purpose.
const fn ground(kind: PurposeKind) -> &'static str {
    match kind {
        PurposeKind::CrimePrevention | PurposeKind::Parking | PurposeKind::Waste => "ground-2",
        PurposeKind::FacilitySafety
        | PurposeKind::Fire
        | PurposeKind::AccessControl
        | PurposeKind::Disaster
        | PurposeKind::Other => "ground-3",
        PurposeKind::TrafficEnforcement => "ground-4",
        PurposeKind::TrafficInformation => "ground-5",
        PurposeKind::Statistics => "ground-6",
        PurposeKind::Statute => "ground-1",
    }
}

fn processor(published: &Published, writer: &mut Writer<'_>) {
    let read = &published.processor;
    writer.table("[processor]", None);
    let line = read.companies.first().map(|it| it.line).or(read.says_no).or(read.says_yes);
    let mark = match (read.outsourced, line) {
        (Outsourced::Unknown, _) | (_, None) => Mark::Asked,
        (_, Some(line)) => Mark::Read(line),
    };
    writer.set("outsourced", &toml::Value::from(read.outsourced.word()), mark);
    let mut named: Vec<&str> = Vec::new();
    for company in read.companies.iter().filter(|it| !it.name.contains('○')) {
        if named.contains(&company.name.as_str()) || read.outsourced == Outsourced::No {
            continue;
        }
        named.push(&company.name);
        writer.table("[[processor.company]]", None);
        writer.text("name", Some((&company.name, company.line)));
        writer.text("contact", company.contact.as_deref().map(|it| (it, company.line)));
        writer.text("work", company.work.as_deref().map(|it| (it, company.line)));
    }
}

fn requests(published: &Published, writer: &mut Writer<'_>) {
    use crate::DeadlineOf;
    const MOST_DAYS: u32 = 10;
    writer.table("[requests]", None);
    let days =
        |of: DeadlineOf| published.deadlines.iter().find(|it| it.of == of && it.days.is_some());
    for (key, of) in [("answer_days", DeadlineOf::Action), ("refusal_days", DeadlineOf::Refusal)] {
        match days(of) {
            Some(it) => writer.number(key, it.days.unwrap_or(MOST_DAYS), Mark::Read(it.line)),
            None => writer.number(key, MOST_DAYS, Mark::Assumed),
        }
    }
    let at_once =
        published.deadlines.iter().find(|it| it.of == DeadlineOf::Action && it.without_delay);
    let mark = at_once.map_or(Mark::Assumed, |it| Mark::Read(it.line));
    writer.set("without_delay", &toml::Value::from(at_once.is_some()), mark);
    let urgent = published.source.squeezed().find("급박한생명");
    writer.set(
        "urgent_interest",
        &toml::Value::from(urgent.is_some()),
        urgent.map_or(Mark::Assumed, Mark::Read),
    );
}

fn measures(published: &Published, writer: &mut Writer<'_>) {
    writer.table("[safety]", None);
    let mut words: Vec<&str> = Vec::new();
    for measure in &published.measures {
        let word = match measure.value {
            Measure::Plan => "plan",
            Measure::GradedAccess => "graded-access",
            Measure::Encryption | Measure::SafeTransfer => "encryption",
            Measure::ViewingRecords => "viewing-records",
            Measure::CertainComputers => "certain-computers",
            Measure::Locks | Measure::Facility => "locked-room",
            Measure::ControlledArea => "controlled-area",
            Measure::Supervision => "supervision",
            Measure::Password | Measure::Software => continue,
        };
        if !words.contains(&word) {
            words.push(word);
        }
    }
    let mark = published.measures.first().map_or(Mark::Asked, |it| Mark::Read(it.line));
    writer.set("measures", &toml::Value::from(words), mark);
    writer.table("[notice]", None);
    match &published.notice_days {
        Some(days) => writer.number("days", days.value, Mark::Read(days.line)),
        None => writer.number("days", 0, Mark::Assumed),
    }
}

/// The versions, the oldest first.
fn versions(published: &Published, writer: &mut Writer<'_>) {
    let mut versions: Vec<_> = published
        .versions
        .iter()
        .filter_map(|it| Some((it.effective?, it.announced, it.line)))
        .collect();
    versions.sort_unstable();
    versions.dedup_by_key(|it| it.0);
    for (effective, announced, line) in &versions {
        writer.table("[[version]]", None);
        if let Some(announced) = announced {
            writer.set("announced", &toml::Value::from(announced.to_string()), Mark::Read(*line));
        }
        writer.set("effective", &toml::Value::from(effective.to_string()), Mark::Read(*line));
    }
    if versions.is_empty() {
        writer.table("[[version]]", None);
        writer.text("effective", None);
    }
}
