//! What a log sent that speaks against it, kept for whoever judges it: at most 16 files of a kind
//! for each log, the earliest, since the first fork tells the most.
//!
//! A file `evidence/<log>-<kind>-<checkpoint>` (beginnings of SHA-256 of the origin and of the signed
//! text) holds a first line `jikim-witness evidence v1`, lines `kind`, `time` (seconds since 1970),
//! `known` and `request` (bytes of each), a blank line, the note that was cosigned before, and the
//! request as it came. A file of the kind `fork` proves by itself, to anybody who has the log's key,
//! that the log signed two histories; one of the kind `unproven` that it did not prove to have one,
//! which a network that spoils requests can bring about as well.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use host::{Fs, FsError};
use tlog::witness::AddCheckpoint;

use crate::book::{file_name, hex};

/// The folder of the files.
pub(crate) const FOLDER: &str = "evidence";

/// Files of one kind for one log.
const MOST: usize = 16;

/// Characters of a hash in a name.
const PART: usize = 16;

/// What a file shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finding {
    /// Two histories under one signature.
    Fork,
    /// A proof that does not lead where it should.
    Unproven,
}

/// What became of something that was to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kept {
    /// It is durable under this path.
    New(PathBuf),
    /// The same checkpoint was kept before.
    Before,
    /// There are enough of its kind.
    Full,
}

/// The files of evidence of a witness.
pub(crate) struct Evidence {
    folder: PathBuf,
    names: Mutex<BTreeSet<String>>,
}

impl Finding {
    const fn word(self) -> &'static str {
        match self {
            Self::Fork => "fork",
            Self::Unproven => "unproven",
        }
    }
}

impl Evidence {
    pub(crate) fn open(fs: &dyn Fs, folder: &Path) -> Result<Self, FsError> {
        let folder = folder.join(FOLDER);
        let names = fs.list(&folder)?.into_iter().filter(|name| !name.ends_with(".tmp")).collect();
        Ok(Self { folder, names: Mutex::new(names) })
    }

    /// How many files of a kind there are for a log.
    pub(crate) fn count(&self, origin: &str, finding: Finding) -> usize {
        let begin = beginning(origin, finding);
        self.names().iter().filter(|name| name.starts_with(&begin)).count()
    }

    /// Keeps a request beside the note that was cosigned before, if any.
    pub(crate) fn keep(
        &self,
        fs: &dyn Fs,
        finding: Finding,
        known: Option<&str>,
        request: &AddCheckpoint,
        now_s: u64,
    ) -> Result<Kept, FsError> {
        let origin = &request.claimed().origin;
        let begin = beginning(origin, finding);
        let of_text = hex(digest(&SHA256, request.note().text().as_bytes()).as_ref());
        let name = format!("{begin}{}", &of_text[..PART]);
        // The name is taken before the file is written: nobody who counts waits for the disk.
        {
            let mut names = self.names();
            if names.contains(&name) {
                return Ok(Kept::Before);
            }
            if names.iter().filter(|name| name.starts_with(&begin)).count() >= MOST {
                return Ok(Kept::Full);
            }
            names.insert(name.clone());
        }
        let (known, sent) = (known.unwrap_or_default(), request.encode());
        let text = format!(
            "jikim-witness evidence v1\nkind {}\ntime {now_s}\nknown {}\nrequest {}\n\n{known}{sent}",
            finding.word(),
            known.len(),
            sent.len(),
        );
        let path = self.folder.join(&name);
        if let Err(error) = fs.replace(&path, text.as_bytes()) {
            self.names().remove(&name);
            return Err(error);
        }
        Ok(Kept::New(path))
    }

    fn names(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn beginning(origin: &str, finding: Finding) -> String {
    format!("{}-{}-", &file_name(origin)[..PART], finding.word())
}
