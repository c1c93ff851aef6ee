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
    pub fn still(
        &self,
        grant: &Grant<TakeStill>,
    ) -> Result<(OpenedFrame, CodecConfig), OpenFootageError> {
        grant.check()?;
        let camera = *grant.cameras().first().expect("a permit for a still names one camera");
        let feed = Feed { camera, kind: FeedKind::Main };
        let live = self
            .shared
            .find_feed(feed)
            .and_then(|feed| latest_keyframe(&self.shared, &feed))
            .ok_or(OpenFootageError::NoPicture { feed })?;
        let frame = OpenedFrame {
            bytes: live.frame.bytes,
            wall: live.frame.wall,
            presentation_offset_us: live.frame.presentation_offset_us,
            keyframe: true,
        };
        Ok((frame, (*live.config).clone()))
    }
}
