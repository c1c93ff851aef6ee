//! The book of one log: the largest head that was cosigned, on disk and in memory.
//!
//! On disk it is one file, `heads/<SHA-256 of the origin>`: a first line `jikim-witness head v1`, a
//! line `grown` with the time of the last growth (seconds since 1970), a blank line, and the signed
//! note with the log's signature and ours. Our own signature vouches for what is read back, so a
//! damaged file is never taken for a smaller head.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use domain::Elapsed;
use host::{Fs, FsError};
use tlog::witness::{Accepted, TreeHead};
use tlog::{Checkpoint, Signature, SignedNote, VerifierKey};

use crate::budget::Budget;

/// The folder of the books.
pub(crate) const FOLDER: &str = "heads";

const FIRST_LINE: &str = "jikim-witness head v1";
const MAX_BYTES: usize = 64 << 10;

/// Requests that may wait for one log at once: more would wait for a disk that hangs.
const MOST_WAITING: usize = 4;

/// Why a log's book cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The disk refused.
    #[error(transparent)]
    Disk(#[from] FsError),
    /// What was cosigned last cannot be known any more. To begin anew could cosign a fork.
    #[error(
        "{path} is damaged ({reason}), so what was cosigned last is not known: this log is cosigned \
         no more. Make a new witness in a new folder and publish its key"
    )]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// The book of one log.
pub(crate) struct Book {
    pub(crate) origin: String,
    path: PathBuf,
    page: Mutex<Page>,
    waiting: AtomicUsize,
    seen: Mutex<Seen>,
}

/// What is judged by. Its lock is held from the reading of the head to the persisting.
pub(crate) struct Page {
    pub(crate) head: TreeHead,
    /// What the log may have cosigned that is new.
    pub(crate) growth: Budget,
    /// What may be asked beside that, by the log or by whoever repeats its words.
    pub(crate) others: Budget,
    /// The last cosignature of this run, for whoever asks for the same at once.
    pub(crate) last: Option<Last>,
}

/// A cosignature that left, or would have.
pub(crate) struct Last {
    pub(crate) text: String,
    pub(crate) line: Signature,
    pub(crate) at: Elapsed,
}

/// What may be told: durable, and read without waiting for the disk.
#[derive(Clone)]
pub(crate) struct Seen {
    pub(crate) head: TreeHead,
    /// The signed note as it stands in the file; none before the first.
    pub(crate) note: Option<Arc<str>>,
    /// Time of the last cosignature, in seconds since 1970.
    pub(crate) cosigned_at_s: Option<u64>,
    /// When the log last grew, in seconds since 1970.
    pub(crate) grown_at_s: Option<u64>,
    /// The same by the clock that cannot be set; the start of this run, if it was before.
    pub(crate) grown: Elapsed,
}

/// A turn at a log, of which there are few.
pub(crate) struct Turn<'b>(&'b Book);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Book {
    /// The book of an origin, as it stands in the folder of the witness whose key this is.
    pub(crate) fn open(
        fs: &dyn Fs,
        folder: &Path,
        origin: &str,
        witness: &VerifierKey,
        now: Elapsed,
    ) -> Result<Self, BookError> {
        let path = folder.join(FOLDER).join(file_name(origin));
        let seen = if fs.exists(&path)? {
            let (found, seen) = read(fs, &path, witness, now)?;
            if found != origin {
                return Err(damaged(&path, "it is of another log"));
            }
            seen
        } else {
            Seen {
                head: TreeHead::empty(),
                note: None,
                cosigned_at_s: None,
                grown_at_s: None,
                grown: now,
            }
        };
        let full = Budget::full(now);
        let page = Page { head: seen.head, growth: full, others: full, last: None };
        Ok(Self {
            origin: origin.to_owned(),
            path,
            page: Mutex::new(page),
            waiting: AtomicUsize::new(0),
            seen: Mutex::new(seen),
        })
    }

    /// A place in the queue for [`Book::page`]; none if it is long already.
    pub(crate) fn turn(&self) -> Option<Turn<'_>> {
        let turn = Turn(self);
        let before = self.waiting.fetch_add(1, Ordering::AcqRel);
        (before < MOST_WAITING).then_some(turn)
    }

    /// The page, alone. It is changed only after its change is durable, so one that a panic left is
    /// at worst older than the file: nobody has a cosignature that it does not know.
    pub(crate) fn page(&self, _turn: &Turn<'_>) -> MutexGuard<'_, Page> {
        self.page.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What may be told of the log.
    pub(crate) fn seen(&self) -> Seen {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes an accepted head durable; then, and only then, the page has it and `line` may leave.
    pub(crate) fn persist(
        &self,
        fs: &dyn Fs,
        page: &mut Page,
        accepted: &Accepted,
        by: Signed<'_>,
        now: Elapsed,
    ) -> Result<(), FsError> {
        let mut seen = self.seen();
        let note = note(accepted.text(), by.log_line, by.line);
        if accepted.grown() || seen.grown_at_s.is_none() {
            (seen.grown_at_s, seen.grown) = (Some(by.now_s), now);
        }
        let grown_s = seen.grown_at_s.unwrap_or(by.now_s);
        let bytes = format!("{FIRST_LINE}\ngrown {grown_s}\n\n{note}");
        fs.replace(&self.path, bytes.as_bytes())?;
        page.head = accepted.head();
        page.last = Some(Last { text: accepted.text().to_owned(), line: by.line.clone(), at: now });
        seen.head = accepted.head();
        seen.note = Some(note.into());
        seen.cosigned_at_s = Some(by.time_s);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = seen;
        Ok(())
    }
}

/// What stands beneath the text of an accepted checkpoint, and when.
#[derive(Clone, Copy)]
pub(crate) struct Signed<'a> {
    /// The log's signature.
    pub(crate) log_line: &'a Signature,
    /// The cosignature.
    pub(crate) line: &'a Signature,
    /// The time in it.
    pub(crate) time_s: u64,
    /// What the wall clock shows.
    pub(crate) now_s: u64,
}

fn note(text: &str, log_line: &Signature, line: &Signature) -> String {
    let mut note = SignedNote::new(text).expect("it was the text of a note");
    for line in [log_line, line] {
        note.add(line.clone()).expect("two are fewer than a note may have");
    }
    note.encode().expect("it is a part of a note that was read, and one line more")
}

/// An origin, and what its book says.
pub(crate) type OfLog = (String, Seen);

/// Every book in a folder: its origin and what it says, or why it says nothing.
pub(crate) fn read_all(
    fs: &dyn Fs,
    folder: &Path,
    witness: &VerifierKey,
    now: Elapsed,
) -> Result<Vec<Result<OfLog, BookError>>, FsError> {
    let heads = folder.join(FOLDER);
    let mut books = Vec::new();
    // What a crash left of a file that was being written is none yet.
    for name in fs.list(&heads)?.into_iter().filter(|name| !name.ends_with(".tmp")) {
        let path = heads.join(&name);
        books.push(read(fs, &path, witness, now).and_then(|(origin, seen)| {
            if file_name(&origin) == name {
                Ok((origin, seen))
            } else {
                Err(damaged(&path, "it has the name of another log"))
            }
        }));
    }
    Ok(books)
}

fn read(fs: &dyn Fs, path: &Path, witness: &VerifierKey, now: Elapsed) -> Result<OfLog, BookError> {
    let bytes = fs.read(path, MAX_BYTES)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| damaged(path, "it is not text"))?;
    let rest = text.strip_prefix(FIRST_LINE).and_then(|rest| rest.strip_prefix("\ngrown "));
    let (grown, note) = rest
        .and_then(|rest| rest.split_once("\n\n"))
        .ok_or_else(|| damaged(path, "it does not begin as a head does"))?;
    let grown_at_s = grown.parse().map_err(|_| damaged(path, "its time is no number"))?;
    let signed =
        SignedNote::parse(note.as_bytes()).map_err(|_| damaged(path, "it holds no signed note"))?;
    let good = signed.verify([witness]);
    let cosigned_at_s = good
        .ok()
        .and_then(|good| good.first()?.timestamp_s)
        .ok_or_else(|| damaged(path, "it is not signed by this witness"))?;
    let checkpoint =
        Checkpoint::parse(signed.text()).map_err(|_| damaged(path, "it holds no checkpoint"))?;
    let seen = Seen {
        head: TreeHead { size: checkpoint.size, root: checkpoint.root },
        note: Some(note.into()),
        cosigned_at_s: Some(cosigned_at_s),
        grown_at_s: Some(grown_at_s),
        grown: now,
    };
    Ok((checkpoint.origin, seen))
}

fn damaged(path: &Path, reason: &'static str) -> BookError {
    BookError::Damaged { path: path.to_owned(), reason }
}

/// An origin can hold what a file name cannot: its hash stands for it.
pub(crate) fn file_name(origin: &str) -> String {
    hex(digest(&SHA256, origin.as_bytes()).as_ref())
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
