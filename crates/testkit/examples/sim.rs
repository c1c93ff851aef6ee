//! Simulated cameras until the program is ended, for benches and for trying out faults:
//! `cargo run --release -p testkit --example sim -- --cameras 50 --clip FILE --fault cam3=drop:0.01`.
//!
//! While it runs it reads the same words from its input, one a line: `cam3=stall`, and `cam3=none`
//! to end all faults of a camera.

use std::io::BufRead as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Parser;
use testkit::{SimAuth, SimCamera, SimConfig, SimFault, SimServer};

/// Serves simulated cameras at rtsp://LISTEN/cam1 and on, and at rtsps:// on the same port.
#[derive(Parser)]
struct Arguments {
    /// How many cameras.
    #[arg(long, default_value_t = 9)]
    cameras: usize,
    /// Address and port.
    #[arg(long, default_value = "127.0.0.1:8554")]
    listen: SocketAddr,
    /// Annex B file; given several times, the cameras take them in turn.
    #[arg(long, required = true)]
    clip: Vec<PathBuf>,
    /// Frames a second.
    #[arg(long, default_value_t = 15)]
    fps: u32,
    /// Write nothing into the picture, which costs a little for each frame.
    #[arg(long)]
    plain: bool,
    /// CAMERA=FAULT, as in cam3=drop:0.01; CAMERA may be `all`. May be given several times.
    #[arg(long)]
    fault: Vec<String>,
    /// Account and password of all cameras, as in admin:secret.
    #[arg(long)]
    account: Option<String>,
    /// How they ask for it: basic, md5, sha256 or both.
    #[arg(long, default_value = "md5", value_parser = parse_auth)]
    auth: SimAuth,
    /// Length of a message of ONVIF Media Signing before each keyframe, in bytes.
    #[arg(long)]
    signing_bytes: Option<usize>,
}

type Failed = Box<dyn std::error::Error>;

#[allow(clippy::print_stdout, reason = "a program for a person at a terminal")]
fn main() -> Result<(), Failed> {
    let arguments = Arguments::parse();
    let account = arguments.account.as_ref().and_then(|account| account.split_once(':'));
    let cameras = (1..=arguments.cameras)
        .map(|number| SimCamera {
            path: format!("cam{number}"),
            name: if arguments.plain { String::new() } else { format!("CAM {number:02}") },
            clip: arguments.clip[(number - 1) % arguments.clip.len()].clone(),
            fps: arguments.fps,
            credentials: account.map(|(name, password)| (name.into(), password.into())),
            canary: None,
        })
        .collect();
    let server = SimServer::start(SimConfig { listen: arguments.listen, cameras })
        .map_err(|error| error.to_string())?;
    for camera in 0..arguments.cameras {
        server.set_auth(camera, arguments.auth);
        let payload = |length| (0..length).map(|byte| (byte % 251) as u8).collect();
        server.set_signing(camera, arguments.signing_bytes.map(payload));
    }
    for words in &arguments.fault {
        switch(&server, arguments.cameras, words)?;
    }
    println!("{} cameras at rtsp://{}/cam1 and on", arguments.cameras, server.address());
    let server = Arc::new(server);
    let (switched, cameras) = (server.clone(), arguments.cameras);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            match switch(&switched, cameras, line.trim()) {
                Ok(()) => println!("{}", line.trim()),
                Err(error) => println!("{error}"),
            }
        }
    });
    loop {
        std::thread::sleep(std::time::Duration::from_secs(10));
        println!("{:?}", server.stats());
    }
}

fn parse_auth(word: &str) -> Result<SimAuth, &'static str> {
    match word {
        "basic" => Ok(SimAuth::Basic),
        "md5" => Ok(SimAuth::DigestMd5),
        "sha256" => Ok(SimAuth::DigestSha256),
        "both" => Ok(SimAuth::DigestBoth),
        _ => Err("give basic, md5, sha256 or both"),
    }
}

/// Does as `words` say: CAMERA=FAULT or CAMERA=none.
fn switch(server: &SimServer, cameras: usize, words: &str) -> Result<(), Failed> {
    let (camera, fault) = words.split_once('=').ok_or("give CAMERA=FAULT, as in cam3=stall")?;
    let named =
        (0..cameras).filter(|index| camera == "all" || camera == format!("cam{}", index + 1));
    let named: Vec<_> = named.collect();
    if named.is_empty() {
        return Err(format!("there is no camera {camera:?}: give cam1 and on, or all").into());
    }
    for index in named {
        match fault {
            "none" => server.clear_faults(index),
            fault => server.set_fault(index, fault.parse::<SimFault>()?)?,
        }
    }
    Ok(())
}
