//! Whether a key that was said to be destroyed is on a disk.
//!
//! The ledger publishes SHA-256 of every bucket key and vault key. So whoever has an image of the
//! disk can look for their preimages without being told any key: SHA-256 of every 32 bytes that lie
//! side by side, at every offset, is looked up among the commitments. Beside the raw bytes, their
//! other usual forms ([`Form`]).
//!
//! Minute and chunk keys have no commitment. For these, windows of the image are tried on footage of
//! destroyed buckets that is found on it. Every window would take too long, so that this is a sample,
//! and the report says how large.

mod commitments;
mod forms;
mod progress;
mod scan;
mod trial;

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::ledger::Audit;
use crate::{Report, Word};

pub use commitments::{Commitments, Owner};
pub use forms::Form;
pub use progress::{Progress, ProgressError};
pub use scan::{Hit, OVERLAP_BYTES, scan};

/// Bytes that one thread takes at once.
const PIECE_BYTES: usize = 4 << 20;

/// What is read again alone where a whole piece could not be read.
const SECTOR_BYTES: usize = 4096;

/// Hits that are kept one by one.
const MAX_HITS: usize = 10_000;

/// How an image is scanned.
#[derive(Debug, Clone)]
pub struct Options {
    /// The image: a file or a block device.
    pub image: PathBuf,
    /// Where progress is kept, so that a scan can go on after it was stopped.
    pub resume: Option<PathBuf>,
    /// Windows that are tried as keys on each piece of destroyed footage that is found.
    pub sample: u64,
    /// Forms that are looked for.
    pub forms: Vec<Form>,
    /// Threads.
    pub threads: usize,
}

/// Why an image was not scanned.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// It could not be opened.
    #[error("{path} could not be opened")]
    Open {
        /// Its path.
        path: PathBuf,
        /// What the disk said.
        #[source]
        source: std::io::Error,
    },
    /// The file of progress is another scan's, or could not be written.
    #[error(transparent)]
    Progress(#[from] ProgressError),
}

/// Scans an image for the keys of a ledger that was read. `tell` is told after each piece how many
/// bytes of how many were looked through.
///
/// # Errors
/// If the image cannot be opened, or progress not kept.
pub fn verify(
    audit: Audit,
    options: &Options,
    tell: &mut dyn FnMut(u64, u64),
) -> Result<Report, ScanError> {
    let Audit { mut report, history, .. } = audit;
    let commitments = Commitments::of(&history);
    let image = Image::open(&options.image)?;
    let mut progress = Progress::begin(
        options.resume.as_deref(),
        image.length_bytes,
        &commitments,
        &options.forms,
    )?;
    while progress.done_bytes < image.length_bytes {
        next_piece(&image, options, &commitments, &mut progress);
        progress.keep(options.resume.as_deref())?;
        tell(progress.done_bytes, image.length_bytes);
    }
    let found = trial::found_keys(&image, &progress);
    let trial = trial::run(&image, &progress, &commitments, &found, options.sample);
    tell_hits(&progress, &commitments, &mut report);
    tell_trial(&trial, &mut report);
    tell_scan(&progress, &commitments, options, &mut report);
    Ok(report)
}

/// Looks through as many pieces as there are threads.
fn next_piece(
    image: &Image,
    options: &Options,
    commitments: &Commitments,
    progress: &mut Progress,
) {
    let from = progress.done_bytes;
    let threads = options.threads.max(1);
    let want = PIECE_BYTES * threads + OVERLAP_BYTES;
    let mut bytes = vec![0; want];
    let (have, unread) = image.read(from, &mut bytes);
    bytes.truncate(have);
    progress.unread_bytes += unread;
    let pieces: Vec<(u64, &[u8])> = (0..threads)
        .map(|piece| piece * PIECE_BYTES)
        .take_while(|&at| at < have)
        .map(|at| (from + at as u64, &bytes[at..have.min(at + PIECE_BYTES + OVERLAP_BYTES)]))
        .collect();
    let last = from + have as u64 == image.length_bytes;
    let found: Vec<scan::Found> = std::thread::scope(|scope| {
        let workers: Vec<_> = pieces
            .iter()
            .map(|&(at, piece)| {
                // A window belongs to the piece that it begins in.
                scope.spawn(move || {
                    let limit = piece.len().min(PIECE_BYTES);
                    scan(piece, at, limit, &options.forms, commitments)
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().expect("a scan does not panic")).collect()
    });
    for found in found {
        progress.take(found, MAX_HITS);
    }
    let step = if last { have } else { PIECE_BYTES * threads };
    progress.done_bytes = from + (step.min(have)) as u64;
}

fn tell_hits(progress: &Progress, commitments: &Commitments, report: &mut Report) {
    let mut live = Vec::new();
    for hit in &progress.hits {
        let Some(owner) = commitments.owner(&hit.commitment) else { continue };
        let form = hit.form.text();
        if commitments.is_destroyed(&hit.commitment) {
            let detail = format!("the key of {owner}, as {form}");
            report.find(Word::DestroyedKeyFound, format!("byte {}", hit.at), detail);
        } else {
            live.push(json!({ "byte": hit.at, "key": owner.to_string(), "form": form }));
        }
    }
    report.fact("live_keys_found", ("살아 있는 열쇠", "keys in use that were found"), live);
}

fn tell_trial(trial: &trial::Trial, report: &mut Report) {
    for opened in &trial.opened {
        let detail = format!("footage of bucket {} at byte {}", opened.bucket, opened.record_at);
        let place = format!("key at byte {}, as {}", opened.key_at, opened.role);
        report.find(Word::DestroyedFootageOpened, place, detail);
    }
    let records = trial.records;
    report.fact(
        "destroyed_records",
        ("파기된 영상의 조각", "pieces of destroyed footage"),
        records,
    );
    report.fact("tried_on", ("그중 열어 본 것", "of these, tried to open"), trial.tried_on);
    report.fact("windows_tried", ("열쇠로 시험한 자리", "windows tried as keys"), trial.windows);
}

fn tell_scan(
    progress: &Progress,
    commitments: &Commitments,
    options: &Options,
    report: &mut Report,
) {
    if progress.unread_bytes > 0 {
        let detail = format!("{} bytes of the image could not be read", progress.unread_bytes);
        report.find(Word::Unreadable, options.image.display(), detail);
    }
    let (destroyed, live) = commitments.counts();
    report.fact(
        "looked_for_destroyed",
        ("찾아본 파기된 열쇠", "destroyed keys looked for"),
        destroyed,
    );
    report.fact("looked_for_live", ("찾아본 다른 열쇠", "other keys looked for"), live);
    report.fact("image_bytes", ("본 바이트", "bytes looked through"), progress.done_bytes);
    let forms: Vec<&str> = options.forms.iter().map(|form| form.text()).collect();
    report.fact("forms", ("찾아본 꼴", "forms looked for"), forms.join(", "));
    if destroyed == 0 {
        report.fact("nothing_destroyed", ("파기 기록", "destroyed"), "none yet, by the ledger");
    }
}

/// An image that is read at any place.
pub(crate) struct Image {
    file: File,
    pub(crate) length_bytes: u64,
}

impl Image {
    fn open(path: &Path) -> Result<Self, ScanError> {
        let wrong = |source| ScanError::Open { path: path.to_owned(), source };
        let mut file = File::open(path).map_err(wrong)?;
        // The metadata of a block device says 0.
        let length_bytes = file.seek(SeekFrom::End(0)).map_err(wrong)?;
        Ok(Self { file, length_bytes })
    }

    /// Fills a buffer from a place as far as the image goes. Gives how many bytes there are, and of
    /// how many of them the disk could not say: these are zeros.
    pub(crate) fn read(&self, from: u64, buffer: &mut [u8]) -> (usize, u64) {
        let left = usize::try_from(self.length_bytes.saturating_sub(from)).unwrap_or(usize::MAX);
        let have = left.min(buffer.len());
        let whole = &mut buffer[..have];
        if self.file.read_exact_at(whole, from).is_ok() {
            return (have, 0);
        }
        let mut unread = 0;
        for (sector, at) in whole.chunks_mut(SECTOR_BYTES).zip((from..).step_by(SECTOR_BYTES)) {
            if self.file.read_exact_at(sector, at).is_err() {
                sector.fill(0);
                unread += sector.len() as u64;
            }
        }
        (have, unread)
    }
}
