//! How far a scan came, and what it found, so that it can go on after it was stopped.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::commitments::Commitments;
use super::forms::Form;
use super::scan::{Found, Hit};
use crate::{from_hex, to_hex};

/// Bytes between two times that progress is written down.
const KEEP_EVERY_BYTES: u64 = 1 << 30;

/// Records of reels whose places are kept.
const MAX_RECORDS: usize = 100_000;

/// How far a scan came.
#[derive(Debug, Default)]
pub struct Progress {
    /// Bytes looked through, from the beginning.
    pub done_bytes: u64,
    /// Bytes that the disk could not read.
    pub unread_bytes: u64,
    /// Keys that were found.
    pub hits: Vec<Hit>,
    /// Where records of reels seem to begin.
    pub records: Vec<u64>,
    /// What the scan is of: another image or other keys are another scan.
    of: Of,
    kept_bytes: u64,
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Of {
    image_bytes: u64,
    commitments: String,
    forms: String,
}

#[derive(Serialize, Deserialize)]
struct Written {
    v: u32,
    of: Of,
    done_bytes: u64,
    unread_bytes: u64,
    hits: Vec<(u64, String, String)>,
    records: Vec<u64>,
}

/// Why progress was not read or kept.
#[derive(Debug, thiserror::Error)]
pub enum ProgressError {
    /// The disk refused.
    #[error("{path} could not be read or written")]
    Disk {
        /// The file.
        path: PathBuf,
        /// What the disk said.
        #[source]
        source: std::io::Error,
    },
    /// Not a file of progress.
    #[error("{0} is no file of a scan that was begun: name another, or remove it")]
    Form(PathBuf),
    /// Of another scan.
    #[error(
        "{0} is of a scan of another image, of other keys or of other forms: name another file to \
         begin anew"
    )]
    Other(PathBuf),
}

impl Progress {
    /// Goes on where the file says, or begins.
    ///
    /// # Errors
    /// If the file cannot be read, or is of another scan.
    pub fn begin(
        path: Option<&Path>,
        image_bytes: u64,
        commitments: &Commitments,
        forms: &[Form],
    ) -> Result<Self, ProgressError> {
        let forms: Vec<&str> = forms.iter().map(|form| form.text()).collect();
        let commitments = to_hex(&commitments.fingerprint());
        let of = Of { image_bytes, commitments, forms: forms.join(",") };
        let Some(path) = path else { return Ok(Self { of, ..Self::default() }) };
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self { of, ..Self::default() });
            }
            Err(source) => return Err(ProgressError::Disk { path: path.to_owned(), source }),
        };
        let written: Option<Written> = serde_json::from_slice(&bytes).ok();
        let form = || ProgressError::Form(path.to_owned());
        let written = written.filter(|written| written.v == 1).ok_or_else(form)?;
        if written.of != of {
            return Err(ProgressError::Other(path.to_owned()));
        }
        let hit = |(at, form, commitment): (u64, String, String)| {
            Some(Hit { at, form: form.parse().ok()?, commitment: from_hex(&commitment)? })
        };
        let hits = written.hits.into_iter().map(hit).collect::<Option<Vec<_>>>();
        Ok(Self {
            done_bytes: written.done_bytes.min(image_bytes),
            unread_bytes: written.unread_bytes,
            hits: hits.ok_or_else(form)?,
            records: written.records,
            of,
            kept_bytes: written.done_bytes,
        })
    }

    pub(super) fn take(&mut self, found: Found, most: usize) {
        let room = most.saturating_sub(self.hits.len());
        self.hits.extend(found.hits.into_iter().take(room));
        let room = MAX_RECORDS.saturating_sub(self.records.len());
        self.records.extend(found.records.into_iter().take(room));
    }

    /// Writes down how far the scan came, once a GiB and at its end.
    ///
    /// # Errors
    /// If the disk refuses.
    pub(super) fn keep(&mut self, path: Option<&Path>) -> Result<(), ProgressError> {
        let Some(path) = path else { return Ok(()) };
        let is_done = self.done_bytes == self.of.image_bytes;
        if self.done_bytes < self.kept_bytes + KEEP_EVERY_BYTES && !is_done {
            return Ok(());
        }
        let hit = |hit: &Hit| (hit.at, hit.form.text().to_owned(), to_hex(&hit.commitment));
        let written = Written {
            v: 1,
            of: self.of.clone(),
            done_bytes: self.done_bytes,
            unread_bytes: self.unread_bytes,
            hits: self.hits.iter().map(hit).collect(),
            records: self.records.clone(),
        };
        let bytes = serde_json::to_vec(&written).expect("it has nothing that JSON cannot hold");
        let next = path.with_extension("next");
        let wrong = |source| ProgressError::Disk { path: path.to_owned(), source };
        fs::write(&next, bytes).and_then(|()| fs::rename(&next, path)).map_err(wrong)?;
        self.kept_bytes = self.done_bytes;
        Ok(())
    }
}
