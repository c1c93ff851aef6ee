//! Holds: footage of a case that is kept beyond its time.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use crate::{CameraId, HoldId, MAX_SPAN_CAMERAS, WallTime};

const MINUTE: Duration = Duration::from_secs(60);

/// Footage of named cameras and minutes that is to be kept for a case until a moment, unless
/// somebody renews or releases it before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    id: HoldId,
    case: String,
    cameras: Vec<CameraId>,
    from: WallTime,
    to: WallTime,
    until: WallTime,
}

/// Why a hold cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldError {
    /// No case, or one of more than [`Hold::LONGEST_CASE`] characters or more than one line.
    Case,
    /// No camera, one twice, or more than [`MAX_SPAN_CAMERAS`].
    Cameras,
    /// Empty, backwards, not of whole minutes, or longer than [`Hold::LONGEST_SPAN`].
    Span,
}

impl fmt::Display for HoldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Case => "name the case in one line of at most 100 characters",
            Self::Cameras => "a hold is of 1 to 9 cameras, each once",
            Self::Span => {
                "a hold is of whole minutes, ends after it begins, and is at most 4 hours"
            }
        })
    }
}

impl std::error::Error for HoldError {}

impl Hold {
    /// The longest stretch of footage of one hold.
    pub const LONGEST_SPAN: Duration = Duration::from_secs(4 * 3600);
    /// Characters of the longest case.
    pub const LONGEST_CASE: usize = 100;
    /// How far ahead its end may lie; then it has to be renewed, or it lapses.
    pub const LONGEST: Duration = Duration::from_secs(90 * 86_400);
    /// The same, of what is held for a person of whom nobody has seen who it is.
    pub const LONGEST_UNIDENTIFIED: Duration = Duration::from_secs(7 * 86_400);

    /// A hold of some minutes of some cameras.
    ///
    /// # Errors
    /// What of it cannot be.
    pub fn new(
        id: HoldId,
        case: &str,
        cameras: Vec<CameraId>,
        (from, to): (WallTime, WallTime),
        until: WallTime,
    ) -> Result<Self, HoldError> {
        let case = case.trim();
        let length = case.chars().count();
        if !(1..=Self::LONGEST_CASE).contains(&length) || case.chars().any(char::is_control) {
            return Err(HoldError::Case);
        }
        Self::fits(&cameras, (from, to))?;
        Ok(Self { id, case: case.to_owned(), cameras, from, to, until })
    }

    /// Whether this can be held, or destroyed, in one act: a few cameras and whole minutes.
    ///
    /// # Errors
    /// What of it cannot be.
    pub fn fits(cameras: &[CameraId], (from, to): (WallTime, WallTime)) -> Result<(), HoldError> {
        let distinct: BTreeSet<_> = cameras.iter().collect();
        if !(1..=MAX_SPAN_CAMERAS).contains(&cameras.len()) || distinct.len() != cameras.len() {
            return Err(HoldError::Cameras);
        }
        let is_whole = |moment: WallTime| moment.floor(MINUTE) == moment;
        if to <= from || to.since(from) > Self::LONGEST_SPAN || !is_whole(from) || !is_whole(to) {
            return Err(HoldError::Span);
        }
        Ok(())
    }

    /// Which.
    #[must_use]
    pub const fn id(&self) -> HoldId {
        self.id
    }

    /// The case, in words or as a number.
    #[must_use]
    pub fn case(&self) -> &str {
        &self.case
    }

    /// Whose footage.
    #[must_use]
    pub fn cameras(&self) -> &[CameraId] {
        &self.cameras
    }

    /// The first moment of it, and the first after it: whole minutes.
    #[must_use]
    pub const fn span(&self) -> (WallTime, WallTime) {
        (self.from, self.to)
    }

    /// When it lapses.
    #[must_use]
    pub const fn until(&self) -> WallTime {
        self.until
    }

    /// The same with another end.
    #[must_use]
    pub fn renewed(&self, until: WallTime) -> Self {
        Self { until, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_is_of_a_case_some_cameras_and_whole_minutes() {
        let minute = |count: i64| WallTime::from_micros(count * 60_000_000);
        let camera = |number| CameraId::from_bytes([number; 16]);
        let hold = |case: &str, cameras: &[u8], from, to| {
            let cameras = cameras.iter().map(|number| camera(*number)).collect();
            Hold::new(HoldId::from_bytes([1; 16]), case, cameras, (from, to), minute(9))
        };
        assert_eq!(hold(" 2026-17 ", &[1], minute(1), minute(241)).unwrap().case(), "2026-17");
        assert_eq!(hold("", &[1], minute(1), minute(2)), Err(HoldError::Case));
        assert_eq!(hold("a\nb", &[1], minute(1), minute(2)), Err(HoldError::Case));
        assert_eq!(hold("a", &[], minute(1), minute(2)), Err(HoldError::Cameras));
        assert_eq!(hold("a", &[1, 1], minute(1), minute(2)), Err(HoldError::Cameras));
        assert_eq!(hold("a", &[1], minute(2), minute(2)), Err(HoldError::Span));
        assert_eq!(hold("a", &[1], minute(1), minute(242)), Err(HoldError::Span));
        let half = WallTime::from_micros(30_000_000);
        assert_eq!(hold("a", &[1], half, minute(2)), Err(HoldError::Span));
    }
}
