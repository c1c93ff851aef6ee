//! What leaves the building: working copies, the files that were sealed, and their documented paths.

use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::words::words;
use crate::{ErrorBody, ErrorCode, GapCause, Id, NamedCamera, ProposalState, Reason, Secret, Time};

words! {
    /// What an export answers.
    ExportCaseKind {
        /// A person's request.
        Request = "request",
        /// A disclosure to another body.
        Disclosure = "disclosure",
    }

    /// What an area that somebody drew does.
    ExportAreaKind {
        /// It is covered, whoever stays to be seen there.
        Cover = "cover",
        /// What moves there is known to be harmless and stays, but for where another person is.
        Show = "show",
    }
}

/// Everything of exports: no names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Exports {
    /// Cases that are granted now, the newest first.
    pub cases: Vec<ExportCase>,
    /// What is being prepared, or was and failed.
    pub preparing: Vec<ExportPreparation>,
    /// Working copies, the newest end last.
    pub copies: Vec<ExportCopy>,
    /// What left, the newest first.
    pub sealed: Vec<SealedExport>,
    /// Whether somebody who covers people listens at the socket for it.
    pub mask_is_there: bool,
}

/// A case that lets something out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExportCase {
    /// What it is.
    pub kind: ExportCaseKind,
    /// The number of receipt, `2026-17`.
    pub id: String,
    /// Of which cameras.
    pub cameras: Vec<NamedCamera>,
    /// From when.
    pub from: Time,
    /// Until when.
    pub until: Time,
    /// Whether it may leave with others to be seen: never in a person's own copy.
    pub may_be_whole: bool,
}

/// What is being prepared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExportPreparation {
    /// For which case.
    pub kind: ExportCaseKind,
    /// Its number of receipt.
    pub id: String,
    /// Since when.
    pub started_at: Time,
    /// How far it is, in hundredths; none while that is not known.
    pub percent: Option<u8>,
    /// Why it failed; none while it goes on.
    pub failed: Option<ErrorCode>,
}

/// A working copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExportCopy {
    /// SHA-256 of its list, by which it is called.
    pub copy: String,
    /// For which case.
    pub kind: ExportCaseKind,
    /// Its number of receipt.
    pub id: String,
    /// From when.
    pub from: Time,
    /// Until when.
    pub until: Time,
    /// Whether everybody but whom it is about is covered.
    pub masked: bool,
    /// When its key is destroyed at the latest.
    pub kept_until: Time,
    /// Its clips.
    pub clips: Vec<ExportClip>,
    /// The last proposal to seal it.
    pub proposal: Option<ExportProposal>,
}

/// A clip of a working copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExportClip {
    /// Its place in the copy, from 1.
    pub number: u32,
    /// Of which camera.
    pub camera: NamedCamera,
    /// When its first frame was filmed.
    pub from: Time,
    /// The first moment after it.
    pub until: Time,
    /// Frames; none if nobody counted them.
    pub frames: Option<u64>,
    /// Boxes that were covered, over all frames.
    pub boxes: Option<u64>,
    /// How much of the picture is covered, in thousandths.
    pub covered_permille: Option<u32>,
    /// What somebody decided about it; the next copy begins from that.
    pub edits: ClipEdits,
    /// What of the case's time this camera has no picture of; with its first clip.
    pub gaps: Vec<ExportGap>,
}

/// A stretch of time without a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExportGap {
    /// Its first moment.
    pub from: Time,
    /// The first moment after it.
    pub until: Time,
    /// Why, if that was declared.
    pub cause: Option<GapCause>,
}

/// How two people stand to a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExportProposal {
    /// Year of its entry.
    pub year: u16,
    /// Number of its entry within the year.
    pub number: u64,
    /// How it stands.
    pub state: ProposalState,
    /// Who proposed it.
    pub proposed_by: String,
    /// Whether the person who asks proposed it.
    pub mine: bool,
    /// Who decided.
    pub decided_by: Option<String>,
    /// Whether that person may seal it now: it was approved, and that person is one of the two.
    pub can_seal: bool,
}

/// A file that was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SealedExport {
    /// Year of its entry.
    pub year: u16,
    /// Number of its entry within the year: its receipt number.
    pub number: u64,
    /// For which case; none if that is too old to be known.
    pub kind: Option<ExportCaseKind>,
    /// Its number of receipt.
    pub id: Option<String>,
    /// When it was sealed.
    pub sealed_at: Time,
    /// SHA-256 of the file up to its receipt.
    pub sha256: String,
    /// When it was revoked.
    pub revoked_at: Option<Time>,
    /// Until when the file can be had here; none if it is gone.
    pub file_until: Option<Time>,
}

/// What somebody decided about a clip (`docs/formats/boxes.md`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClipEdits {
    /// Of the boxes that were looked at: if the clip gives others now, nothing is made.
    #[serde(default)]
    pub findings: Option<String>,
    /// Who stays to be seen.
    #[schema(max_items = 512)]
    pub shown: Vec<ShownTrack>,
    /// What was drawn.
    #[schema(max_items = 512)]
    pub areas: Vec<ExportArea>,
}

/// A track that stays to be seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShownTrack {
    /// Its number in the boxes.
    pub track: u32,
    /// From this frame.
    pub first: u32,
    /// To this one, which is included.
    pub last: u32,
}

/// A rectangle that moves evenly from one key to the next, and is not there before the first and after the last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportArea {
    /// What it does.
    pub what: ExportAreaKind,
    /// Where it is when; frames rise.
    #[schema(min_items = 1, max_items = 4096)]
    pub keys: Vec<AreaKey>,
}

/// Where an area is in one frame, in pixels; right and bottom are beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AreaKey {
    /// From 0.
    pub frame: u32,
    /// Its left edge.
    pub left: u32,
    /// Its upper edge.
    pub top: u32,
    /// Beyond its right edge.
    pub right: u32,
    /// Below its lower edge.
    pub bottom: u32,
}

/// What was decided about one clip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditedClip {
    /// The clip, from 1, as the copy before had it.
    pub clip: u32,
    /// What was decided.
    pub edits: ClipEdits,
}

/// A working copy that is to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewExport {
    /// What it answers.
    pub kind: ExportCaseKind,
    /// The number of receipt, `2026-17`.
    pub id: String,
    /// Which of the case's cameras; all if none is named.
    #[serde(default)]
    #[schema(max_items = 9)]
    pub cameras: Vec<Id>,
    /// From when; else from the beginning of the case's time.
    #[serde(default)]
    pub from: Option<Time>,
    /// Until when; else to its end.
    #[serde(default)]
    pub until: Option<Time>,
    /// Whether everybody but the kept is covered.
    pub masked: bool,
    /// Who stays to be seen, and what was drawn by hand; nothing where nothing is masked.
    #[serde(default)]
    #[schema(max_items = 256)]
    pub edits: Vec<EditedClip>,
}

/// What was sealed, and what opens it: told this once, and kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExportSealed {
    /// The file.
    pub export: SealedExport,
    /// What opens it. It goes to the recipient another way than the file.
    pub passphrase: Secret,
}

/// Cases that let something out, working copies, what left.
#[utoipa::path(get, path = "/api/v1/exports", tag = "exports",
    responses((status = 200, body = Exports), (status = "default", body = ErrorBody)))]
pub fn list_exports() {}

/// Begins to make a working copy: the footage is opened, masked and kept under a key of its own. It goes on after
/// this answers.
#[utoipa::path(post, path = "/api/v1/exports", tag = "exports", request_body = NewExport,
    responses((status = 202, body = ExportPreparation), (status = "default", body = ErrorBody)))]
pub fn prepare_export() {}

/// A clip of a working copy; that it was looked at is entered.
#[utoipa::path(get, path = "/api/v1/exports/copies/{sha256}/clips/{clip}", tag = "exports",
    params(("sha256" = String, Path, description = "The copy."), ("clip" = u32, Path, description = "From 1.")),
    responses((status = 200, content_type = "video/mp4", description = "The clip."),
        (status = "default", body = ErrorBody)))]
pub fn look_at_clip() {}

/// What was found and covered in a clip (`docs/formats/boxes.md`).
#[utoipa::path(get, path = "/api/v1/exports/copies/{sha256}/boxes/{clip}", tag = "exports",
    params(("sha256" = String, Path, description = "The copy."), ("clip" = u32, Path, description = "From 1.")),
    responses((status = 200, content_type = "application/json", description = "The boxes."),
        (status = "default", body = ErrorBody)))]
pub fn look_at_boxes() {}

/// The footage under the cover of a clip, opened anew for whoever decides who stays to be seen; entered as its own act.
#[utoipa::path(get, path = "/api/v1/exports/copies/{sha256}/originals/{clip}", tag = "exports",
    params(("sha256" = String, Path, description = "The copy."), ("clip" = u32, Path, description = "From 1.")),
    responses((status = 200, content_type = "video/mp4", description = "MP4 in fragments."),
        (status = "default", body = ErrorBody)))]
pub fn look_at_original() {}

/// Proposes to seal a working copy; another person looks at it and decides.
#[utoipa::path(post, path = "/api/v1/exports/copies/{sha256}/proposal", tag = "exports", request_body = Reason,
    params(("sha256" = String, Path, description = "The copy.")),
    responses((status = 201, body = ExportProposal), (status = "default", body = ErrorBody)))]
pub fn propose_export() {}

/// Seals the copy that two people agreed to; the copy is destroyed then.
#[utoipa::path(post, path = "/api/v1/exports/copies/{sha256}/seal", tag = "exports",
    params(("sha256" = String, Path, description = "The copy.")),
    responses((status = 201, body = ExportSealed), (status = "default", body = ErrorBody)))]
pub fn seal_export() {}

/// Destroys a working copy with its key.
#[utoipa::path(post, path = "/api/v1/exports/copies/{sha256}/destruction", tag = "exports",
    params(("sha256" = String, Path, description = "The copy.")),
    responses((status = 200, body = Exports), (status = "default", body = ErrorBody)))]
pub fn discard_export() {}

/// The sealed file with its receipt, as it is proven now.
#[utoipa::path(get, path = "/api/v1/exports/{year}/{number}", tag = "exports",
    params(("year" = u16, Path, description = "Of its entry."), ("number" = u64, Path, description = "Of its entry.")),
    responses((status = 200, content_type = "text/html", description = "The file (`docs/formats/bundle.md`)."),
        (status = "default", body = ErrorBody)))]
pub fn deliver_export() {}

/// Says that a file that left is to be used no more.
#[utoipa::path(post, path = "/api/v1/exports/{year}/{number}/revocation", tag = "exports", request_body = Reason,
    params(("year" = u16, Path, description = "Of its entry."), ("number" = u64, Path, description = "Of its entry.")),
    responses((status = 200, body = SealedExport), (status = "default", body = ErrorBody)))]
pub fn revoke_export() {}

#[derive(OpenApi)]
#[openapi(paths(
    list_exports,
    prepare_export,
    look_at_clip,
    look_at_boxes,
    look_at_original,
    propose_export,
    seal_export,
    discard_export,
    deliver_export,
    revoke_export
))]
pub(crate) struct Paths;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_what_serde_writes() {
        assert!(every_set_agrees_with_serde().into_iter().all(|(_, agrees)| agrees));
    }
}
