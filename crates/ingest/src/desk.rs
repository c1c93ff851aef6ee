//! The desk where cameras are added, replaced and retired, each under a grant.

use std::sync::Arc;
use std::time::Duration;

use domain::{
    Action, Actor, CameraId, DeviceId, Feed, Retention, RetentionError, SpotId, SystemActor,
    WallTime,
};
use host::Clock;
use ledger::act::{ManageCameras, ManageRetention, TakeStill};
use ledger::{
    AppendError, AssetRecord, CameraRecord, DeviceRecord, Event, Grant, GrantEnded, Kind, Ledger,
    Record, Target,
};

use crate::Recorder;
use crate::camera::{AddressError, ConnectError, Fingerprint, SourceConfig, connect};
use crate::record::fingerprint_text;

const MAX_NAME_CHARS: usize = 64;
const MAX_SPOT_CHARS: usize = 128;
/// As long as the description of an institution lets a spot's word be.
const MAX_POLICY_SPOT_CHARS: usize = 64;
const MAX_REASON_CHARS: usize = 200;
const MAX_DEVICES: usize = 64;
/// Each class of retention is a reel of its own on each volume.
const MAX_RETENTIONS: usize = 8;

/// A device to be hung at a spot. Addresses may carry name and password; they are taken out.
#[derive(Clone)]
pub struct NewDevice {
    /// Address of the main feed.
    pub url: String,
    /// Address of the sub feed.
    pub sub_url: Option<String>,
    /// Name and password, if they are not in the address.
    pub credentials: Option<(String, String)>,
    /// UDP instead of TCP.
    pub is_udp: bool,
}

/// A camera to be added.
#[derive(Clone)]
pub struct NewCamera {
    /// What people call it.
    pub name: String,
    /// Where it hangs, in words.
    pub spot_name: String,
    /// The line of the policy that it belongs to.
    pub policy_spot: Option<String>,
    /// How long its footage is kept.
    pub retention: Retention,
    /// Its device.
    pub device: NewDevice,
}

/// What is changed of a camera; what is none stays.
#[derive(Clone, Default)]
pub struct CameraChange {
    /// What people call it.
    pub name: Option<String>,
    /// Where it hangs, in words.
    pub spot_name: Option<String>,
    /// The line of the policy that it belongs to; an empty one: none.
    pub policy_spot: Option<String>,
    /// What the device that hangs there is.
    pub asset: Option<AssetRecord>,
}

/// A camera that was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// Its id.
    pub camera: CameraId,
    /// What is to be looked after, in one sentence: it was added, and cannot be reached yet.
    pub warning: Option<String>,
}

/// Why the register was not changed.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The act has ended.
    #[error(transparent)]
    Ended(#[from] GrantEnded),
    /// The ledger cannot append.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// Not an address of a camera.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The camera answered, and cannot be recorded like this.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// No name, or an unfit one.
    #[error(
        "write on one line: a camera's name of 1 to {MAX_NAME_CHARS} characters, its place in up to \
         {MAX_SPOT_CHARS}, a reason in up to {MAX_REASON_CHARS}"
    )]
    Name,
    /// Another camera is called that.
    #[error("another camera is called {0:?}; choose another name")]
    NameTaken(String),
    /// Its id is another camera's.
    #[error("there is a camera {0} already")]
    IdTaken(CameraId),
    /// Too many different retentions.
    #[error("there are {MAX_RETENTIONS} different retentions already; use one of them")]
    Retentions,
    /// Not a retention that can be kept: no length, or below what a statute asks.
    #[error(transparent)]
    Retention(#[from] RetentionError),
    /// Longer than the published policy says.
    #[error("the policy in force keeps footage for less: announce another policy first")]
    BeyondPolicy,
    /// It was asked to be shorter and is longer, or the other way round: another act.
    #[error("camera {0} keeps its footage for another time by now; look again")]
    OtherWay(CameraId),
    /// There is no such camera.
    #[error("there is no camera {0}")]
    Missing(CameraId),
    /// It is retired already.
    #[error("camera {0} is retired; add a new one")]
    Retired(CameraId),
    /// It had too many devices.
    #[error("camera {0} has had {MAX_DEVICES} devices; retire it and add a new one")]
    Devices(CameraId),
}

/// The desk.
pub struct CameraDesk {
    ledger: Ledger,
    recorder: Arc<Recorder>,
    clock: Arc<dyn Clock>,
}

impl CameraDesk {
    /// A desk over the ledger's cameras.
    #[must_use]
    pub fn new(ledger: Ledger, recorder: Arc<Recorder>, clock: Arc<dyn Clock>) -> Self {
        let keeper = ledger.clone();
        recorder.tell_first_sight(Box::new(move |camera, certificate| {
            tokio::spawn(pin(keeper.clone(), camera, certificate));
        }));
        Self { ledger, recorder, clock }
    }

    /// Starts recording every camera that is not retired.
    pub fn start_all(&self, last_end: impl Fn(Feed) -> Option<WallTime>) {
        for camera in self.ledger.cameras() {
            self.recorder.start(&camera, &last_end);
        }
    }

    /// Adds the camera whose id the grant names and records it from now on. A camera that answers and cannot be recorded like
    /// this is refused; one that does not answer is added, with a warning.
    ///
    /// # Errors
    /// Why not; nothing was changed then.
    pub async fn add(
        &self,
        grant: &Grant<ManageCameras>,
        new: NewCamera,
    ) -> Result<Added, DeskError> {
        grant.check()?;
        let name = line(&new.name, MAX_NAME_CHARS)?;
        let spot_name = line(&new.spot_name, MAX_SPOT_CHARS)?;
        let policy_spot = new.policy_spot.as_deref();
        let policy_spot = policy_spot.map(|word| line(word, MAX_POLICY_SPOT_CHARS)).transpose()?;
        self.check_name(&name, None)?;
        self.check_retention(new.retention)?;
        let mut device = self.device(new.device, None)?;
        let warning = try_out(&mut device).await?;
        let camera = *grant.cameras().first().expect("a grant to add a camera names its id");
        if self.ledger.camera(camera).is_some() {
            return Err(DeskError::IdTaken(camera));
        }
        let record = CameraRecord {
            camera: camera.to_string(),
            spot: SpotId::from_random(host::random_bytes()).to_string(),
            name,
            spot_name,
            policy_spot,
            retention_minimum_s: new.retention.minimum().as_secs(),
            retention_maximum_s: new.retention.maximum().as_secs(),
            added_at: self.clock.wall().to_string(),
            retired_at: None,
            retired_reason: None,
            devices: vec![device],
        };
        self.enter(grant.actor(), record.clone()).await?;
        self.recorder.start(&record, |_| None);
        Ok(Added { camera, warning })
    }

    /// Changes what it is called, or the line of the policy that it belongs to.
    ///
    /// # Errors
    /// Why not; nothing was changed then.
    pub async fn change(
        &self,
        grant: &Grant<ManageCameras>,
        CameraChange { name, spot_name, policy_spot, asset }: CameraChange,
    ) -> Result<(), DeskError> {
        grant.check()?;
        let (camera, mut record) = self.granted(grant.cameras())?;
        if let Some(name) = name {
            record.name = line(&name, MAX_NAME_CHARS)?;
            self.check_name(&record.name, Some(camera))?;
        }
        if let Some(spot_name) = spot_name {
            record.spot_name = line(&spot_name, MAX_SPOT_CHARS)?;
        }
        if let Some(word) = policy_spot {
            let word = Some(word).filter(|word| !word.is_empty());
            let word = word.map(|word| line(&word, MAX_POLICY_SPOT_CHARS));
            record.policy_spot = word.transpose()?;
        }
        if let (Some(asset), Some(device)) = (asset, record.devices.last_mut()) {
            device.asset = described(asset)?;
        }
        self.enter(grant.actor(), record).await
    }

    /// Hangs another device at the camera's spot: its history stays with the spot.
    ///
    /// # Errors
    /// Why not; nothing was changed then.
    pub async fn replace(
        &self,
        grant: &Grant<ManageCameras>,
        new: NewDevice,
        reason: &str,
    ) -> Result<Added, DeskError> {
        grant.check()?;
        let (camera, mut record) = self.granted(grant.cameras())?;
        if record.devices.len() >= MAX_DEVICES {
            return Err(DeskError::Devices(camera));
        }
        let mut device = self.device(new, Some(line(reason, MAX_REASON_CHARS)?))?;
        let warning = try_out(&mut device).await?;
        record.devices.push(device);
        self.enter(grant.actor(), record.clone()).await?;
        let now = self.clock.wall();
        self.recorder.start(&record, |_| Some(now));
        Ok(Added { camera, warning })
    }

    /// Ends the recording of a camera for good; what is kept expires in its time.
    ///
    /// # Errors
    /// Why not; nothing was changed then.
    pub async fn retire(
        &self,
        grant: &Grant<ManageCameras>,
        reason: &str,
    ) -> Result<(), DeskError> {
        grant.check()?;
        let (camera, mut record) = self.granted(grant.cameras())?;
        record.retired_reason = Some(line(reason, MAX_REASON_CHARS)?);
        record.retired_at = Some(self.clock.wall().to_string());
        self.enter(grant.actor(), record).await?;
        self.recorder.stop(camera);
        Ok(())
    }

    /// Keeps what is recorded from now on for the time that the grant names; what is there already
    /// keeps the time that was promised when it was recorded.
    ///
    /// # Errors
    /// Why not; nothing was changed then.
    pub async fn set_retention(&self, grant: &Grant<ManageRetention>) -> Result<(), DeskError> {
        grant.check()?;
        let Target::Retention { maximum, .. } = grant.target() else {
            unreachable!("the rules give such a grant for a retention alone");
        };
        let (camera, mut record) = self.granted(grant.cameras())?;
        let present = Duration::from_secs(record.retention_maximum_s);
        // What two people agreed to, or one alone may do, is decided by the direction: it is held
        // against the register at the last moment.
        let fits = match grant.action() {
            Action::ShortenRetention => *maximum < present,
            _ => *maximum > present,
        };
        if !fits {
            return Err(DeskError::OtherWay(camera));
        }
        if self.recorder.ordered_at_most(&record).is_some_and(|most| *maximum > most) {
            return Err(DeskError::BeyondPolicy);
        }
        let minimum = Duration::from_secs(record.retention_minimum_s);
        let retention = Retention::new(minimum, *maximum)?;
        self.check_retention(retention)?;
        record.retention_maximum_s = retention.maximum().as_secs();
        self.enter(grant.actor(), record.clone()).await?;
        let now = self.clock.wall();
        self.recorder.start(&record, |_| Some(now));
        Ok(())
    }

    /// Notes that the one test picture of the camera's device was taken.
    ///
    /// # Errors
    /// If the ledger cannot append.
    pub async fn note_still(&self, grant: &Grant<TakeStill>) -> Result<(), DeskError> {
        let Some(mut record) = grant.cameras().first().and_then(|id| self.ledger.camera(*id))
        else {
            return Ok(());
        };
        match record.devices.last_mut() {
            Some(device) if device.seen_at.is_none() => {
                device.seen_at = Some(self.clock.wall().to_string());
                self.enter(grant.actor(), record).await
            }
            _ => Ok(()),
        }
    }

    /// The camera that a grant names.
    fn granted(&self, cameras: &[CameraId]) -> Result<(CameraId, CameraRecord), DeskError> {
        let camera = *cameras.first().expect("a change of a camera names the camera");
        let record = self.ledger.camera(camera).ok_or(DeskError::Missing(camera))?;
        if record.retired_at.is_some() {
            return Err(DeskError::Retired(camera));
        }
        Ok((camera, record))
    }

    async fn enter(&self, actor: Actor, camera: CameraRecord) -> Result<(), DeskError> {
        let record = Record::Camera { actor: actor.to_string(), camera };
        self.ledger.append(vec![Event { kind: Kind::Camera, record: Some(record) }]).await?;
        Ok(())
    }

    fn check_name(&self, name: &str, own: Option<CameraId>) -> Result<(), DeskError> {
        let own = own.map(|camera| camera.to_string());
        let taken = self.ledger.cameras().iter().any(|other| {
            other.retired_at.is_none() && other.name == name && Some(&other.camera) != own.as_ref()
        });
        if taken { Err(DeskError::NameTaken(name.to_owned())) } else { Ok(()) }
    }

    fn check_retention(&self, retention: Retention) -> Result<(), DeskError> {
        let mut kept: Vec<(u64, u64)> = self
            .ledger
            .cameras()
            .iter()
            .map(|camera| (camera.retention_minimum_s, camera.retention_maximum_s))
            .collect();
        kept.push((retention.minimum().as_secs(), retention.maximum().as_secs()));
        kept.sort_unstable();
        kept.dedup();
        if kept.len() > MAX_RETENTIONS { Err(DeskError::Retentions) } else { Ok(()) }
    }

    fn device(&self, new: NewDevice, reason: Option<String>) -> Result<DeviceRecord, DeskError> {
        let main = SourceConfig::parse(&new.url)?;
        let sub = new.sub_url.as_deref().map(SourceConfig::parse).transpose()?;
        let in_address = main.credentials().map(|c| (c.username.clone(), c.password.clone()));
        Ok(DeviceRecord {
            device: DeviceId::from_random(host::random_bytes()).to_string(),
            url: main.url().to_string(),
            sub_url: sub.map(|sub| sub.url().to_string()),
            credentials: new.credentials.or(in_address),
            transport: if new.is_udp { "udp" } else { "tcp" }.into(),
            since: self.clock.wall().to_string(),
            reason,
            seen_at: None,
            certificate: None,
            asset: None,
        })
    }
}

/// Whether the device answers as a camera should. What may be mended by waiting is a warning, what
/// has to be changed is an error. The certificate that it shows is the one it is known by.
async fn try_out(device: &mut DeviceRecord) -> Result<Option<String>, DeskError> {
    let urls = [Some(device.url.clone()), device.sub_url.clone()];
    let mut warning = None;
    for url in urls.into_iter().flatten() {
        let Some(mut source) = crate::record::source_of(device, &url) else { continue };
        source.caps.answer = Duration::from_secs(5);
        match connect(&source).await {
            Ok(camera) => {
                device.certificate = camera.certificate().as_ref().map(fingerprint_text);
                camera.close().await;
            }
            Err(error @ (ConnectError::Unreachable { .. } | ConnectError::TimedOut { .. })) => {
                warning = Some(error.to_string());
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(warning)
}

/// Enters the certificate of a camera that could not be reached when it was added.
async fn pin(ledger: Ledger, camera: CameraId, certificate: Fingerprint) {
    let Some(mut record) = ledger.camera(camera) else { return };
    match record.devices.last_mut() {
        Some(device) if device.certificate.is_none() => {
            device.certificate = Some(fingerprint_text(&certificate));
        }
        _ => return,
    }
    let actor = Actor::System(SystemActor::Recorder).to_string();
    let record = Record::Camera { actor, camera: record };
    let event = Event { kind: Kind::Camera, record: Some(record) };
    if let Err(error) = ledger.append(vec![event]).await {
        // Known for this run; the next one sees it for the first time again.
        tracing::error!(%camera, %error, "its certificate could not be entered");
    }
}

/// What of it was said, each on one line; none if nothing was.
fn described(asset: AssetRecord) -> Result<Option<AssetRecord>, DeskError> {
    let said = |text: Option<String>| {
        let text = text.filter(|text| !text.trim().is_empty());
        text.map(|text| line(&text, MAX_NAME_CHARS)).transpose()
    };
    let asset = AssetRecord {
        maker: said(asset.maker)?,
        model: said(asset.model)?,
        serial: said(asset.serial)?,
        firmware: said(asset.firmware)?,
        certified_by: said(asset.certified_by)?,
        certificate: said(asset.certificate)?,
        certified_firmware: said(asset.certified_firmware)?,
        certified_until: said(asset.certified_until)?,
    };
    Ok(Some(asset).filter(|asset| *asset != AssetRecord::default()))
}

fn line(text: &str, limit_chars: usize) -> Result<String, DeskError> {
    let text = text.trim();
    let fits = (1..=limit_chars).contains(&text.chars().count());
    if fits && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(DeskError::Name)
    }
}
