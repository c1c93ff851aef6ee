//! From packets to pictures, without a socket: the state of one track.

use tokio::time::Instant;

use super::assemble::{AccessUnit, Assembler, Packet, SpareMemory};
use super::clock::MediaClock;
use super::rtp::{Order, Place, Rtp, SenderReport, Ticks};
use super::sdp::Track;
use super::{CameraReport, CameraSink, Picture, VideoConfig};

/// How many packets in a row, without a picture between, may be damaged.
pub const MAX_BAD_PACKETS: u32 = 1000;

/// So many packets in a row made no picture; the last one for this reason.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooManyBad(pub(super) String);

pub(super) struct Receiver {
    track: Track,
    order: Order,
    ticks: Ticks,
    assembler: Assembler,
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
    /// Whether any packet came since the last picture.
    heard: bool,
    pictures: u64,
    done: Vec<AccessUnit>,
}

impl Receiver {
    pub(super) fn new(track: Track, access_unit_bytes: usize) -> Self {
        Self {
            order: Order::default(),
            ticks: Ticks::default(),
            assembler: Assembler::new(track.codec, access_unit_bytes),
            clock: MediaClock::new(track.rate_hz),
            // A description that cannot be understood is no fault: cameras repeat it in band.
            config: track.parameters.config().unwrap_or(None),
            track,
            told: None,
            wants_keyframe: true,
            lost: 0,
            jumped: false,
            bad_packets: 0,
            heard: false,
            pictures: 0,
            done: Vec::new(),
        }
    }

    /// Pictures so far.
    pub(super) const fn pictures(&self) -> u64 {
        self.pictures
    }

    /// Whether packets came since the last picture.
    pub(super) const fn heard(&self) -> bool {
        self.heard
    }

    /// Takes the next packet of the track's channel.
    pub(super) fn take(
        &mut self,
        packet: &[u8],
        now: Instant,
        spare: &mut SpareMemory,
        sink: &mut dyn CameraSink,
    ) -> Result<(), TooManyBad> {
        self.heard = true;
        let Ok(rtp) = Rtp::parse(packet) else {
            self.assembler.miss();
            return self.count_bad("a packet is not RTP");
        };
        if rtp.payload_type != self.track.payload_type {
            // Another kind among ours (Geovision sends its own): it has a number of ours and no picture.
            return match self.order.place(rtp.ssrc, rtp.sequence) {
                Place::Next { lost: 0 } => Ok(()),
                _ => self.count_bad("a packet is of another kind than was agreed on"),
            };
        }
        let lost = match self.order.place(rtp.ssrc, rtp.sequence) {
            Place::Next { lost } => lost,
            Place::Anew => {
                self.assembler.miss();
                self.ticks = Ticks::default();
                // What follows belongs to no picture before it.
                self.wants_keyframe = true;
                0
            }
            Place::Stray => {
                self.assembler.miss();
                return self.count_bad("a packet is not in its place");
            }
        };
        let ticks = self.ticks.unwrap(rtp.timestamp);
        let packet = Packet { payload: rtp.payload, ticks, last: rtp.mark, lost };
        let taken = self.assembler.push(packet, spare, &mut self.done);
        if !self.done.is_empty() {
            let mut done = std::mem::take(&mut self.done);
            for unit in done.drain(..) {
                self.take_unit(unit, now, spare, sink)?;
            }
            self.done = done;
        }
        taken.or_else(|bad| self.count_bad(&bad.to_string()))
    }

    /// Takes a packet of the reports' channel.
    pub(super) fn take_report(&self, packet: &[u8], sink: &mut dyn CameraSink) {
        if let Some(report) = SenderReport::parse(packet) {
            sink.report(CameraReport { camera_wall_us: report.wall_us });
        }
    }

    fn count_bad(&mut self, told: &str) -> Result<(), TooManyBad> {
        self.bad_packets += 1;
        if self.bad_packets < MAX_BAD_PACKETS { Ok(()) } else { Err(TooManyBad(told.to_owned())) }
    }

    fn take_unit(
        &mut self,
        unit: AccessUnit,
        now: Instant,
        spare: &mut SpareMemory,
        sink: &mut dyn CameraSink,
    ) -> Result<(), TooManyBad> {
        let time = self.clock.advance(unit.ticks, now);
        self.lost = self.lost.saturating_add(unit.lost);
        self.jumped |= time.jumped;
        if !unit.parameter_sets.is_empty() {
            self.take_parameters(unit.parameter_sets)?;
        }
        if let Some(config) = &self.config
            && (unit.keyframe || !self.wants_keyframe)
        {
            if self.told.as_ref() != Some(config) {
                sink.config(config);
                self.told = Some(config.clone());
            }
            self.wants_keyframe = false;
            (self.bad_packets, self.heard) = (0, false);
            self.pictures += 1;
            let picture = Picture {
                rtp_elapsed_us: time.elapsed_us,
                presentation_offset_us: time.presentation_offset_us,
                keyframe: unit.keyframe,
                lost_packets_before: std::mem::take(&mut self.lost),
                clock_jumped: std::mem::take(&mut self.jumped),
            };
            sink.picture(&unit.bytes, picture);
        }
        spare.give(unit.bytes);
        Ok(())
    }

    fn take_parameters(&mut self, nals: Vec<bytes::Bytes>) -> Result<(), TooManyBad> {
        let mut changed = false;
        for nal in nals {
            match self.track.parameters.take(nal) {
                Ok(new) => changed |= new,
                Err(bad) => self.count_bad(&bad.to_string())?,
            }
        }
        if !changed {
            return Ok(());
        }
        match self.track.parameters.config() {
            Ok(config) => {
                self.wants_keyframe |= config != self.config;
                self.config = config;
                Ok(())
            }
            Err(bad) => {
                // Pictures that follow would be shown wrongly with the parameters of before.
                self.config = None;
                self.wants_keyframe = true;
                self.count_bad(&bad.to_string())
            }
        }
    }
}
