//! Programs of others that judge what we send (`ffprobe`) and send what we must understand
//! (GStreamer's RTSP server).

mod gstreamer;
mod probe;

pub use gstreamer::{CameraError, GStreamerCamera, RealCodec};
pub use probe::{ProbeError, Probed, available, ffprobe_camera, ffprobe_frames};
