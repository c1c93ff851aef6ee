//! How much the pictures changed, as a strip of columns: asked within an act of playing, for its
//! cameras and its time.

use domain::{Feed, FeedKind, WallTime};
use vault::{Change, FootageReader, MOST_CHANGE_COLUMNS};

use crate::MediaEvent;
use crate::error::PlaybackError;

/// What is looked at in one go, so that pictures never wait long for a strip.
const SLICE: std::time::Duration = std::time::Duration::from_secs(900);
/// What counts as quiet: so many of a hundred columns are quieter.
const QUIET_PERCENT: usize = 25;
/// Each doubling above what is quiet is worth so many of 255.
const DOUBLING: f64 = 64.0;

/// A question how much the pictures of a tile changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeQuestion {
    /// Counted by the viewer, who may ask anew before there is an answer.
    pub number: u32,
    /// Which tile.
    pub tile: u16,
    /// The first moment of the first column.
    pub from: WallTime,
    /// The first moment after the last.
    pub to: WallTime,
    /// How many columns; at most [`MOST_CHANGE_COLUMNS`] are answered.
    pub columns: u16,
}

/// A question that is being answered, slice by slice.
pub(crate) struct ChangeAnswer {
    question: ChangeQuestion,
    feed: Feed,
    seen: Vec<Change>,
}

impl ChangeAnswer {
    pub(crate) fn new(question: ChangeQuestion, camera: domain::CameraId) -> Self {
        let feed = Feed { camera, kind: FeedKind::Main };
        Self { question, feed, seen: Vec::new() }
    }

    /// Looks at the next slice; gives the answer when all was looked at.
    pub(crate) fn step(
        &mut self,
        reader: &FootageReader<'_>,
    ) -> Result<Option<MediaEvent>, PlaybackError> {
        let ChangeQuestion { number, tile, from, to, columns } = self.question;
        let columns = usize::from(columns).min(MOST_CHANGE_COLUMNS);
        let whole_us = to.since(from).as_micros();
        let edge = |column: usize| {
            let us = whole_us * column as u128 / columns.max(1) as u128;
            from + std::time::Duration::from_micros(u64::try_from(us).unwrap_or(u64::MAX))
        };
        let first = self.seen.len();
        let fits = |end: &usize| edge(*end).since(edge(first)) <= SLICE;
        let end = (first + 1..=columns).take_while(fits).last().unwrap_or(first + 1).min(columns);
        if whole_us > 0 && end > first {
            self.seen.extend(reader.changes(self.feed, edge(first), edge(end), end - first)?);
            // A grant's time is never shortened, so as many came as were asked for.
            self.seen.resize(end, Change::default());
        }
        let is_whole = whole_us == 0 || self.seen.len() >= columns;
        let levels = is_whole.then(|| levels(&self.seen));
        Ok(levels.map(|levels| MediaEvent::Changes { number, tile, from, to, levels }))
    }
}

/// How lively each column is beside the quiet ones: 0 is quiet, 255 sixteen times as much and more.
/// None where nothing was recorded.
fn levels(seen: &[Change]) -> Vec<Option<u8>> {
    let mut rates: Vec<u64> = seen.iter().filter_map(|change| change.most_bytes_per_s).collect();
    rates.sort_unstable();
    let quiet = rates.get(rates.len() * QUIET_PERCENT / 100).copied().unwrap_or(0).max(1);
    let level = |change: &Change| {
        change.is_recorded.then(|| level(change.most_bytes_per_s.unwrap_or(0), quiet))
    };
    seen.iter().map(level).collect()
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a height to be drawn: it lies between 0 and 255, and is no measure"
)]
fn level(rate: u64, quiet: u64) -> u8 {
    let doublings = (rate as f64 / quiet as f64).max(1.0).log2();
    (doublings * DOUBLING).clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_lively_beside_the_quiet_ones() {
        let change = |rate| Change { is_recorded: true, most_bytes_per_s: Some(rate) };
        let gone = Change::default();
        let unknown = Change { is_recorded: true, most_bytes_per_s: None };
        let seen =
            [change(1000), change(900), change(1000), change(2000), change(90_000), gone, unknown];
        let levels = levels(&seen);
        assert_eq!(levels[..4], [Some(0), Some(0), Some(0), Some(64)]);
        assert_eq!(levels[4..], [Some(255), None, Some(0)]);
    }

    #[test]
    fn nothing_known_is_quiet_and_no_division_by_nothing() {
        let change = |rate| Change { is_recorded: true, most_bytes_per_s: Some(rate) };
        assert_eq!(levels(&[]), []);
        assert_eq!(levels(&[change(0), change(0)]), [Some(0), Some(0)]);
    }
}
