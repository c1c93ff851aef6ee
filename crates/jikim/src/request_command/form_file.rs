//! A request as somebody wrote it into a file (`docs/formats/request.md`): read, and each mistake told with its
//! line before anything is sent.

use std::collections::BTreeSet;

use api::{RequestAgentKind, RequestAsked, RequestChannel, Time};
use domain::WallTime;
use rights::{FormError, LONGEST_LINE, LONGEST_REASON};
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use crate::Told;
use crate::request_view::form_from;

/// Bytes of the longest file.
pub(super) const MAX_FILE_BYTES: usize = 64 << 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    channel: Spanned<String>,
    asks: Spanned<Vec<String>>,
    cameras: Spanned<Vec<String>>,
    from: Spanned<Datetime>,
    until: Spanned<Datetime>,
    reason: Spanned<String>,
    requester: Spanned<WrittenPerson>,
    agent: Option<Spanned<WrittenAgent>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPerson {
    name: Spanned<String>,
    phone: Spanned<String>,
    born: Option<Spanned<Datetime>>,
    address: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenAgent {
    kind: Spanned<String>,
    relation: Spanned<String>,
    name: Spanned<String>,
    phone: Spanned<String>,
    born: Option<Spanned<Datetime>>,
    address: Option<Spanned<String>>,
}

/// A camera of the recorder: id and name.
pub(super) type Known<'a> = (&'a api::Id, &'a str);

/// A request in a file, of which the cameras are not known yet.
pub(super) struct FormFile {
    text: String,
    written: Written,
    form: api::NewRequest,
}

impl FormFile {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// The first mistake, with its line.
    pub(super) fn read(text: String) -> Told<Self> {
        let written: Written = toml::from_str(&text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let what = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
            at_line(&text, at, "이 줄을 고치십시오", &what)
        })?;
        let form = Reader(&text).form(&written)?;
        Ok(Self { form, written, text })
    }

    /// The request, once it is known which cameras the recorder has and what time it is.
    ///
    /// # Errors
    /// The first mistake, with its line.
    pub(super) fn request(mut self, known: &[Known<'_>], now: WallTime) -> Told<api::NewRequest> {
        let reader = Reader(&self.text);
        for camera in &mut self.form.cameras {
            *camera = found(&camera.0, known)
                .map_err(|(ko, en)| reader.told(&self.written.cameras, &ko, &en))?;
        }
        let fits = form_from(&self.form).ok_or_else(|| {
            reader.told(&self.written.requester, "칸을 고치십시오", "correct the fields")
        })?;
        let checked = rights::Request::new(fits, now);
        checked.map_err(|error| reader.unfit(&self.written, &self.form.cameras, error))?;
        Ok(self.form)
    }
}

/// The camera of an id or a name.
pub(super) fn found(word: &str, known: &[Known<'_>]) -> Result<api::Id, (String, String)> {
    let mut fits = known.iter().filter(|(id, name)| id.0 == word || *name == word);
    match (fits.next(), fits.next()) {
        (Some((id, _)), None) => Ok((*id).clone()),
        (None, _) => Err((
            format!("‘{word}’ 카메라가 없습니다. `jikim camera list`의 이름이나 id를 적으십시오"),
            format!("there is no camera {word}: write a name or an id of jikim camera list"),
        )),
        (Some(_), Some(_)) => Err((
            format!("이름이 ‘{word}’인 카메라가 둘 이상입니다. id로 적으십시오"),
            format!("several cameras are called {word}: write the id"),
        )),
    }
}

/// Says where in the text a mistake is.
struct Reader<'a>(&'a str);

impl Reader<'_> {
    fn told<T>(&self, at: &Spanned<T>, ko: &str, en: &str) -> String {
        at_line(self.0, at.span().start, ko, en)
    }

    fn form(&self, written: &Written) -> Told<api::NewRequest> {
        let channel =
            self.word(&written.channel, RequestChannel::from_word, RequestChannel::ALL, |it| {
                it.word()
            })?;
        let mut asks = Vec::new();
        for word in written.asks.get_ref() {
            let asked = RequestAsked::from_word(word).filter(|asked| !asks.contains(asked));
            asks.push(asked.ok_or_else(|| {
                let ko = "asks에는 existence, viewing, deletion을 한 번씩만 적습니다";
                self.told(&written.asks, ko, "asks has existence, viewing, deletion, each once")
            })?);
        }
        let requester = written.requester.get_ref();
        let agent = written.agent.as_ref().map(|agent| self.agent(agent.get_ref())).transpose()?;
        Ok(api::NewRequest {
            requester: api::RequestPerson {
                name: self.line(&requester.name)?,
                phone: self.line(&requester.phone)?,
                born: self.day(requester.born.as_ref())?,
                address: self.maybe_line(requester.address.as_ref())?,
            },
            agent,
            asks,
            cameras: written.cameras.get_ref().iter().map(|word| api::Id(word.clone())).collect(),
            from: self.moment(&written.from)?,
            until: self.moment(&written.until)?,
            reason: written.reason.get_ref().trim().to_owned(),
            channel,
            front: None,
        })
    }

    fn agent(&self, agent: &WrittenAgent) -> Told<api::RequestAgent> {
        let kind =
            self.word(&agent.kind, RequestAgentKind::from_word, RequestAgentKind::ALL, |it| {
                it.word()
            })?;
        Ok(api::RequestAgent {
            kind,
            person: api::RequestPerson {
                name: self.line(&agent.name)?,
                phone: self.line(&agent.phone)?,
                born: self.day(agent.born.as_ref())?,
                address: self.maybe_line(agent.address.as_ref())?,
            },
            relation: self.line(&agent.relation)?,
        })
    }

    /// One of a closed set.
    fn word<T: Copy>(
        &self,
        written: &Spanned<String>,
        read: impl Fn(&str) -> Option<T>,
        all: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Told<T> {
        read(written.get_ref()).ok_or_else(|| {
            let words = all.iter().map(|it| word(*it)).collect::<Vec<_>>().join(", ");
            let ko = format!("다음 가운데 하나를 적으십시오: {words}");
            self.told(written, &ko, &format!("write one of {words}"))
        })
    }

    fn line(&self, written: &Spanned<String>) -> Told<String> {
        let line = written.get_ref().trim();
        if line.chars().count() > LONGEST_LINE || line.chars().any(char::is_control) {
            let ko = format!("한 줄에 {LONGEST_LINE}자까지 적으십시오");
            let en = format!("write it on one line of at most {LONGEST_LINE} characters");
            return Err(self.told(written, &ko, &en));
        }
        Ok(line.to_owned())
    }

    fn maybe_line(&self, written: Option<&Spanned<String>>) -> Told<String> {
        written.map(|line| self.line(line)).transpose().map(Option::unwrap_or_default)
    }

    fn day(&self, written: Option<&Spanned<Datetime>>) -> Told<Option<String>> {
        let Some(written) = written else { return Ok(None) };
        match written.get_ref() {
            Datetime { date: Some(date), time: None, offset: None } => Ok(Some(date.to_string())),
            _ => Err(self.told(
                written,
                "날짜만 1980-01-31처럼 적으십시오",
                "write a day like 1980-01-31",
            )),
        }
    }

    /// Without an offset the time in Korea, which has had the same since 1988.
    fn moment(&self, written: &Spanned<Datetime>) -> Told<Time> {
        let text = match written.get_ref() {
            it @ Datetime { date: Some(_), time: Some(_), offset } => {
                format!("{it}{}", if offset.is_none() { "+09:00" } else { "" })
            }
            _ => String::new(),
        };
        let moment: Option<WallTime> = text.parse().ok();
        moment.map(|moment| Time(moment.to_string())).ok_or_else(|| {
            let ko = "때를 2025-03-04T14:00:00처럼 적으십시오";
            self.told(written, ko, "write a moment like 2025-03-04T14:00:00")
        })
    }

    /// What makes it no request, at the line that has to be changed.
    fn unfit(&self, written: &Written, cameras: &[api::Id], error: FormError) -> String {
        let requester = written.requester.get_ref();
        let agent = written.agent.as_ref().map(Spanned::get_ref);
        let is_empty = |line: &&Spanned<String>| line.get_ref().trim().is_empty();
        let en = error.to_string();
        match error {
            FormError::Requester => {
                let empty = [&requester.name, &requester.phone].into_iter().find(is_empty);
                let at = empty.unwrap_or(&requester.name);
                self.told(at, "청구인의 성명과 연락처를 적으십시오", &en)
            }
            FormError::Agent => {
                let lines = agent.map(|it| [&it.name, &it.phone, &it.relation]);
                let empty = lines.into_iter().flatten().find(is_empty);
                let at = empty.unwrap_or(&requester.name);
                self.told(at, "대리인의 성명과 연락처, 청구인과의 관계를 적으십시오", &en)
            }
            FormError::NothingAsked => {
                self.told(&written.asks, "청구 내용을 하나 이상 적으십시오", &en)
            }
            FormError::Footage => {
                let distinct: BTreeSet<_> = cameras.iter().collect();
                let are_fit = (1..=9).contains(&cameras.len()) && distinct.len() == cameras.len();
                let at = if are_fit { written.from.span() } else { written.cameras.span() };
                let ko =
                    "카메라는 1대에서 9대까지 한 번씩, 시간은 분 단위로 네 시간까지 적으십시오";
                at_line(self.0, at.start, ko, &en)
            }
            FormError::Ahead => self.told(&written.until, "아직 지나지 않은 시간입니다", &en),
            FormError::Reason => {
                let ko = format!("목적과 사유를 1자에서 {LONGEST_REASON}자까지 적으십시오");
                self.told(&written.reason, &ko, &en)
            }
            FormError::Born => {
                let agents = agent.and_then(|it| it.born.as_ref());
                let at = requester.born.as_ref().or(agents).map_or(0, |born| born.span().start);
                at_line(self.0, at, "생년월일이 오늘보다 뒤입니다", &en)
            }
            FormError::Line => self.told(&written.requester, "각 칸은 한 줄로 적으십시오", &en),
        }
    }
}

fn at_line(text: &str, at: usize, ko: &str, en: &str) -> String {
    let line = text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
    format!("{line}번째 줄: {ko}. · Line {line}: {en}.")
}

#[cfg(test)]
#[path = "form_file_tests.rs"]
mod tests;
