//! `jikim demo`: simulated cameras and the recorder in one program, to try everything out.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use access::{Asker, Request, Target};
use domain::{Action, CameraId, Retention, Role};
use futures::StreamExt as _;
use host::{Disk, Fs, SystemClock};
use ingest::{NewCamera, NewDevice};
use policy::{Description, Duty, Outsourcing};
use testkit::clips::{FPS, SCENES};
use testkit::{SimCamera, SimConfig, SimServer};

use crate::arguments::{DemoArguments, InstitutionName};
use crate::exports::MASK_SOCKET;
use crate::house::{House, HouseConfig};
use crate::press_line::PRESS_SOCKET;
use crate::run::{End, Links, Running, link};
use crate::{Told, demo_witness, policy_desk, sentence};

/// Cameras that are added at once.
const ADD_AT_ONCE: usize = 8;

/// Runs the demo.
pub(crate) async fn demo(arguments: DemoArguments) -> Told<ExitCode> {
    let data = arguments.place.data.clone();
    let cast = Cast::of(&arguments)?;
    Disk.make_folder(&data).map_err(sentence)?;
    let sim = start_cameras(&data, &cast)?;
    let config = HouseConfig {
        data: data.clone(),
        volumes: volumes(&data, arguments.institution)?,
        holders: vault::HoldersConfig::default(),
        clock_is_confirmed: false,
        is_demo: true,
        memory: None,
        time_servers: Vec::new(),
        access_life: ledger::AccessLife::TwoYears,
        records: true,
        press: data.join(PRESS_SOCKET),
        mask: data.join(MASK_SOCKET),
        clock: Arc::new(SystemClock),
    };
    let witness = demo_witness::start(&config.data).await?;
    let running = Running::start(config, arguments.listen, None).await?;
    let links = links(&running, arguments.institution).await?;
    if let Some(institution) = arguments.institution {
        policy_desk::announce_for_demo(&running.house, institution.description()).await?;
    }
    add_cameras(&running.house, &sim, &cast).await?;
    let end = End::listen();
    running.say_first_line(links)?;
    end.wait().await;
    running.stop().await;
    if let Some(witness) = witness {
        witness.shutdown().await;
    }
    Ok(ExitCode::SUCCESS)
}

/// Links for those who are to be tried out. An institution appoints only whom its policy names.
async fn links(running: &Running, institution: Option<InstitutionName>) -> Told<Links> {
    let (access, address) = (&running.house.access, running.address());
    let first = access.first_run_links().await.map_err(sentence)?;
    let (operates, entrusts) = match institution {
        None => (true, true),
        Some(institution) => {
            let described = Description::read(institution.description()).map_err(sentence)?;
            let operates = described.posts.iter().any(|post| post.duty == Duty::ControlCentre);
            (operates, described.processor.outsourced == Outsourcing::Yes)
        }
    };
    let mut links = Links::of(&address, first);
    if operates {
        let secret = access.appoint_for_demo(Role::Operator, "관제요원 Operator").await;
        links.operator = secret.map_err(sentence)?.map(|secret| link(&address, &secret));
    }
    if entrusts {
        let secret = access.appoint_for_demo(Role::Contractor, "수탁업체 Contractor").await;
        links.contractor = secret.map_err(sentence)?.map(|secret| link(&address, &secret));
    }
    Ok(links)
}

/// A volume for each room in which the institution keeps footage; for no institution those of any
/// recorder.
fn volumes(data: &Path, institution: Option<InstitutionName>) -> Told<Vec<vault::VolumeConfig>> {
    let Some(institution) = institution else { return Ok(Vec::new()) };
    let described = Description::read(institution.description()).map_err(sentence)?;
    let mut rooms: Vec<&str> = described.units.iter().map(|unit| unit.storage.as_str()).collect();
    rooms.sort_unstable();
    rooms.dedup();
    let volume = |room: &str| {
        let place = room.parse().map_err(sentence)?;
        Ok(vault::VolumeConfig { path: data.join("volumes").join(room), place: Some(place) })
    };
    rooms.into_iter().map(volume).collect()
}

/// One camera of the demo.
struct Part {
    name: String,
    clip: PathBuf,
    spot_name: String,
    policy_spot: Option<String>,
    retention: Retention,
}

/// Every camera of the demo.
struct Cast(Vec<Part>);

impl Cast {
    fn of(arguments: &DemoArguments) -> Told<Self> {
        let clips = Clips::find(arguments)?;
        let Some(institution) = arguments.institution else {
            let kept = Retention::new(Duration::ZERO, arguments.retention).map_err(sentence)?;
            let part = |index: usize| {
                let (clip, name) = clips.of(index);
                Part { spot_name: name.clone(), name, clip, policy_spot: None, retention: kept }
            };
            return Ok(Self((0..usize::from(arguments.cameras)).map(part).collect()));
        };
        let described = Description::read(institution.description()).map_err(sentence)?;
        let mut parts = Vec::new();
        for spot in &described.spots {
            let days = u64::from(described.retention_days(spot));
            let kept = Duration::from_secs(days * 86_400);
            let retention = Retention::new(Duration::ZERO, kept).map_err(sentence)?;
            for number in 1..=spot.cameras {
                parts.push(Part {
                    name: format!("{} {number}", spot.name),
                    clip: clips.of(parts.len()).0,
                    spot_name: spot.range.clone(),
                    policy_spot: Some(spot.id.clone()),
                    retention,
                });
            }
        }
        Ok(Self(parts))
    }
}

/// The clips that the cameras play.
struct Clips(Vec<(PathBuf, String)>);

impl Clips {
    fn find(arguments: &DemoArguments) -> Told<Self> {
        if let Some(clip) = &arguments.clip {
            return Self::check(vec![(clip.clone(), "카메라".into())]);
        }
        let given =
            arguments.clips.clone().or_else(|| std::env::var_os("JIKIM_CLIPS").map(Into::into));
        let folder = match given {
            Some(folder) => folder,
            None => beside_the_program()?,
        };
        let scenes = SCENES.iter().map(|scene| (folder.join(scene.file), scene.title.to_owned()));
        Self::check(scenes.collect())
    }

    fn check(clips: Vec<(PathBuf, String)>) -> Told<Self> {
        match clips.iter().find(|(path, _)| !path.is_file()) {
            Some((path, _)) => Err(format!(
                "the clip {} is missing; make the clips with samples/clips/make.sh DIR and name DIR with --clips",
                path.display()
            )),
            None => Ok(Self(clips)),
        }
    }

    /// The clip and the name of the n-th camera.
    fn of(&self, index: usize) -> (PathBuf, String) {
        let (path, title) = &self.0[index % self.0.len()];
        let round = index / self.0.len();
        let name = if round == 0 && self.0.len() > 1 {
            title.clone()
        } else {
            format!("{title} {}", index + 1)
        };
        (path.clone(), name)
    }
}

/// `clips` beside the folder that the program lies in, where the build leaves them.
fn beside_the_program() -> Told<PathBuf> {
    let program = std::env::current_exe().map_err(sentence)?;
    let target = program.parent().and_then(Path::parent).unwrap_or(Path::new("."));
    Ok(target.join("clips"))
}

/// Simulated cameras, on the port they had at the last start if it is free: the recorder knows them
/// by their addresses.
fn start_cameras(data: &Path, cast: &Cast) -> Told<SimServer> {
    let note = data.join("demo.port");
    let known = Disk.read(&note, 16).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let known: u16 = known.and_then(|text| text.trim().parse().ok()).unwrap_or(0);
    let camera = |(index, part): (usize, &Part)| {
        let path = format!("cam{}", index + 1);
        let (name, clip) = (part.name.clone(), part.clip.clone());
        SimCamera { path, name, clip, fps: FPS, credentials: None, canary: None }
    };
    let config = |port: u16| SimConfig {
        listen: SocketAddr::from(([127, 0, 0, 1], port)),
        cameras: cast.0.iter().enumerate().map(camera).collect(),
    };
    let sim = SimServer::start(config(known)).or_else(|_| SimServer::start(config(0)));
    let sim = sim.map_err(|error| format!("the simulated cameras cannot start: {error}"))?;
    Disk.replace(&note, sim.address().port().to_string().as_bytes()).map_err(sentence)?;
    Ok(sim)
}

/// Adds the cameras that are not there yet, as somebody on this machine; those whose address
/// changed get another device.
async fn add_cameras(house: &House, sim: &SimServer, cast: &Cast) -> Told<()> {
    let asker = Asker::os(rustix::process::getuid().as_raw());
    let add = |(index, part)| {
        let url = sim.url(index);
        async move { add_camera(house, &asker, part, url).await }
    };
    let adding = futures::stream::iter(cast.0.iter().enumerate().map(add));
    let added: Vec<Told<()>> = adding.buffered(ADD_AT_ONCE).collect().await;
    added.into_iter().collect()
}

async fn add_camera(house: &House, asker: &Asker, part: &Part, url: String) -> Told<()> {
    let device = NewDevice { url: url.clone(), sub_url: None, credentials: None, is_udp: false };
    let records = house.ledger.cameras();
    let known =
        records.iter().find(|camera| camera.name == part.name && camera.retired_at.is_none());
    match known.and_then(|camera| Some((camera.devices.last()?, camera.camera.parse().ok()?))) {
        Some((present, _)) if present.url == url => Ok(()),
        Some((_, camera)) => {
            let request = Request::new(Action::ReplaceDevice, Target::Camera(camera));
            let effect = async |grant: &access::Grant<access::act::ManageCameras>| {
                house.desk.replace(grant, device, "the demo's cameras moved to another port").await
            };
            house.access.perform(asker, request, effect).await.map(drop).map_err(sentence)
        }
        None => {
            let camera = CameraId::from_random(host::random_bytes());
            let request = Request::new(Action::AddCamera, Target::Camera(camera));
            let new = NewCamera {
                name: part.name.clone(),
                spot_name: part.spot_name.clone(),
                policy_spot: part.policy_spot.clone(),
                retention: part.retention,
                device,
            };
            let effect = async |grant: &access::Grant<access::act::ManageCameras>| {
                house.desk.add(grant, new).await
            };
            house.access.perform(asker, request, effect).await.map(drop).map_err(sentence)
        }
    }
}
