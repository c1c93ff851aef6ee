//! Judged by `ffprobe`.

use std::path::Path;
use std::process::{Command, Stdio};

/// Whether `ffprobe` can be run.
#[must_use]
pub fn available() -> bool {
    let mut command = Command::new("ffprobe");
    command.arg("-version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// What `ffprobe` says of the first video of a file or address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probed {
    /// `h264`, `hevc`, …
    pub codec: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Frames that could be decoded.
    pub frames: u64,
}

/// Why `ffprobe` could not tell.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// It cannot be run.
    #[error("cannot run ffprobe: {0}; install ffmpeg")]
    Run(std::io::Error),
    /// It found no video, or errors in it.
    #[error("ffprobe found fault with {input}: {said}")]
    Fault {
        /// The file or address.
        input: String,
        /// What it wrote.
        said: String,
    },
}

/// Decodes all of a file.
///
/// # Errors
/// `ffprobe` missing, no video, or a decoder that complained.
pub fn ffprobe_frames(path: &Path) -> Result<Probed, ProbeError> {
    probe(&[], &path.to_string_lossy())
}

/// Decodes `seconds` of what a camera sends over TCP.
///
/// # Errors
/// `ffprobe` missing, no video, or a decoder that complained.
pub fn ffprobe_camera(url: &str, seconds: u32) -> Result<Probed, ProbeError> {
    let interval = format!("%+{seconds}");
    probe(&["-rtsp_transport", "tcp", "-read_intervals", &interval], url)
}

fn probe(options: &[&str], input: &str) -> Result<Probed, ProbeError> {
    let mut command = Command::new("ffprobe");
    command.args(["-v", "error", "-select_streams", "v:0", "-count_frames"]).args(options);
    command.args(["-show_entries", "stream=codec_name,width,height,nb_read_frames"]);
    command.args(["-of", "csv=p=0", input]).stdin(Stdio::null());
    let output = command.output().map_err(ProbeError::Run)?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let fault = |said| ProbeError::Fault { input: input.to_owned(), said };
    if !output.status.success() || !said.is_empty() {
        return Err(fault(said));
    }
    let line = String::from_utf8_lossy(&output.stdout).into_owned();
    let fields: Vec<_> = line.trim().split(',').collect();
    let parsed = || {
        let [codec, width, height, frames] = fields[..] else { return None };
        let (width, height) = (width.parse().ok()?, height.parse().ok()?);
        Some(Probed { codec: codec.into(), width, height, frames: frames.parse().ok()? })
    };
    parsed().ok_or_else(|| fault(line.clone()))
}
