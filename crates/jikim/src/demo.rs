//! `jikim demo`: simulated cameras and the recorder in one program, to try everything out.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use access::{Asker, Request, Target};
use domain::{Action, CameraId, Retention, Role};
use futures::StreamExt as _;
use host::{Disk, Fs};
use ingest::{NewCamera, NewDevice};
use testkit::clips::{FPS, SCENES};
use testkit::{SimCamera, SimConfig, SimServer};

use crate::arguments::DemoArguments;
use crate::house::{House, HouseConfig};
use crate::run::{Links, Running, link, wait_for_the_end};
use crate::{Told, demo_witness, sentence};

/// Cameras that are added at once.
const ADD_AT_ONCE: usize = 8;

/// Runs the demo.
pub(crate) async fn demo(arguments: DemoArguments) -> Told<ExitCode> {
    let data = arguments.place.data.clone();
    let clips = Clips::find(&arguments)?;
    Disk.make_folder(&data).map_err(sentence)?;
    let sim = start_cameras(&data, usize::from(arguments.cameras), &clips)?;
    let config = HouseConfig {
        data,
        volumes: Vec::new(),
        holders: vault::HoldersConfig::default(),
        clock_is_confirmed: false,
        is_demo: true,
        time_servers: Vec::new(),
        access_life: ledger::AccessLife::TwoYears,
        records: true,
    };
    let witness = demo_witness::start(&config.data).await?;
    let running = Running::start(config, arguments.listen, None).await?;
    let links = links(&running).await?;
    add_cameras(&running.house, &sim, &arguments).await?;
    running.say_first_line(links)?;
    wait_for_the_end().await;
    running.stop().await;
    if let Some(witness) = witness {
        witness.shutdown().await;
    }
    Ok(ExitCode::SUCCESS)
}

/// Links for the four who are to be tried out.
async fn links(running: &Running) -> Told<Links> {
    let (access, address) = (&running.house.access, running.address());
    let first = access.first_run_links().await.map_err(sentence)?;
    let operator = access.appoint_for_demo(Role::Operator, "관제요원 Operator").await;
    let contractor = access.appoint_for_demo(Role::Contractor, "수탁업체 Contractor").await;
    Ok(Links {
        operator: operator.map_err(sentence)?.map(|secret| link(&address, &secret)),
        contractor: contractor.map_err(sentence)?.map(|secret| link(&address, &secret)),
        ..Links::of(&address, first)
    })
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
fn start_cameras(data: &Path, count: usize, clips: &Clips) -> Told<SimServer> {
    let note = data.join("demo.port");
    let known = Disk.read(&note, 16).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let known: u16 = known.and_then(|text| text.trim().parse().ok()).unwrap_or(0);
    let camera = |index: usize| {
        let (clip, name) = clips.of(index);
        let path = format!("cam{}", index + 1);
        SimCamera { path, name, clip, fps: FPS, credentials: None, canary: None }
    };
    let config = |port: u16| SimConfig {
        listen: SocketAddr::from(([127, 0, 0, 1], port)),
        cameras: (0..count).map(camera).collect(),
    };
    let sim = SimServer::start(config(known)).or_else(|_| SimServer::start(config(0)));
    let sim = sim.map_err(|error| format!("the simulated cameras cannot start: {error}"))?;
    Disk.replace(&note, sim.address().port().to_string().as_bytes()).map_err(sentence)?;
    Ok(sim)
}

/// Adds the cameras that are not there yet, as somebody on this machine; those whose address
/// changed get another device.
async fn add_cameras(house: &House, sim: &SimServer, arguments: &DemoArguments) -> Told<()> {
    let clips = Clips::find(arguments)?;
    let retention =
        Retention::new(std::time::Duration::ZERO, arguments.retention).map_err(sentence)?;
    let asker = Asker::os(rustix::process::getuid().as_raw());
    let add = |index: usize| {
        let (_, name) = clips.of(index);
        let url = sim.url(index);
        async move { add_camera(house, &asker, name, url, retention).await }
    };
    let adding = futures::stream::iter((0..usize::from(arguments.cameras)).map(add));
    let added: Vec<Told<()>> = adding.buffered(ADD_AT_ONCE).collect().await;
    added.into_iter().collect()
}

async fn add_camera(
    house: &House,
    asker: &Asker,
    name: String,
    url: String,
    retention: Retention,
) -> Told<()> {
    let device = NewDevice { url: url.clone(), sub_url: None, credentials: None, is_udp: false };
    let records = house.ledger.cameras();
    let known = records.iter().find(|camera| camera.name == name && camera.retired_at.is_none());
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
            let new = NewCamera { spot_name: name.clone(), name, retention, device };
            let effect = async |grant: &access::Grant<access::act::ManageCameras>| {
                house.desk.add(grant, new).await
            };
            house.access.perform(asker, request, effect).await.map(drop).map_err(sentence)
        }
    }
}
