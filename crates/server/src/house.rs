//! What the edge needs done, as one trait; implemented where everything is wired.

use std::error::Error;

use access::{Grant, act};
use domain::{AccountId, Actor, CameraId, FileHash, FloorId, Hold, HoldId, WallTime};
use futures::future::BoxFuture;
use playback::{FeedChoice, MediaEvent, PlayCommand};
use tokio::sync::mpsc;

use crate::disclosure_desk::DisclosureDesk;
use crate::exports::ExportDesk;
use crate::registers::RegisterDesk;
use crate::request_desk::RequestDesk;

/// What the house does in a while.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, HouseError>>;

/// Is told what pictures go out, before they do: camera, first moment, first moment after it.
pub type Note<'a> = &'a (dyn Fn(CameraId, WallTime, WallTime) + Send + Sync);

/// Why the house did not do what was asked. Its text goes into the ledger's record of the outcome:
/// it is the word of the code alone, so that no secret can slip in.
#[derive(Debug, thiserror::Error)]
pub enum HouseError {
    /// What was asked for cannot be.
    #[error("{}", .0.word())]
    Unfit(api::ErrorCode),
    /// Something beneath failed; the source goes to the recorder's log.
    #[error("{}", code.word())]
    Failed {
        /// What to tell the person.
        code: api::ErrorCode,
        /// What failed.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl HouseError {
    /// Something beneath failed.
    pub fn failed(code: api::ErrorCode, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Failed { code, source: source.into() }
    }

    /// What to tell the person.
    #[must_use]
    pub const fn code(&self) -> api::ErrorCode {
        match self {
            Self::Unfit(code) | Self::Failed { code, .. } => *code,
        }
    }
}

/// Since when and until when an account has rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountDates {
    /// When it was made.
    pub created_at: WallTime,
    /// When its rights were taken away, if they were.
    pub ended_at: Option<WallTime>,
}

/// What is to become of a floor.
#[derive(Debug, Clone)]
pub enum PlanChange {
    /// It is to be.
    Add(api::NewFloor),
    /// Its names and the places of cameras on it.
    Floor(api::FloorChange),
    /// The picture of its plan.
    Picture(api::NewPlanPicture),
    /// It is to be no more.
    Remove(api::FloorRemoval),
}

/// The recorder, as the edge sees it.
///
/// Whatever shows, changes or destroys takes the grant and reads what to do it to from there.
pub trait House:
    RequestDesk + DisclosureDesk + ExportDesk + RegisterDesk + Send + Sync + 'static
{
    /// The recorder's time.
    fn now(&self) -> WallTime;
    /// An id for a camera that is to be added.
    fn new_camera_id(&self) -> CameraId;
    /// What a camera's connection is doing.
    fn camera_state(&self, camera: CameraId) -> api::CameraState;
    /// Dates of an account, as the ledger says them.
    fn account_dates(&self, account: AccountId) -> AccountDates;

    /// The register of cameras, those that record first.
    fn cameras(&self) -> Answer<'_, Vec<api::Camera>>;
    /// Tries a connection and adds the camera of the grant, under the grant's id.
    fn add_camera<'a>(
        &'a self,
        grant: &'a Grant<act::ManageCameras>,
        camera: api::NewCamera,
    ) -> Answer<'a, api::Camera>;
    /// Changes what the camera of the grant is called.
    fn change_camera<'a>(
        &'a self,
        grant: &'a Grant<act::ManageCameras>,
        change: api::CameraChange,
    ) -> Answer<'a, api::Camera>;
    /// Puts another device at the spot of the camera of the grant.
    fn replace_device<'a>(
        &'a self,
        grant: &'a Grant<act::ManageCameras>,
        device: api::ReplaceDevice,
    ) -> Answer<'a, api::Camera>;
    /// The masked picture of what a camera films.
    fn range_picture(&self, camera: CameraId) -> Answer<'_, api::RangePicture>;
    /// Keeps the picture of what the camera of the grant films.
    fn set_range_picture<'a>(
        &'a self,
        grant: &'a Grant<act::ChangeRange>,
        picture: api::NewRangePicture,
    ) -> Answer<'a, api::Camera>;
    /// Stops recording the camera of the grant for good.
    fn retire_camera<'a>(
        &'a self,
        grant: &'a Grant<act::ManageCameras>,
        reason: api::Reason,
    ) -> Answer<'a, api::Camera>;

    /// Keeps what the camera of the grant records from now on for the time that the grant names.
    fn set_retention<'a>(
        &'a self,
        grant: &'a Grant<act::ManageRetention>,
    ) -> Answer<'a, api::Camera>;

    /// An id for a hold that is to be placed.
    fn new_hold_id(&self) -> HoldId;
    /// A hold as the ledger last said, whether it still holds or not.
    fn hold(&self, hold: HoldId) -> Option<Hold>;
    /// Every hold, those that hold first.
    fn holds(&self) -> Answer<'_, Vec<api::Hold>>;
    /// Places, renews or releases the hold of the grant.
    fn manage_hold<'a>(&'a self, grant: &'a Grant<act::ManageHolds>) -> Answer<'a, api::Hold>;

    /// The rooms of the policy in force, and what a visitor is told before he is asked for consent.
    fn visit_desk(&self) -> Answer<'_, (Vec<api::VisitArea>, api::VisitNotice)>;

    /// A version of the policy (the one in force, if none is named) and all versions.
    fn policy(&self, version: Option<u64>) -> Answer<'_, api::PolicyView>;
    /// What a description would become, and what stands against it.
    fn draft_policy(&self, description: String) -> Answer<'_, api::PolicyDraft>;
    /// What is wrong with a published text, and what description says the same.
    fn read_published(&self, reading: api::NewPolicyReading) -> Answer<'_, api::PolicyReading>;
    /// Announces a version.
    fn announce_policy<'a>(
        &'a self,
        grant: &'a Grant<act::AnnouncePolicy>,
        description: String,
    ) -> Answer<'a, api::PolicyView>;
    /// What a version is called that promises less than the newest; refused if it has an error, or
    /// promises no less. Keeps nothing.
    fn looser_policy(&self, description: String) -> Answer<'_, FileHash>;
    /// Keeps a description that was proposed, so that others can read it.
    fn keep_policy(&self, description: String) -> Answer<'_, ()>;
    /// What was proposed; none if it was not kept.
    fn proposed_policy(&self, file: FileHash) -> Answer<'_, Option<api::ProposedPolicy>>;
    /// Announces the version that the grant names, which two people agreed to.
    fn announce_agreed<'a>(&'a self, grant: &'a Grant<act::AnnouncePolicy>) -> Answer<'a, ()>;
    /// All that is published, for the command line.
    fn publication(&self) -> Answer<'_, serde_json::Value>;
    /// The institution as the description in force says.
    fn institution(&self) -> Answer<'_, api::InstitutionView>;
    /// The promises of the policy in force, looked at now.
    fn promises(&self) -> Answer<'_, api::Promises>;

    /// What persons saw of promises, the last entered first.
    fn attestations(&self) -> Answer<'_, api::Attestations>;
    /// Enters what the person of the grant saw.
    fn record_attestation<'a>(
        &'a self,
        grant: &'a Grant<act::RecordAttestation>,
        seen: api::NewAttestation,
    ) -> Answer<'a, api::Attestation>;

    /// An id for a floor that is about to be added.
    fn new_floor_id(&self) -> FloorId;
    /// The floors of all buildings.
    fn plans(&self) -> Answer<'_, api::Plans>;
    /// The picture of a floor's plan.
    fn plan_picture(&self, floor: FloorId) -> Answer<'_, api::PlanPicture>;
    /// Changes the floor of the grant.
    fn change_plan<'a>(
        &'a self,
        grant: &'a Grant<act::ManagePlans>,
        change: PlanChange,
    ) -> Answer<'a, api::Floor>;

    /// What is due, looked at now.
    fn tasks(&self) -> Answer<'_, api::Tasks>;

    /// Whether these minutes could be destroyed now; destroys nothing.
    fn check_minutes<'a>(
        &'a self,
        cameras: &'a [CameraId],
        from: WallTime,
        to: WallTime,
    ) -> Answer<'a, ()>;
    /// Destroys the minutes of the grant, once a quorum of witnesses has cosigned it.
    fn destroy_minutes<'a>(&'a self, grant: &'a Grant<act::DestroyMinutes>) -> Answer<'a, ()>;

    /// One still of the camera of the grant.
    fn still<'a>(&'a self, grant: &'a Grant<act::TakeStill>) -> Answer<'a, api::Still>;
    /// What was recorded of a camera; the span is at most 31 days.
    fn timeline(&self, camera: CameraId, from: WallTime, to: WallTime)
    -> Answer<'_, api::Timeline>;
    /// Shows the cameras of the grant live, until the grant ends, nobody receives any more, or the
    /// future is dropped. Tiles are the cameras in the order of the grant.
    fn watch<'a>(
        &'a self,
        grant: &'a Grant<act::WatchLive>,
        feed: FeedChoice,
        note: Note<'a>,
        out: mpsc::Sender<MediaEvent>,
    ) -> Answer<'a, ()>;
    /// Plays the footage of the grant, beginning at `start`; goes on as [`House::watch`].
    fn play<'a>(
        &'a self,
        grant: &'a Grant<act::PlayFootage>,
        start: WallTime,
        commands: mpsc::Receiver<PlayCommand>,
        note: Note<'a>,
        out: mpsc::Sender<MediaEvent>,
    ) -> Answer<'a, ()>;

    /// Entries before one (year and number), the newest first, at most `limit` (1 to 200), as
    /// `actor` may see them.
    fn ledger_page(
        &self,
        actor: Actor,
        before: Option<(u16, u64)>,
        limit: usize,
    ) -> Answer<'_, api::LedgerPage>;
    /// One entry, with its record where it is the actor's own.
    fn ledger_entry(&self, actor: Actor, year: u16, number: u64) -> Answer<'_, api::LedgerRecord>;
    /// The entry of the grant with its record, whoever did it.
    fn ledger_record<'a>(
        &'a self,
        grant: &'a Grant<act::ReadRecords>,
    ) -> Answer<'a, api::LedgerRecord>;
    /// A C2SP `tlog-proof` of one entry.
    fn ledger_proof(&self, year: u16, number: u64) -> Answer<'_, String>;
    /// A published file of the ledger, by its path below the ledger: `2026/checkpoint`,
    /// `2026/tile/…`; none if there is no such file.
    fn published(&self, path: String) -> BoxFuture<'_, Option<Vec<u8>>>;

    /// The certificate of what became of the footage of the grant.
    fn certify<'a>(
        &'a self,
        grant: &'a Grant<act::CertifyDestruction>,
    ) -> Answer<'a, api::DestructionCertificate>;

    /// How the recorder is.
    fn health(&self) -> Answer<'_, api::Health>;
    /// Whether it records durably; if not, one sentence why, without names and addresses.
    fn is_ready(&self) -> BoxFuture<'_, Result<(), String>>;
    /// Figures in the text format of Prometheus, without names and addresses.
    fn metrics(&self) -> BoxFuture<'_, String>;
    /// The document of `jikim status --json`; gaps since a moment only, if one is given.
    /// As text: it is asked often and can be long, and a tree of it would be many times as large.
    fn status(&self, gaps_since: Option<WallTime>) -> Answer<'_, String>;
    /// Enters what was published, and gives the entry with its receipt.
    fn enter_site<'a>(
        &'a self,
        grant: &'a Grant<act::PublishSite>,
        files: Vec<api::SiteFile>,
    ) -> Answer<'a, api::SiteEntry>;
    /// Keeps what came of attacks on the system's own claims.
    fn keep_doctor<'a>(
        &'a self,
        grant: &'a Grant<act::Doctor>,
        claims: Vec<api::DoctorClaim>,
    ) -> Answer<'a, ()>;
    /// Checks ledger, reels and catalog, after rebuilding the catalog if asked; the document of
    /// `jikim check --json`.
    fn check<'a>(
        &'a self,
        grant: &'a Grant<act::Check>,
        rebuild: bool,
    ) -> Answer<'a, serde_json::Value>;
}
