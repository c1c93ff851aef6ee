//! One camera over RTSP: from an address to coded frames.
//!
//! Apart from vault, ledger and clock: what a frame means for the record, and when it came, the
//! caller says. RTSP and the order of packets are `retina`'s; putting packets together is ours
//! (`assemble.rs`), because a lost or damaged packet must cost the picture it belonged to and never
//! the connection, every lost packet must be counted, and no camera may make us hold more than
//! [`Caps::access_unit_bytes`].
//!
//! # Sound is never asked for
//! Act 25(5) makes recording sound by a fixed camera a crime. Only one video track is ever SETUP;
//! audio and application tracks are described by the camera and left alone, and a packet of any
//! other track is not looked at. `tests/camera_rtsp.rs` proves it against a camera that offers
//! sound first.
//!
//! # What retina does
//! - Over TCP a wrong sequence number or synchronization source is an error for that packet; the
//!   connection can go on, and does here until [`MAX_BAD_PACKETS`] came without a picture between.
//! - Over UDP there is no buffer for reordering: a packet that comes late is dropped and counts as
//!   lost.
//! - Redirects are errors, never followed. There is no limit on the length of an RTSP message but
//!   the time that [`Caps`] gives it.
//! - It writes the address of a camera, query and all, to the `log` crate: keep target `retina`
//!   out of the diagnostics, some cameras carry the password in there.

mod address;
mod assemble;
mod clock;
mod connect;
mod connection;
mod error;
mod parameters;

use std::time::Duration;

use bytes::Bytes;

pub use address::{AddressError, Credentials, SourceConfig};
pub use connect::connect;
pub use connection::{CameraConnection, MAX_BAD_PACKETS};
pub use error::{ConnectError, Fault, ReceiveError};

/// How packets travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Transport {
    /// Within the RTSP connection: nothing is lost on the way, so it is the default.
    #[default]
    Tcp,
    /// In datagrams of their own.
    Udp,
}

/// What a camera may ask of us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// The largest coded picture.
    pub access_unit_bytes: usize,
    /// How long each of connect and DESCRIBE, SETUP, PLAY may take.
    pub answer: Duration,
    /// How long no picture may come before the camera counts as silent.
    pub silence: Duration,
}

impl Default for Caps {
    fn default() -> Self {
        Self {
            access_unit_bytes: 16 << 20,
            answer: Duration::from_secs(10),
            silence: Duration::from_secs(10),
        }
    }
}

/// How pictures are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Codec {
    /// ITU-T H.264.
    H264,
    /// ITU-T H.265.
    H265,
}

/// What a decoder has to know before the first frame.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VideoConfig {
    /// How pictures are coded.
    pub codec: Codec,
    /// Width of the shown picture in pixels.
    pub width: u16,
    /// Height of the shown picture in pixels.
    pub height: u16,
    /// The body of the `avcC` or `hvcC` box (ISO/IEC 14496-15), with the parameter sets.
    pub record: Bytes,
}

/// One coded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameraFrame {
    /// NAL units, each behind its length in four bytes, big end first; no parameter sets.
    pub bytes: Bytes,
    /// When it is decoded, by the camera's clock: microseconds since its first picture of this
    /// connection. Rises with every frame.
    pub rtp_elapsed_us: i64,
    /// How much later (never by much earlier) than that it is shown; 0 unless the camera sends
    /// pictures out of their order.
    pub presentation_offset_us: i32,
    /// Whether decoding can begin here. The first frame, and the first after each
    /// [`CameraEvent::Config`], is one.
    pub keyframe: bool,
    /// Packets that were lost or damaged since the frame before. Pictures they belonged to are
    /// dropped; those up to the next keyframe may show the damage.
    pub lost_packets_before: u32,
    /// The camera's clock jumped before this frame, so the step to it is the time that passed here.
    pub clock_jumped: bool,
}

/// What comes from a camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CameraEvent {
    /// The following frames are coded like this: comes first, and whenever it changes.
    Config(VideoConfig),
    /// A picture.
    Frame(CameraFrame),
}
