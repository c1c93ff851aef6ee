//! Clips made by ffmpeg, covered by the real program: what comes out, and that nothing half does.

mod clips;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use clips::{COMES_AND_GOES, clip, detail, luma, mask};

fn only(folder: &Path, names: &[&str]) {
    let mut found: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    found.sort();
    assert_eq!(found, names);
}

#[test]
fn what_moves_and_is_nobody_is_covered_and_frames_stay_needs_ffmpeg_needs_models() {
    let place = tempfile::tempdir().unwrap();
    let secret = ["-metadata", "title=WHO-WAS-THERE", "-pix_fmt", "yuv420p"];
    let input = clip(place.path(), "in.mp4", COMES_AND_GOES, &secret);
    let out = place.path().join("out.mp4");
    let done = mask(&input, &out, &[]).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    let said: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    let (before, after) = (luma(&input), luma(&out));
    assert_eq!((before.len(), after.len()), (60, 60));
    assert_eq!(said["frames"], 60);
    // Both times that it is there, wherever it is by then.
    for (frame, left) in [(20, 106), (50, 206)] {
        let (was, is) = (&before[frame], &after[frame]);
        assert!(detail(was, left, 28, 48, 80) > 4.0, "the control: {frame}");
        let left_over = detail(is, left, 28, 48, 80) / detail(was, left, 28, 48, 80);
        assert!(left_over < 0.3, "{frame}: {left_over}");
        let still = detail(is, 244, 180, 56, 56) / detail(was, 244, 180, 56, 56);
        assert!(still > 0.6, "what stays is not covered: {still}");
    }
    let bytes = std::fs::read(&out).unwrap();
    let holds = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
    assert!(holds(&std::fs::read(&input).unwrap(), b"WHO-WAS-THERE"), "the control");
    assert!(!holds(&bytes, b"WHO-WAS-THERE") && !holds(&bytes, b"elst"));
    let boxes = std::fs::read(place.path().join("out.boxes.json")).unwrap();
    let boxes: serde_json::Value = serde_json::from_slice(&boxes).unwrap();
    assert_eq!(boxes["format"], "jikim-boxes-1");
    assert!(!boxes["unexplained"].as_array().unwrap().is_empty());
    only(place.path(), &["in.mp4", "out.boxes.json", "out.mp4"]);
}

#[test]
fn frames_stay_when_size_and_codec_change_needs_ffmpeg_needs_models() {
    let place = tempfile::tempdir().unwrap();
    let test = |size: &str| format!("testsrc2=s={size}:r=10:d=1[out]");
    let one = clip(place.path(), "one.h264", &test("320x240"), &["-pix_fmt", "yuv420p"]);
    let two = clip(place.path(), "two.h264", &test("640x360"), &["-pix_fmt", "yuv420p"]);
    let mut both = std::fs::read(one).unwrap();
    both.extend(std::fs::read(two).unwrap());
    let changing = place.path().join("both.h264");
    std::fs::write(&changing, both).unwrap();
    let motion = clip(place.path(), "motion.avi", &test("162x122"), &["-c:v", "mjpeg"]);
    for (input, frames) in [(changing, 20), (motion, 10)] {
        let out = input.with_extension("mp4");
        let done = mask(&input, &out, &["--style", "solid"]).output().unwrap();
        assert!(done.status.success(), "{done:?}");
        assert_eq!(luma(&out).len(), frames, "{input:?}");
    }
}

#[test]
fn what_is_no_video_is_said_and_leaves_nothing_needs_ffmpeg() {
    let place = tempfile::tempdir().unwrap();
    let list = "#EXTM3U\n#EXTINF:1,\n/etc/passwd\n";
    for text in ["Minutes of a meeting\n", "", list, "ffconcat version 1.0\nfile '/etc/passwd'\n"] {
        let input = place.path().join("in.mp4");
        std::fs::write(&input, text).unwrap();
        let done = mask(&input, &place.path().join("out.mp4"), &[]).output().unwrap();
        assert!(!done.status.success());
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(said.contains("is no video that can be read"), "{said}");
        only(place.path(), &["in.mp4"]);
    }
}

#[test]
fn broken_h264_leaves_a_whole_clip_or_none_needs_ffmpeg_needs_models() {
    let place = tempfile::tempdir().unwrap();
    let test = "testsrc2=s=320x240:r=15:d=2[out]";
    let good =
        std::fs::read(clip(place.path(), "in.h264", test, &["-pix_fmt", "yuv420p"])).unwrap();
    for seed in 1..4_u32 {
        let (mut bytes, mut state) = (good.clone(), seed);
        for _ in 0..bytes.len() / 100 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = (state >> 8) as usize % bytes.len();
            bytes[at] = (state >> 3) as u8;
        }
        std::fs::write(place.path().join("in.h264"), bytes).unwrap();
        let out = place.path().join("out.mp4");
        let done = mask(&place.path().join("in.h264"), &out, &[]).output().unwrap();
        if done.status.success() {
            let said: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
            assert_eq!(said["frames"].as_u64().unwrap(), luma(&out).len() as u64);
            std::fs::remove_file(out).unwrap();
            std::fs::remove_file(place.path().join("out.boxes.json")).unwrap();
        }
        only(place.path(), &["in.h264"]);
    }
}

/// The child of a process that runs a program of this name.
fn child_of(parent: &Child, name: &str) -> Option<String> {
    let folders = std::fs::read_dir("/proc").expect("processes").flatten();
    folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).find(|id| {
        let Ok(stat) = std::fs::read_to_string(format!("/proc/{id}/stat")) else { return false };
        let Some((before, after)) = stat.rsplit_once(") ") else { return false };
        let above = after.split(' ').nth(1);
        before.ends_with(&format!("({name}")) && above == Some(&parent.id().to_string())
    })
}

#[test]
fn a_decoder_killed_half_way_leaves_nothing_needs_ffmpeg_needs_models() {
    let place = tempfile::tempdir().unwrap();
    let long = "testsrc2=s=640x480:r=25:d=20[out]";
    let input = clip(place.path(), "in.mp4", long, &["-pix_fmt", "yuv420p"]);
    let mut command = mask(&input, &place.path().join("out.mp4"), &[]);
    let mut run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(60);
    let decoder = loop {
        assert!(Instant::now() < until && run.try_wait().unwrap().is_none(), "no decoder was seen");
        if let Some(id) = child_of(&run, "ffmpeg") {
            break id;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    std::thread::sleep(Duration::from_millis(300));
    assert!(Command::new("kill").args(["-KILL", &decoder]).status().unwrap().success());
    let done = run.wait_with_output().unwrap();
    assert!(!done.status.success(), "{done:?}");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(said.contains("the decoder"), "{said}");
    only(place.path(), &["in.mp4"]);
}
