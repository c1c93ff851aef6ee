//! One question at the socket and its answer (docs/design/mask.md has the words of the line).

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use host::{Clock as _, SystemClock};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use serde::Deserialize;

use crate::arguments::{Finding, Style};
use crate::edits::{Edits, LONGEST_EDITS};
use crate::scratch::Scratch;
use crate::work::{Files, Next, Work};

/// Bytes of the longest first line: the edits of a clip.
const LONGEST_LINE: u64 = LONGEST_EDITS + 1024;
/// Bytes of the largest clip: it lies in memory, beside its covered copy.
pub(crate) const LARGEST_CLIP: u64 = 512 << 20;
/// Who says or takes nothing for so long is no longer waited for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// How long a whole clip may take to come, and to be fetched.
const CARRYING_S: u64 = 300;
/// How long a clip may be worked on, and how many of its bytes make that a second longer: a clip of 300 s
/// and 1 Mbit/s has half an hour, the largest less than five.
const WORK_S: u64 = 600;
const BYTES_A_SECOND: u64 = 32 << 10;
/// How often is looked whether the one who asks is still there.
const LOOK: Duration = Duration::from_millis(200);

/// What is asked of one clip.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    /// Who stays to be seen, and what was drawn by hand.
    #[serde(default)]
    pub(crate) edits: Edits,
    /// A visible mark in every picture.
    #[serde(default)]
    pub(crate) mark: Option<String>,
    /// How people are covered; a mosaic if it is not said.
    #[serde(default = "mosaic")]
    pub(crate) style: Style,
}

fn mosaic() -> Style {
    Style::Mosaic
}

/// How clips are worked on here.
#[derive(Debug)]
pub(crate) struct House {
    pub(crate) scratch: Scratch,
    pub(crate) finding: Finding,
    pub(crate) most_seconds: Option<u64>,
}

/// Why there is no covered clip.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AnswerError {
    /// The first line goes on and on, or does not end.
    #[error("the first line is longer than {LONGEST_LINE} bytes, or has no end")]
    Line,
    /// It is no question.
    #[error("the first line is no question: {0}")]
    Question(#[from] serde_json::Error),
    /// More than is taken.
    #[error("the clip is larger than {} MiB: ask for a shorter one", LARGEST_CLIP >> 20)]
    TooLarge,
    /// It stopped coming.
    #[error("the clip did not come whole: {0}")]
    Input(#[source] io::Error),
    /// There is no room, for the most part.
    #[error("the clip cannot be kept in memory while it is worked on ({0}): ask for a shorter one")]
    Memory(#[source] io::Error),
    /// The system lets no process be started.
    #[error("the work cannot be started: {0}")]
    Start(#[source] io::Error),
    /// It takes too long.
    #[error("the clip was not covered within {0} s and was given up: ask for a shorter one")]
    Slow(u64),
    /// The work says why not.
    #[error("{0}")]
    Work(String),
    /// Who asked is no longer there.
    #[error("who asked has hung up")]
    Gone,
}

/// Answers one question; when this returns, nothing of the clip is left.
pub(crate) fn answer(stream: &UnixStream, house: &House) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let folder = match house.scratch.clip() {
        Ok(folder) => folder,
        Err(error) => return refuse(stream, &AnswerError::Memory(error).to_string()),
    };
    let files = Files::within(folder.path());
    let done = question(stream, &files.original)
        .and_then(|(asked, bytes)| cover(stream, &asked, house, &files, bytes));
    match done {
        Ok(report) => hand_over(stream, &files, &report),
        Err(AnswerError::Gone) => Ok(()),
        Err(error) => {
            // The name of the folder is nobody's matter.
            let why = error.to_string().replace(&*files.original.to_string_lossy(), "the clip");
            drop(folder);
            refuse(stream, &why)
        }
    }
}

/// Says no, after what still comes was let pass by: a client that writes first and reads then hears it too.
pub(crate) fn refuse(mut stream: &UnixStream, why: &str) -> io::Result<()> {
    stream.write_all(format!("refused\n{why}").as_bytes())?;
    stream.shutdown(std::net::Shutdown::Write)?;
    carry(stream, &mut io::sink(), LARGEST_CLIP).map(drop)
}

/// Whether both directions are shut: the other end was closed, or its process has ended.
pub(crate) fn has_hung_up(stream: &UnixStream) -> bool {
    let mut asked = [PollFd::new(stream.as_fd(), PollFlags::empty())];
    let _ = poll(&mut asked, PollTimeout::ZERO);
    let said = asked[0].revents().unwrap_or(PollFlags::empty());
    said.intersects(PollFlags::POLLHUP | PollFlags::POLLERR)
}

fn question(stream: &UnixStream, clip: &Path) -> Result<(Question, u64), AnswerError> {
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    let read = (&mut reader).take(LONGEST_LINE).read_until(b'\n', &mut line);
    read.map_err(AnswerError::Input)?;
    if line.last() != Some(&b'\n') {
        return Err(if has_hung_up(stream) { AnswerError::Gone } else { AnswerError::Line });
    }
    let asked = serde_json::from_slice(&line)?;
    let mut file = File::create_new(clip).map_err(AnswerError::Memory)?;
    let mut keep = Keep { file: &mut file, failed: None };
    let came = carry(reader, &mut keep, LARGEST_CLIP + 1);
    if let Some(error) = keep.failed {
        return Err(AnswerError::Memory(error));
    }
    match came.map_err(AnswerError::Input)? {
        _ if has_hung_up(stream) => Err(AnswerError::Gone),
        bytes if bytes > LARGEST_CLIP => Err(AnswerError::TooLarge),
        bytes => Ok((asked, bytes)),
    }
}

/// Tells a full memory from a stream that breaks.
struct Keep<'a> {
    file: &'a mut File,
    failed: Option<io::Error>,
}

impl Write for Keep<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes).map_err(|error| {
            let kind = error.kind();
            self.failed = Some(error);
            kind.into()
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn cover(
    mut stream: &UnixStream,
    asked: &Question,
    house: &House,
    files: &Files,
    bytes: u64,
) -> Result<String, AnswerError> {
    let most_s = house.most_seconds.unwrap_or(WORK_S + bytes / BYTES_A_SECOND);
    let until = seconds().saturating_add(most_s);
    let work = Work::start(asked, &house.finding, files).map_err(AnswerError::Start)?;
    loop {
        match work.next(LOOK) {
            Next::Ended => break,
            Next::Nothing => {}
            Next::Progress(done, of) => {
                let told = stream.write_all(format!("progress {done} {of}\n").as_bytes());
                told.map_err(|_| AnswerError::Gone)?;
            }
        }
        if has_hung_up(stream) {
            return Err(AnswerError::Gone);
        }
        if seconds() >= until {
            return Err(AnswerError::Slow(most_s));
        }
    }
    work.finish().map_err(AnswerError::Work)
}

/// The covered clip and the boxes, with what there is to say about them.
fn hand_over(mut stream: &UnixStream, files: &Files, report: &str) -> io::Result<()> {
    let mut report: serde_json::Value = serde_json::from_str(report)?;
    if let Some(fields) = report.as_object_mut() {
        // Where it lay for a while says nothing.
        fields.remove("boxes_file");
    }
    let (clip, boxes) = (File::open(&files.covered)?, File::open(&files.boxes)?);
    let (clip_bytes, boxes_bytes) = (clip.metadata()?.len(), boxes.metadata()?.len());
    stream.write_all(format!("covered {clip_bytes} {boxes_bytes} {report}\n").as_bytes())?;
    carry(clip, &mut stream, clip_bytes)?;
    carry(boxes, &mut stream, boxes_bytes).map(drop)
}

/// Copies at most so much, within the time that carrying may take.
fn carry(from: impl Read, to: &mut impl Write, most: u64) -> io::Result<u64> {
    let until = seconds().saturating_add(CARRYING_S);
    let mut from = from.take(most);
    let mut part = vec![0; 1 << 16];
    let mut carried = 0;
    loop {
        match from.read(&mut part) {
            Ok(0) => return Ok(carried),
            Ok(count) => {
                to.write_all(&part[..count])?;
                carried += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if seconds() >= until {
            return Err(io::ErrorKind::TimedOut.into());
        }
    }
}

fn seconds() -> u64 {
    SystemClock.elapsed().as_nanos() / 1_000_000_000
}
