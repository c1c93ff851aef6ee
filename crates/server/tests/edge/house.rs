//! A house that pretends: it has one camera, and shows the same few bytes again and again.

use std::sync::Mutex;
use std::time::Duration;

use access::{Grant, Target, act};
use api::ErrorCode;
use bytes::Bytes;
use domain::{AccountId, Actor, CameraId, FileHash, FloorId, Hold, HoldId, WallTime};
use futures::future::BoxFuture;
use host::Clock as _;
use playback::{ChangeQuestion, FeedChoice, MediaEvent, PlayCommand};
use serde_json::json;
use server::{AccountDates, Answer, House, HouseError, Note, PlanChange};
use testkit::TestClock;
use tokio::sync::mpsc;
use tokio::time::sleep;

use crate::pretended;

pub(crate) const CAMERA: CameraId = CameraId::from_bytes([1; 16]);

pub(crate) struct Pretender {
    pub(crate) clock: TestClock,
    /// What is answered when a camera is added; none adds it.
    pub(crate) adding_fails: Mutex<Option<ErrorCode>>,
    /// What stands in the way of destroying minutes: before the act, and in it.
    pub(crate) minutes_fail: Mutex<(Option<ErrorCode>, Option<ErrorCode>)>,
    /// What was destroyed.
    pub(crate) destroyed: Mutex<Vec<Target>>,
    /// The granted case of which something leaves.
    pub(crate) case: Mutex<Option<access::EntryNumber>>,
}

pub(crate) fn done<'a, T: Send + 'a>(value: T) -> Answer<'a, T> {
    Box::pin(async move { Ok(value) })
}

impl Pretender {
    pub(crate) fn new(clock: TestClock) -> Self {
        let minutes_fail = Mutex::default();
        let (adding_fails, destroyed, case) = Default::default();
        Self { clock, adding_fails, minutes_fail, destroyed, case }
    }

    fn time(&self) -> api::Time {
        api::Time(self.now().to_string())
    }

    async fn film(&self, tile: u16, camera: CameraId, out: &mpsc::Sender<MediaEvent>) -> bool {
        let mime = "video/mp4".into();
        let wall_start = self.now();
        let tile_event =
            MediaEvent::Tile { tile, camera, mime, wall_start, media_start_us: 7_500_000 };
        let init = MediaEvent::Init { tile, bytes: Bytes::from_static(b"init") };
        out.send(tile_event).await.is_ok() && out.send(init).await.is_ok()
    }
}

impl House for Pretender {
    fn now(&self) -> WallTime {
        self.clock.wall()
    }

    fn new_camera_id(&self) -> CameraId {
        CAMERA
    }

    fn camera_state(&self, _camera: CameraId) -> api::CameraState {
        api::CameraState::Recording
    }

    fn account_dates(&self, _account: AccountId) -> AccountDates {
        AccountDates { created_at: WallTime::EPOCH, ended_at: None }
    }

    fn new_hold_id(&self) -> HoldId {
        HoldId::from_bytes([1; 16])
    }

    fn hold(&self, hold: HoldId) -> Option<Hold> {
        let minute = self.now().floor(std::time::Duration::from_secs(60));
        let span = (minute - std::time::Duration::from_secs(60), minute);
        Some(Hold::new(hold, "2026-17", vec![CAMERA], span, self.now()).unwrap())
    }

    fn holds(&self) -> Answer<'_, Vec<api::Hold>> {
        done(Vec::new())
    }

    fn manage_hold<'a>(&'a self, grant: &'a Grant<act::ManageHolds>) -> Answer<'a, api::Hold> {
        let access::Target::Hold(hold) = grant.target() else { panic!("it is of a hold") };
        let time = |moment: WallTime| api::Time(moment.to_string());
        done(api::Hold {
            id: api::Id(hold.id().to_string()),
            case: hold.case().into(),
            cameras: Vec::new(),
            from: time(hold.span().0),
            to: time(hold.span().1),
            until: time(hold.until()),
            state: api::HoldState::Held,
            purpose: None,
            placed_by: String::new(),
            placed_at: self.time(),
            released_by: None,
            released_at: None,
            release_purpose: None,
        })
    }

    fn cameras(&self) -> Answer<'_, Vec<api::Camera>> {
        done(vec![pretended::camera(self.time())])
    }

    fn add_camera<'a>(
        &'a self,
        grant: &'a Grant<act::ManageCameras>,
        _camera: api::NewCamera,
    ) -> Answer<'a, api::Camera> {
        assert_eq!(grant.cameras(), [CAMERA]);
        let failure = *self.adding_fails.lock().unwrap();
        let added = failure.map_or_else(
            || Ok(pretended::camera(self.time())),
            |code| Err(HouseError::Unfit(code)),
        );
        Box::pin(async move { added })
    }

    fn change_camera<'a>(
        &'a self,
        _grant: &'a Grant<act::ManageCameras>,
        _change: api::CameraChange,
    ) -> Answer<'a, api::Camera> {
        done(pretended::camera(self.time()))
    }

    fn replace_device<'a>(
        &'a self,
        _grant: &'a Grant<act::ManageCameras>,
        _device: api::ReplaceDevice,
    ) -> Answer<'a, api::Camera> {
        done(pretended::camera(self.time()))
    }

    fn range_picture(&self, _: CameraId) -> Answer<'_, api::RangePicture> {
        let entered_at = self.time();
        let (picture_base64, ledger_entry) = (String::new(), "2026/1".to_owned());
        done(api::RangePicture { picture_base64, entered_at, ledger_entry })
    }

    fn set_range_picture<'a>(
        &'a self,
        _: &'a Grant<act::ChangeRange>,
        _: api::NewRangePicture,
    ) -> Answer<'a, api::Camera> {
        done(pretended::camera(self.time()))
    }

    fn retire_camera<'a>(
        &'a self,
        _grant: &'a Grant<act::ManageCameras>,
        _reason: api::Reason,
    ) -> Answer<'a, api::Camera> {
        done(pretended::camera(self.time()))
    }

    fn set_retention<'a>(
        &'a self,
        _grant: &'a Grant<act::ManageRetention>,
    ) -> Answer<'a, api::Camera> {
        done(pretended::camera(self.time()))
    }

    fn policy(&self, _version: Option<u64>) -> Answer<'_, api::PolicyView> {
        done(pretended::no_policy())
    }

    fn read_published(&self, input: api::NewPolicyReading) -> Answer<'_, api::PolicyReading> {
        done(pretended::reading(input))
    }

    fn draft_policy(&self, description: String) -> Answer<'_, api::PolicyDraft> {
        done(api::PolicyDraft {
            unreadable: Some(description),
            findings: Vec::new(),
            loosenings: Vec::new(),
            differences: Vec::new(),
            can_be_announced: false,
            effective: None,
            document: None,
        })
    }

    fn announce_policy<'a>(
        &'a self,
        _grant: &'a Grant<act::AnnouncePolicy>,
        _description: String,
    ) -> Answer<'a, api::PolicyView> {
        done(pretended::no_policy())
    }

    fn looser_policy(&self, description: String) -> Answer<'_, FileHash> {
        let file = if description == "looser" { "0a" } else { "0b" };
        done(file.repeat(32).parse().unwrap())
    }

    fn keep_policy(&self, _description: String) -> Answer<'_, ()> {
        done(())
    }

    fn proposed_policy(&self, file: FileHash) -> Answer<'_, Option<api::ProposedPolicy>> {
        let known = file.to_string().starts_with("0a").then(|| api::ProposedPolicy {
            effective: "2026-12-01".into(),
            loosenings: Vec::new(),
            description: "looser".into(),
        });
        done(known)
    }

    fn announce_agreed<'a>(&'a self, grant: &'a Grant<act::AnnouncePolicy>) -> Answer<'a, ()> {
        assert_eq!(grant.action(), domain::Action::LoosenPolicy);
        done(())
    }

    fn publication(&self) -> Answer<'_, serde_json::Value> {
        done(serde_json::Value::Null)
    }

    fn institution(&self) -> Answer<'_, api::InstitutionView> {
        done(pretended::no_institution())
    }

    fn promises(&self) -> Answer<'_, api::Promises> {
        done(api::Promises {
            version: None,
            entered: None,
            promises: Vec::new(),
            duties: Vec::new(),
        })
    }

    fn visit_desk(&self) -> Answer<'_, (Vec<api::VisitArea>, api::VisitNotice)> {
        let room = api::VisitArea { id: "room".into(), name: "통신실".into() };
        let notice = api::VisitNotice { lines: vec!["안내".into()], sha256: "ab".repeat(32) };
        done((vec![room], notice))
    }

    fn attestations(&self) -> Answer<'_, api::Attestations> {
        done(api::Attestations { attestations: Vec::new() })
    }

    fn new_floor_id(&self) -> FloorId {
        FloorId::from_bytes([2; 16])
    }

    fn plans(&self) -> Answer<'_, api::Plans> {
        done(api::Plans { floors: Vec::new() })
    }

    fn plan_picture(&self, _: FloorId) -> Answer<'_, api::PlanPicture> {
        done(api::PlanPicture { picture_base64: String::new() })
    }

    fn change_plan<'a>(
        &'a self,
        grant: &'a Grant<act::ManagePlans>,
        _: PlanChange,
    ) -> Answer<'a, api::Floor> {
        let Target::Floor(floor) = grant.target() else { panic!("it is of a floor") };
        done(pretended::floor(self.time(), floor, grant.number()))
    }

    fn tasks(&self) -> Answer<'_, api::Tasks> {
        let looked_at = self.time();
        done(api::Tasks { looked_at, today: "2026-11-22".into(), version: None, tasks: Vec::new() })
    }

    fn record_attestation<'a>(
        &'a self,
        grant: &'a Grant<act::RecordAttestation>,
        seen: api::NewAttestation,
    ) -> Answer<'a, api::Attestation> {
        done(api::Attestation {
            entry: grant.number().to_string(),
            at: self.time(),
            promise: seen.promise,
            sentence_sha256: "ab".repeat(32),
            version: 1,
            result: seen.result,
            day: seen.day,
            role: api::Role::Manager,
            counts: true,
            good_until: None,
        })
    }

    fn check_minutes<'a>(
        &'a self,
        _cameras: &'a [CameraId],
        _from: WallTime,
        _to: WallTime,
    ) -> Answer<'a, ()> {
        let failure = self.minutes_fail.lock().unwrap().0;
        Box::pin(async move { failure.map_or(Ok(()), |code| Err(HouseError::Unfit(code))) })
    }

    fn destroy_minutes<'a>(&'a self, grant: &'a Grant<act::DestroyMinutes>) -> Answer<'a, ()> {
        let failure = self.minutes_fail.lock().unwrap().1;
        if failure.is_none() {
            self.destroyed.lock().unwrap().push(grant.target().clone());
        }
        Box::pin(async move { failure.map_or(Ok(()), |code| Err(HouseError::Unfit(code))) })
    }

    fn still<'a>(&'a self, grant: &'a Grant<act::TakeStill>) -> Answer<'a, api::Still> {
        done(api::Still {
            act: api::Id(server::act_id(grant).to_string()),
            ledger_entry: grant.number().to_string(),
            taken_at: self.time(),
            media_type: "video/mp4".into(),
            data_base64: "AAAA".into(),
        })
    }

    fn timeline(
        &self,
        camera: CameraId,
        from: WallTime,
        to: WallTime,
    ) -> Answer<'_, api::Timeline> {
        done(api::Timeline {
            camera: api::Id(camera.to_string()),
            from: api::Time(from.to_string()),
            to: api::Time(to.to_string()),
            oldest: None,
            spans: vec![],
            gaps: vec![],
            expiry: vec![],
        })
    }

    fn watch<'a>(
        &'a self,
        grant: &'a Grant<act::WatchLive>,
        _feed: FeedChoice,
        note: Note<'a>,
        out: mpsc::Sender<MediaEvent>,
    ) -> Answer<'a, ()> {
        Box::pin(async move {
            let camera = grant.cameras()[0];
            let mut goes_on = self.film(0, camera, &out).await;
            while goes_on && grant.check().is_ok() {
                let wall = self.now();
                note(camera, wall, wall + Duration::from_millis(40));
                let bytes = Bytes::from_static(b"moof");
                goes_on = out.send(MediaEvent::Fragment { tile: 0, wall, bytes }).await.is_ok();
                sleep(Duration::from_millis(10)).await;
            }
            Ok(())
        })
    }

    fn play<'a>(
        &'a self,
        grant: &'a Grant<act::PlayFootage>,
        start: WallTime,
        mut commands: mpsc::Receiver<PlayCommand>,
        _note: Note<'a>,
        out: mpsc::Sender<MediaEvent>,
    ) -> Answer<'a, ()> {
        Box::pin(async move {
            let camera = grant.cameras()[0];
            let mut goes_on = self.film(0, camera, &out).await;
            let wall = start;
            let bytes = Bytes::from_static(b"moof");
            goes_on &= out.send(MediaEvent::Fragment { tile: 0, wall, bytes }).await.is_ok();
            while goes_on && let Some(command) = commands.recv().await {
                let answer = match command {
                    PlayCommand::Seek(to, pace) => MediaEvent::Sought { to, pace },
                    PlayCommand::Changes(ChangeQuestion { number, tile, from, to, .. }) => {
                        MediaEvent::Changes { number, tile, from, to, levels: vec![Some(7), None] }
                    }
                    PlayCommand::Position(_) => continue,
                };
                goes_on = out.send(answer).await.is_ok();
            }
            Ok(())
        })
    }

    fn ledger_page(
        &self,
        _actor: Actor,
        _before: Option<(u16, u64)>,
        limit: usize,
    ) -> Answer<'_, api::LedgerPage> {
        assert!((1..=200).contains(&limit));
        done(api::LedgerPage {
            year: 2026,
            size: 0,
            root: String::new(),
            origin: "jikim.example/ledger".into(),
            entries: vec![],
        })
    }

    fn ledger_entry(&self, _actor: Actor, year: u16, number: u64) -> Answer<'_, api::LedgerRecord> {
        done(pretended::record(self.time(), year, number))
    }

    fn ledger_record<'a>(
        &'a self,
        grant: &'a Grant<act::ReadRecords>,
    ) -> Answer<'a, api::LedgerRecord> {
        let Target::Entry(number) = grant.target() else { panic!("{grant:?}") };
        done(pretended::record(self.time(), number.year, number.index))
    }

    fn ledger_proof(&self, _year: u16, _number: u64) -> Answer<'_, String> {
        done("c2sp.org/tlog-proof@v1\n".into())
    }

    fn published(&self, path: String) -> BoxFuture<'_, Option<Vec<u8>>> {
        let there = ["2026/checkpoint", "2026/cosigned", "2026/tile/0/000"]
            .contains(&path.as_str())
            || path == format!("companion/{}", "a".repeat(64));
        Box::pin(async move { there.then(|| b"bytes".to_vec()) })
    }

    fn health(&self) -> Answer<'_, api::Health> {
        done(pretended::health(self.time()))
    }

    fn is_ready(&self) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(async { Ok(()) })
    }

    fn metrics(&self) -> BoxFuture<'_, String> {
        Box::pin(async { "jikim_up 1\n".into() })
    }

    fn status(&self, gaps_since: Option<WallTime>) -> Answer<'_, String> {
        let since = gaps_since.map(|time| time.to_string());
        done(json!({ "cameras": [], "since": since }).to_string())
    }

    fn enter_site<'a>(
        &'a self,
        _grant: &'a Grant<act::PublishSite>,
        files: Vec<api::SiteFile>,
    ) -> Answer<'a, api::SiteEntry> {
        let (entry, receipt) = (format!("{} files", files.len()), String::new());
        done(api::SiteEntry { entry, receipt, is_cosigned: false })
    }

    fn keep_doctor<'a>(
        &'a self,
        _grant: &'a Grant<act::Doctor>,
        claims: Vec<api::DoctorClaim>,
    ) -> Answer<'a, ()> {
        assert!(!claims.is_empty());
        done(())
    }

    fn certify<'a>(
        &'a self,
        grant: &'a Grant<act::CertifyDestruction>,
    ) -> Answer<'a, api::DestructionCertificate> {
        done(api::DestructionCertificate { file: grant.number().to_string() })
    }

    fn check<'a>(
        &'a self,
        _grant: &'a Grant<act::Check>,
        rebuild: bool,
    ) -> Answer<'a, serde_json::Value> {
        done(json!({ "ok": true, "rebuilt": rebuild }))
    }
}
