//! What the ledger says was destroyed in a span: rotations with their epochs, counts and
//! commitments, whether they were due, and under which intent and proposal.
//!
//! That a key was overwritten no ledger can prove: it proves that this was said, when, and of which
//! keys, so that whoever has the disk can look for them ([`crate::disk`]).

use domain::{EntryNumber, WallTime};
use serde_json::{Value, json};

use crate::ledger::{Audit, Destruction, History};
use crate::{Report, to_hex};

/// From a moment to a moment, which is no part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub from: WallTime,
    /// The first that is past it.
    pub to: WallTime,
}

/// What is wrong with a written span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a span is written as FROM..TO, each a day (2026-11-22) or a moment (2026-11-22T09:00:00Z); \
     a day as its end is part of it"
)]
pub struct SpanError;

impl std::str::FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let (from, to) = text.split_once("..").ok_or(SpanError)?;
        let day = |text: &str| format!("{text}T00:00:00Z").parse::<WallTime>().ok();
        let from = from.parse().ok().or_else(|| day(from)).ok_or(SpanError)?;
        let a_day = std::time::Duration::from_secs(24 * 60 * 60);
        let to = to.parse().ok().or_else(|| Some(day(to)? + a_day)).ok_or(SpanError)?;
        if from < to { Ok(Self { from, to }) } else { Err(SpanError) }
    }
}

/// What was destroyed in the span, beside what the audit of the ledger found.
#[must_use]
pub fn report(audit: Audit, span: Span) -> Report {
    let Audit { mut report, history, .. } = audit;
    let inside = |time: WallTime| span.from <= time && time < span.to;
    let rotations: Vec<&Destruction> =
        history.destroyed.iter().filter(|gone| inside(gone.list.time)).collect();
    report.fact("from", ("부터", "from"), span.from.to_string());
    report.fact("to", ("까지", "to"), span.to.to_string());
    let sum = |early: bool| {
        let these = rotations.iter().filter(|gone| reason(gone) == word(early));
        these.map(|gone| gone.count).sum::<u64>()
    };
    report.fact("keys_due", ("기한이 되어 파기한 열쇠", "keys destroyed as due"), sum(false));
    report.fact("keys_early", ("기한 전에 파기한 열쇠", "keys destroyed early"), sum(true));
    let shown: Vec<Value> = rotations.iter().map(|gone| rotation(gone, &history)).collect();
    report.fact("destroyed", ("파기", "rotations"), shown);
    report
}

const fn word(early: bool) -> &'static str {
    if early { "early" } else { "due" }
}

/// `due`, `early`, or `unexplained` where no intent stands before it.
fn reason(gone: &Destruction) -> &'static str {
    gone.under.map_or("unexplained", |under| word(under.early))
}

fn rotation(gone: &Destruction, history: &History) -> Value {
    let vault_key = history.vault_keys.iter().find(|key| key.epoch == gone.epoch);
    let text = |number: EntryNumber| number.to_string();
    json!({
        "entry": text(gone.list.number),
        "time": gone.list.time.to_string(),
        "reason": reason(gone),
        "intent": gone.under.map(|under| text(under.intent)),
        "proposal": gone.under.and_then(|under| under.proposal).map(text),
        "epoch": gone.epoch,
        "vault_key_sha256": vault_key.map(|key| to_hex(&key.sha256)),
        "keys": gone.count,
        "commitments": format!("companion/{}", to_hex(&gone.companion)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_days_or_moments() {
        let days: Span = "2026-11-01..2026-11-30".parse().unwrap();
        assert_eq!(days.from.to_string(), "2026-11-01T00:00:00.000000Z");
        assert_eq!(days.to.to_string(), "2026-12-01T00:00:00.000000Z");
        let hour: Span = "2026-11-01T09:00:00Z..2026-11-01T10:00:00Z".parse().unwrap();
        assert_eq!(hour.to.since(hour.from).as_secs(), 3600);
        for text in ["", "2026-11-01", "2026-11-02..2026-11-01", "x..y", "2026-11-01..."] {
            assert_eq!(text.parse::<Span>(), Err(SpanError), "{text}");
        }
    }
}
