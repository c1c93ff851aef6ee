//! What leaves the building: footage of a case that was granted, masked, as two people agreed to it.
//!
//! Invariants:
//! 1. Nothing is prepared, looked at or sealed but of the cameras and the time of a case that is granted now.
//! 2. What answers a person's own request is masked, whoever agrees to what; for another body it may be whole,
//!    where two people agreed to just that copy.
//! 3. What is sealed is the copy that was approved, by its hash.

use domain::{Action, CameraId, EntryNumber, FileHash, MAX_SPAN_CAMERAS, Span, WallTime};

use crate::Target;
use crate::decide::{Ask, Facts, RefusalReason};

/// What is to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportTarget {
    /// The request or disclosure, by the entry of its receipt.
    pub case: EntryNumber,
    /// The cameras, none twice.
    pub cameras: Vec<CameraId>,
    /// The first moment.
    pub from: WallTime,
    /// The first moment after it; at most 24 hours later.
    pub to: WallTime,
    /// Whether everybody but whom it is about is covered.
    pub is_masked: bool,
    /// The working copy; none of one that is to be made.
    pub copy: Option<FileHash>,
}

/// What a case lets out, as the ledger says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// Of these cameras.
    pub cameras: Vec<CameraId>,
    /// From this moment on.
    pub from: WallTime,
    /// Up to this one.
    pub to: WallTime,
    /// Whether others may be seen: never in a person's own copy.
    pub may_be_whole: bool,
}

/// Whether action and target are of exports both, and fit each other; none if neither is.
pub(crate) fn fits(action: Action, target: &Target) -> Option<bool> {
    match (action, target) {
        (Action::PrepareExport, Target::Export(target)) => {
            Some(target.copy.is_none() && is_bounded(target))
        }
        (
            Action::LookAtExport
            | Action::LookAtOriginal
            | Action::SealExport
            | Action::DiscardExport,
            Target::Export(_),
        ) => Some(is_copy(target)),
        (Action::DeliverExport | Action::RevokeExport, target) => {
            Some(matches!(target, Target::Entry(_)))
        }
        (
            Action::PrepareExport
            | Action::LookAtExport
            | Action::LookAtOriginal
            | Action::SealExport
            | Action::DiscardExport,
            _,
        )
        | (_, Target::Export(_)) => Some(false),
        _ => None,
    }
}

/// Whether it is a working copy that is there.
pub(crate) fn is_copy(target: &Target) -> bool {
    matches!(target, Target::Export(target) if target.copy.is_some() && is_bounded(target))
}

fn is_bounded(target: &ExportTarget) -> bool {
    (1..=MAX_SPAN_CAMERAS).contains(&target.cameras.len())
        && target.from < target.to
        && target.to.since(target.from) <= Span::LONGEST
}

/// Whether the case lets out what is asked for. To destroy a copy needs no case.
pub(crate) fn check_case(ask: &Ask, facts: &Facts) -> Result<(), RefusalReason> {
    let (action, target) = match &ask.target {
        Target::Proposed { action, target } => (*action, &**target),
        target => (ask.action, target),
    };
    let Target::Export(target) = target else { return Ok(()) };
    if action == Action::DiscardExport {
        return Ok(());
    }
    let Some(granted) = &facts.granted else { return Err(RefusalReason::CaseNotGranted) };
    let is_within = granted.from <= target.from && target.to <= granted.to;
    if !is_within || !target.cameras.iter().all(|camera| granted.cameras.contains(camera)) {
        return Err(RefusalReason::CaseNotGranted);
    }
    if target.is_masked || granted.may_be_whole { Ok(()) } else { Err(RefusalReason::MaskMissing) }
}

#[cfg(test)]
#[path = "export_tests.rs"]
mod tests;
