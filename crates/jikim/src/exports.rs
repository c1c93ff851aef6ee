//! What leaves the building: footage of a granted case, masked by the program beside the recorder, kept as a
//! working copy under a key of its own, agreed to by two people, sealed into one file.
//!
//! Invariants (the rules hold the first two, `vault::Copies` the third):
//! 1. Footage is opened within the cameras and the time of a case that is granted.
//! 2. What is sealed is the copy that was approved, by its hash.
//! 3. A copy is destroyed with its key: once it is sealed, or when its week is over.
//! 4. A file is kept before its entry is appended; the copy is destroyed after that. A crash between leaves a file
//!    that no entry names, which is taken away, or a copy that can be sealed once more.

mod copy_list;
mod cover;
mod cover_sheet;
mod list;
mod mask_line;
mod prepare;
mod sealed;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use access::{ExportTarget, Grant, act};
use api::ErrorCode;
use domain::{EntryNumber, FileHash, WallTime};
use futures::FutureExt as _;
use host::{Clock, Fs};
use ledger::act::Act;
use ledger::{GrantEnded, Target};
use server::{Answer, ExportDesk, HouseError, Note};
use vault::{Copies, CopyError};

use crate::edge::failed;
use crate::house::House;
use crate::{Told, sentence};

use self::copy_list::CopyList;
use self::sealed::SealedFiles;

/// The socket of the masking program in the data folder, where none is configured.
pub(crate) const MASK_SOCKET: &str = "mask.sock";
/// Cases for which something is being prepared at once.
const MOST_PREPARED: usize = 4;
/// For so long it is told that a preparation failed.
const FAILURE_TOLD_FOR: Duration = Duration::from_secs(3600);

/// What exports have of their own.
pub(crate) struct Exports {
    pub(crate) copies: Copies,
    sealed: SealedFiles,
    mask: PathBuf,
    preparing: Mutex<BTreeMap<EntryNumber, Preparing>>,
    /// One clip is masked at a time: others wait here, with nothing opened.
    masking: tokio::sync::Mutex<()>,
    /// One camera's footage is opened to be looked under its cover at a time: it lies in memory whole.
    opening: tokio::sync::Mutex<()>,
}

/// How far a preparation is.
#[derive(Debug, Clone, Copy)]
struct Preparing {
    started_at: WallTime,
    percent: Option<u8>,
    failed: Option<ErrorCode>,
}

impl Exports {
    pub(crate) fn open(
        fs: &Arc<dyn Fs>,
        clock: &Arc<dyn Clock>,
        data: &Path,
        mask: PathBuf,
    ) -> Told<Self> {
        let folder = data.join("exports");
        let copies = Copies::open(Arc::clone(fs), Arc::clone(clock), &folder.join("copies"));
        Ok(Self {
            copies: copies.map_err(sentence)?,
            sealed: SealedFiles::open(Arc::clone(fs), &folder.join("sealed")).map_err(sentence)?,
            mask,
            preparing: Mutex::default(),
            masking: tokio::sync::Mutex::default(),
            opening: tokio::sync::Mutex::default(),
        })
    }

    fn preparing(&self) -> MutexGuard<'_, BTreeMap<EntryNumber, Preparing>> {
        // Each change is one insertion or removal.
        self.preparing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes away sealed files whose week is over, and those that no entry names.
    pub(crate) fn sweep(&self, exports: &[ledger::ExportFact], now: WallTime) {
        self.sealed.sweep(exports, now);
    }
}

impl ExportDesk for House {
    fn exports(&self) -> Answer<'_, api::Exports> {
        list::all(self).boxed()
    }

    fn new_export(&self, new: &api::NewExport) -> Result<ExportTarget, HouseError> {
        prepare::target(self, new)
    }

    fn prepare_export<'a>(
        &'a self,
        grant: &'a Grant<act::PlayFootage>,
        edits: Vec<api::EditedClip>,
        note: Note<'a>,
    ) -> Answer<'a, ()> {
        prepare::prepare(self, grant, edits, note).boxed()
    }

    fn preparation(&self, target: &ExportTarget) -> api::ExportPreparation {
        list::preparation(self, target.case)
    }

    fn export_copy(&self, copy: FileHash) -> Option<ExportTarget> {
        let kept = self.exports.copies.kept().into_iter().find(|it| it.copy == copy)?;
        CopyList::read(&kept.list)?.target(copy)
    }

    fn look_at_export<'a>(
        &'a self,
        grant: &'a Grant<act::LookAtExport>,
        clip: u32,
        boxes: bool,
    ) -> Answer<'a, Vec<u8>> {
        async move {
            let missing = || HouseError::Unfit(ErrorCode::NotFound);
            let copy = tokio::task::block_in_place(|| self.exports.copies.look(grant));
            let copy = copy.map_err(copy_failed)?;
            let list = CopyList::read(&copy.list).filter(|list| list.is_of(grant.target()));
            let list = list.ok_or(HouseError::Unfit(ErrorCode::MaskFailed))?;
            let at = list.blob_of(clip, boxes).ok_or_else(missing)?;
            copy.clips.into_iter().nth(at).ok_or_else(missing)
        }
        .boxed()
    }

    fn original_of_export<'a>(
        &'a self,
        grant: &'a Grant<act::PlayFootage>,
        clip: u32,
        note: Note<'a>,
    ) -> Answer<'a, Vec<u8>> {
        prepare::original(self, grant, clip, note).boxed()
    }

    fn seal_export<'a>(
        &'a self,
        grant: &'a Grant<act::SealExport>,
    ) -> Answer<'a, api::ExportSealed> {
        sealed::seal(self, grant).boxed()
    }

    fn discard_export<'a>(&'a self, grant: &'a Grant<act::DiscardExport>) -> Answer<'a, ()> {
        async move {
            let discarded = tokio::task::block_in_place(|| self.exports.copies.discard(grant));
            discarded.map_err(copy_failed)
        }
        .boxed()
    }

    fn deliver_export<'a>(&'a self, grant: &'a Grant<act::DeliverExport>) -> Answer<'a, Vec<u8>> {
        sealed::deliver(self, grant).boxed()
    }

    fn revoke_export<'a>(
        &'a self,
        grant: &'a Grant<act::RevokeExport>,
        reason: String,
    ) -> Answer<'a, api::SealedExport> {
        sealed::revoke(self, grant, reason).boxed()
    }
}

fn copy_failed(error: CopyError) -> HouseError {
    let code = match &error {
        CopyError::Disk(_) | CopyError::Slot(_) => ErrorCode::Storage,
        CopyError::Ended(ended) => ended_code(*ended),
        CopyError::NotGranted => ErrorCode::Forbidden,
        CopyError::Gone => ErrorCode::NotFound,
        CopyError::Damaged(_) => ErrorCode::MaskFailed,
        CopyError::TooMany => ErrorCode::Busy,
        CopyError::TooLong => ErrorCode::FootageTooLong,
    };
    failed(code)(error.into())
}

const fn ended_code(ended: GrantEnded) -> ErrorCode {
    match ended {
        GrantEnded::LedgerBroken | GrantEnded::Unwitnessed => ErrorCode::LedgerUnavailable,
        GrantEnded::NotCosigned => ErrorCode::NotCosigned,
        GrantEnded::Revoked | GrantEnded::Expired => ErrorCode::Forbidden,
    }
}

fn export_of<A: Act>(grant: &Grant<A>) -> Result<&ExportTarget, HouseError> {
    match grant.target() {
        Target::Export(target) => Ok(target),
        _ => Err(HouseError::Unfit(ErrorCode::Forbidden)),
    }
}

fn entry_of<A: Act>(grant: &Grant<A>) -> Result<EntryNumber, HouseError> {
    match grant.target() {
        Target::Entry(number) => Ok(*number),
        _ => Err(HouseError::Unfit(ErrorCode::Forbidden)),
    }
}
