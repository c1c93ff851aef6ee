//! A session: one client's way of getting one camera's frames.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::auth::hex;
use super::camera::{Camera, Scratch};
use super::clip::Clip;
use super::fault::SimFault;
use super::packets::{INTERLEAVE_BYTES, PacketRun};
use super::rtp::{CLOCK_HZ, RtpTrack};
use super::server::UdpPair;
use super::switches::{Picture, Tampering};
use super::tamper::{Dice, Extras, Late, tamper};
use super::wire::Wire;

const REPORT_EVERY: Duration = Duration::from_secs(5);
/// A session that is this far behind begins anew at a keyframe.
const MAX_BEHIND: Duration = Duration::from_secs(2);
/// How soon a session whose client does not take what was sent is looked at again.
const RETRY_AFTER: Duration = Duration::from_millis(5);
/// Most that a flood sends before others get a turn, which is each time it is looked at again.
const FLOOD_BYTES: usize = 2 << 20;

/// Where packets go.
#[derive(Debug, Clone, Copy)]
pub(super) enum Delivery {
    /// Over the RTSP connection, on this channel and the next.
    Interleaved { channel: u8 },
    /// As datagrams to these addresses.
    Datagrams { rtp: SocketAddr, rtcp: SocketAddr },
}

/// What `SETUP` made. Its connection owns it; the pump only looks at it while it is there.
pub(super) struct Session {
    pub(super) camera: Arc<Camera>,
    pub(super) id: String,
    wire: Arc<Wire>,
    delivery: Delivery,
    sending: Mutex<Sending>,
}

struct Sending {
    track: RtpTrack,
    playing: bool,
    next_frame: u64,
    next_report: Instant,
    /// What is shown since the last keyframe.
    clip: Arc<Clip>,
    picture: Picture,
    faulty: Faulty,
}

/// What only faults need.
struct Faulty {
    dice: Dice,
    late: Late,
    extras: Extras,
    /// How often the camera had changed its SSRC when this session last did.
    ssrc_changes: u32,
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.sending().playing {
            self.camera.counters.sessions.fetch_sub(1, Relaxed);
        }
    }
}

impl Session {
    pub(super) fn new(camera: Arc<Camera>, wire: Arc<Wire>, delivery: Delivery) -> Self {
        let channel = match delivery {
            Delivery::Interleaved { channel } => channel,
            Delivery::Datagrams { .. } => 0,
        };
        let mut track = RtpTrack::random(channel);
        let now = Instant::now();
        if camera.switches.has(&SimFault::SequenceWrap) {
            track.wrap_sequence_after(10);
        }
        let faulty = Faulty {
            dice: Dice::new(u64::from(camera.index) + 1),
            late: Late::default(),
            extras: Extras::default(),
            ssrc_changes: camera.switches.tampering(now).map_or(0, |t| t.ssrc_changes),
        };
        let sending = Sending {
            track,
            playing: false,
            next_frame: 0,
            next_report: now,
            clip: camera.clip(),
            picture: Picture::Live,
            faulty,
        };
        let id = hex(&host::random_bytes::<8>());
        Self { camera, id, wire, delivery, sending: Mutex::new(sending) }
    }

    fn sending(&self) -> MutexGuard<'_, Sending> {
        self.sending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn ssrc(&self) -> u32 {
        self.sending().track.ssrc
    }

    /// Begins at the next keyframe; gives the sequence number and RTP time of its first packet, and
    /// when that is due unless the session plays already.
    pub(super) fn play(&self) -> (u16, u32, Option<Instant>) {
        let now = Instant::now();
        let sending = &mut *self.sending();
        let begins = !sending.playing;
        if begins {
            self.camera.counters.sessions.fetch_add(1, Relaxed);
            sending.playing = true;
            sending.skip_to_keyframe(&self.camera, now);
            sending.next_report = now;
            if self.camera.switches.has(&SimFault::TimestampWrap) {
                let first = self.camera.ticks(sending.next_frame);
                sending.track.wrap_timestamp_after(first + CLOCK_HZ);
            }
        }
        let timestamp = sending.track.timestamp(self.camera.ticks(sending.next_frame));
        let due = begins.then(|| self.camera.due(sending.next_frame));
        (sending.track.next_sequence, timestamp, due)
    }

    /// Sends what is due; when there will be something again.
    pub(super) fn step(
        &self,
        now: Instant,
        udp: &UdpPair,
        scratch: &mut Scratch,
    ) -> io::Result<Instant> {
        let (camera, sending) = (&*self.camera, &mut *self.sending());
        let counter = sending.next_frame;
        let due = camera.due(counter);
        let tampering = camera.switches.tampering(due);
        let silent = tampering.is_some_and(|tampering| tampering.silent);
        let behind = now.saturating_duration_since(due) > MAX_BEHIND;
        if silent || behind {
            sending.skip_to_keyframe(camera, now);
            if !silent {
                let late = sending.next_frame.saturating_sub(counter);
                camera.counters.late_frames.fetch_add(late, Relaxed);
            }
            return Ok(camera.due(sending.next_frame));
        }
        if !self.wire.flush()? {
            return Ok(now + RETRY_AFTER);
        }
        if tampering.is_some_and(|tampering| tampering.flood) {
            sending.skip_to_keyframe(camera, now);
            self.flood(sending, udp)?;
            return Ok(now + RETRY_AFTER);
        }
        let late = sending.faulty.late.take(now);
        if !late.ends.is_empty() {
            self.deliver(&[], &[&late], udp)?;
        }
        if due <= now {
            sending.next_frame += 1;
            self.send_frame(sending, counter, now, tampering.as_ref(), udp, scratch)?;
        }
        let next = camera.due(sending.next_frame);
        Ok(sending.faulty.late.first().map_or(next, |late| late.min(next)))
    }

    fn send_frame(
        &self,
        sending: &mut Sending,
        counter: u64,
        now: Instant,
        tampering: Option<&Tampering>,
        udp: &UdpPair,
        scratch: &mut Scratch,
    ) -> io::Result<()> {
        let camera = &*self.camera;
        sending.show_what_is_new(camera, counter, tampering);
        let mut ticks = camera.ticks(counter);
        let mut wall_us = camera.due_wall_us(counter);
        if let Some(tampering) = tampering {
            sending.follow_ssrc(tampering);
            ticks = ticks.wrapping_add_signed(tampering.timestamp_off_us * 9 / 100);
            wall_us += tampering.wall_off_us;
        }
        let timestamp = sending.track.timestamp(ticks);
        let report = (now >= sending.next_report).then(|| {
            sending.next_report = now + REPORT_EVERY;
            sending.track.sender_report(wall_us, timestamp)
        });
        let report = report.as_ref().map_or(&[][..], |report| report);
        let shown = camera.render_own(&sending.clip, counter, sending.picture, scratch);
        let mut packets = sending.clip.packets.lock().unwrap_or_else(PoisonError::into_inner);
        let frame = &mut packets[shown.at];
        let mut none = PacketRun::default();
        let picture = if shown.with_picture { &mut frame.picture } else { &mut none };
        for run in [&mut frame.lead, &mut scratch.own, &mut *picture] {
            sending.track.number(run, timestamp);
        }
        camera.counters.frames.fetch_add(1, Relaxed);
        let runs = [&frame.lead, &scratch.own, &*picture];
        if tampering.is_none() && camera.to_drop.load(Relaxed) == 0 {
            return self.deliver(&[report], &runs, udp);
        }
        let coming = runs.iter().map(|run| run.ends.len()).sum();
        let whole = runs.iter().flat_map(|run| run.packets()).skip(camera.take_drops(coming));
        let tampering = tampering.copied().unwrap_or_default();
        sending.faulty.tamper(whole, &tampering, camera, now, &mut scratch.all);
        let extra = sending.faulty.extra(&tampering, camera, sending.track.channel);
        self.deliver(&[report, &extra.between], &[&scratch.all, &extra.audio], udp)
    }

    /// Sends packets of no meaning until the client takes no more or the others' turn has come.
    fn flood(&self, sending: &mut Sending, udp: &UdpPair) -> io::Result<()> {
        let now = Instant::now();
        let timestamp = sending.track.timestamp(self.camera.ticks(self.camera.frames_by(now)));
        let mut sent = 0;
        while sent < FLOOD_BYTES && self.wire.flush()? {
            let block = sending.faulty.extras.flood_block(&mut sending.faulty.dice);
            sending.track.number(block, timestamp);
            sent += block.bytes.len();
            self.deliver(&[], &[block], udp)?;
        }
        Ok(())
    }

    /// Sends `before` (over TCP; over UDP, a report alone) and then packets.
    fn deliver(&self, before: &[&[u8]], runs: &[&PacketRun], udp: &UdpPair) -> io::Result<()> {
        match self.delivery {
            Delivery::Interleaved { .. } => {
                let mut parts = [IoSlice::new(&[]); 5];
                let all = before.iter().copied().chain(runs.iter().map(|run| &run.bytes[..]));
                let all = all.filter(|bytes| !bytes.is_empty()).map(IoSlice::new);
                let count = parts.iter_mut().zip(all).map(|(part, bytes)| *part = bytes).count();
                self.wire.send(&parts[..count])?;
            }
            Delivery::Datagrams { rtp, rtcp } => {
                if let Some(report) = before.first().filter(|report| !report.is_empty()) {
                    udp.send(&udp.rtcp, &report[INTERLEAVE_BYTES..], rtcp);
                }
                for packet in runs.iter().flat_map(|run| run.packets()) {
                    let to = if packet[1] & 1 == 1 { rtcp } else { rtp };
                    udp.send(&udp.rtp, &packet[INTERLEAVE_BYTES..], to);
                }
            }
        }
        let counters = &self.camera.counters;
        let total = |of: fn(&PacketRun) -> usize| runs.iter().map(|run| of(run) as u64).sum();
        counters.packets.fetch_add(total(|run| run.ends.len()), Relaxed);
        counters.bytes.fetch_add(total(|run| run.bytes.len()), Relaxed);
        Ok(())
    }
}

impl Sending {
    /// Goes on at the first keyframe that is still to come.
    fn skip_to_keyframe(&mut self, camera: &Camera, now: Instant) {
        self.clip = camera.clip();
        self.next_frame = self.clip.keyframe_from(camera.frames_by(now) + 1);
    }

    /// Another clip or another kind of picture begins with a keyframe of its own.
    fn show_what_is_new(&mut self, camera: &Camera, counter: u64, tampering: Option<&Tampering>) {
        let clip = camera.clip();
        if clip.is_keyframe(counter) {
            self.clip = clip;
            self.picture = tampering.map_or(Picture::Live, |tampering| tampering.picture);
        }
    }

    fn follow_ssrc(&mut self, tampering: &Tampering) {
        if self.faulty.ssrc_changes != tampering.ssrc_changes {
            self.faulty.ssrc_changes = tampering.ssrc_changes;
            self.track = RtpTrack::random(self.track.channel);
        }
    }
}

impl Faulty {
    fn tamper<'a>(
        &mut self,
        packets: impl Iterator<Item = &'a [u8]>,
        tampering: &Tampering,
        camera: &Camera,
        now: Instant,
        all: &mut PacketRun,
    ) {
        all.clear();
        let dropped = tamper(packets, tampering, &mut self.dice, &mut self.late, now, all);
        camera.counters.dropped_packets.fetch_add(dropped, Relaxed);
    }

    fn extra(&mut self, tampering: &Tampering, camera: &Camera, channel: u8) -> Extra {
        let between = if tampering.garbage_between { self.dice.bytes(64) } else { Vec::new() };
        let mut audio = PacketRun::default();
        if tampering.audio {
            self.extras.audio(camera.set.fps, channel.wrapping_add(2), &mut audio);
        }
        Extra { between, audio }
    }
}

/// What is sent beside a frame.
struct Extra {
    between: Vec<u8>,
    audio: PacketRun,
}
