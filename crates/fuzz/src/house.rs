//! A house that has nothing: what matters here is what stands before it.

use access::{DisclosureTarget, ExportTarget, Grant, RequestTarget, act};
use api::ErrorCode;
use domain::{AccountId, Actor, CameraId, FileHash, FloorId, Hold, HoldId, WallTime};
use host::Clock as _;
use playback::{FeedChoice, MediaEvent, PlayCommand};
use server::{
    AccountDates, Answer, DisclosureDesk, DisclosureMove, ExportDesk, House, HouseError,
    LetterOrder, Note, PlanChange, RegisterDesk, RequestDesk, RequestMove,
};
use testkit::TestClock;
use tokio::sync::mpsc;

/// The one camera that it speaks of.
pub(crate) const CAMERA: CameraId = CameraId::from_bytes([1; 16]);

/// Answers everything with "not there", except that commands of a viewing are heard to their end.
pub(crate) struct EmptyHouse(pub(crate) TestClock);

fn nothing<'a, T: Send + 'a>() -> Answer<'a, T> {
    Box::pin(async { Err(HouseError::Unfit(ErrorCode::NotFound)) })
}

impl House for EmptyHouse {
    fn now(&self) -> WallTime {
        self.0.wall()
    }

    fn new_camera_id(&self) -> CameraId {
        CAMERA
    }

    fn camera_state(&self, _: CameraId) -> api::CameraState {
        api::CameraState::Recording
    }

    fn account_dates(&self, _: AccountId) -> AccountDates {
        AccountDates { created_at: WallTime::EPOCH, ended_at: None }
    }

    fn new_hold_id(&self) -> HoldId {
        HoldId::from_bytes([1; 16])
    }

    fn hold(&self, _: HoldId) -> Option<Hold> {
        None
    }

    fn holds(&self) -> Answer<'_, Vec<api::Hold>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn manage_hold<'a>(&'a self, _: &'a Grant<act::ManageHolds>) -> Answer<'a, api::Hold> {
        nothing()
    }

    fn policy(&self, _: Option<u64>) -> Answer<'_, api::PolicyView> {
        nothing()
    }

    fn read_published(&self, _: api::NewPolicyReading) -> Answer<'_, api::PolicyReading> {
        nothing()
    }

    fn draft_policy(&self, _: String) -> Answer<'_, api::PolicyDraft> {
        nothing()
    }

    fn announce_policy<'a>(
        &'a self,
        _: &'a Grant<act::AnnouncePolicy>,
        _: String,
    ) -> Answer<'a, api::PolicyView> {
        nothing()
    }

    fn looser_policy(&self, _: String) -> Answer<'_, FileHash> {
        nothing()
    }

    fn keep_policy(&self, _: String) -> Answer<'_, ()> {
        nothing()
    }

    fn proposed_policy(&self, _: FileHash) -> Answer<'_, Option<api::ProposedPolicy>> {
        nothing()
    }

    fn announce_agreed<'a>(&'a self, _: &'a Grant<act::AnnouncePolicy>) -> Answer<'a, ()> {
        nothing()
    }

    fn publication(&self) -> Answer<'_, serde_json::Value> {
        nothing()
    }

    fn promises(&self) -> Answer<'_, api::Promises> {
        nothing()
    }

    fn visit_desk(&self) -> Answer<'_, (Vec<api::VisitArea>, api::VisitNotice)> {
        nothing()
    }

    fn institution(&self) -> Answer<'_, api::InstitutionView> {
        nothing()
    }

    fn attestations(&self) -> Answer<'_, api::Attestations> {
        nothing()
    }

    fn new_floor_id(&self) -> FloorId {
        FloorId::from_bytes([1; 16])
    }

    fn plans(&self) -> Answer<'_, api::Plans> {
        nothing()
    }

    fn plan_picture(&self, _: FloorId) -> Answer<'_, api::PlanPicture> {
        nothing()
    }

    fn change_plan<'a>(
        &'a self,
        _: &'a Grant<act::ManagePlans>,
        _: PlanChange,
    ) -> Answer<'a, api::Floor> {
        nothing()
    }

    fn tasks(&self) -> Answer<'_, api::Tasks> {
        nothing()
    }

    fn record_attestation<'a>(
        &'a self,
        _: &'a Grant<act::RecordAttestation>,
        _: api::NewAttestation,
    ) -> Answer<'a, api::Attestation> {
        nothing()
    }

    fn check_minutes<'a>(&'a self, _: &'a [CameraId], _: WallTime, _: WallTime) -> Answer<'a, ()> {
        nothing()
    }

    fn destroy_minutes<'a>(&'a self, _: &'a Grant<act::DestroyMinutes>) -> Answer<'a, ()> {
        nothing()
    }

    fn cameras(&self) -> Answer<'_, Vec<api::Camera>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn add_camera<'a>(
        &'a self,
        _: &'a Grant<act::ManageCameras>,
        _: api::NewCamera,
    ) -> Answer<'a, api::Camera> {
        nothing()
    }

    fn change_camera<'a>(
        &'a self,
        _: &'a Grant<act::ManageCameras>,
        _: api::CameraChange,
    ) -> Answer<'a, api::Camera> {
        nothing()
    }

    fn replace_device<'a>(
        &'a self,
        _: &'a Grant<act::ManageCameras>,
        _: api::ReplaceDevice,
    ) -> Answer<'a, api::Camera> {
        nothing()
    }

    fn range_picture(&self, _: CameraId) -> Answer<'_, api::RangePicture> {
        nothing()
    }

    fn set_range_picture<'a>(
        &'a self,
        _: &'a Grant<act::ChangeRange>,
        _: api::NewRangePicture,
    ) -> Answer<'a, api::Camera> {
        nothing()
    }

    fn retire_camera<'a>(
        &'a self,
        _: &'a Grant<act::ManageCameras>,
        _: api::Reason,
    ) -> Answer<'a, api::Camera> {
        nothing()
    }

    fn set_retention<'a>(&'a self, _: &'a Grant<act::ManageRetention>) -> Answer<'a, api::Camera> {
        nothing()
    }

    fn still<'a>(&'a self, _: &'a Grant<act::TakeStill>) -> Answer<'a, api::Still> {
        nothing()
    }

    fn timeline(&self, _: CameraId, _: WallTime, _: WallTime) -> Answer<'_, api::Timeline> {
        nothing()
    }

    fn watch<'a>(
        &'a self,
        _: &'a Grant<act::WatchLive>,
        _: FeedChoice,
        _: Note<'a>,
        out: mpsc::Sender<MediaEvent>,
    ) -> Answer<'a, ()> {
        Box::pin(async move {
            out.closed().await;
            Ok(())
        })
    }

    fn play<'a>(
        &'a self,
        _: &'a Grant<act::PlayFootage>,
        _: WallTime,
        mut commands: mpsc::Receiver<PlayCommand>,
        _: Note<'a>,
        out: mpsc::Sender<MediaEvent>,
    ) -> Answer<'a, ()> {
        Box::pin(async move {
            while let Some(command) = commands.recv().await {
                if let PlayCommand::Seek(to, pace) = command
                    && out.send(MediaEvent::Sought { to, pace }).await.is_err()
                {
                    break;
                }
            }
            Ok(())
        })
    }

    fn ledger_page(
        &self,
        _: Actor,
        _: Option<(u16, u64)>,
        limit: usize,
    ) -> Answer<'_, api::LedgerPage> {
        assert!((1..=200).contains(&limit), "a page has a limit");
        nothing()
    }

    fn ledger_entry(&self, _: Actor, _: u16, _: u64) -> Answer<'_, api::LedgerRecord> {
        nothing()
    }

    fn ledger_record<'a>(
        &'a self,
        _: &'a Grant<act::ReadRecords>,
    ) -> Answer<'a, api::LedgerRecord> {
        nothing()
    }

    fn ledger_proof(&self, _: u16, _: u64) -> Answer<'_, String> {
        nothing()
    }

    fn published(&self, path: String) -> futures::future::BoxFuture<'_, Option<Vec<u8>>> {
        assert!(!path.contains("..") && !path.contains('\\') && !path.starts_with('/'));
        Box::pin(async { None })
    }

    fn health(&self) -> Answer<'_, api::Health> {
        nothing()
    }

    fn is_ready(&self) -> futures::future::BoxFuture<'_, Result<(), String>> {
        Box::pin(async { Ok(()) })
    }

    fn metrics(&self) -> futures::future::BoxFuture<'_, String> {
        Box::pin(async { String::new() })
    }

    fn status(&self, _: Option<WallTime>) -> Answer<'_, String> {
        nothing()
    }

    fn enter_site<'a>(
        &'a self,
        _: &'a Grant<act::PublishSite>,
        _: Vec<api::SiteFile>,
    ) -> Answer<'a, api::SiteEntry> {
        nothing()
    }

    fn keep_doctor<'a>(
        &'a self,
        _: &'a Grant<act::Doctor>,
        _: Vec<api::DoctorClaim>,
    ) -> Answer<'a, ()> {
        nothing()
    }

    fn certify<'a>(
        &'a self,
        _: &'a Grant<act::CertifyDestruction>,
    ) -> Answer<'a, api::DestructionCertificate> {
        nothing()
    }

    fn check<'a>(&'a self, _: &'a Grant<act::Check>, _: bool) -> Answer<'a, serde_json::Value> {
        nothing()
    }
}

impl RequestDesk for EmptyHouse {
    fn requests(&self, _: Actor) -> Answer<'_, Vec<api::RequestLine>> {
        nothing()
    }

    fn new_request(&self, _: api::NewRequest) -> Answer<'_, RequestTarget> {
        nothing()
    }

    fn receive_request<'a>(
        &'a self,
        _: &'a Grant<act::ManageRequests>,
        _: api::NewRequest,
    ) -> Answer<'a, api::RequestCase> {
        nothing()
    }

    fn known_request(&self, _: &str) -> Option<RequestTarget> {
        None
    }

    fn request<'a>(&'a self, _: &'a Grant<act::ReadRequest>) -> Answer<'a, api::RequestCase> {
        nothing()
    }

    fn letter<'a>(&'a self, _: &'a Grant<act::ReadRequest>, _: LetterOrder) -> Answer<'a, Vec<u8>> {
        nothing()
    }

    fn next_of_request<'a>(
        &'a self,
        _: RequestTarget,
        _: &'a RequestMove,
    ) -> Answer<'a, RequestTarget> {
        nothing()
    }

    fn continue_request<'a>(
        &'a self,
        _: &'a Grant<act::ManageRequests>,
        _: RequestMove,
    ) -> Answer<'a, api::RequestCase> {
        nothing()
    }
}

impl DisclosureDesk for EmptyHouse {
    fn disclosures(&self, _: Actor) -> Answer<'_, api::Disclosures> {
        nothing()
    }

    fn new_disclosure(&self, _: api::NewDisclosure) -> Answer<'_, DisclosureTarget> {
        nothing()
    }

    fn receive_disclosure<'a>(
        &'a self,
        _: &'a Grant<act::ManageDisclosures>,
        _: api::NewDisclosure,
    ) -> Answer<'a, api::DisclosureCase> {
        nothing()
    }

    fn known_disclosure(&self, _: &str) -> Option<DisclosureTarget> {
        None
    }

    fn disclosure<'a>(
        &'a self,
        _: &'a Grant<act::ReadDisclosure>,
    ) -> Answer<'a, api::DisclosureCase> {
        nothing()
    }

    fn next_of_disclosure<'a>(
        &'a self,
        _: DisclosureTarget,
        _: &'a DisclosureMove,
    ) -> Answer<'a, DisclosureTarget> {
        nothing()
    }

    fn continue_disclosure<'a>(
        &'a self,
        _: &'a Grant<act::ManageDisclosures>,
        _: DisclosureMove,
    ) -> Answer<'a, api::DisclosureCase> {
        nothing()
    }
}

impl RegisterDesk for EmptyHouse {
    fn register<'a>(&'a self, _: &'a Grant<act::ReadRegister>) -> Answer<'a, api::Register> {
        nothing()
    }

    fn register_file<'a>(
        &'a self,
        _: &'a Grant<act::ReadRegister>,
        _: api::RegisterFormat,
    ) -> Answer<'a, Vec<u8>> {
        nothing()
    }
}

impl ExportDesk for EmptyHouse {
    fn exports(&self) -> Answer<'_, api::Exports> {
        nothing()
    }

    fn new_export(&self, _: &api::NewExport) -> Result<ExportTarget, HouseError> {
        Err(HouseError::Unfit(ErrorCode::NotFound))
    }

    fn prepare_export<'a>(
        &'a self,
        _: &'a Grant<act::PlayFootage>,
        _: Vec<api::EditedClip>,
        _: Note<'a>,
    ) -> Answer<'a, ()> {
        nothing()
    }

    fn preparation(&self, _: &ExportTarget) -> api::ExportPreparation {
        unreachable!("nothing is ever permitted here that could be prepared")
    }

    fn export_copy(&self, _: FileHash) -> Option<ExportTarget> {
        None
    }

    fn look_at_export<'a>(
        &'a self,
        _: &'a Grant<act::LookAtExport>,
        _: u32,
        _: bool,
    ) -> Answer<'a, Vec<u8>> {
        nothing()
    }

    fn original_of_export<'a>(
        &'a self,
        _: &'a Grant<act::PlayFootage>,
        _: u32,
        _: Note<'a>,
    ) -> Answer<'a, Vec<u8>> {
        nothing()
    }

    fn seal_export<'a>(&'a self, _: &'a Grant<act::SealExport>) -> Answer<'a, api::ExportSealed> {
        nothing()
    }

    fn discard_export<'a>(&'a self, _: &'a Grant<act::DiscardExport>) -> Answer<'a, ()> {
        nothing()
    }

    fn deliver_export<'a>(&'a self, _: &'a Grant<act::DeliverExport>) -> Answer<'a, Vec<u8>> {
        nothing()
    }

    fn revoke_export<'a>(
        &'a self,
        _: &'a Grant<act::RevokeExport>,
        _: String,
    ) -> Answer<'a, api::SealedExport> {
        nothing()
    }
}
