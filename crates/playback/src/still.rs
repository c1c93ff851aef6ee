//! One picture, as media that a browser plays.

use std::time::Duration;

use bytes::Bytes;
use domain::WallTime;
use ledger::Grant;
use ledger::act::TakeStill;
use vault::Opener;

use crate::error::PlaybackError;
use crate::fmp4::{MediaFrame, fragment, init_segment, mime};
use crate::track::video_config;

/// How long a still stands.
const STANDS: Duration = Duration::from_secs(1);

/// One picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Still {
    /// For `MediaSource` or a `video` element.
    pub mime: String,
    /// Initialisation and one fragment of one frame, at media time 0, one second long.
    pub bytes: Bytes,
    /// When it was filmed.
    pub taken_at: WallTime,
}

/// The picture that the camera of the grant shows now: its latest keyframe.
///
/// # Errors
/// If the grant has ended, or the camera shows nothing now or nothing playable.
pub async fn still(opener: &Opener, grant: &Grant<TakeStill>) -> Result<Still, PlaybackError> {
    let (frame, config) = opener.still(grant).await?;
    let config = video_config(&config);
    let mut bytes = init_segment(&config)?;
    let picture = MediaFrame {
        bytes: frame.bytes,
        decode_us: 0,
        presentation_offset_us: 0,
        duration_us: u32::try_from(STANDS.as_micros()).expect("a second"),
        keyframe: true,
    };
    bytes.extend(fragment(1, &[picture])?);
    Ok(Still { mime: mime(&config)?, bytes: bytes.into(), taken_at: frame.wall })
}
