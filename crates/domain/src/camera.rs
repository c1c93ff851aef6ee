//! Cameras and what is kept of them.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use crate::{CameraId, WallTime};

/// Which of a camera's feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FeedKind {
    /// The feed that is kept as evidence.
    Main,
    /// A smaller feed of the same picture, for walls and slow lines.
    Sub,
}

impl FeedKind {
    /// The word that stands for it outside: `main` or `sub`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Sub => "sub",
        }
    }
}

/// One camera's continuous video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Feed {
    /// The camera.
    pub camera: CameraId,
    /// Main or sub.
    pub kind: FeedKind,
}

impl fmt::Display for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.camera, self.kind.word())
    }
}

/// How long footage is kept: at least the minimum a statute asks, at most what was promised.
///
/// Two numbers, never one: a parking lot owes at least a month, a policy promises at most thirty
/// days, and a system that holds only one of them breaks the other unseen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Retention {
    minimum_s: u32,
    maximum_s: u32,
}

/// Why a retention cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetentionError {
    /// Shorter than [`Retention::SHORTEST`].
    TooShort,
    /// Longer than [`Retention::LONGEST`].
    TooLong,
    /// The statutory minimum is above the promised maximum.
    MinimumAboveMaximum,
}

impl fmt::Display for RetentionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooShort => "a retention is at least 24 seconds",
            Self::TooLong => "a retention is at most 3650 days",
            Self::MinimumAboveMaximum => {
                "the statutory minimum is longer than the promised maximum: no footage could satisfy both"
            }
        })
    }
}

impl std::error::Error for RetentionError {}

impl Retention {
    /// So that a twenty-fourth of it is at least a second.
    pub const SHORTEST: Duration = Duration::from_secs(24);
    /// Ten years.
    pub const LONGEST: Duration = Duration::from_secs(3650 * 86_400);

    /// A retention of whole seconds.
    ///
    /// # Errors
    /// If no footage could satisfy it.
    pub fn new(minimum: Duration, maximum: Duration) -> Result<Self, RetentionError> {
        if maximum < Self::SHORTEST {
            return Err(RetentionError::TooShort);
        }
        if maximum > Self::LONGEST {
            return Err(RetentionError::TooLong);
        }
        if minimum > maximum {
            return Err(RetentionError::MinimumAboveMaximum);
        }
        let whole_s =
            |length: Duration| u32::try_from(length.as_secs()).expect("at most ten years");
        Ok(Self { minimum_s: whole_s(minimum), maximum_s: whole_s(maximum) })
    }

    /// What a statute asks at least.
    #[must_use]
    pub const fn minimum(self) -> Duration {
        Duration::from_secs(self.minimum_s as u64)
    }

    /// What was promised at most.
    #[must_use]
    pub const fn maximum(self) -> Duration {
        Duration::from_secs(self.maximum_s as u64)
    }

    /// How much time one bucket covers, and how often destruction runs: an hour, or a
    /// twenty-fourth of a retention shorter than a day.
    #[must_use]
    pub fn bucket_length(self) -> Duration {
        if self.maximum_s < 86_400 { self.maximum() / 24 } else { Duration::from_secs(3600) }
    }

    /// When a bucket that began at `start` is due: one rotation before its oldest frame reaches
    /// the maximum, so that the last rotation at or before this moment is never too late.
    #[must_use]
    pub fn expires_at(self, start: WallTime) -> WallTime {
        start + (self.maximum() - self.bucket_length())
    }
}

/// The room in which a volume stands, by the word that the published policy has for it: small letters,
/// digits and hyphens, 1 to 64 of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoragePlace(Arc<str>);

/// Why a text names no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoragePlaceError;

impl fmt::Display for StoragePlaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a place is named by its word in the policy: small letters, digits and hyphens, at most 64",
        )
    }
}

impl std::error::Error for StoragePlaceError {}

impl StoragePlace {
    /// Its word.
    #[must_use]
    pub fn word(&self) -> &str {
        &self.0
    }
}

impl FromStr for StoragePlace {
    type Err = StoragePlaceError;

    fn from_str(word: &str) -> Result<Self, StoragePlaceError> {
        let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        let is_one = (1..=64).contains(&word.len()) && word.bytes().all(fits);
        if is_one { Ok(Self(word.into())) } else { Err(StoragePlaceError) }
    }
}

impl fmt::Display for StoragePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The most cameras that one act of watching recorded footage may open.
pub const MAX_SPAN_CAMERAS: usize = 9;

/// One camera from one moment up to, not including, another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The camera.
    pub camera: CameraId,
    /// The first moment of it.
    pub from: WallTime,
    /// The first moment after it.
    pub to: WallTime,
}

/// Why a span cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpanError;

impl fmt::Display for SpanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a span ends after it begins, and is at most 24 hours")
    }
}

impl std::error::Error for SpanError {}

impl Span {
    /// The longest span that one act may open.
    pub const LONGEST: Duration = Duration::from_secs(86_400);

    /// A span that one act may open.
    ///
    /// # Errors
    /// If it is empty, backwards or longer than [`Span::LONGEST`].
    pub fn new(camera: CameraId, from: WallTime, to: WallTime) -> Result<Self, SpanError> {
        if to <= from || to.since(from) > Self::LONGEST {
            return Err(SpanError);
        }
        Ok(Self { camera, from, to })
    }

    /// Whether a moment lies in it.
    #[must_use]
    pub fn contains(&self, moment: WallTime) -> bool {
        self.from <= moment && moment < self.to
    }
}

/// Why there is no footage of a stretch of time. A closed list: it is a legal record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GapCause {
    /// The camera could not be reached, or hung up.
    CameraUnreachable,
    /// The camera was there and sent nothing.
    CameraSilent,
    /// The camera refused our name and password.
    CameraRefused,
    /// What the camera sent could not be understood, or is of a kind that is not recorded.
    CameraGarbage,
    /// Packets were lost on the way.
    PacketsLost,
    /// The recorder was stopped, or died.
    RecorderStopped,
    /// The recorder or its disk could not keep up, and dropped whole groups of pictures.
    Overload,
    /// The disk refused.
    Storage,
    /// No recording was ordered (retired, or outside the hours).
    NotScheduled,
}

impl GapCause {
    /// Every cause.
    pub const ALL: [Self; 9] = [
        Self::CameraUnreachable,
        Self::CameraSilent,
        Self::CameraRefused,
        Self::CameraGarbage,
        Self::PacketsLost,
        Self::RecorderStopped,
        Self::Overload,
        Self::Storage,
        Self::NotScheduled,
    ];

    /// The word that stands for it outside; stable.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::CameraUnreachable => "camera-unreachable",
            Self::CameraSilent => "camera-silent",
            Self::CameraRefused => "camera-refused",
            Self::CameraGarbage => "camera-garbage",
            Self::PacketsLost => "packets-lost",
            Self::RecorderStopped => "recorder-stopped",
            Self::Overload => "overload",
            Self::Storage => "storage",
            Self::NotScheduled => "not-scheduled",
        }
    }

    /// The cause that a word stands for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn a_bucket_is_an_hour_or_a_twenty_fourth() {
        let retention = |s| Retention::new(Duration::ZERO, Duration::from_secs(s)).unwrap();
        assert_eq!(retention(30 * 86_400).bucket_length(), HOUR);
        assert_eq!(retention(86_400).bucket_length(), HOUR);
        assert_eq!(retention(90).bucket_length(), Duration::from_millis(3750));
    }

    #[test]
    fn a_retention_nobody_could_keep_is_refused() {
        assert_eq!(Retention::new(HOUR * 2, HOUR), Err(RetentionError::MinimumAboveMaximum));
        assert_eq!(
            Retention::new(Duration::ZERO, Duration::from_secs(23)),
            Err(RetentionError::TooShort)
        );
    }

    #[test]
    fn a_span_is_bounded() {
        let camera = CameraId::from_bytes([1; 16]);
        let from = WallTime::from_micros(1);
        assert!(Span::new(camera, from, from).is_err());
        assert!(Span::new(camera, from, from + HOUR * 24).is_ok());
        assert!(Span::new(camera, from, from + HOUR * 25).is_err());
    }

    #[test]
    fn every_cause_has_one_word() {
        for cause in GapCause::ALL {
            assert_eq!(GapCause::from_word(cause.word()), Some(cause));
        }
    }
}
