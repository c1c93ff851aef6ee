//! Clips for tests, made by `samples/clips/make.sh` when they are first asked for.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// An H.264 clip of 320×180, 15 frames a second, a keyframe every two seconds, 8 seconds long.
///
/// # Panics
/// If ffmpeg is missing or cannot make it.
#[must_use]
pub fn small_h264() -> PathBuf {
    folder().join("small.h264")
}

/// As [`small_h264`], in H.265.
///
/// # Panics
/// If ffmpeg is missing or cannot make it.
#[must_use]
pub fn small_h265() -> PathBuf {
    folder().join("small.h265")
}

fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folder = root.join("target/clips");
        let mut script = Command::new("sh");
        script.arg(root.join("samples/clips/make.sh")).arg("--small").arg(&folder);
        let made = script.output().expect("sh is there");
        let error = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "cannot make clips: {error}; is ffmpeg installed?");
        folder
    })
}
