//! Making a working copy: footage is opened under its grant, masked by the other program, kept sealed.

use access::{ExportTarget, Grant, act};
use api::{ClipEdits, EditedClip, ErrorCode, ExportCaseKind, NewExport};
use domain::{CameraId, EntryNumber, WallTime};
use ledger::GrantEnded;
use playback::{Clip, PlaybackError};
use server::{HouseError, Note};
use vault::{LONGEST_COPY, WorkingCopy};

use super::copy_list::{CopyList, ListedClip, ListedGap, ListedMask, sha256};
use super::mask_line::{self, MaskError, Masked};
use super::{MOST_PREPARED, Preparing, copy_failed, ended_code, export_of};
use crate::edge::{failed, internal};
use crate::house::House;
use crate::policy_desk::in_force;

/// What a preparation asks to be permitted; whether the case lets it out is the rules' matter.
pub(super) fn target(house: &House, new: &NewExport) -> Result<ExportTarget, HouseError> {
    // What nobody masks nobody edits.
    if !new.masked && !new.edits.is_empty() {
        return Err(HouseError::Unfit(ErrorCode::BadRequest));
    }
    let case = case_of(house, new.kind, &new.id).ok_or(HouseError::Unfit(ErrorCode::NotFound))?;
    let named = new.cameras.iter().map(|id| id.0.parse::<CameraId>());
    let named = named.collect::<Result<Vec<_>, _>>();
    let named = named.map_err(|_unfit| HouseError::Unfit(ErrorCode::NotFound))?;
    let moment = |time: &Option<api::Time>| match time {
        Some(time) => time.0.parse::<WallTime>().map(Some),
        None => Ok(None),
    };
    let times = moment(&new.from).and_then(|from| Ok((from, moment(&new.until)?)));
    let (from, until) = times.map_err(|_unfit| HouseError::Unfit(ErrorCode::SpanUnfit))?;
    let (all, first, last) = asked(house, case).ok_or(HouseError::Unfit(ErrorCode::NotFound))?;
    let cameras = if named.is_empty() { all } else { named };
    let (from, to) = (from.unwrap_or(first), until.unwrap_or(last));
    Ok(ExportTarget { case, cameras, from, to, is_masked: new.masked, copy: None })
}

fn case_of(house: &House, kind: ExportCaseKind, id: &str) -> Option<EntryNumber> {
    let now = house.clock.wall();
    match kind {
        ExportCaseKind::Request => {
            let mut all = house.ledger.requests(now).into_iter();
            all.find(|fact| fact.receipt() == id).map(|fact| fact.number)
        }
        ExportCaseKind::Disclosure => {
            let mut all = house.ledger.disclosures(now).into_iter();
            all.find(|fact| fact.receipt() == id).map(|fact| fact.number)
        }
    }
}

/// What a case names, granted or not: one that is not is refused by the rules, which enter it.
fn asked(house: &House, case: EntryNumber) -> Option<(Vec<CameraId>, WallTime, WallTime)> {
    let (cameras, from, until) = match house.ledger.request(case) {
        Some(fact) => fact.detail.map(|(_, it)| (it.cameras, it.from, it.until))?,
        None => {
            let fact = house.ledger.disclosure(case)?;
            fact.detail.map(|(_, it)| (it.cameras, it.from, it.until))?
        }
    };
    let cameras = cameras.iter().map(|id| id.parse().ok()).collect::<Option<_>>()?;
    Some((cameras, from.parse().ok()?, until.parse().ok()?))
}

/// Makes the copy; how far it is can be seen meanwhile, and why it failed for an hour after.
pub(super) async fn prepare(
    house: &House,
    grant: &Grant<act::PlayFootage>,
    edits: Vec<EditedClip>,
    note: Note<'_>,
) -> Result<(), HouseError> {
    let target = export_of(grant)?;
    let work = Work::begin(house, target.case)?;
    let made = make(house, grant, &edits, note, &work).await;
    work.end(made.as_ref().err().map(HouseError::code));
    made
}

/// A preparation that is shown as long as it lasts. One that is cut off is told as failed.
struct Work<'a> {
    house: &'a House,
    case: EntryNumber,
    is_over: bool,
}

impl<'a> Work<'a> {
    fn begin(house: &'a House, case: EntryNumber) -> Result<Self, HouseError> {
        let mut preparing = house.exports.preparing();
        let goes_on = preparing.get(&case).is_some_and(|it| it.failed.is_none());
        let others = preparing.values().filter(|it| it.failed.is_none()).count();
        if goes_on || others >= MOST_PREPARED {
            return Err(HouseError::Unfit(ErrorCode::Busy));
        }
        let started_at = house.clock.wall();
        preparing.insert(case, Preparing { started_at, percent: None, failed: None });
        drop(preparing);
        Ok(Self { house, case, is_over: false })
    }

    fn tell(&self, percent: u8) {
        if let Some(it) = self.house.exports.preparing().get_mut(&self.case) {
            it.percent = Some(percent);
        }
    }

    fn end(mut self, failed: Option<ErrorCode>) {
        self.is_over = true;
        self.close(failed);
    }

    fn close(&self, failed: Option<ErrorCode>) {
        let mut preparing = self.house.exports.preparing();
        match (failed, preparing.get_mut(&self.case)) {
            (Some(code), Some(it)) => it.failed = Some(code),
            _ => drop(preparing.remove(&self.case)),
        }
    }
}

impl Drop for Work<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.close(Some(ErrorCode::Forbidden));
        }
    }
}

async fn make(
    house: &House,
    grant: &Grant<act::PlayFootage>,
    edits: &[EditedClip],
    note: Note<'_>,
    work: &Work<'_>,
) -> Result<(), HouseError> {
    let target = export_of(grant)?;
    let exports = &house.exports;
    // Who gives it stands on the cover: asked before two people agree to what could not be sealed then.
    in_force(house).map_err(internal)?.ok_or(HouseError::Unfit(ErrorCode::LetterUnfit))?;
    // Nothing is opened that cannot be masked, and of two the second waits with nothing opened.
    let _alone = exports.masking.lock().await;
    if target.is_masked && !mask_line::is_there(&exports.mask).await {
        return Err(HouseError::Unfit(ErrorCode::MaskMissing));
    }
    let footage = opened(house, grant, note).await?;
    let (list, clips) = match target.is_masked {
        true => masked(house, target, footage, edits, work).await?,
        false => whole(target, footage),
    };
    let copy = WorkingCopy { list: list.to_bytes(), clips };
    let kept = tokio::task::block_in_place(|| exports.copies.keep(grant, &copy));
    kept.map(drop).map_err(copy_failed)
}

async fn opened(
    house: &House,
    grant: &Grant<act::PlayFootage>,
    note: Note<'_>,
) -> Result<Vec<Clip>, HouseError> {
    let opener = house.vault.opener();
    let mut footage = Vec::new();
    let mut room = LONGEST_COPY;
    for &camera in grant.cameras() {
        let clip = playback::clip(&opener, &house.catalog, grant, camera, note, room).await;
        let clip = clip.map_err(not_opened)?;
        room -= clip.parts.iter().map(|part| part.bytes.len()).sum::<usize>();
        footage.push(clip);
    }
    match footage.iter().all(|clip| clip.parts.is_empty()) {
        true => Err(HouseError::Unfit(ErrorCode::FootageGone)),
        false => Ok(footage),
    }
}

fn not_opened(error: PlaybackError) -> HouseError {
    let code = match &error {
        PlaybackError::Ended(ended) => ended_code(*ended),
        PlaybackError::Open(vault::OpenFootageError::Ended(GrantEnded::LedgerBroken)) => {
            ErrorCode::LedgerUnavailable
        }
        PlaybackError::TooLong { .. } => ErrorCode::FootageTooLong,
        _ => ErrorCode::Internal,
    };
    failed(code)(error.into())
}

fn gaps_of(footage: &[Clip]) -> Vec<ListedGap> {
    let listed = footage.iter().flat_map(|clip| {
        clip.gaps.iter().map(|gap| ListedGap {
            camera: clip.camera.to_string(),
            from: gap.from.to_string(),
            until: gap.until.to_string(),
            cause: gap.cause.map(|cause| cause.word().into()),
        })
    });
    listed.collect()
}

fn whole(target: &ExportTarget, footage: Vec<Clip>) -> (CopyList, Vec<Vec<u8>>) {
    let mut list = CopyList::new(target, gaps_of(&footage));
    let mut clips = Vec::new();
    for clip in footage {
        for part in clip.parts {
            list.clips.push(ListedClip {
                camera: clip.camera.to_string(),
                from: part.from.to_string(),
                until: part.until.to_string(),
                sha256: sha256(&part.bytes),
                mask: None,
            });
            clips.push(part.bytes);
        }
    }
    (list, clips)
}

async fn masked(
    house: &House,
    target: &ExportTarget,
    footage: Vec<Clip>,
    edits: &[EditedClip],
    work: &Work<'_>,
) -> Result<(CopyList, Vec<Vec<u8>>), HouseError> {
    let mut list = CopyList::new(target, gaps_of(&footage));
    let (mut clips, mut boxes) = (Vec::new(), Vec::new());
    let parts: Vec<_> = footage
        .into_iter()
        .flat_map(|clip| clip.parts.into_iter().map(move |part| (clip.camera, part)))
        .collect();
    let count = parts.len();
    if edits.iter().any(|one| !(1..=count).contains(&(one.clip as usize))) {
        return Err(HouseError::Unfit(ErrorCode::BadRequest));
    }
    let mark = mark_of(house, target.case).ok_or(HouseError::Unfit(ErrorCode::NotFound))?;
    for (at, (camera, part)) in parts.into_iter().enumerate() {
        let of_it = edits.iter().find(|one| one.clip as usize == at + 1);
        let edits = of_it.map_or_else(ClipEdits::default, |one| one.edits.clone());
        let progress = |done: u64, of: u64| {
            let part = (done.min(of) * 100).checked_div(of).unwrap_or_default();
            let percent = (at as u64 * 100 + part) / count as u64;
            work.tell(u8::try_from(percent).unwrap_or(100));
        };
        let made = mask_line::mask(&house.exports.mask, &part.bytes, &edits, &mark, progress).await;
        let Masked { clip, boxes: found, report } = made.map_err(not_masked)?;
        list.clips.push(ListedClip {
            camera: camera.to_string(),
            from: part.from.to_string(),
            until: part.until.to_string(),
            sha256: sha256(&clip),
            mask: Some(ListedMask {
                boxes_sha256: sha256(&found),
                frames: report.frames,
                boxes: report.detections,
                covered_permille: (report.covered_ratio.clamp(0.0, 1.0) * 1000.0).round() as u32,
                original_sha256: sha256(&part.bytes),
                edits,
            }),
        });
        clips.push(clip);
        boxes.push(found);
    }
    clips.append(&mut boxes);
    Ok((list, clips))
}

/// The mark in every picture: the number of the case, `R` of a request and `D` of a disclosure.
fn mark_of(house: &House, case: EntryNumber) -> Option<String> {
    match house.ledger.request(case) {
        Some(fact) => Some(format!("JIKIM R {}", fact.receipt())),
        None => Some(format!("JIKIM D {}", house.ledger.disclosure(case)?.receipt())),
    }
}

/// What lies under the cover of a clip of the grant's copy: just that footage, by its hash.
pub(super) async fn original(
    house: &House,
    grant: &Grant<act::PlayFootage>,
    clip: u32,
    note: Note<'_>,
) -> Result<Vec<u8>, HouseError> {
    let missing = || HouseError::Unfit(ErrorCode::NotFound);
    let target = export_of(grant)?;
    let kept = house.exports.copies.kept();
    let copy = kept.iter().find(|it| target.copy == Some(it.copy)).ok_or_else(missing)?;
    let list = CopyList::read(&copy.list).filter(|list| list.is_of(grant.target()));
    let list = list.ok_or_else(missing)?;
    let at = usize::try_from(clip).ok().and_then(|clip| clip.checked_sub(1));
    let listed = at.and_then(|at| list.clips.get(at)).ok_or_else(missing)?;
    let mask = listed.mask.as_ref().ok_or_else(missing)?;
    let camera = listed.camera.parse::<CameraId>().map_err(|_unfit| missing())?;
    let _alone = house.exports.opening.lock().await;
    let opener = house.vault.opener();
    let opened = playback::clip(&opener, &house.catalog, grant, camera, note, LONGEST_COPY).await;
    let parts = opened.map_err(not_opened)?.parts.into_iter();
    let part = parts.into_iter().find(|part| sha256(&part.bytes) == mask.original_sha256);
    part.map(|part| part.bytes).ok_or(HouseError::Unfit(ErrorCode::FootageGone))
}

fn not_masked(error: MaskError) -> HouseError {
    let code = match &error {
        MaskError::Away(_) => ErrorCode::MaskMissing,
        _ => ErrorCode::MaskFailed,
    };
    failed(code)(error.into())
}
