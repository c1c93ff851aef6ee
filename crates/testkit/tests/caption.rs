//! The caption in the picture tells the truth, and changes nothing of the picture below it. Judged
//! by ffmpeg's decoder.
#![allow(clippy::unwrap_used, reason = "a helper of a test may panic as the test may")]

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use testkit::stamp::{self, Stamp};
use testkit::{SimCamera, SimConfig, SimServer, clips};

const WIDTH: usize = 320;
const HEIGHT: usize = 180;
/// Side of a letter's cell.
const CELL: usize = 16;
const FRAME_BYTES: usize = WIDTH * HEIGHT;

fn ffmpeg(arguments: &[&str]) {
    let mut command = Command::new("ffmpeg");
    let output = command.args(["-nostdin", "-v", "error", "-y"]).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "ffmpeg {arguments:?}: {said}");
}

/// Luma of each frame of a file.
fn decode(folder: &Path, input: &Path) -> Vec<Vec<u8>> {
    let raw = folder.join("raw");
    let (input, output) = (input.to_str().unwrap(), raw.to_str().unwrap());
    ffmpeg(&[
        "-i",
        input,
        "-fps_mode",
        "passthrough",
        "-pix_fmt",
        "gray",
        "-f",
        "rawvideo",
        output,
    ]);
    std::fs::read(raw).unwrap().chunks(FRAME_BYTES).map(<[u8]>::to_vec).collect()
}

/// The stamps of an annex B file, in order.
fn stamps(bytes: &[u8]) -> Vec<Stamp> {
    let at = |window: &[u8]| window == stamp::UUID;
    let places = bytes.windows(stamp::UUID.len()).enumerate().filter(|(_, window)| at(window));
    places.map(|(place, _)| stamp::find(&bytes[place - 2..]).unwrap()).collect()
}

fn cell(frame: &[u8], column: usize, row: usize) -> Vec<u8> {
    let line = |y: usize| (row * CELL + y) * WIDTH + column * CELL;
    (0..CELL).flat_map(|y| frame[line(y)..line(y) + CELL].to_vec()).collect()
}

/// Time and counter as the caption should show them, one letter a cell, after a blank one.
fn expected(stamp: &Stamp) -> String {
    let second = stamp.wall_us / 1_000_000 + 9 * 3600;
    let (hour, minute, second) = (second / 3600 % 24, second / 60 % 60, second % 60);
    format!(" {hour:02}:{minute:02}:{second:02}+09 {:07}", stamp.counter)
}

#[test]
fn the_caption_is_true_at_every_frame_and_the_picture_below_is_untouched() {
    let camera = SimCamera {
        path: "cam1".into(),
        name: "CAM 1".into(),
        clip: clips::small_h264(),
        fps: 15,
        credentials: None,
        canary: None,
    };
    let listen = "127.0.0.1:0".parse().unwrap();
    let server = SimServer::start(SimConfig { listen, cameras: vec![camera] }).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("taken.h264");
    let (url, file) = (server.url(0), taken.to_str().unwrap());
    ffmpeg(&["-rtsp_transport", "tcp", "-i", &url, "-t", "6", "-c", "copy", "-f", "h264", file]);

    let stamps = stamps(&std::fs::read(&taken).unwrap());
    let pictures = decode(folder.path(), &taken);
    let originals = decode(folder.path(), &clips::small_h264());
    assert!(stamps.len() > 80, "only {} frames came", stamps.len());
    assert_eq!(stamps.len(), pictures.len());
    let mut letters: HashMap<Vec<u8>, char> = HashMap::new();
    for (stamp, picture) in stamps.iter().zip(&pictures) {
        let original = &originals[stamp.counter as usize % originals.len()];
        let below = 2 * CELL * WIDTH;
        assert!(picture[below..] == original[below..], "frame {} is changed", stamp.counter);
        for (column, letter) in expected(stamp).chars().enumerate() {
            let seen = *letters.entry(cell(picture, column, 1)).or_insert(letter);
            assert_eq!(seen, letter, "in frame {}", stamp.counter);
        }
    }
    // Each image stood for one letter; and no two images for the same.
    assert_eq!(letters.len(), letters.values().collect::<std::collections::HashSet<_>>().len());
    assert!("0123456789".chars().all(|digit| letters.values().any(|letter| *letter == digit)));
}
