//! One clip's work: this program again, as a child in a process group of its own, so that a clip that fells
//! it fells nothing else. When this is dropped nothing of the group is left.

use std::io::{self, BufRead as _, BufReader, Read as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::answer::Question;
use crate::arguments::{Finding, Style};

/// Bytes of the longest line that it may say, and of all complaints that are kept.
const LONGEST_LINE: u64 = 4096;
/// Bytes of the longest report.
const LONGEST_REPORT: u64 = 1 << 16;

/// The files of one clip, in a folder in memory.
#[derive(Debug)]
pub(crate) struct Files {
    pub(crate) original: PathBuf,
    pub(crate) covered: PathBuf,
    pub(crate) boxes: PathBuf,
    pub(crate) edits: PathBuf,
}

impl Files {
    pub(crate) fn within(folder: &Path) -> Self {
        let at = |name: &str| folder.join(name);
        let (original, covered) = (at("in.mp4"), at("out.mp4"));
        Self { original, covered, boxes: at("out.boxes.json"), edits: at("edits.json") }
    }
}

/// What the work says next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Frames done, and of how many; 0 where that is not known.
    Progress(u64, u64),
    /// Nothing yet.
    Nothing,
    /// It has ended.
    Ended,
}

/// A running work.
#[derive(Debug)]
pub(crate) struct Work {
    child: Child,
    /// When this end is closed, even by the kernel, the child ends itself and its group.
    _leash: Option<ChildStdin>,
    said: Receiver<(u64, u64)>,
    complaint: Option<JoinHandle<String>>,
}

impl Work {
    /// Starts it, with the environment of this process.
    pub(crate) fn start(asked: &Question, finding: &Finding, files: &Files) -> io::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["cover", "--json", "--progress", "--in"]).arg(&files.original);
        command.arg("--out").arg(&files.covered).arg("--boxes").arg(&files.boxes);
        let style = if asked.style == Style::Solid { "solid" } else { "mosaic" };
        command.args(["--style", style]).args(finding.words());
        std::fs::write(&files.edits, serde_json::to_vec(&asked.edits)?)?;
        command.arg("--edits").arg(&files.edits);
        if let Some(mark) = &asked.mark {
            // In one word with its name, so that it is taken for no other option.
            command.arg(format!("--mark={mark}"));
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.process_group(0).spawn()?;
        let (tell, said) = sync_channel(8);
        let complaint =
            child.stderr.take().map(|stream| std::thread::spawn(move || hear(stream, &tell)));
        Ok(Self { _leash: child.stdin.take(), child, said, complaint })
    }

    /// Waits no longer than this for what it says.
    pub(crate) fn next(&self, patience: Duration) -> Next {
        match self.said.recv_timeout(patience) {
            Ok((done, of)) => Next::Progress(done, of),
            Err(RecvTimeoutError::Timeout) => Next::Nothing,
            Err(RecvTimeoutError::Disconnected) => Next::Ended,
        }
    }

    /// Its report once it has ended well, else what it complains of.
    pub(crate) fn finish(mut self) -> Result<String, String> {
        let status = self.end().map_err(|error| format!("its end is not known: {error}"))?;
        let complaint = self.complaint.take().and_then(|thread| thread.join().ok());
        if !status.success() {
            let said = complaint.unwrap_or_default();
            let said = said.trim().trim_start_matches("jikim-mask: ");
            return Err(if said.is_empty() {
                format!("it ended with {status}")
            } else {
                said.into()
            });
        }
        let mut report = String::new();
        if let Some(output) = self.child.stdout.take() {
            let read = output.take(LONGEST_REPORT).read_to_string(&mut report);
            read.map_err(|error| format!("its report cannot be read: {error}"))?;
        }
        Ok(report)
    }

    /// Kills what is left of the group. Its number is nobody else's before `wait` has given it back.
    fn end(&mut self) -> io::Result<std::process::ExitStatus> {
        if let Ok(group) = i32::try_from(self.child.id()) {
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        }
        self.child.wait()
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        // After `finish` the number may be another's: only who still has a thread listening was not waited for.
        if self.complaint.is_some() {
            let _ = self.end();
        }
    }
}

/// Reads all that it says; gives back the last of it that is no progress.
fn hear(stream: ChildStderr, tell: &SyncSender<(u64, u64)>) -> String {
    let mut reader = BufReader::new(stream);
    let mut kept = String::new();
    let mut line = Vec::new();
    while let Ok(1..) = (&mut reader).take(LONGEST_LINE).read_until(b'\n', &mut line) {
        let text = String::from_utf8_lossy(&line);
        if let Some(progress) = progress(&text) {
            // Who no longer takes it kills this work.
            let _ = tell.send(progress);
        } else if kept.len() + text.len() <= LONGEST_LINE as usize {
            kept.push_str(&text);
        }
        line.clear();
    }
    kept
}

fn progress(line: &str) -> Option<(u64, u64)> {
    let (done, of) = line.trim_end().strip_prefix("progress ")?.split_once(' ')?;
    Some((done.parse().ok()?, of.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::progress;

    #[test]
    fn progress_is_told_from_complaints() {
        assert_eq!(progress("progress 12 40\n"), Some((12, 40)));
        for line in ["progress 12\n", "progress -1 2\n", "jikim-mask: progress 1 2\n", ""] {
            assert_eq!(progress(line), None, "{line}");
        }
    }
}
