//! The socket at which the recorder asks: clips come back covered, and nothing of one is left, however it ends.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_jikim-mask");

/// A listener with a folder in memory of its own.
struct Listener {
    child: Child,
    socket: PathBuf,
    scratch: tempfile::TempDir,
    _folder: tempfile::TempDir,
}

impl Listener {
    fn start() -> Self {
        let cage = Path::new(PROGRAM).with_file_name("jikim-cage");
        assert!(cage.is_file(), "cargo build -p cage comes first");
        let folder = tempfile::tempdir().unwrap();
        let scratch = tempfile::tempdir_in("/dev/shm").unwrap();
        let socket = folder.path().join("mask.sock");
        let mut command = Command::new(PROGRAM);
        command.arg("listen").arg("--socket").arg(&socket).arg("--scratch").arg(scratch.path());
        let child = command.stdin(Stdio::null()).spawn().unwrap();
        let listener = Self { child, socket, scratch, _folder: folder };
        wait_until("it listens", || UnixStream::connect(&listener.socket).is_ok());
        listener
    }

    fn ask(&self, line: &str, clip: &[u8]) -> UnixStream {
        let mut stream = UnixStream::connect(&self.socket).unwrap();
        // One that refuses early may not take it all.
        let _ = stream.write_all(format!("{line}\n").as_bytes());
        let _ = stream.write_all(clip);
        let _ = stream.shutdown(Shutdown::Write);
        stream
    }

    fn answer(&self, line: &str, clip: &[u8]) -> Vec<u8> {
        let mut answer = Vec::new();
        self.ask(line, clip).read_to_end(&mut answer).unwrap();
        answer
    }

    /// Files of clips that lie in memory now.
    fn files(&self) -> usize {
        fn count(folder: &Path) -> usize {
            let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
            let paths = entries.filter_map(Result::ok).map(|it| it.path());
            paths.map(|it| if it.is_dir() { count(&it) } else { 1 }).sum()
        }
        count(self.scratch.path())
    }

    /// Processes that work for this listener.
    fn workers(&self) -> usize {
        let parent = self.child.id().to_string();
        let all = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
        let stats = all.filter_map(|it| std::fs::read_to_string(it.path().join("stat")).ok());
        let is_child = |stat: &String| {
            let behind = stat.rsplit(')').next().unwrap_or_default();
            behind.split_whitespace().nth(1) == Some(&parent)
        };
        stats.filter(is_child).count()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < until, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A clip as the recorder has it: a head, then fragments.
fn clip(seconds: u32) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clip.mp4");
    let picture = format!("testsrc2=s=320x240:r=15:d={seconds}");
    let status = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-f", "lavfi", "-i", &picture, "-c:v", "libx264"])
        .args(["-preset", "ultrafast", "-movflags", "frag_keyframe+empty_moov", "-g", "15"])
        .arg(&path)
        .status();
    assert!(status.expect("ffmpeg starts").success());
    std::fs::read(path).unwrap()
}

/// What stands before the last line of words, and the lengths and report of that line.
fn covered(answer: &[u8]) -> (Vec<u64>, usize, usize, serde_json::Value, &[u8]) {
    let mut rest = answer;
    let mut progress = Vec::new();
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n').expect("a line");
        let line = std::str::from_utf8(&rest[..end]).unwrap();
        rest = &rest[end + 1..];
        if let Some(told) = line.strip_prefix("progress ") {
            progress.push(told.split(' ').next().unwrap().parse().unwrap());
            continue;
        }
        let told = line.strip_prefix("covered ").unwrap_or_else(|| panic!("{line}"));
        let mut parts = told.splitn(3, ' ');
        let mut number = || parts.next().unwrap().parse().unwrap();
        let (clip, boxes) = (number(), number());
        let report = serde_json::from_str(parts.next().unwrap()).unwrap();
        return (progress, clip, boxes, report, rest);
    }
}

#[test]
fn a_clip_comes_back_covered_and_nothing_of_it_is_left_needs_ffmpeg_needs_models() {
    let listener = Listener::start();
    let answer = listener.answer("{\"edits\":{}}", &clip(3));
    let (_, clip, boxes, report, files) = covered(&answer);
    assert_eq!(files.len(), clip + boxes);
    assert_eq!(report["frames"], 45, "{report}");
    assert!(report.get("boxes_file").is_none(), "where it lay is nobody's matter");
    assert!(files[..clip].windows(4).any(|it| it == b"moov"));
    let boxes: serde_json::Value = serde_json::from_slice(&files[clip..]).unwrap();
    assert!(boxes.is_object());
    wait_until("nothing is left", || listener.files() == 0 && listener.workers() == 0);
    // And once more: it is there for the next.
    assert!(listener.answer("{}", &self::clip(1)).windows(8).any(|it| it == b"covered "));
}

#[test]
fn what_is_no_question_or_no_clip_is_refused_with_a_reason_needs_ffmpeg_needs_models() {
    let listener = Listener::start();
    let refused = |line: &str, clip: &[u8]| {
        let answer = String::from_utf8_lossy(&listener.answer(line, clip)).into_owned();
        let (_, why) = answer.split_once("refused\n").unwrap_or_else(|| panic!("{answer}"));
        assert!(!why.contains("/dev/shm") && !why.is_empty(), "{why}");
        why.to_owned()
    };
    refused("{}", b"no video at all");
    refused("{}", b"");
    assert!(refused("{\"keep\":1}", b"").contains("no question"));
    assert!(refused(&"x".repeat(600_000), b"").contains("first line"));
    let shown = "{\"edits\":{\"shown\":[{\"track\":99}]}}";
    assert!(refused(shown, &clip(1)).contains("name the findings"));
    assert!(refused("{\"mark\":\"--out=x\"}", &clip(1)).contains("mark"));
    assert_eq!(listener.files(), 0);
}

#[test]
fn who_hangs_up_leaves_neither_a_process_nor_a_file_needs_ffmpeg_needs_models() {
    let listener = Listener::start();
    let asked = listener.ask("{}", &clip(60));
    wait_until("it is worked on", || listener.workers() > 0 && listener.files() > 0);
    drop(asked);
    wait_until("the work is gone", || listener.workers() == 0 && listener.files() == 0);
}

#[test]
fn the_line_is_short_and_who_is_too_many_is_told_needs_ffmpeg_needs_models() {
    let listener = Listener::start();
    let long = clip(60);
    let first = listener.ask("{}", &long);
    wait_until("it is worked on", || listener.workers() > 0);
    let short = clip(1);
    let waiting: Vec<_> = (0..4).map(|_| listener.ask("{}", &short)).collect();
    let answer = listener.answer("{}", &short);
    assert!(answer.starts_with(b"refused\nbusy"), "{}", String::from_utf8_lossy(&answer));
    // Who waits has its turn when the first is gone.
    drop(first);
    let mut answer = Vec::new();
    waiting.into_iter().next().unwrap().read_to_end(&mut answer).unwrap();
    covered(&answer);
}

#[test]
fn originals_do_not_lie_on_a_disk_and_a_signal_leaves_nothing_needs_ffmpeg_needs_models() {
    let folder = tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR")).unwrap();
    let mut command = Command::new(PROGRAM);
    command.arg("listen").arg("--socket").arg(folder.path().join("mask.sock"));
    let told = command.arg("--scratch").arg(folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&told.stderr);
    assert!(!told.status.success() && said.contains("does not lie in memory"), "{said}");
    let mut listener = Listener::start();
    let asked = listener.ask("{}", &clip(60));
    wait_until("it is worked on", || listener.workers() > 0);
    let killed = Command::new("kill").arg(listener.child.id().to_string()).status().unwrap();
    assert!(killed.success());
    assert!(listener.child.wait().unwrap().success());
    wait_until("nothing is left", || {
        listener.files() == 0 && std::fs::read_dir(listener.scratch.path()).unwrap().count() == 0
    });
    assert!(!listener.socket.exists());
    drop(asked);
}
