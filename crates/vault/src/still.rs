//! One still: the keyframe that a camera shows now.

use domain::{Feed, FeedKind};
use ledger::Grant;
use ledger::act::TakeStill;
use reel::CodecConfig;

use crate::live::latest_keyframe;
use crate::{OpenFootageError, OpenedFrame, Opener};

impl Opener {
    /// The latest keyframe of the camera that the grant names, with what decodes it.
    ///
    /// # Errors
    /// If the grant has ended, or the camera shows nothing now.
    pub async fn still(
        &self,
        grant: &Grant<TakeStill>,
    ) -> Result<(OpenedFrame, CodecConfig), OpenFootageError> {
        grant.check()?;
        let camera = *grant.cameras().first().expect("a permit for a still names one camera");
        let feed = Feed { camera, kind: FeedKind::Main };
        let no_picture = OpenFootageError::NoPicture { feed };
        let Some(filmed) = self.shared.find_feed(feed) else { return Err(no_picture) };
        let live = latest_keyframe(&self.shared, &filmed).await.ok_or(no_picture)?;
        // Waiting for it, the grant may have ended.
        grant.check()?;
        let frame = OpenedFrame {
            bytes: live.frame.bytes,
            wall: live.frame.wall,
            presentation_offset_us: live.frame.presentation_offset_us,
            keyframe: true,
        };
        Ok((frame, (*live.config).clone()))
    }
}
