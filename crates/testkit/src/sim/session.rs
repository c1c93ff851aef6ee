//! A session: one client's way of getting one camera's frames.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::auth::hex;
use super::camera::{Camera, Scratch};
use super::packets::{INTERLEAVE_BYTES, PacketRun};
use super::rtp::{REPORT_BYTES, RtpTrack};
use super::server::UdpPair;
use super::wire::Wire;

const REPORT_EVERY: Duration = Duration::from_secs(5);
/// A session that is this far behind begins anew at a keyframe.
const MAX_BEHIND: Duration = Duration::from_secs(2);
/// How soon a session whose client does not take what was sent is looked at again.
const RETRY_AFTER: Duration = Duration::from_millis(5);

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
        let track = RtpTrack::random(channel);
        let sending = Sending { track, playing: false, next_frame: 0, next_report: Instant::now() };
        let id = hex(&host::random_bytes::<8>());
        Self { camera, id, wire, delivery, sending: Mutex::new(sending) }
    }

    fn sending(&self) -> std::sync::MutexGuard<'_, Sending> {
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
            sending.next_frame = self.camera.keyframe_from(self.camera.frames_by(now) + 1);
            sending.next_report = now;
        }
        let timestamp = sending.track.timestamp(self.camera.ticks(sending.next_frame));
        let due = begins.then(|| self.camera.due(sending.next_frame));
        (sending.track.next_sequence, timestamp, due)
    }

    /// Sends the frame that is due, and before it a report if one is; when the next one is due.
    pub(super) fn step(
        &self,
        now: Instant,
        udp: &UdpPair,
        scratch: &mut Scratch,
    ) -> io::Result<Instant> {
        let (camera, sending) = (&*self.camera, &mut *self.sending());
        let counter = sending.next_frame;
        let behind = now.saturating_duration_since(camera.due(counter));
        if camera.stalled.load(Relaxed) || behind > MAX_BEHIND {
            sending.next_frame = camera.keyframe_from(camera.frames_by(now) + 1);
            if behind > MAX_BEHIND {
                let late = sending.next_frame.saturating_sub(counter);
                camera.counters.late_frames.fetch_add(late, Relaxed);
            }
            return Ok(camera.due(sending.next_frame));
        }
        if !self.wire.flush()? {
            return Ok(now + RETRY_AFTER);
        }
        sending.next_frame += 1;
        self.send_frame(sending, counter, now, udp, scratch)?;
        Ok(camera.due(sending.next_frame))
    }

    fn send_frame(
        &self,
        sending: &mut Sending,
        counter: u64,
        now: Instant,
        udp: &UdpPair,
        scratch: &mut Scratch,
    ) -> io::Result<()> {
        let camera = &*self.camera;
        let timestamp = sending.track.timestamp(camera.ticks(counter));
        let report = (now >= sending.next_report).then(|| {
            sending.next_report = now + REPORT_EVERY;
            let wall_us = camera.timeline.wall_us(camera.due(counter));
            sending.track.sender_report(wall_us, timestamp)
        });
        let clip = camera.clip();
        camera.render_own(&clip, counter, scratch);
        let mut packets = clip.packets.lock().unwrap_or_else(PoisonError::into_inner);
        let frame = &mut packets[clip.place(counter)];
        for run in [&mut frame.lead, &mut scratch.own, &mut frame.picture] {
            sending.track.number(run, timestamp);
        }
        let runs = [&frame.lead, &scratch.own, &frame.picture];
        if camera.to_drop.load(Relaxed) == 0 {
            return self.deliver(report.as_ref(), &runs, udp);
        }
        scratch.all.clear();
        runs.iter().flat_map(|run| run.packets()).for_each(|p| scratch.all.push_whole(p));
        camera.lose_packets(&mut scratch.all);
        self.deliver(report.as_ref(), &[&scratch.all], udp)
    }

    fn deliver(
        &self,
        report: Option<&[u8; REPORT_BYTES]>,
        runs: &[&PacketRun],
        udp: &UdpPair,
    ) -> io::Result<()> {
        match self.delivery {
            Delivery::Interleaved { .. } => {
                let mut parts = [IoSlice::new(&[]); 4];
                let all = report.map(|report| &report[..]).into_iter();
                let all = all.chain(runs.iter().map(|run| &run.bytes[..]));
                let all = all.filter(|bytes| !bytes.is_empty());
                let count =
                    parts.iter_mut().zip(all).map(|(part, b)| *part = IoSlice::new(b)).count();
                self.wire.send(&parts[..count])?;
            }
            Delivery::Datagrams { rtp, rtcp } => {
                if let Some(report) = report {
                    udp.send(&udp.rtcp, &report[INTERLEAVE_BYTES..], rtcp);
                }
                for packet in runs.iter().flat_map(|run| run.packets()) {
                    udp.send(&udp.rtp, &packet[INTERLEAVE_BYTES..], rtp);
                }
            }
        }
        let counters = &self.camera.counters;
        let total = |of: fn(&PacketRun) -> usize| runs.iter().map(|run| of(run) as u64).sum();
        counters.frames.fetch_add(1, Relaxed);
        counters.packets.fetch_add(total(|run| run.ends.len()), Relaxed);
        counters.bytes.fetch_add(total(|run| run.bytes.len()), Relaxed);
        Ok(())
    }
}
