//! What goes over the WebSockets: live walls and recorded footage.
//!
//! The page sends one text message that opens the act ([`LiveOpen`] or [`FootageOpen`]); the
//! server answers with [`ServerMessage`]s as text and with media as binary messages. A binary
//! message is a [`BinaryHeader`] and then bytes of fragmented MP4: an initialisation, or one
//! `moof` with its `mdat`.
//!
//! For each tile the server sends `tile`, then an initialisation, then fragments, again whenever
//! the codec, the picture's size or the mapping from media time to wall time changes (after a gap,
//! after a seek, at another device). The wall time of media time `t` is
//! `wall_start + (t - media_start_s)`, and never off by more than [`WORST_CLOCK_ERROR_MS`].
//!
//! Speed and direction of footage belong to a `seek`. From four times on the server sends keyframes
//! only, at most ten for each second of the viewer's, each standing until the next; `sought` says
//! so. Played backwards, groups of pictures come one before the other, each in itself in the order
//! of decoding, on the same timeline.
//!
//! Pressure: in footage the server sends at most 20 seconds beyond the last `position` (of keyframes
//! 10 seconds of the viewer's, so up to 160 of footage). A live tile that cannot keep up loses whole
//! groups of pictures, and gets a new `tile`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{CameraState, CloseReason, ErrorCode, FeedChoice, GapCause, Id, Purpose, Time};

/// Cameras on one live wall.
pub const MAX_LIVE_CAMERAS: usize = 25;
/// Cameras in one act of playing footage.
pub const MAX_FOOTAGE_CAMERAS: usize = 9;
/// Columns in one answer how much the pictures changed.
pub const MAX_CHANGE_COLUMNS: u16 = 1440;
/// By how much a tile's mapping to wall time may be off before the server sends a new `tile`.
pub const WORST_CLOCK_ERROR_MS: u32 = 200;

/// The first message on `/live`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LiveOpen {
    /// The tiles, in order; tile 0 is the first. At most 25.
    #[schema(min_items = 1, max_items = 25)]
    pub cameras: Vec<Id>,
    /// Which feed.
    pub feed: FeedChoice,
}

/// The first message on `/footage`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FootageOpen {
    /// The tiles, in order; tile 0 is the first. At most 9.
    #[schema(min_items = 1, max_items = 9)]
    pub cameras: Vec<Id>,
    /// Beginning of what may be watched in this act.
    pub from: Time,
    /// End of it: at most 24 hours after the beginning.
    pub to: Time,
    /// What for.
    pub purpose: Purpose,
    /// Where to begin; the beginning if left out.
    #[serde(default)]
    pub start: Option<Time>,
}

/// Later messages of the page on `/footage`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum FootageCommand {
    /// Go elsewhere within the act. The server answers with `sought`; what still arrives before
    /// that answer belongs to the old place, and the page drops it.
    Seek {
        /// Where to.
        to: Time,
        /// Counted up by the page from 1, so that it knows the answer to its latest seek.
        number: u32,
        /// How fast it is played from there: 25 to 1600, or as much below zero to play backwards.
        #[serde(default = "true_speed")]
        #[schema(minimum = -1600, maximum = 1600, default = 100)]
        speed_percent: i32,
        /// Whether frames between keyframes are left out at a speed at which they would be sent:
        /// for a page that cannot keep up.
        #[serde(default)]
        keyframes_only: bool,
    },
    /// How much did the pictures of a tile change? It tells when somebody walked by, so it is asked
    /// within an act of playing, and nothing is told beyond its cameras and its time.
    Changes {
        /// Counted up by the page. Of many questions at once the oldest get no answer.
        number: u32,
        /// The tile.
        tile: u16,
        /// Beginning of the first column.
        from: Time,
        /// End of the last column: at most 24 hours after the beginning.
        to: Time,
        /// How many columns, all equally long.
        #[schema(minimum = 1, maximum = 1440)]
        columns: u16,
    },
    /// Where the page plays, told every second: what is sent beyond it is bounded.
    Position {
        /// Wall time of the picture that is seen.
        at: Time,
    },
}

const fn true_speed() -> i32 {
    100
}

/// What the server says on either socket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum ServerMessage {
    /// The intent is in the ledger; media follow.
    Opened {
        /// The act.
        act: Id,
        /// The ledger entry that holds it, as `2026/17`.
        ledger_entry: String,
        /// When the grant ends.
        until: Time,
        /// The recorder's time, so that the page can tell how old a picture is.
        now: Time,
    },
    /// A new initialisation follows for this tile.
    Tile {
        /// The tile.
        tile: u16,
        /// Its camera.
        camera: Id,
        /// For `MediaSource`: `video/mp4; codecs="avc1.64001f"`.
        mime: String,
        /// Wall time of the media time `media_start_s`.
        wall_start: Time,
        /// Media time in seconds.
        media_start_s: f64,
    },
    /// Nothing was recorded here.
    Gap {
        /// The tile.
        tile: u16,
        /// Beginning.
        from: Time,
        /// End; null while it lasts.
        to: Option<Time>,
        /// Why; null if nobody knows. Every hole is told, for the page waits for a picture that
        /// is late and does not wait for one that never was.
        cause: Option<GapCause>,
    },
    /// A camera's state, at the beginning and when it changes (live only).
    State {
        /// The tile.
        tile: u16,
        /// What its connection is doing.
        state: CameraState,
    },
    /// The server has gone to the place of seek `number`; all that follows belongs to it.
    Sought {
        /// Number of the seek that this answers.
        number: u32,
        /// Where playing begins.
        to: Time,
        /// How fast; below zero backwards.
        speed_percent: i32,
        /// Whether only keyframes follow.
        keyframes_only: bool,
    },
    /// How much the pictures of a tile changed.
    Changes {
        /// Number of the question.
        number: u32,
        /// The tile.
        tile: u16,
        /// Beginning of the first column.
        from: Time,
        /// End of the last column.
        to: Time,
        /// For each column 0 (as quiet as the quiet ones) to 255 (sixteen times as much or more);
        /// null where nothing was recorded. From the sizes of frames, not from their content: a
        /// camera that sends equally much whatever it sees shows nothing.
        levels: Vec<Option<u8>>,
    },
    /// Nothing more comes for this tile before the end of the act's span.
    End {
        /// The tile.
        tile: u16,
    },
    /// The act is over; the server closes the socket.
    Closed {
        /// Why.
        reason: CloseReason,
    },
    /// The act was refused or failed; `closed` follows, or the socket closes.
    Error {
        /// Which of the closed set.
        code: ErrorCode,
        /// What to do, in Korean.
        message_ko: String,
        /// The same in English.
        message_en: String,
    },
}

/// Version of the binary messages.
pub const BINARY_VERSION: u8 = 1;
/// Bytes before the media in a binary message.
pub const BINARY_HEADER_LENGTH: usize = 12;

/// What a binary message holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryKind {
    /// `ftyp` and `moov`.
    Init,
    /// One `moof` with its `mdat`.
    Fragment,
}

/// The beginning of a binary message: version (1 byte), kind (1 byte: 1 initialisation,
/// 2 fragment), tile (2 bytes), wall time of the first frame in µs since 1970 (8 bytes, signed);
/// big-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BinaryHeader {
    /// What follows.
    pub kind: BinaryKind,
    /// The tile.
    pub tile: u16,
    /// Wall time of the first frame; for an initialisation, of the first frame to come.
    pub wall_us: i64,
}

impl BinaryHeader {
    /// The bytes.
    #[must_use]
    pub fn encode(self) -> [u8; BINARY_HEADER_LENGTH] {
        let mut bytes = [0; BINARY_HEADER_LENGTH];
        bytes[0] = BINARY_VERSION;
        bytes[1] = match self.kind {
            BinaryKind::Init => 1,
            BinaryKind::Fragment => 2,
        };
        bytes[2..4].copy_from_slice(&self.tile.to_be_bytes());
        bytes[4..12].copy_from_slice(&self.wall_us.to_be_bytes());
        bytes
    }

    /// The header and the media behind it; `None` if the message is too short or of another
    /// version or kind.
    #[must_use]
    pub fn decode(message: &[u8]) -> Option<(Self, &[u8])> {
        let (head, media) = message.split_first_chunk::<BINARY_HEADER_LENGTH>()?;
        let [version, kind, tile_high, tile_low, wall @ ..] = *head;
        let kind = match (version, kind) {
            (BINARY_VERSION, 1) => BinaryKind::Init,
            (BINARY_VERSION, 2) => BinaryKind::Fragment,
            _ => return None,
        };
        let tile = u16::from_be_bytes([tile_high, tile_low]);
        Some((Self { kind, tile, wall_us: i64::from_be_bytes(wall) }, media))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binary_header_is_twelve_bytes() {
        let header = BinaryHeader { kind: BinaryKind::Fragment, tile: 0x0102, wall_us: -2 };
        let bytes = header.encode();
        assert_eq!(bytes, [1, 2, 1, 2, 255, 255, 255, 255, 255, 255, 255, 254]);
        let mut message = bytes.to_vec();
        message.extend_from_slice(b"moof");
        assert_eq!(BinaryHeader::decode(&message), Some((header, b"moof".as_slice())));
    }

    #[test]
    fn what_is_no_binary_message_is_none() {
        assert_eq!(BinaryHeader::decode(&[1, 2, 0]), None);
        assert_eq!(BinaryHeader::decode(&[9; 12]), None);
        assert_eq!(BinaryHeader::decode(&[1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), None);
    }

    #[test]
    fn messages_carry_their_type() {
        let closed = ServerMessage::Closed { reason: CloseReason::GrantOver };
        let text = serde_json::to_string(&closed).unwrap();
        assert_eq!(text, r#"{"type":"closed","reason":"grant-over"}"#);
        let seek = r#"{"type":"seek","to":"2026-01-01T00:00:00Z","number":1}"#;
        assert!(serde_json::from_str::<FootageCommand>(seek).is_ok());
        let fast = r#"{"type":"position","at":"2026-01-01T00:00:00Z","rate":2}"#;
        assert!(serde_json::from_str::<FootageCommand>(fast).is_err());
    }

    #[test]
    fn a_seek_without_a_speed_is_at_true_speed() {
        let seek = r#"{"type":"seek","to":"2026-01-01T00:00:00Z","number":1}"#;
        let read: FootageCommand = serde_json::from_str(seek).unwrap();
        let FootageCommand::Seek { speed_percent, keyframes_only, .. } = read else {
            panic!("{read:?}");
        };
        assert_eq!((speed_percent, keyframes_only), (100, false));
    }
}
