//! A camera by GStreamer's RTSP server, as a child process.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};

/// Debian's Python: the one that has the bindings of its GStreamer.
const PYTHON: &str = "/usr/bin/python3";
const SCRIPT: &str = include_str!("camera.py");
/// More than this of what the child complains is left out.
const MAX_COMPLAINT_BYTES: u64 = 4096;

/// What a real camera sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RealCodec {
    /// H.264.
    H264,
    /// H.265.
    H265,
    /// Motion JPEG.
    Mjpeg,
}

/// Why there is no real camera.
#[derive(Debug, thiserror::Error)]
pub enum CameraError {
    /// Python cannot be run.
    #[error("cannot run {PYTHON}: {0}; install python3")]
    Run(std::io::Error),
    /// It runs, and the camera does not.
    #[error(
        "GStreamer's camera does not start: {0}; install gir1.2-gst-rtsp-server-1.0, \
         python3-gst-1.0 and gstreamer1.0-plugins-{{base,good,bad,ugly}}"
    )]
    Start(String),
}

/// A camera that nobody here wrote; it ends when this is dropped.
#[derive(Debug)]
pub struct GStreamerCamera {
    child: Child,
    port: u16,
}

impl GStreamerCamera {
    /// Whether one can be started.
    #[must_use]
    pub fn available() -> bool {
        Self::start(RealCodec::Mjpeg, None).is_ok()
    }

    /// A camera of 320×240, 15 frames a second, a keyframe each second, that asks for account and
    /// password if they are given.
    ///
    /// # Errors
    /// Python or GStreamer's parts are missing.
    pub fn start(codec: RealCodec, credentials: Option<(&str, &str)>) -> Result<Self, CameraError> {
        let codec = match codec {
            RealCodec::H264 => "h264",
            RealCodec::H265 => "h265",
            RealCodec::Mjpeg => "mjpeg",
        };
        let mut command = Command::new(PYTHON);
        command.args(["-c", SCRIPT, codec, "320", "240", "15"]);
        if let Some((user, password)) = credentials {
            command.args([user, password]);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(CameraError::Run)?;
        let mut line = String::new();
        let output = child.stdout.take().expect("its output is ours");
        let read = BufReader::new(output).read_line(&mut line);
        if let (Ok(_), Ok(port)) = (read, line.trim().parse()) {
            return Ok(Self { child, port });
        }
        // It said nothing, so it has ended or is of no use.
        let _ = child.kill();
        let _ = child.wait();
        let mut said = String::new();
        let complaint = child.stderr.take().expect("its complaints are ours");
        let _ = complaint.take(MAX_COMPLAINT_BYTES).read_to_string(&mut said);
        Err(CameraError::Start(said.lines().last().unwrap_or("it said nothing").to_owned()))
    }

    /// Its address, without credentials.
    #[must_use]
    pub fn url(&self) -> String {
        format!("rtsp://127.0.0.1:{}/camera", self.port)
    }
}

impl Drop for GStreamerCamera {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
