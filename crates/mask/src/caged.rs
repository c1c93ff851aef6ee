//! A program in its cage, with its streams, until it ends; it never outlives the one who started it.

use std::ffi::OsString;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;

use crate::Told;
use crate::places;

/// How much of what a program complains is kept.
const COMPLAINT_BYTES: usize = 600;

/// What a cage is told.
#[derive(Debug, Default)]
pub(crate) struct Cage {
    /// What may be read.
    pub(crate) read: Vec<PathBuf>,
    /// The one file that may be written.
    pub(crate) write: Option<PathBuf>,
    /// Address space, in MiB.
    pub(crate) memory_mib: u64,
    /// Processor time, in seconds.
    pub(crate) cpu_s: u64,
}

/// A running program.
#[derive(Debug)]
pub(crate) struct Caged {
    name: &'static str,
    child: Child,
    complaint: Option<JoinHandle<String>>,
}

impl Cage {
    /// Starts a program in it; `name` is what it is to the person who reads an error.
    pub(crate) fn start(
        &self,
        name: &'static str,
        program: &Path,
        arguments: &[OsString],
        input: Stdio,
        output: Stdio,
    ) -> Told<Caged> {
        let mut command = Command::new(places::beside("jikim-cage")?);
        for path in &self.read {
            command.arg("--read").arg(path);
        }
        if let Some(path) = &self.write {
            // Only the disk limits how large a clip may be.
            command.arg("--write").arg(path).args(["--file-mib", "16777216"]);
        }
        command.args(["--memory-mib", &self.memory_mib.to_string()]);
        command.args(["--cpu-s", &self.cpu_s.to_string(), "--"]);
        command.arg(program).args(arguments).stdin(input).stdout(output).stderr(Stdio::piped());
        let mut child =
            command.spawn().map_err(|error| format!("the {name} cannot be started: {error}"))?;
        let complaint = child.stderr.take().map(|stream| std::thread::spawn(|| listen(stream)));
        Ok(Caged { name, child, complaint })
    }
}

impl Caged {
    pub(crate) fn input(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    pub(crate) fn output(&mut self) -> Told<ChildStdout> {
        self.child.stdout.take().ok_or(format!("the {} gives nothing", self.name))
    }

    /// Waits for its end, which must be a good one.
    pub(crate) fn finish(mut self) -> Told<()> {
        let status = self.child.wait();
        let said = self.complaint.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("the {} failed ({status}): {said}", self.name)),
            Err(error) => Err(format!("the {} cannot be waited for: {error}", self.name)),
        }
    }

    /// Why it stopped giving or taking: what it says itself, if it failed.
    pub(crate) fn why(self, otherwise: &str) -> String {
        let name = self.name;
        self.finish().err().unwrap_or_else(|| format!("the {name} {otherwise}"))
    }
}

impl Drop for Caged {
    fn drop(&mut self) {
        // One that has ended already takes no harm.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads all that is said, so that nobody waits for us, and keeps the first of it, as plain text.
fn listen(mut stream: ChildStderr) -> String {
    let mut kept = Vec::new();
    let mut part = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut part) {
        let room = COMPLAINT_BYTES.saturating_sub(kept.len()).min(count);
        kept.extend_from_slice(&part[..room]);
    }
    let text = String::from_utf8_lossy(&kept);
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.trim().chars().map(plain).collect()
}
