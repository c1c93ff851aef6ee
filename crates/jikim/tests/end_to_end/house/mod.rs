//! What a test needs around the program: its process, its command line, its pages, its cameras.

mod footage;
mod process;
mod web;

use std::path::Path;
use std::time::{Duration, Instant};

use testkit::stamp::CANARY_BYTES;
use testkit::{SimCamera, SimConfig, SimServer, clips};

pub(crate) use footage::{Seen, opening, stamps};
pub(crate) use process::House;
pub(crate) use testkit::is_long;
pub(crate) use web::{Answer, Heard, Web};

/// Frames a second of the simulated cameras.
pub(crate) const FPS: u32 = 15;
/// No two zeros in a row, so that it is never escaped on its way.
pub(crate) const CANARY: [u8; CANARY_BYTES] =
    *b"a-canary-that-sings-in-every-picture-and-must-never-be-on-a-disk";

/// A simulated camera as most tests want it.
pub(crate) fn camera(index: usize) -> SimCamera {
    SimCamera {
        path: format!("cam{index}"),
        name: format!("카메라 {index}"),
        clip: clips::small_h264(),
        fps: FPS,
        credentials: None,
        canary: Some(CANARY),
    }
}

/// Simulated cameras on a free port.
pub(crate) fn cameras(cameras: Vec<SimCamera>) -> SimServer {
    SimServer::start(SimConfig { listen: "127.0.0.1:0".parse().unwrap(), cameras }).unwrap()
}

/// Waits until something is so, and says what was waited for if it does not come.
#[track_caller]
pub(crate) fn wait_until(what: &str, within: Duration, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < within, "waited {within:?} in vain until {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Every file under a folder, with its bytes. One that goes away meanwhile is left out.
pub(crate) fn each_file(folder: &Path, look: &mut impl FnMut(&Path, &[u8])) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            each_file(&path, look);
        } else if let Ok(bytes) = std::fs::read(&path) {
            look(&path, &bytes);
        }
    }
}

/// SHA-256, 64 hexadecimal digits.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    let sha256 = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    sha256.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
