//! The house as the HTTP edge sees it.

use std::error::Error;

use access::{Grant, act};
use api::ErrorCode;
use domain::{AccountId, Actor, CameraId, FeedKind, FileHash, FloorId, Hold, HoldId, WallTime};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use ingest::{CameraChange, DeskError, NewDevice};
use ledger::GrantEnded;
use playback::{FeedChoice, MediaEvent, PlayCommand, PlaybackError};
use server::{AccountDates, Answer, HouseError, Note, PlanChange};
use tokio::sync::mpsc;

use crate::house::House;
use crate::{
    attestations, certificate, check_command, doctor, health, hold_view, institution, ledger_view,
    looser_policy, plans, policy_desk, promises, publication, published_text, ranges, register,
    single_minutes, status, tasks, visit_desk,
};

/// What failed, with the code that tells the person.
pub(crate) fn failed(code: ErrorCode) -> impl Fn(Box<dyn Error + Send + Sync>) -> HouseError {
    move |source| HouseError::failed(code, source)
}

/// A failure of something beneath, of which the person need not know more.
pub(crate) fn internal<E: Into<Box<dyn Error + Send + Sync>>>(source: E) -> HouseError {
    HouseError::failed(ErrorCode::Internal, source)
}

impl server::House for House {
    fn now(&self) -> WallTime {
        self.clock.wall()
    }

    fn new_camera_id(&self) -> CameraId {
        CameraId::from_random(host::random_bytes())
    }

    fn camera_state(&self, camera: CameraId) -> api::CameraState {
        register::state_of(self, camera)
    }

    fn account_dates(&self, account: AccountId) -> AccountDates {
        ledger_view::account_dates(self, account)
    }

    fn cameras(&self) -> Answer<'_, Vec<api::Camera>> {
        async { Ok(register::cameras(self)) }.boxed()
    }

    fn add_camera<'a>(
        &'a self,
        grant: &'a Grant<act::ManageCameras>,
        camera: api::NewCamera,
    ) -> Answer<'a, api::Camera> {
        async move {
            let new = register::new_camera(camera)?;
            let added = self.desk.add(grant, new).await.map_err(desk_failed)?;
            let mut camera = register::camera(self, added.camera)?;
            if added.warning.is_some() {
                camera.state = api::CameraState::Unreachable;
            }
            Ok(camera)
        }
        .boxed()
    }

    fn change_camera<'a>(
        &'a self,
        grant: &'a Grant<act::ManageCameras>,
        change: api::CameraChange,
    ) -> Answer<'a, api::Camera> {
        async move {
            let change = CameraChange {
                name: change.name,
                spot_name: change.spot,
                policy_spot: change.policy_spot,
                asset: change.asset.map(ranges::asset_from).transpose()?,
            };
            self.desk.change(grant, change).await.map_err(desk_failed)?;
            register::camera(self, register::named_by(grant)?)
        }
        .boxed()
    }

    fn replace_device<'a>(
        &'a self,
        grant: &'a Grant<act::ManageCameras>,
        device: api::ReplaceDevice,
    ) -> Answer<'a, api::Camera> {
        async move {
            let new = NewDevice {
                url: device.url.reveal().into(),
                sub_url: device.sub_url.map(|url| url.reveal().into()),
                credentials: register::credentials(device.username, device.password),
                is_udp: device.transport == api::CameraTransport::Udp,
            };
            self.desk.replace(grant, new, &device.reason).await.map_err(desk_failed)?;
            register::camera(self, register::named_by(grant)?)
        }
        .boxed()
    }

    fn range_picture(&self, camera: CameraId) -> Answer<'_, api::RangePicture> {
        async move { ranges::picture(self, camera) }.boxed()
    }

    fn set_range_picture<'a>(
        &'a self,
        grant: &'a Grant<act::ChangeRange>,
        picture: api::NewRangePicture,
    ) -> Answer<'a, api::Camera> {
        ranges::keep(self, grant, picture).boxed()
    }

    fn retire_camera<'a>(
        &'a self,
        grant: &'a Grant<act::ManageCameras>,
        reason: api::Reason,
    ) -> Answer<'a, api::Camera> {
        async move {
            self.desk.retire(grant, &reason.reason).await.map_err(desk_failed)?;
            register::camera(self, register::named_by(grant)?)
        }
        .boxed()
    }

    fn set_retention<'a>(
        &'a self,
        grant: &'a Grant<act::ManageRetention>,
    ) -> Answer<'a, api::Camera> {
        async move {
            self.desk.set_retention(grant).await.map_err(desk_failed)?;
            let camera = grant.cameras().first().copied();
            register::camera(self, camera.ok_or(HouseError::Unfit(ErrorCode::NotFound))?)
        }
        .boxed()
    }

    fn new_hold_id(&self) -> HoldId {
        HoldId::from_random(host::random_bytes())
    }

    fn hold(&self, hold: HoldId) -> Option<Hold> {
        self.ledger.hold(hold).map(|fact| fact.hold)
    }

    fn holds(&self) -> Answer<'_, Vec<api::Hold>> {
        async { hold_view::all(self) }.boxed()
    }

    fn manage_hold<'a>(&'a self, grant: &'a Grant<act::ManageHolds>) -> Answer<'a, api::Hold> {
        async move { hold_view::manage(self, grant) }.boxed()
    }

    fn policy(&self, version: Option<u64>) -> Answer<'_, api::PolicyView> {
        async move { tokio::task::block_in_place(|| policy_desk::view(self, version)) }.boxed()
    }

    fn draft_policy(&self, description: String) -> Answer<'_, api::PolicyDraft> {
        async move { tokio::task::block_in_place(|| policy_desk::draft(self, &description)) }
            .boxed()
    }

    fn read_published(&self, reading: api::NewPolicyReading) -> Answer<'_, api::PolicyReading> {
        async move { tokio::task::block_in_place(|| published_text::read(self, &reading)) }.boxed()
    }

    fn announce_policy<'a>(
        &'a self,
        grant: &'a Grant<act::AnnouncePolicy>,
        description: String,
    ) -> Answer<'a, api::PolicyView> {
        async move { policy_desk::announce(self, grant, &description).await }.boxed()
    }

    fn looser_policy(&self, description: String) -> Answer<'_, FileHash> {
        async move { tokio::task::block_in_place(|| looser_policy::of(self, &description)) }.boxed()
    }

    fn keep_policy(&self, description: String) -> Answer<'_, ()> {
        async move { tokio::task::block_in_place(|| looser_policy::keep(self, &description)) }
            .boxed()
    }

    fn proposed_policy(&self, file: FileHash) -> Answer<'_, Option<api::ProposedPolicy>> {
        async move { tokio::task::block_in_place(|| looser_policy::proposed(self, file)) }.boxed()
    }

    fn announce_agreed<'a>(&'a self, grant: &'a Grant<act::AnnouncePolicy>) -> Answer<'a, ()> {
        looser_policy::announce(self, grant).boxed()
    }

    fn publication(&self) -> Answer<'_, serde_json::Value> {
        async {
            let gathered = publication::gather(self).await.map_err(internal)?;
            serde_json::to_value(gathered).map_err(internal)
        }
        .boxed()
    }

    fn institution(&self) -> Answer<'_, api::InstitutionView> {
        async { tokio::task::block_in_place(|| institution::view(self)) }.boxed()
    }

    fn promises(&self) -> Answer<'_, api::Promises> {
        async { promises::promises(self).await.map_err(internal) }.boxed()
    }

    fn visit_desk(&self) -> Answer<'_, (Vec<api::VisitArea>, api::VisitNotice)> {
        async { visit_desk::desk(self) }.boxed()
    }

    fn attestations(&self) -> Answer<'_, api::Attestations> {
        async { attestations::list(self) }.boxed()
    }

    fn new_floor_id(&self) -> FloorId {
        FloorId::from_random(host::random_bytes())
    }

    fn plans(&self) -> Answer<'_, api::Plans> {
        async { Ok(plans::all(self)) }.boxed()
    }

    fn plan_picture(&self, floor: FloorId) -> Answer<'_, api::PlanPicture> {
        async move { plans::picture(self, floor) }.boxed()
    }

    fn change_plan<'a>(
        &'a self,
        grant: &'a Grant<act::ManagePlans>,
        change: PlanChange,
    ) -> Answer<'a, api::Floor> {
        plans::change(self, grant, change).boxed()
    }

    fn tasks(&self) -> Answer<'_, api::Tasks> {
        async { tasks::tasks(self).await.map_err(internal) }.boxed()
    }

    fn record_attestation<'a>(
        &'a self,
        grant: &'a Grant<act::RecordAttestation>,
        seen: api::NewAttestation,
    ) -> Answer<'a, api::Attestation> {
        attestations::record(self, grant, seen).boxed()
    }

    fn check_minutes<'a>(
        &'a self,
        cameras: &'a [CameraId],
        from: WallTime,
        to: WallTime,
    ) -> Answer<'a, ()> {
        async move { single_minutes::check(self, cameras, (from, to)) }.boxed()
    }

    fn destroy_minutes<'a>(&'a self, grant: &'a Grant<act::DestroyMinutes>) -> Answer<'a, ()> {
        single_minutes::destroy(self, grant).boxed()
    }

    fn still<'a>(&'a self, grant: &'a Grant<act::TakeStill>) -> Answer<'a, api::Still> {
        async move {
            let still = playback::still(&self.vault.opener(), grant).await;
            let still = still.map_err(playback_failed)?;
            self.desk.note_still(grant).await.map_err(desk_failed)?;
            Ok(register::still(grant, &still))
        }
        .boxed()
    }

    fn timeline(
        &self,
        camera: CameraId,
        from: WallTime,
        to: WallTime,
    ) -> Answer<'_, api::Timeline> {
        async move {
            let opener = self.vault.opener();
            let kind = FeedKind::Main;
            let timeline = playback::timeline(&self.catalog, &opener, camera, kind, from, to);
            let timeline = timeline.await.map_err(playback_failed)?;
            Ok(register::timeline(self, camera, (from, to), &timeline))
        }
        .boxed()
    }

    fn watch<'a>(
        &'a self,
        grant: &'a Grant<act::WatchLive>,
        feed: FeedChoice,
        note: Note<'a>,
        out: mpsc::Sender<MediaEvent>,
    ) -> Answer<'a, ()> {
        async move {
            let opener = self.vault.opener();
            playback::watch(&opener, grant, feed, note, out).await.map_err(playback_failed)
        }
        .boxed()
    }

    fn play<'a>(
        &'a self,
        grant: &'a Grant<act::PlayFootage>,
        start: WallTime,
        commands: mpsc::Receiver<PlayCommand>,
        note: Note<'a>,
        out: mpsc::Sender<MediaEvent>,
    ) -> Answer<'a, ()> {
        async move {
            let opener = self.vault.opener();
            playback::play(&opener, &self.catalog, grant, start, commands, note, out)
                .await
                .map_err(playback_failed)
        }
        .boxed()
    }

    fn ledger_page(
        &self,
        actor: Actor,
        before: Option<(u16, u64)>,
        limit: usize,
    ) -> Answer<'_, api::LedgerPage> {
        async move { ledger_view::page(self, actor, before, limit) }.boxed()
    }

    fn ledger_entry(&self, actor: Actor, year: u16, number: u64) -> Answer<'_, api::LedgerRecord> {
        async move { ledger_view::own_entry(self, actor, year, number) }.boxed()
    }

    fn ledger_record<'a>(
        &'a self,
        grant: &'a Grant<act::ReadRecords>,
    ) -> Answer<'a, api::LedgerRecord> {
        async move { ledger_view::granted_entry(self, grant) }.boxed()
    }

    fn ledger_proof(&self, year: u16, number: u64) -> Answer<'_, String> {
        async move {
            let number = ledger::EntryNumber { year, index: number };
            ledger_view::receipt(self, number).await
        }
        .boxed()
    }

    fn published(&self, path: String) -> BoxFuture<'_, Option<Vec<u8>>> {
        async move { tokio::task::block_in_place(|| self.ledger.published(&path)) }.boxed()
    }

    fn certify<'a>(
        &'a self,
        grant: &'a Grant<act::CertifyDestruction>,
    ) -> Answer<'a, api::DestructionCertificate> {
        async move {
            let file = certificate::certificate(self, grant).await.map_err(internal)?;
            Ok(api::DestructionCertificate { file })
        }
        .boxed()
    }

    fn health(&self) -> Answer<'_, api::Health> {
        async { health::health(self).await.map_err(internal) }.boxed()
    }

    fn is_ready(&self) -> BoxFuture<'_, Result<(), String>> {
        async { health::is_ready(self) }.boxed()
    }

    fn metrics(&self) -> BoxFuture<'_, String> {
        async { health::metrics(self).await.unwrap_or_default() }.boxed()
    }

    fn status(&self, gaps_since: Option<WallTime>) -> Answer<'_, String> {
        async move {
            let status = status::status(self, gaps_since).await.map_err(internal)?;
            serde_json::to_string(&status).map_err(internal)
        }
        .boxed()
    }

    fn enter_site<'a>(
        &'a self,
        grant: &'a Grant<act::PublishSite>,
        files: Vec<api::SiteFile>,
    ) -> Answer<'a, api::SiteEntry> {
        async move { publication::enter(self, grant, &files).await.map_err(internal) }.boxed()
    }

    fn keep_doctor<'a>(
        &'a self,
        grant: &'a Grant<act::Doctor>,
        claims: Vec<api::DoctorClaim>,
    ) -> Answer<'a, ()> {
        async move { doctor::keep(self, grant, &claims).await.map_err(internal) }.boxed()
    }

    fn check<'a>(
        &'a self,
        grant: &'a Grant<act::Check>,
        rebuild: bool,
    ) -> Answer<'a, serde_json::Value> {
        async move {
            let report = check_command::check_running(self, grant, rebuild).await;
            serde_json::to_value(report.map_err(internal)?).map_err(internal)
        }
        .boxed()
    }
}

/// What the desk did not do, as a code of the edge.
fn desk_failed(error: DeskError) -> HouseError {
    use ingest::camera::ConnectError;
    let code = match &error {
        DeskError::Ended(_) => ErrorCode::Forbidden,
        DeskError::Append(_) => ErrorCode::LedgerUnavailable,
        DeskError::Address(_) => ErrorCode::AddressUnfit,
        DeskError::Connect(ConnectError::Refused { .. } | ConnectError::Rejected { .. }) => {
            ErrorCode::CameraRefused
        }
        DeskError::Connect(ConnectError::Unreachable { .. } | ConnectError::TimedOut { .. }) => {
            ErrorCode::CameraUnreachable
        }
        DeskError::Connect(ConnectError::Unsupported { .. } | ConnectError::NoVideo { .. }) => {
            ErrorCode::CameraUnsupported
        }
        DeskError::Connect(_) => ErrorCode::NotACamera,
        DeskError::Name => ErrorCode::BadRequest,
        DeskError::NameTaken(_) => ErrorCode::NameTaken,
        DeskError::Retentions | DeskError::Retention(_) => ErrorCode::RetentionUnfit,
        DeskError::BeyondPolicy => ErrorCode::RetentionBeyondPolicy,
        DeskError::Missing(_) => ErrorCode::NotFound,
        DeskError::Retired(_)
        | DeskError::Devices(_)
        | DeskError::IdTaken(_)
        | DeskError::OtherWay(_) => ErrorCode::Conflict,
    };
    failed(code)(error.into())
}

fn playback_failed(error: PlaybackError) -> HouseError {
    let code = match &error {
        PlaybackError::Ended(GrantEnded::LedgerBroken | GrantEnded::Unwitnessed) => {
            ErrorCode::LedgerUnavailable
        }
        PlaybackError::Ended(_) => ErrorCode::Forbidden,
        PlaybackError::Open(vault::OpenFootageError::NoPicture { .. }) => ErrorCode::NoPicture,
        _ => ErrorCode::Internal,
    };
    failed(code)(error.into())
}
