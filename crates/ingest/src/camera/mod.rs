//! One camera over RTSP: from an address to coded frames.
//!
//! Apart from vault, ledger and clock: what a picture means for the record, and when it came, the
//! caller says. A lost or damaged packet costs the picture it belonged to and never the connection,
//! every lost packet is counted, and no camera may make us hold more than
//! [`Caps::access_unit_bytes`].
//!
//! # Sound is never asked for
//! Act 25(5) makes recording sound by a fixed camera a crime. Only one video track is ever SETUP;
//! audio and application tracks are described by the camera and left alone, and a packet of any
//! other track is not looked at. `tests/camera_rtsp.rs` proves it against a camera that offers
//! sound first.
//!
//! # What is ours and what is not
//! The conversation (`talk.rs`), what stands on the line (`wire.rs`) and packets (`rtp.rs`,
//! `assemble.rs`) are ours: measured, a client of the shelf cost more for each camera than recording
//! it may cost in all, bounded no message, spoke no TLS, and took a camera that began its numbers
//! anew for broken. Descriptions and parameter sets are read by `sdp-types` and `retina`, passwords
//! are answered by `http-auth`. `docs/design/decisions/0005-own-rtsp.md` has the figures.
//!
//! - Over UDP there is no buffer for reordering: a packet that comes late is dropped and counts as
//!   lost.
//! - Redirects are errors, never followed.
//! - Nothing that a camera sends is waited for beyond a limit: a header of 16 KiB, a body of 64 KiB,
//!   a picture of [`Caps::access_unit_bytes`], 16 MiB a second.

mod address;
mod assemble;
mod clock;
mod connect;
mod connection;
mod error;
mod line;
mod parameters;
mod receiver;
mod rtp;
mod sdp;
mod talk;
mod tls;
mod udp;
mod wire;

use std::time::Duration;

use bytes::Bytes;

pub use address::{AddressError, Credentials, SourceConfig};
pub use connect::{connect, connect_over};
pub use connection::{CameraConnection, Polled, Scratch};
pub use error::{ConnectError, Fault, ReceiveError};
pub use receiver::MAX_BAD_PACKETS;
pub use tls::Fingerprint;

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

/// What is known of one coded picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    /// When it is decoded, by the camera's clock: microseconds since its first picture of this
    /// connection. Rises with every picture.
    pub rtp_elapsed_us: i64,
    /// How much later (never by much earlier) than that it is shown; 0 unless the camera sends
    /// pictures out of their order.
    pub presentation_offset_us: i32,
    /// Whether decoding can begin here. The first picture, and the first after each new
    /// configuration, is one.
    pub keyframe: bool,
    /// Packets that were lost or damaged since the picture before. Pictures they belonged to are
    /// dropped; those up to the next keyframe may show the damage.
    pub lost_packets_before: u32,
    /// The camera's clock jumped before this picture, so the step to it is the time that passed here.
    pub clock_jumped: bool,
}

/// What a camera says of its own wall clock (an RTCP sender report).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CameraReport {
    /// Microseconds since 1970 by the camera, whatever its clock shows.
    pub camera_wall_us: i64,
}

/// Where pictures of one camera go.
pub trait CameraSink {
    /// What follows is coded like this: comes first, and whenever it changes.
    fn config(&mut self, config: &VideoConfig);
    /// A picture: NAL units, each behind its length in four bytes, big end first; no parameter sets.
    fn picture(&mut self, bytes: &[u8], picture: Picture);
    /// The camera tells its time.
    fn report(&mut self, report: CameraReport);
    /// The camera sends what nobody asked for, sound perhaps, on a channel of its own; it was not
    /// looked at.
    fn unasked(&mut self, channel: u8);
}

/// One coded picture with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameraFrame {
    /// As in [`CameraSink::picture`].
    pub bytes: Bytes,
    /// What is known of it.
    pub picture: Picture,
}

impl std::ops::Deref for CameraFrame {
    type Target = Picture;

    fn deref(&self) -> &Picture {
        &self.picture
    }
}

/// What comes from a camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CameraEvent {
    /// The following frames are coded like this: comes first, and whenever it changes.
    Config(VideoConfig),
    /// A picture.
    Frame(CameraFrame),
}
