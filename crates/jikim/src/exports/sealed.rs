//! The file that leaves: sealed once, kept for a week without what opens it, handed out with its receipt.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use access::{Grant, act};
use api::{ErrorCode, ExportSealed, SealedExport, Secret};
use bundle::{Contents, PackError, Passphrase, SealError, Sealed};
use domain::WallTime;
use host::{Fs, FsError};
use ledger::{AppendError, Event, ExportFact, ExportStep, Kind, Record};
use server::HouseError;

use super::copy_list::CopyList;
use super::cover::{cover, recipient};
use super::cover_sheet;
use super::{copy_failed, ended_code, entry_of, export_of, list};
use crate::edge::{failed, internal};
use crate::house::House;
use crate::ledger_view;

/// How long a sealed file can be had here.
const KEPT_FOR: Duration = Duration::from_secs(7 * 86_400);
/// A file without an entry is taken away only when no sealing can still be under way.
const UNENTERED_FOR: Duration = Duration::from_secs(86_400);
/// Bytes of the longest file: the contents in base64, and the page.
const LONGEST_FILE: usize = 400 << 20;
/// Characters of the longest reason.
const LONGEST_REASON: usize = 200;

/// Sealed files without their receipts, by their hash.
pub(super) struct SealedFiles {
    fs: Arc<dyn Fs>,
    folder: PathBuf,
    /// When this began: what is here of before and has no entry is left of a crash.
    opened: std::sync::OnceLock<WallTime>,
}

impl SealedFiles {
    pub(super) fn open(fs: Arc<dyn Fs>, folder: &Path) -> Result<Self, FsError> {
        fs.make_folder(folder)?;
        Ok(Self { fs, folder: folder.to_owned(), opened: std::sync::OnceLock::new() })
    }

    fn path(&self, sha256: &str) -> PathBuf {
        self.folder.join(format!("{sha256}.sealed"))
    }

    fn keep(&self, sha256: &str, bytes: &[u8]) -> Result<(), FsError> {
        self.fs.replace(&self.path(sha256), bytes)
    }

    fn read(&self, sha256: &str) -> Result<Vec<u8>, FsError> {
        self.fs.read(&self.path(sha256), LONGEST_FILE)
    }

    /// Until when a file can be had here; none if it is gone.
    pub(super) fn until(&self, fact: &ExportFact, now: WallTime) -> Option<WallTime> {
        let until = fact.at + KEPT_FOR;
        let is_there = self.fs.exists(&self.path(&fact.sha256)).unwrap_or(false);
        (is_there && now < until && fact.revoked_at.is_none()).then_some(until)
    }

    /// Takes away what is over, was revoked, or was left by a crash.
    pub(super) fn sweep(&self, exports: &[ExportFact], now: WallTime) {
        let opened = *self.opened.get_or_init(|| now);
        let swept = self.fs.list(&self.folder).and_then(|names| {
            for name in names {
                let known = exports.iter().find(|it| name == format!("{}.sealed", it.sha256));
                let is_over = match known {
                    Some(fact) => self.until(fact, now).is_none(),
                    None => now >= opened + UNENTERED_FOR,
                };
                if is_over {
                    self.fs.unlink(&self.folder.join(&name))?;
                }
            }
            self.fs.sync_folder(&self.folder)
        });
        if let Err(error) = swept {
            tracing::warn!(%error, "sealed files whose week is over could not be taken away");
        }
    }
}

pub(super) async fn seal(
    house: &House,
    grant: &Grant<act::SealExport>,
) -> Result<ExportSealed, HouseError> {
    let target = export_of(grant)?;
    let hash = target.copy.ok_or(HouseError::Unfit(ErrorCode::Forbidden))?.to_string();
    let copies = &house.exports.copies;
    let copy = tokio::task::block_in_place(|| copies.take(grant)).map_err(copy_failed)?;
    let damaged = || HouseError::Unfit(ErrorCode::MaskFailed);
    let list = CopyList::read(&copy.list).filter(|list| list.is_of(grant.target()));
    let list = list.filter(|list| list.names(&copy.clips)).ok_or_else(damaged)?;
    let recipient = recipient(house, target.case)?;
    let mut clips = copy.clips;
    clips.truncate(list.clips.len());
    let cover = cover(house, &recipient, &list)?;
    let cover_pdf = cover_sheet::pdf(&house.press, &cover).await;
    let contents = Contents { cover, cover_pdf, clips };
    let passphrase = Passphrase::from_chance(&host::random_bytes());
    let sealed = tokio::task::block_in_place(|| bundle::seal(&contents, &passphrase));
    let sealed = sealed.map_err(not_sealed)?;
    drop(contents);
    let sha256 = hex(sealed.sha256());
    let storage = |error: FsError| failed(ErrorCode::Storage)(error.into());
    tokio::task::block_in_place(|| house.exports.sealed.keep(&sha256, sealed.bytes()))
        .map_err(storage)?;
    // Asked once more: what is entered next cannot be taken back.
    grant.check().map_err(|ended| failed(ended_code(ended))(ended.into()))?;
    let export = recipient.record(&list, hash, sealed.bytes().len() as u64);
    let record = Some(Record::Export { actor: grant.actor().to_string(), export });
    let kind = Kind::Export(ExportStep::Sealed { case: target.case, sha256 });
    let entered = house.ledger.append(vec![Event { kind, record }]).await;
    let number = entered.map_err(not_entered)?[0];
    if let Err(error) = tokio::task::block_in_place(|| copies.destroy_sealed(grant)) {
        // It left: to say that it did not would be false. The copy's week ends it.
        tracing::error!(%error, "the working copy of what was sealed is not destroyed");
    }
    let fact = house.ledger.export(number).ok_or_else(|| internal("an entry is not there"))?;
    let passphrase = Secret::new(passphrase.expose());
    Ok(ExportSealed { export: list::sealed(house, &fact), passphrase })
}

fn not_sealed(error: SealError) -> HouseError {
    let code = match &error {
        SealError::Pack(PackError::TooLong { .. }) => ErrorCode::FootageTooLong,
        _ => ErrorCode::Internal,
    };
    failed(code)(error.into())
}

fn not_entered(error: AppendError) -> HouseError {
    failed(ErrorCode::LedgerUnavailable)(error.into())
}

/// The file with its receipt as it is proven now.
pub(super) async fn deliver(
    house: &House,
    grant: &Grant<act::DeliverExport>,
) -> Result<Vec<u8>, HouseError> {
    let number = entry_of(grant)?;
    let gone = || HouseError::Unfit(ErrorCode::NotFound);
    let fact = house.ledger.export(number).ok_or_else(gone)?;
    house.exports.sealed.until(&fact, house.clock.wall()).ok_or_else(gone)?;
    let bytes = tokio::task::block_in_place(|| house.exports.sealed.read(&fact.sha256));
    let bytes = bytes.map_err(|error| failed(ErrorCode::Storage)(error.into()))?;
    let sealed = Sealed::from_kept(bytes);
    if hex(sealed.sha256()) != fact.sha256 {
        return Err(HouseError::Unfit(ErrorCode::MaskFailed));
    }
    let receipt = ledger_view::receipt(house, number).await?;
    sealed.finish(&receipt).map_err(internal)
}

pub(super) async fn revoke(
    house: &House,
    grant: &Grant<act::RevokeExport>,
    reason: String,
) -> Result<SealedExport, HouseError> {
    let export = entry_of(grant)?;
    let fact = house.ledger.export(export).ok_or(HouseError::Unfit(ErrorCode::NotFound))?;
    if fact.revoked_at.is_some() {
        return Err(HouseError::Unfit(ErrorCode::Conflict));
    }
    let reason = reason.trim().to_owned();
    let length = reason.chars().count();
    if !(1..=LONGEST_REASON).contains(&length) || reason.chars().any(char::is_control) {
        return Err(HouseError::Unfit(ErrorCode::RemarkUnfit));
    }
    grant.check().map_err(|ended| failed(ended_code(ended))(ended.into()))?;
    let record = Some(Record::ExportRevoked { actor: grant.actor().to_string(), reason });
    let kind = Kind::Export(ExportStep::Revoked { export });
    house.ledger.append(vec![Event { kind, record }]).await.map_err(not_entered)?;
    let fact = house.ledger.export(export).ok_or_else(|| internal("an entry is not there"))?;
    house.exports.sealed.sweep(&house.ledger.exports(), house.clock.wall());
    Ok(list::sealed(house, &fact))
}

fn hex(hash: [u8; 32]) -> String {
    domain::FileHash::from_bytes(hash).to_string()
}
