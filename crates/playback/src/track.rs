//! One tile's media timeline: where wall times stand on it, and frames as fragments of it.

use bytes::Bytes;
use domain::{CameraId, WallTime};
use vault::{Codec, CodecConfig};

use crate::MediaEvent;
use crate::error::PlaybackError;
use crate::fmp4::{self, ConfigError, MediaFrame, VideoConfig, fragment, init_segment, mime};

/// One coded picture with its time.
pub(crate) struct Sample {
    pub(crate) bytes: Bytes,
    pub(crate) wall: WallTime,
    pub(crate) presentation_offset_us: i32,
    pub(crate) keyframe: bool,
    /// How long it stands; counts for the last of a fragment.
    pub(crate) duration_us: u32,
}

/// The media timeline of one tile. Times of decoding only rise, except after [`Track::seek`].
pub(crate) struct Track {
    tile: u16,
    camera: CameraId,
    base: WallTime,
    wall_start: WallTime,
    media_start_us: i64,
    /// The first time of decoding that is free.
    free_us: i64,
    sequence: u32,
    /// Each beginning stands at 0: it becomes a file of its own.
    is_anew: bool,
}

impl Track {
    /// A timeline on which `base` stands at 0.
    pub(crate) fn new(tile: u16, camera: CameraId, base: WallTime) -> Self {
        let (wall_start, media_start_us, free_us) = (base, 0, 0);
        Self {
            tile,
            camera,
            base,
            wall_start,
            media_start_us,
            free_us,
            sequence: 0,
            is_anew: false,
        }
    }

    /// From here on each beginning stands at 0.
    pub(crate) fn begin_anew(&mut self) {
        self.is_anew = true;
    }

    /// What follows may lie before what was sent.
    pub(crate) fn seek(&mut self) {
        (self.wall_start, self.media_start_us, self.free_us) = (self.base, 0, 0);
    }

    /// Announces frames from `wall` on, which `config` decodes. If the clock was set back, so that
    /// their place is taken, they stand behind what was sent, and the announcement says so.
    pub(crate) fn begin(
        &mut self,
        wall: WallTime,
        config: &CodecConfig,
    ) -> Result<[MediaEvent; 2], ConfigError> {
        let config = video_config(config);
        let mime = mime(&config)?;
        let bytes = Bytes::from(init_segment(&config)?);
        if self.is_anew {
            (self.wall_start, self.media_start_us, self.free_us) = (wall, 0, 0);
        } else if self.place_us(wall) < self.free_us {
            (self.wall_start, self.media_start_us) = (wall, self.free_us);
        }
        let (tile, camera) = (self.tile, self.camera);
        let media_start_us = u64::try_from(self.place_us(wall)).unwrap_or(0);
        let event = MediaEvent::Tile { tile, camera, mime, wall_start: wall, media_start_us };
        Ok([event, MediaEvent::Init { tile, bytes }])
    }

    /// Frames, in the order of decoding, as one fragment.
    pub(crate) fn fragment(&mut self, samples: &[Sample]) -> Result<MediaEvent, PlaybackError> {
        let mut free_us = self.free_us;
        let frames: Vec<MediaFrame> = samples
            .iter()
            .map(|sample| {
                // Two frames of one moment, or a clock that was set back by a little: players take
                // rising times only.
                let decode_us = self.place_us(sample.wall).max(free_us);
                free_us = decode_us + 1;
                MediaFrame {
                    bytes: sample.bytes.clone(),
                    decode_us,
                    presentation_offset_us: sample.presentation_offset_us,
                    duration_us: sample.duration_us,
                    keyframe: sample.keyframe,
                }
            })
            .collect();
        self.sequence = self.sequence.wrapping_add(1);
        let bytes = Bytes::from(fragment(self.sequence, &frames)?);
        self.free_us = free_us;
        let wall = samples.first().map_or(self.base, |sample| sample.wall);
        Ok(MediaEvent::Fragment { tile: self.tile, wall, bytes })
    }

    fn place_us(&self, wall: WallTime) -> i64 {
        self.media_start_us + (wall.as_micros() - self.wall_start.as_micros())
    }
}

/// The vault's description of pictures as `fmp4` takes it.
pub(crate) fn video_config(config: &CodecConfig) -> VideoConfig {
    VideoConfig {
        codec: match config.kind {
            Codec::H264 => fmp4::Codec::H264,
            Codec::H265 => fmp4::Codec::H265,
        },
        width: config.width,
        height: config.height,
        record: config.record.clone(),
    }
}
