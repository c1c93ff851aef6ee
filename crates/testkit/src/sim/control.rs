//! What a test or a demo asks of simulated cameras, and tells them, while they run.

use std::mem::discriminant;
use std::net::SocketAddr;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use super::fault::SimFault;
use super::switches::SimAuth;
use super::{SIGNING_UUID, SimError, SimServer, SimStats};
use crate::nal_run::NalRun;
use crate::sei;

impl SimServer {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Address of camera `i`, without credentials.
    ///
    /// # Panics
    /// If there is no camera `i`, as in all that follows.
    #[must_use]
    pub fn url(&self, i: usize) -> String {
        format!("rtsp://{}/{}", self.address, self.shared.cameras[i].set.path)
    }

    /// What was sent since the start, over all cameras.
    #[must_use]
    pub fn stats(&self) -> SimStats {
        (0..self.shared.cameras.len()).map(|i| self.camera_stats(i)).fold(
            SimStats::default(),
            |sum, one| SimStats {
                sessions: sum.sessions + one.sessions,
                frames: sum.frames + one.frames,
                packets: sum.packets + one.packets,
                bytes: sum.bytes + one.bytes,
                dropped_packets: sum.dropped_packets + one.dropped_packets,
                late_frames: sum.late_frames + one.late_frames,
            },
        )
    }

    /// What camera `i` sent since the start.
    #[must_use]
    pub fn camera_stats(&self, i: usize) -> SimStats {
        let counters = &self.shared.cameras[i].counters;
        SimStats {
            sessions: counters.sessions.load(Relaxed),
            frames: counters.frames.load(Relaxed),
            packets: counters.packets.load(Relaxed),
            bytes: counters.bytes.load(Relaxed),
            dropped_packets: counters.dropped_packets.load(Relaxed),
            late_frames: counters.late_frames.load(Relaxed),
        }
    }

    /// How many frames camera `i` has made by now, watched or not: the counter of the next one.
    #[must_use]
    pub fn frames_made(&self, i: usize) -> u64 {
        let now = Instant::now();
        let camera = &self.shared.cameras[i];
        // The frame that is due at this very moment counts as made.
        if now < camera.due(0) { 0 } else { camera.frames_by(now) + 1 }
    }

    /// Takes camera `i` off the network: its connections end, and whoever asks for it is hung up
    /// on. Its clock runs on.
    pub fn stop_camera(&self, i: usize) {
        self.shared.cameras[i].power.send_modify(|power| power.on = false);
    }

    /// Puts camera `i` back.
    pub fn start_camera(&self, i: usize) {
        self.shared.cameras[i].power.send_modify(|power| power.on = true);
    }

    /// While `stalled`, camera `i` keeps its connections and answers, but sends nothing; the frames
    /// of that time are never sent.
    pub fn stall(&self, i: usize, stalled: bool) {
        if stalled {
            self.shared.cameras[i].switches.set(SimFault::Stall);
        } else {
            self.clear_fault(i, &SimFault::Stall);
        }
    }

    /// Loses the next `count` RTP packets of camera `i`, whichever session they are for.
    pub fn drop_packets(&self, i: usize, count: u32) {
        self.shared.cameras[i].to_drop.fetch_add(count, Relaxed);
    }

    /// Begins a fault of camera `i`, in place of one of its kind.
    ///
    /// # Errors
    /// A clip that cannot be served, a picture that the camera's clip cannot show.
    pub fn set_fault(&self, i: usize, fault: SimFault) -> Result<(), SimError> {
        self.shared.cameras[i].begin(fault)
    }

    /// Ends camera `i`'s fault of this kind, whatever its numbers.
    pub fn clear_fault(&self, i: usize, kind: &SimFault) {
        self.shared.cameras[i].end(|fault| discriminant(fault) == discriminant(kind));
    }

    /// Ends all faults of camera `i`. A clock that drifted or jumped stays where it is.
    pub fn clear_faults(&self, i: usize) {
        self.shared.cameras[i].end(|_| true);
    }

    /// How camera `i` asks for its credentials from now on.
    pub fn set_auth(&self, i: usize, auth: SimAuth) {
        self.shared.cameras[i].switches.state().auth = auth;
    }

    /// Puts a message of ONVIF Media Signing with this payload before each keyframe of camera `i`;
    /// `None` leaves it out again. The payload is anything: nobody here signs.
    pub fn set_signing(&self, i: usize, payload: Option<Vec<u8>>) {
        self.shared.cameras[i].switches.state().signing = payload.map(Into::into);
    }

    /// The NAL unit of that message as camera `i` sends it, without start code.
    #[must_use]
    pub fn signing_unit(&self, i: usize) -> Option<Vec<u8>> {
        let camera = &self.shared.cameras[i];
        let payload = camera.switches.signing()?;
        let mut unit = NalRun::default();
        sei::write(camera.clip().codec, &SIGNING_UUID, &[&payload], &mut unit);
        Some(unit.bytes)
    }

    /// Address of camera `i` by TLS, without credentials. It is the same port.
    #[must_use]
    pub fn tls_url(&self, i: usize) -> String {
        self.url(i).replacen("rtsp:", "rtsps:", 1)
    }

    /// The self-signed certificate of all cameras, as DER.
    #[must_use]
    pub fn certificate(&self) -> Vec<u8> {
        self.shared.identity.certificate()
    }

    /// Gives the cameras another key and certificate, which new connections see.
    pub fn change_certificate(&self) {
        self.shared.identity.change();
    }
}
