//! The form as it was typed: read from the body of a request, and each mistake said of its field.

use domain::{CameraId, Hold, MAX_SPAN_CAMERAS, WallTime};
use percent_encoding::percent_decode;
use rights::{AgentKind, Asked, LONGEST_LINE, LONGEST_REASON};

use crate::parcel::{Agent, Parcel, Person};
use crate::settings::Settings;
use crate::ticket::{Code, Receipt};

/// Fields of one body.
const MOST_FIELDS: usize = 300;
/// Characters that stay for the reason: the rest says how the answer is wanted.
pub(crate) const REASON_ROOM: usize = LONGEST_REASON - 40;

/// How the answer can be wanted: word, Korean, English.
pub(crate) const ANSWERS: [(&str, &str, &str); 3] = [
    ("telephone", "전화", "by telephone"),
    ("visit", "방문하여 수령", "picked up at the counter"),
    ("post", "우편", "by post"),
];

/// For whom somebody asks: word, Korean, English.
pub(crate) const FOR_WHOM: [(&str, &str, &str); 3] = [
    ("self", "본인", "Myself"),
    ("power-of-attorney", "위임장을 받은 대리인", "Somebody who gave me a power of attorney"),
    (
        "legal-representative",
        "법정대리인(14세 미만 아동의 부모 등)",
        "A child or another whose legal representative I am",
    ),
];

/// What can be asked: word, Korean, English.
pub(crate) const ASKS: [(&str, &str, &str); 3] = [
    (
        "existence",
        "존재확인: 내가 찍힌 영상이 있는지 확인",
        "Existence: whether there is footage of me",
    ),
    ("viewing", "열람: 영상을 보는 것", "Viewing: to see it"),
    ("deletion", "삭제: 영상을 지우는 것", "Deletion: that it is destroyed"),
];

/// What was typed, unchecked: names and values in their order.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Typed(Vec<(String, String)>);

/// Why a body is no form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body is no form in UTF-8")]
pub struct NoForm;

/// A mistake: at which field, and what to do, in Korean and English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The field's name.
    pub field: &'static str,
    /// In Korean.
    pub ko: String,
    /// In English.
    pub en: String,
}

impl Typed {
    /// Reads a body of `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    /// It has too many fields, or is not UTF-8.
    pub fn read(body: &[u8]) -> Result<Self, NoForm> {
        let mut fields = Vec::new();
        for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let at = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let (name, value) = (&pair[..at], pair.get(at + 1..).unwrap_or_default());
            fields.push((decoded(name)?, decoded(value)?));
            if fields.len() > MOST_FIELDS {
                return Err(NoForm);
            }
        }
        Ok(Self(fields))
    }

    /// The value of a field, without blanks at its ends; empty if it is not there.
    #[must_use]
    pub fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(it, _)| it == name).map_or("", |(_, value)| value.trim())
    }

    /// Whether a field has this among its values.
    #[must_use]
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.0.iter().any(|(it, one)| it == name && one == value)
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(it, _)| it == name).map(|(_, value)| value.as_str())
    }
}

fn decoded(text: &[u8]) -> Result<String, NoForm> {
    let blanks: Vec<u8> = text.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
    let bytes: Vec<u8> = percent_decode(&blanks).collect();
    // Browsers send lines with both characters.
    Ok(String::from_utf8(bytes).map_err(|_| NoForm)?.replace("\r\n", "\n"))
}

/// Collects what is wrong while it reads.
struct Checker<'a> {
    typed: &'a Typed,
    wrong: Vec<Mistake>,
}

/// What a form asks, with a new number of receipt and a new code.
///
/// # Errors
/// Everything that is wrong with it, in the order of the form.
pub(crate) fn check(
    typed: &Typed,
    settings: &Settings,
    now: WallTime,
) -> Result<(Receipt, Code, Parcel), Vec<Mistake>> {
    let mut it = Checker { typed, wrong: Vec::new() };
    let kind = it.kind();
    let requester = it.requester(now);
    let agent = kind.map(|kind| it.agent(kind));
    let asks = it.asks();
    let cameras = it.cameras(settings);
    let (from, until) = it.span(now);
    let reason = it.reason();
    if !typed.has("notice", "yes") {
        it.say("notice", "안내를 읽고 표시해 주십시오", "Read the notice and tick the box");
    }
    if !it.wrong.is_empty() {
        return Err(it.wrong);
    }
    let (receipt, code) = (Receipt::random(), Code::random());
    let parcel = Parcel {
        receipt: receipt.as_str().to_owned(),
        code: code.expose().to_owned(),
        sealed_at: now.to_string(),
        requester,
        agent,
        asks,
        cameras,
        from,
        until,
        reason,
    };
    Ok((receipt, code, parcel))
}

impl Checker<'_> {
    fn say(&mut self, field: &'static str, ko: &str, en: &str) {
        self.wrong.push(Mistake { field, ko: ko.to_owned(), en: en.to_owned() });
    }

    /// A field on one line.
    fn line(&mut self, field: &'static str, needed: Option<(&str, &str)>) -> String {
        let text = self.typed.one(field).to_owned();
        if text.chars().count() > LONGEST_LINE || text.chars().any(char::is_control) {
            let ko = format!("한 줄에 {LONGEST_LINE}자까지 적어 주십시오");
            let en = format!("Write one line of at most {LONGEST_LINE} characters");
            self.say(field, &ko, &en);
        } else if let Some((ko, en)) = needed.filter(|_| text.is_empty()) {
            self.say(field, ko, en);
        }
        text
    }

    /// By what right somebody asks for another; none if for himself, or if nothing was chosen.
    fn kind(&mut self) -> Option<AgentKind> {
        let word = self.typed.one("for").to_owned();
        let kind = AgentKind::from_word(&word);
        if kind.is_none() && word != "self" {
            self.say("for", "누구의 영상인지 골라 주십시오", "Choose for whom you ask");
        }
        kind
    }

    fn requester(&mut self, now: WallTime) -> Person {
        let name = self.line("name", Some(("성명을 적어 주십시오", "Write the name")));
        let needed = ("연락할 전화번호를 적어 주십시오", "Write a telephone number");
        let phone = self.line("phone", Some(needed));
        let born = self.line("born", None);
        let is_day = law::date(&born).is_ok_and(|day| day <= rights::day_in_korea(now));
        if !born.is_empty() && !is_day {
            let ko = "생년월일을 1980-01-31처럼 적거나 비워 두십시오";
            self.say("born", ko, "Write the date of birth like 1980-01-31, or leave it empty");
        }
        let needs_address = self.typed.one("answer") == "post";
        let needed = ("우편으로 받을 주소를 적어 주십시오", "Write the address for the answer");
        let address = self.line("address", needs_address.then_some(needed));
        Person { name, phone, born: Some(born).filter(|day| !day.is_empty()), address }
    }

    fn agent(&mut self, kind: AgentKind) -> Agent {
        let needed = ("대리인의 성명을 적어 주십시오", "Write the agent's name");
        let name = self.line("agent_name", Some(needed));
        let needed = ("대리인의 전화번호를 적어 주십시오", "Write the agent's telephone number");
        let phone = self.line("agent_phone", Some(needed));
        let needed = ("찍힌 사람과의 관계를 적어 주십시오", "Write what you are to that person");
        let relation = self.line("relation", Some(needed));
        let person = Person { name, phone, born: None, address: String::new() };
        Agent { kind: kind.word().to_owned(), person, relation }
    }

    fn asks(&mut self) -> Vec<String> {
        let typed = self.typed;
        let chosen = Asked::ALL.iter().map(|asked| asked.word());
        let asks: Vec<String> =
            chosen.filter(|word| typed.has("ask", word)).map(str::to_owned).collect();
        if asks.is_empty() {
            self.say("ask", "청구할 것을 하나 이상 골라 주십시오", "Choose at least one");
        }
        asks
    }

    fn cameras(&mut self, settings: &Settings) -> Vec<String> {
        let mut cameras: Vec<String> = Vec::new();
        for place in self.typed.all("place") {
            let known = place.parse::<usize>().ok().and_then(|at| settings.place.get(at));
            match known {
                Some(place) if !cameras.contains(&place.camera) => {
                    cameras.push(place.camera.clone());
                }
                _ => {}
            }
        }
        if cameras.is_empty() || cameras.len() > MAX_SPAN_CAMERAS {
            let most = MAX_SPAN_CAMERAS;
            let ko = format!("장소를 1곳에서 {most}곳까지 골라 주십시오");
            self.say("place", &ko, &format!("Choose 1 to {most} places"));
        }
        cameras
    }

    fn span(&mut self, now: WallTime) -> (String, String) {
        let mut moment = |field| {
            let read = moment(self.typed.one(field));
            if read.is_none() {
                let ko = "날짜와 시각을 2026-03-04 14:00처럼 적어 주십시오";
                self.say(field, ko, "Write day and time like 2026-03-04 14:00");
            }
            read
        };
        let (Some(from), Some(until)) = (moment("from"), moment("until")) else {
            return (String::new(), String::new());
        };
        if until > now {
            self.say("until", "아직 지나지 않은 시간입니다", "This time lies ahead");
        } else if Hold::fits(&[CameraId::from_bytes([0; 16])], (from, until)).is_err() {
            let ko = "끝은 시작보다 뒤여야 하고, 네 시간까지 청구할 수 있습니다";
            self.say("until", ko, "The end comes after the beginning, at most four hours later");
        }
        (from.to_string(), until.to_string())
    }

    /// With the way in which the answer is wanted, which the desk's form has no field for.
    fn reason(&mut self) -> String {
        let reason = self.typed.one("reason").to_owned();
        let has_control = reason.chars().any(|c| c.is_control() && c != '\n');
        if !(1..=REASON_ROOM).contains(&reason.chars().count()) || has_control {
            let ko =
                format!("사유와 알아볼 수 있는 특징을 1자에서 {REASON_ROOM}자까지 적어 주십시오");
            self.say("reason", &ko, &format!("Write 1 to {REASON_ROOM} characters"));
        }
        let word = self.typed.one("answer");
        let Some((_, ko, _)) = ANSWERS.iter().find(|(it, _, _)| *it == word) else {
            self.say(
                "answer",
                "답변을 받을 방법을 골라 주십시오",
                "Choose how you want the answer",
            );
            return reason;
        };
        format!("{reason}\n(답변 받을 방법: {ko})")
    }
}

/// A moment in Korea as a browser or a person writes it: `2026-03-04T14:00`.
fn moment(text: &str) -> Option<WallTime> {
    let text = text.trim().replacen(' ', "T", 1);
    if text.len() != "2026-03-04T14:00".len() {
        return None;
    }
    format!("{text}:00+09:00").parse().ok()
}

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;
