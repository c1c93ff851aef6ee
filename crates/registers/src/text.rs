//! How times, cameras and people are written in a register.

use domain::WallTime;
use law::KOREA_AHEAD;

use crate::{EXPIRED, Names};

/// `2026-11-23 16:41:05` in Korea.
pub(crate) fn moment(at: WallTime) -> String {
    let text = (at + KOREA_AHEAD).to_string();
    text.get(..19).unwrap_or(&text).replace('T', " ")
}

/// `2026-11-23 16:41` in Korea.
#[must_use]
pub fn korean_minute(at: WallTime) -> String {
    let text = moment(at);
    text.get(..16).unwrap_or(&text).to_owned()
}

/// The same of a moment as records write it; what cannot be read stays as it is.
pub(crate) fn minute_of(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), korean_minute)
}

/// From when to when; the day is said once if it is the same.
pub(crate) fn span(from: &str, to: &str) -> String {
    let (from, to) = (minute_of(from), minute_of(to));
    let same_day = from.get(..10).is_some() && from.get(..10) == to.get(..10);
    let to = if same_day { to.get(11..).unwrap_or(&to) } else { &to };
    format!("{from} ~ {to}")
}

/// The same of moments.
pub(crate) fn span_of(from: WallTime, to: WallTime) -> String {
    span(&from.to_string(), &to.to_string())
}

/// `a`, `b` and what else there is, each in a line.
pub(crate) fn lines(texts: impl IntoIterator<Item = String>) -> String {
    texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
}

impl Names {
    /// What a camera is called, with its spot.
    pub(crate) fn camera(&self, id: &str) -> String {
        match self.cameras.get(id) {
            Some((name, spot)) if spot.is_empty() || spot == name => name.clone(),
            Some((name, spot)) => format!("{name} ({spot})"),
            None => format!("없어진 카메라 {id}"),
        }
    }

    /// What cameras are called, one in a line.
    pub(crate) fn cameras<'i>(&self, ids: impl IntoIterator<Item = &'i String>) -> String {
        lines(ids.into_iter().map(|id| self.camera(id)))
    }

    /// Who acted, as written in records: a person's name, or what part of the machine it was.
    pub(crate) fn actor(&self, actor: &str) -> String {
        if let Some(id) = actor.strip_prefix("person:") {
            return match self.accounts.get(id) {
                Some((name, _)) => name.clone(),
                None => format!("이름의 보관 기간이 지난 계정 {id}"),
            };
        }
        if let Some(uid) = actor.strip_prefix("os:") {
            return format!("녹화기 컴퓨터의 사용자 (uid {uid})");
        }
        match actor {
            "system:retention" => "자동 (보관 기간)".into(),
            "system:repair" => "자동 (정리)".into(),
            "system:recorder" => "자동 (녹화기)".into(),
            "unknown" => "확인되지 않은 사람".into(),
            "" => EXPIRED.into(),
            other => other.into(),
        }
    }

    /// The name to sign in with of who acted, if it is a person who has one.
    pub(crate) fn sign_in_name(&self, actor: &str) -> String {
        let known = actor.strip_prefix("person:").and_then(|id| self.accounts.get(id));
        known.map(|(_, name)| name.clone()).unwrap_or_default()
    }
}
