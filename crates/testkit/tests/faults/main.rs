//! Each fault of a simulated camera does what it says, seen byte by byte: the client here is as raw
//! as can be, so that no library mends on the way what was broken on purpose.
#![allow(clippy::unwrap_used, reason = "a helper of a test may panic as the test may")]

mod answers;
mod clocks;
mod packets;
mod pictures;
mod raw;
mod secure;

use testkit::{SimCamera, SimConfig, SimServer, clips};

pub(crate) fn camera() -> SimCamera {
    SimCamera {
        path: "cam1".into(),
        name: "CAM 1".into(),
        clip: clips::small_h264(),
        fps: 15,
        credentials: None,
        canary: None,
    }
}

pub(crate) fn serve(camera: SimCamera) -> SimServer {
    let listen = "127.0.0.1:0".parse().unwrap();
    SimServer::start(SimConfig { listen, cameras: vec![camera] }).unwrap()
}
