//! Simulated cameras: an RTSP 1.0 server of our own, many cameras on one port by path.
//!
//! A camera plays a pre-encoded clip in a loop. Its frames are a function of time: frame `n` is due
//! `n / fps` seconds after the start (plus the camera's phase), whether somebody watches or not, so
//! every session gets the same frame at the same time, and no work is done for nobody. A clip is
//! packetised once; for each frame a session writes sequence number, timestamp and SSRC into the
//! clip's own packets and sends them in one write, from one timer for all cameras.

mod auth;
mod camera;
mod clip;
mod connection;
mod control;
mod fault;
mod identity;
mod packets;
mod pump;
mod rtp;
mod rtsp;
mod sdp;
mod server;
mod session;
mod switches;
mod tamper;
mod wire;

use std::net::SocketAddr;
use std::path::PathBuf;

pub use fault::{SimFault, UnknownFault};
pub use server::SimServer;
pub use switches::SimAuth;

use crate::stamp::CANARY_BYTES;

/// Marks the messages of ONVIF Media Signing in a picture's supplemental data (ONVIF Media Signing
/// Specification, version 24.12).
pub const SIGNING_UUID: [u8; 16] = [
    0x00, 0x5b, 0xc9, 0x3f, 0x2d, 0x71, 0x5e, 0x95, 0xad, 0xa4, 0x79, 0x6f, 0x90, 0x87, 0x7a, 0x6f,
];

/// What to serve and where.
#[derive(Debug, Clone)]
pub struct SimConfig {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The cameras, at most 10,000, each with another path.
    pub cameras: Vec<SimCamera>,
}

/// One camera.
#[derive(Clone)]
pub struct SimCamera {
    /// Path of its address: `cam1` is served at `rtsp://HOST:PORT/cam1`.
    pub path: String,
    /// Name, as people call it. It stands in the picture, with time and counter, if the clip is one
    /// that can be captioned; an empty one leaves the picture as it is.
    pub name: String,
    /// Annex B file (H.264 or H.265, no B-frames) that begins with a keyframe.
    pub clip: PathBuf,
    /// Frames a second, from 1 to 120.
    pub fps: u32,
    /// Account and password, asked for by Digest with MD5 unless
    /// [`SimServer::set_auth`] says otherwise; `None` lets anybody in.
    pub credentials: Option<(String, String)>,
    /// Bytes in each frame's stamp, to look for where no picture may be.
    pub canary: Option<[u8; CANARY_BYTES]>,
}

impl SimCamera {
    fn is_captioned(&self) -> bool {
        !self.name.is_empty()
    }
}

impl std::fmt::Debug for SimCamera {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Neither the password nor the canary may come into a log by way of a debug line.
        f.debug_struct("SimCamera")
            .field("path", &self.path)
            .field("name", &self.name)
            .field("clip", &self.clip)
            .field("fps", &self.fps)
            .finish_non_exhaustive()
    }
}

/// What was sent since the start, over all sessions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SimStats {
    /// Sessions that play now.
    pub sessions: u32,
    /// Frames sent, once for each session.
    pub frames: u64,
    /// RTP packets sent.
    pub packets: u64,
    /// Bytes sent in them, interleaving headers included.
    pub bytes: u64,
    /// Packets lost on purpose.
    pub dropped_packets: u64,
    /// Frames left out because a client (or this machine) was too slow to take them.
    pub late_frames: u64,
}

/// Why the cameras could not be started.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    /// The clip cannot be read.
    #[error("cannot read the clip {path}: {source}; samples/clips/make.sh makes clips")]
    ReadClip {
        /// The clip.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The clip is not one we can serve.
    #[error("cannot serve the clip {path}: {fault}; give an annex B file of H.264 or H.265")]
    BadClip {
        /// The clip.
        path: PathBuf,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; choose another address, or port 0 for any")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// There would be more connections than the process may have files open.
    #[error(
        "{needed} open files are needed for these cameras and {limit} are allowed (RLIMIT_NOFILE); \
         raise the limit with `ulimit -n {needed}`"
    )]
    TooFewFiles {
        /// How many are needed: one for each camera and some for the process.
        needed: u64,
        /// How many the process may have.
        limit: u64,
    },
    /// The settings contradict themselves.
    #[error("cannot simulate camera {path:?}: {fault}")]
    BadCamera {
        /// Path of the camera.
        path: String,
        /// What is wrong with it.
        fault: &'static str,
    },
}
