//! Simulated cameras until the program is ended, for benches:
//! `cargo run --release -p testkit --example sim -- --cameras 50 --clip FILE`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;
use testkit::{SimCamera, SimConfig, SimServer};

/// Serves simulated cameras at rtsp://LISTEN/cam1 and on.
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
}

#[allow(clippy::print_stdout, reason = "a program for a person at a terminal")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    let cameras = (1..=arguments.cameras)
        .map(|number| SimCamera {
            path: format!("cam{number}"),
            name: format!("CAM {number:02}"),
            clip: arguments.clip[(number - 1) % arguments.clip.len()].clone(),
            fps: arguments.fps,
            credentials: None,
            canary: None,
        })
        .collect();
    let server = SimServer::start(SimConfig { listen: arguments.listen, cameras })?;
    println!("{} cameras at rtsp://{}/cam1 and on", arguments.cameras, server.address());
    loop {
        std::thread::sleep(std::time::Duration::from_secs(10));
        println!("{:?}", server.stats());
    }
}
