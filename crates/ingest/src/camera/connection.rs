//! A camera that is sending.

use std::collections::VecDeque;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use retina::client::{PacketItem, Playing, Session, SessionGroup};
use retina::rtp::ReceivedPacket;
use tokio::time::{Instant, timeout, timeout_at};

use super::assemble::{AccessUnit, Assembler, Packet};
use super::clock::MediaClock;
use super::parameters::ParameterSets;
use super::{
    CameraEvent, CameraFrame, Codec, Fault, ReceiveError, SourceConfig, VideoConfig, error,
};

/// How many packets in a row, without a picture between, may be damaged.
pub const MAX_BAD_PACKETS: u32 = 1000;

/// The track that was set up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Track {
    pub(super) index: usize,
    pub(super) codec: Codec,
    pub(super) rate_hz: NonZeroU32,
}

/// A camera that is sending. Dropping it hangs up, in the background; [`Self::close`] waits.
pub struct CameraConnection {
    source: SourceConfig,
    group: Arc<SessionGroup>,
    session: Session<Playing>,
    track: Track,
    assembler: Assembler,
    parameters: ParameterSets,
    clock: MediaClock,
    /// What the parameter sets say now; `None` if they are incomplete or cannot be understood.
    config: Option<VideoConfig>,
    /// What the caller was told last.
    told: Option<VideoConfig>,
    /// Pictures before a keyframe cannot be decoded, and are left out.
    wants_keyframe: bool,
    lost: u32,
    jumped: bool,
    bad_packets: u32,
    /// Whether any packet came since the last frame.
    heard: bool,
    /// Set while the caller waits, so that a slow caller is not taken for a silent camera.
    silent_at: Option<Instant>,
    ready: VecDeque<CameraEvent>,
}

impl fmt::Debug for CameraConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CameraConnection")
            .field("source", &self.source)
            .field("track", &self.track)
            .finish_non_exhaustive()
    }
}

impl CameraConnection {
    pub(super) fn new(
        source: SourceConfig,
        group: Arc<SessionGroup>,
        session: Session<Playing>,
        track: Track,
        parameters: ParameterSets,
    ) -> Self {
        Self {
            assembler: Assembler::new(track.codec, source.caps.access_unit_bytes),
            clock: MediaClock::new(track.rate_hz),
            // A description that cannot be understood is no fault: cameras repeat it in band.
            config: parameters.config().unwrap_or(None),
            source,
            group,
            session,
            track,
            parameters,
            told: None,
            wants_keyframe: true,
            lost: 0,
            jumped: false,
            bad_packets: 0,
            heard: false,
            silent_at: None,
            ready: VecDeque::new(),
        }
    }

    /// The next event; `None` once the camera hung up.
    ///
    /// May be dropped while waiting: nothing is lost. Damaged and lost packets are no errors; after
    /// an error, hang up and connect anew.
    ///
    /// # Errors
    /// If the camera is silent, the line breaks, or nothing that comes can be understood.
    pub async fn next(&mut self) -> Result<Option<CameraEvent>, ReceiveError> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                self.silent_at = None;
                return Ok(Some(event));
            }
            let limit = self.source.caps.silence;
            let silent_at = *self.silent_at.get_or_insert_with(|| Instant::now() + limit);
            // Ready packets would keep an endless loop of pictures that never end from the timer.
            if Instant::now() >= silent_at + limit {
                return Err(self.silent());
            }
            match timeout_at(silent_at, self.session.next()).await {
                Err(_) => return Err(self.silent()),
                Ok(None) => return Ok(None),
                Ok(Some(Ok(PacketItem::Rtp(packet)))) => self.take_packet(&packet)?,
                Ok(Some(Ok(_))) => {} // Reports about the sending, which nobody reads.
                Ok(Some(Err(fault))) => self.take_fault(&fault)?,
            }
        }
    }

    /// Hangs up and tells the camera so, for at most two seconds: a camera that is not told keeps
    /// sending for a minute, and often lets only a few watch at once.
    pub async fn close(self) {
        const FAREWELL: Duration = Duration::from_secs(2);
        let group = Arc::clone(&self.group);
        drop(self);
        // Whether the camera heard it changes nothing for us.
        let _ = timeout(FAREWELL, group.await_teardown()).await;
    }

    fn take_packet(&mut self, packet: &ReceivedPacket) -> Result<(), ReceiveError> {
        // No other track is set up; what a camera sends unasked, sound above all, stays unread.
        if packet.stream_id() != self.track.index {
            return Ok(());
        }
        self.heard = true;
        let taken = self.assembler.push(Packet {
            payload: packet.payload(),
            ticks: packet.timestamp().timestamp(),
            last: packet.mark(),
            lost: packet.loss(),
        });
        while let Some(unit) = self.assembler.pop() {
            self.take_unit(unit)?;
        }
        taken.or_else(|bad| self.count_bad(&bad.to_string()))
    }

    /// An error from retina: about one packet, or the end.
    fn take_fault(&mut self, fault: &retina::Error) -> Result<(), ReceiveError> {
        match error::receiving(fault, &self.source) {
            Some(end) => Err(end),
            None => {
                self.assembler.miss();
                self.count_bad(&fault.to_string())
            }
        }
    }

    fn count_bad(&mut self, told: &str) -> Result<(), ReceiveError> {
        self.heard = true;
        self.bad_packets += 1;
        if self.bad_packets < MAX_BAD_PACKETS { Ok(()) } else { Err(self.garbage(told)) }
    }

    fn take_unit(&mut self, unit: AccessUnit) -> Result<(), ReceiveError> {
        let time = self.clock.advance(unit.ticks, Instant::now());
        self.lost = self.lost.saturating_add(unit.lost);
        self.jumped |= time.jumped;
        self.take_parameters(unit.parameter_sets)?;
        let Some(config) = &self.config else { return Ok(()) };
        if self.wants_keyframe && !unit.keyframe {
            return Ok(());
        }
        if self.told.as_ref() != Some(config) {
            self.told = Some(config.clone());
            self.ready.push_back(CameraEvent::Config(config.clone()));
        }
        self.wants_keyframe = false;
        (self.bad_packets, self.heard) = (0, false);
        self.ready.push_back(CameraEvent::Frame(CameraFrame {
            bytes: unit.bytes,
            rtp_elapsed_us: time.elapsed_us,
            presentation_offset_us: time.presentation_offset_us,
            keyframe: unit.keyframe,
            lost_packets_before: std::mem::take(&mut self.lost),
            clock_jumped: std::mem::take(&mut self.jumped),
        }));
        Ok(())
    }

    fn take_parameters(&mut self, nals: Vec<bytes::Bytes>) -> Result<(), ReceiveError> {
        let mut changed = false;
        for nal in nals {
            match self.parameters.take(nal) {
                Ok(new) => changed |= new,
                Err(bad) => self.count_bad(&bad.to_string())?,
            }
        }
        if !changed {
            return Ok(());
        }
        match self.parameters.config() {
            Ok(config) => {
                self.wants_keyframe |= config != self.config;
                self.config = config;
                Ok(())
            }
            Err(bad) => {
                // Frames that follow would be shown wrongly with the parameters of before.
                self.config = None;
                self.wants_keyframe = true;
                self.count_bad(&bad.to_string())
            }
        }
    }

    fn silent(&self) -> ReceiveError {
        if self.heard {
            return self.garbage("packets come, but no picture can be made of them");
        }
        ReceiveError::Silent { place: self.source.place(), limit: self.source.caps.silence }
    }

    fn garbage(&self, told: &str) -> ReceiveError {
        ReceiveError::Garbage { place: self.source.place(), source: Fault::new(told, &self.source) }
    }
}
