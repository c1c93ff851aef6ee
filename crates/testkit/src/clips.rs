//! The clips of `samples/clips/make.sh`; the small ones are made when a test first asks for them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A place that `samples/clips/make.sh` makes a clip of: 1280×720, 15 frames a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scene {
    /// The clip's file name.
    pub file: &'static str,
    /// The place's name in Korean, which also stands in the picture.
    pub title: &'static str,
}

/// The places of the demo, all in H.264.
pub const SCENES: [Scene; 9] = [
    Scene { file: "gate.h264", title: "정문" },
    Scene { file: "lobby.h264", title: "로비" },
    Scene { file: "parking.h264", title: "주차장" },
    Scene { file: "corridor.h264", title: "2층 복도" },
    Scene { file: "playground.h264", title: "어린이집" },
    Scene { file: "park.h264", title: "산책로" },
    Scene { file: "backdoor.h264", title: "후문" },
    Scene { file: "storage.h264", title: "기록물창고" },
    Scene { file: "crossing.h264", title: "사거리" },
];

/// The crossing in H.265; its picture carries no time and no counter.
pub const SCENE_H265: Scene = Scene { file: "crossing.h265", title: "사거리" };

/// 2 Mbit/s, for measurements.
pub const BENCH: &str = "bench.h264";

/// Frames a second of every clip that `samples/clips/make.sh` makes.
pub const FPS: u32 = 15;

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
