//! What a person decided about a clip is what comes out: areas, marks; and frames keep their times.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod clips;

use std::path::{Path, PathBuf};

use clips::{COMES_AND_GOES, clip, detail, ffmpeg, luma, mask};
use serde_json::{Value, json};

/// Where the picture that stays is, and where the one that walks is in frame 20.
const STILL: [usize; 4] = [244, 180, 56, 56];
const WALKS: [usize; 4] = [106, 28, 48, 80];

fn sharpness(picture: &[u8], at: [usize; 4]) -> f64 {
    let [left, top, wide, high] = at;
    detail(picture, left, top, wide, high)
}

fn covered(input: &Path, name: &str, edits: &Value) -> (PathBuf, Value) {
    let out = input.with_file_name(name);
    let file = input.with_file_name("edits.json");
    std::fs::write(&file, edits.to_string()).unwrap();
    let done = mask(input, &out, &["--edits", file.to_str().unwrap()]).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    let boxes = std::fs::read(out.with_extension("boxes.json")).unwrap();
    (out, serde_json::from_slice(&boxes).unwrap())
}

#[test]
fn what_is_drawn_is_covered_and_what_is_shown_stays_needs_ffmpeg_needs_models() {
    let place = tempfile::tempdir().unwrap();
    let input = clip(place.path(), "in.mp4", COMES_AND_GOES, &["-pix_fmt", "yuv420p"]);
    let before = luma(&input);
    let (plain, boxes) = covered(&input, "plain.mp4", &json!({}));
    let still = |path: &Path, frame: usize| sharpness(&luma(path)[frame], STILL);
    let walks = |path: &Path, frame: usize| sharpness(&luma(path)[frame], WALKS);
    let (was_still, was_walking) = (sharpness(&before[20], STILL), sharpness(&before[20], WALKS));
    assert!(still(&plain, 20) > 0.6 * was_still, "the control: what keeps still is not covered");
    assert!(walks(&plain, 20) < 0.3 * was_walking, "the control: what moves is");
    let key = |frame: u32, at: [u32; 4]| json!({"frame": frame, "left": at[0], "top": at[1], "right": at[2], "bottom": at[3]});
    let edits = json!({
        "findings": boxes["findings"],
        "areas": [
            {"what": "cover", "keys": [key(10, [236, 172, 308, 240]), key(30, [236, 172, 308, 240])]},
            {"what": "show", "keys": [key(10, [60, 8, 200, 128]), key(30, [60, 8, 200, 128])]},
        ],
    });
    let (edited, _) = covered(&input, "edited.mp4", &edits);
    assert!(still(&edited, 20) < 0.3 * was_still, "what was drawn");
    assert!(still(&edited, 40) > 0.6 * was_still, "and not later than it was drawn");
    assert!(walks(&edited, 20) > 0.6 * was_walking, "what was said to be harmless");
    let other = json!({"findings": "0".repeat(64), "areas": edits["areas"]});
    std::fs::write(place.path().join("edits.json"), other.to_string()).unwrap();
    let path = place.path().join("edits.json");
    let refused = mask(&input, &place.path().join("no.mp4"), &["--edits", path.to_str().unwrap()]);
    let refused = { refused }.output().unwrap();
    assert!(!refused.status.success() && !place.path().join("no.mp4").exists());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("make them anew"));
}

/// Presentation times as an outsider reads them, in milliseconds.
fn times(path: &Path) -> Vec<i64> {
    let output = std::process::Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "v:0", "-show_entries", "frame=pts_time"])
        .args(["-of", "default=noprint_wrappers=1:nokey=1"])
        .arg(path)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| (line.trim().parse::<f64>().unwrap() * 1000.0).round() as i64).collect()
}

#[test]
fn frames_keep_their_times_and_bear_a_mark_needs_ffmpeg_needs_models() {
    let place = tempfile::tempdir().unwrap();
    // As a camera that stalls: half a second at 15 frames a second, two seconds of nothing, and on.
    let stalls = "testsrc2=s=320x240:r=15:d=2,setpts='PTS+if(gte(N,8),2/TB,0)'[out]";
    let more = ["-pix_fmt", "yuv420p", "-fps_mode", "passthrough", "-bf", "2"];
    let input = clip(place.path(), "in.mp4", stalls, &more);
    let before = times(&input);
    assert!(before.windows(2).any(|pair| pair[1] - pair[0] > 1900), "the control: it stalls");
    let out = place.path().join("out.mp4");
    let done = mask(&input, &out, &["--mark", "JIKIM R 2026-17"]).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    let after = times(&out);
    let from_first = |all: &[i64]| all.iter().map(|time| time - all[0]).collect::<Vec<_>>();
    let (before, after) = (from_first(&before), from_first(&after));
    assert_eq!(before.len(), after.len());
    let apart = before.iter().zip(&after).map(|(one, other)| (one - other).abs()).max();
    assert!(apart.unwrap() <= 1, "{before:?} {after:?}");
    let boxes = std::fs::read(place.path().join("out.boxes.json")).unwrap();
    let boxes: Value = serde_json::from_slice(&boxes).unwrap();
    let told: Vec<i64> = serde_json::from_value(boxes["times_ms"].clone()).unwrap();
    assert!(told.iter().zip(&before).all(|(one, other)| (one - other).abs() <= 1), "{told:?}");
    let length = ffmpeg(&["-i", out.to_str().unwrap(), "-f", "null", "-progress", "-", "-"]);
    assert!(String::from_utf8_lossy(&length.stdout).contains("out_time=00:00:0"), "it plays");
    // Light letters on a dark ground, in the lower left corner of every picture.
    for picture in luma(&out) {
        let line = &picture[233 * 320..][..180];
        let (light, dark) =
            (line.iter().filter(|it| **it > 200), line.iter().filter(|it| **it < 50));
        assert!(light.count() > 20 && dark.count() > 60);
    }
}
