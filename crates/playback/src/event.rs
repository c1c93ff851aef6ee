//! What a session of media says and is told.

use bytes::Bytes;
use domain::{CameraId, GapCause, WallTime};

use crate::{ChangeQuestion, Pace};

/// Which of a camera's feeds is shown on a live wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedChoice {
    /// The feed that is kept as evidence.
    Main,
    /// The smaller feed.
    Sub,
    /// The smaller feed if it has a picture now, else the other.
    Auto,
}

/// What goes to the viewer, in this order for each tile: `Tile`, `Init`, then `Fragment`s; again
/// from `Tile` whenever what decodes the frames changes, and after a seek. Played backwards, groups
/// of pictures come one before the other, each in itself in the order of decoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaEvent {
    /// An [`Init`](Self::Init) of this tile comes next.
    Tile {
        /// Which tile: the place of its camera in the grant, from 0.
        tile: u16,
        /// Its camera.
        camera: CameraId,
        /// For `MediaSource`: `video/mp4; codecs="avc1.64001F"`.
        mime: String,
        /// When the first frame that follows was filmed: the wall time of `media_start_us`.
        wall_start: WallTime,
        /// Where that is on the tile's media timeline, in microseconds.
        media_start_us: u64,
    },
    /// `ftyp` and `moov`.
    Init {
        /// Which tile.
        tile: u16,
        /// The bytes.
        bytes: Bytes,
    },
    /// One `moof` with its `mdat`.
    Fragment {
        /// Which tile.
        tile: u16,
        /// When its first frame was filmed.
        wall: WallTime,
        /// The bytes.
        bytes: Bytes,
    },
    /// Nothing was recorded here (footage only).
    Gap {
        /// Which tile.
        tile: u16,
        /// Its first moment.
        from: WallTime,
        /// The first moment after it, at most the end of the grant; none while it lasts.
        to: Option<WallTime>,
        /// Why, if the catalog says.
        cause: Option<GapCause>,
    },
    /// How a tile stands; said at the beginning and when it changes.
    State {
        /// Which tile.
        tile: u16,
        /// How.
        state: TileState,
    },
    /// The answer to one [`PlayCommand::Seek`]: all that follows belongs to the new place. There is
    /// one for each seek, in their order.
    Sought {
        /// Where playing begins: the place asked for, brought into the grant's time.
        to: WallTime,
        /// How what follows is played: whether it comes backwards, and keyframes only.
        pace: Pace,
    },
    /// The answer to [`PlayCommand::Changes`].
    Changes {
        /// The number of the question.
        number: u32,
        /// Which tile.
        tile: u16,
        /// The first moment of the first column.
        from: WallTime,
        /// The first moment after the last column.
        to: WallTime,
        /// For each column how much the picture changed beside quiet ones, 0 to 255; none where
        /// nothing was recorded.
        levels: Vec<Option<u8>>,
    },
    /// Nothing more comes for this tile, unless it is sought again.
    End {
        /// Which tile.
        tile: u16,
    },
}

/// How a tile stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TileState {
    /// The feed is there, and its first frame awaited; in footage: what is to be recorded next.
    Waiting,
    /// Frames come.
    Playing,
    /// The camera shows nothing now, or never did.
    NoPicture,
    /// What lies here cannot be opened any more: its key is destroyed.
    Destroyed,
    /// What lies here cannot be read, or cannot be put into a form that a player takes.
    Unplayable,
}

impl TileState {
    /// The word that stands for it outside; stable.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Playing => "playing",
            Self::NoPicture => "no-picture",
            Self::Destroyed => "destroyed",
            Self::Unplayable => "unplayable",
        }
    }
}

/// What a viewer of footage says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlayCommand {
    /// Go there, and on at this pace.
    Seek(WallTime, Pace),
    /// The viewer's clock stands there: what is sent beyond it is bounded.
    Position(WallTime),
    /// Say how much the pictures changed.
    Changes(ChangeQuestion),
}
