//! Recorded footage as files: what a case lets out, before it is masked.

use std::time::Duration;

use catalog::Catalog;
use domain::{CameraId, GapCause, WallTime};
use ledger::Grant;
use ledger::act::PlayFootage;
use tokio::time::sleep;
use vault::Opener;

use crate::cursor::FootageTile;
use crate::error::PlaybackError;
use crate::footage::off_the_loop;
use crate::{MediaEvent, Served};

/// What is not durable yet is asked for again after this.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// What is kept of a camera in the time of a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clip {
    /// Which.
    pub camera: CameraId,
    /// Stretches of pictures, the oldest first: a new one wherever something else decodes them, or they came over
    /// another connection.
    pub parts: Vec<ClipPart>,
    /// What of the time has no picture.
    pub gaps: Vec<ClipGap>,
}

/// A file of pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClipPart {
    /// When its first frame was filmed; that stands at 0.
    pub from: WallTime,
    /// The first moment after it.
    pub until: WallTime,
    /// MP4 in fragments, no sound.
    pub bytes: Vec<u8>,
}

/// A stretch of time without a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClipGap {
    /// Its first moment.
    pub from: WallTime,
    /// The first moment after it.
    pub until: WallTime,
    /// Why, if the catalog says.
    pub cause: Option<GapCause>,
}

/// Reads what is kept of one camera of a grant in the grant's time, as far as `limit_bytes`.
///
/// # Errors
/// When the grant ends or does not open the camera, footage cannot be looked up, or there is more of it.
pub async fn clip(
    opener: &Opener,
    catalog: &Catalog,
    grant: &Grant<PlayFootage>,
    camera: CameraId,
    served: Served<'_>,
    limit_bytes: usize,
) -> Result<Clip, PlaybackError> {
    grant.check()?;
    let reader = opener.footage(grant);
    let (from, _) = reader.time();
    let mut tile = FootageTile::new(0, camera, from, served);
    tile.track.begin_anew();
    let mut clip = Clip { camera, parts: Vec::new(), gaps: Vec::new() };
    let mut events = Vec::new();
    let mut bytes = 0;
    loop {
        off_the_loop(|| tile.step(&reader, &mut events))?;
        for event in events.drain(..) {
            match event {
                MediaEvent::Tile { wall_start, .. } => {
                    let part = ClipPart { from: wall_start, until: wall_start, bytes: Vec::new() };
                    clip.parts.push(part);
                }
                MediaEvent::Init { bytes: more, .. } | MediaEvent::Fragment { bytes: more, .. } => {
                    bytes += more.len();
                    if bytes > limit_bytes {
                        return Err(PlaybackError::TooLong { limit_bytes });
                    }
                    if let Some(part) = clip.parts.last_mut() {
                        part.bytes.extend_from_slice(&more);
                        part.until = tile.told_to;
                    }
                }
                // One that lasts still is told again when it is over.
                MediaEvent::Gap { from, to: Some(until), .. } => {
                    let cause = tile.cause_of(catalog, from, until).await;
                    clip.gaps.push(ClipGap { from, until, cause });
                }
                MediaEvent::End { .. } => return Ok(clip),
                _ => {}
            }
        }
        match tile.retry_at() {
            Some(_) => sleep(LOOK_AGAIN).await,
            // Others have their turn between two chunks.
            None => tokio::task::yield_now().await,
        }
    }
}
