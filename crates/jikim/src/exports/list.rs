//! Exports in the words of the wire: cases, work, copies, files. No names of persons.

use std::collections::HashMap;

use api::{
    ExportCase, ExportCaseKind, ExportClip, ExportCopy, ExportGap, ExportPreparation, Exports,
    SealedExport, Time,
};
use domain::{EntryNumber, GapCause, WallTime};
use ledger::ExportFact;
use server::HouseError;
use vault::KeptCopy;

use super::copy_list::{CopyList, ListedClip};
use super::{FAILURE_TOLD_FOR, mask_line};
use crate::house::House;
use crate::ledger_view::named;
use crate::register::time;

/// Cases and files that are shown: the newest.
const MOST_SHOWN: usize = 200;

/// What a case is called.
type Names = HashMap<EntryNumber, (ExportCaseKind, String)>;

pub(super) async fn all(house: &House) -> Result<Exports, HouseError> {
    let now = house.clock.wall();
    let names = names(house, now);
    let copies = house.exports.copies.kept();
    let sealed = house.ledger.exports().into_iter().rev().take(MOST_SHOWN);
    Ok(Exports {
        cases: cases(house, &names),
        preparing: preparing(house, &names, now),
        copies: copies.iter().filter_map(|kept| copy(house, &names, kept)).collect(),
        sealed: sealed.map(|fact| sealed_one(house, &names, &fact)).collect(),
        mask_is_there: mask_line::is_there(&house.exports.mask).await,
    })
}

fn names(house: &House, now: WallTime) -> Names {
    let requests = house.ledger.requests(now).into_iter();
    let requests = requests.map(|it| (it.number, (ExportCaseKind::Request, it.receipt())));
    let disclosures = house.ledger.disclosures(now).into_iter();
    let disclosures = disclosures.map(|it| (it.number, (ExportCaseKind::Disclosure, it.receipt())));
    requests.chain(disclosures).collect()
}

fn cases(house: &House, names: &Names) -> Vec<ExportCase> {
    let mut numbers: Vec<_> = names.keys().copied().collect();
    numbers.sort_by_key(|number| std::cmp::Reverse((number.year, number.index)));
    let granted = numbers.into_iter().filter_map(|number| {
        let granted = house.ledger.granted(number)?;
        let (kind, id) = names.get(&number)?.clone();
        let cameras = granted.cameras.iter().map(ToString::to_string).collect();
        Some(ExportCase {
            kind,
            id,
            cameras: named(house, cameras),
            from: time(granted.from),
            until: time(granted.to),
            may_be_whole: granted.may_be_whole,
        })
    });
    granted.take(MOST_SHOWN).collect()
}

fn preparing(house: &House, names: &Names, now: WallTime) -> Vec<ExportPreparation> {
    let mut preparing = house.exports.preparing();
    preparing.retain(|_, it| it.failed.is_none() || now < it.started_at + FAILURE_TOLD_FOR);
    let on_wire = |(number, it): (&EntryNumber, &super::Preparing)| {
        let (kind, id) = names.get(number)?.clone();
        let started_at = time(it.started_at);
        Some(ExportPreparation { kind, id, started_at, percent: it.percent, failed: it.failed })
    };
    preparing.iter().filter_map(on_wire).collect()
}

/// What was just begun; of one that is over already, that it began.
pub(super) fn preparation(house: &House, case: EntryNumber) -> ExportPreparation {
    let now = house.clock.wall();
    let (kind, id) =
        names(house, now).remove(&case).unwrap_or((ExportCaseKind::Request, String::new()));
    let it = house.exports.preparing().get(&case).copied();
    ExportPreparation {
        kind,
        id,
        started_at: time(it.map_or(now, |it| it.started_at)),
        percent: it.and_then(|it| it.percent),
        failed: it.and_then(|it| it.failed),
    }
}

fn copy(house: &House, names: &Names, kept: &KeptCopy) -> Option<ExportCopy> {
    let list = CopyList::read(&kept.list)?;
    let (kind, id) = names.get(&list.case.parse().ok()?)?.clone();
    let mut told = Vec::new();
    let clips = (1..).zip(&list.clips).map(|(number, clip)| {
        // The gaps of a camera stand with its first clip.
        let gaps = if told.contains(&&clip.camera) { Vec::new() } else { gaps(&list, clip) };
        told.push(&clip.camera);
        on_wire(house, number, clip, gaps)
    });
    Some(ExportCopy {
        copy: kept.copy.to_string(),
        kind,
        id,
        from: Time(list.from.clone()),
        until: Time(list.to.clone()),
        masked: list.masked,
        kept_until: time(kept.until),
        clips: clips.collect(),
        proposal: None,
    })
}

fn gaps(list: &CopyList, clip: &ListedClip) -> Vec<ExportGap> {
    let of_it = list.gaps.iter().filter(|gap| gap.camera == clip.camera);
    of_it
        .map(|gap| ExportGap {
            from: Time(gap.from.clone()),
            until: Time(gap.until.clone()),
            cause: gap.cause.as_deref().and_then(api::GapCause::from_word),
        })
        .collect()
}

fn on_wire(house: &House, number: u32, clip: &ListedClip, gaps: Vec<ExportGap>) -> ExportClip {
    let mask = clip.mask.as_ref();
    let camera = named(house, vec![clip.camera.clone()]).remove(0);
    ExportClip {
        number,
        camera,
        from: Time(clip.from.clone()),
        until: Time(clip.until.clone()),
        frames: mask.map(|mask| mask.frames),
        boxes: mask.map(|mask| mask.boxes),
        covered_permille: mask.map(|mask| mask.covered_permille),
        edits: mask.map(|mask| mask.edits.clone()).unwrap_or_default(),
        gaps,
    }
}

pub(super) fn sealed(house: &House, fact: &ExportFact) -> SealedExport {
    sealed_one(house, &names(house, house.clock.wall()), fact)
}

fn sealed_one(house: &House, names: &Names, fact: &ExportFact) -> SealedExport {
    let (kind, id) = names.get(&fact.case).cloned().unzip();
    SealedExport {
        year: fact.number.year,
        number: fact.number.index,
        kind,
        id,
        sealed_at: time(fact.at),
        sha256: fact.sha256.clone(),
        revoked_at: fact.revoked_at.map(time),
        file_until: house.exports.sealed.until(fact, house.clock.wall()).map(time),
    }
}

/// Why there is no picture, for who reads the cover.
pub(super) fn cause_in_words(cause: Option<&str>) -> (&'static str, &'static str) {
    match cause.and_then(GapCause::from_word) {
        Some(GapCause::NotScheduled) => ("촬영하지 않기로 한 시간", "not recorded at this time"),
        Some(GapCause::RecorderStopped) => ("녹화 장치가 멈춤", "the recorder stood still"),
        Some(GapCause::Storage) => ("저장 장치 고장", "the disk failed"),
        Some(GapCause::Overload) => ("녹화 장치 과부하", "the recorder was overloaded"),
        Some(GapCause::PacketsLost) => ("전송 중 손실", "lost on the way"),
        Some(_) => ("카메라가 응답하지 않음", "the camera did not answer"),
        None => ("남아 있는 영상 없음", "nothing is kept"),
    }
}
