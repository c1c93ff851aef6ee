//! A session: one client's way of getting one camera's frames.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use super::camera::{Camera, Scratch};
use super::digest::hex;
use super::rtp::{INTERLEAVE_BYTES, RtpTrack};
use super::server::UdpPair;

const REPORT_EVERY: Duration = Duration::from_secs(5);
/// A session that is this far behind begins anew at a keyframe.
const MAX_BEHIND: Duration = Duration::from_secs(2);

/// Where packets go.
#[derive(Debug, Clone, Copy)]
pub(super) enum Delivery {
    /// Over the RTSP connection, on this channel and the next.
    Interleaved { channel: u8 },
    /// As datagrams to these addresses.
    Datagrams { rtp: SocketAddr, rtcp: SocketAddr },
}

/// What `SETUP` made.
pub(super) struct Session {
    pub(super) camera: Arc<Camera>,
    pub(super) id: String,
    delivery: Delivery,
    track: RtpTrack,
    scratch: Scratch,
    playing: Option<Playing>,
}

struct Playing {
    camera: Arc<Camera>,
    next_frame: u64,
    wake: Pin<Box<Sleep>>,
    next_report: Instant,
}

impl Drop for Playing {
    fn drop(&mut self) {
        self.camera.counters.sessions.fetch_sub(1, Relaxed);
    }
}

impl Session {
    pub(super) fn new(camera: Arc<Camera>, delivery: Delivery) -> Self {
        let channel = match delivery {
            Delivery::Interleaved { channel } => channel,
            Delivery::Datagrams { .. } => 0,
        };
        Self {
            camera,
            id: hex(&host::random_bytes::<8>()),
            delivery,
            track: RtpTrack::random(channel),
            scratch: Scratch::default(),
            playing: None,
        }
    }

    pub(super) fn ssrc(&self) -> u32 {
        self.track.ssrc
    }

    /// Begins at the next keyframe; gives the sequence number and RTP time of its first packet.
    pub(super) fn play(&mut self) -> (u16, u32) {
        let now = Instant::now();
        let next_frame = self.camera.keyframe_from(self.camera.frames_by(now) + 1);
        if self.playing.is_none() {
            self.camera.counters.sessions.fetch_add(1, Relaxed);
            self.playing = Some(Playing {
                camera: self.camera.clone(),
                next_frame,
                wake: Box::pin(tokio::time::sleep_until(self.camera.due(next_frame))),
                next_report: now,
            });
        }
        (self.track.next_sequence, self.track.timestamp(self.camera.ticks(next_frame)))
    }

    /// Waits until the next frame is due; for ever if the session does not play.
    pub(super) async fn frame_due(&mut self) {
        match &mut self.playing {
            Some(playing) => playing.wake.as_mut().await,
            None => std::future::pending().await,
        }
    }

    /// Sends the frame that is due, and before it a report if one is.
    pub(super) async fn send_frame(
        &mut self,
        stream: &mut TcpStream,
        udp: &UdpPair,
    ) -> std::io::Result<()> {
        let Some(playing) = &mut self.playing else { return Ok(()) };
        let (camera, now) = (&*self.camera, Instant::now());
        let counter = playing.next_frame;
        let behind = now.saturating_duration_since(camera.due(counter));
        let stalled = camera.stalled.load(Relaxed);
        if stalled || behind > MAX_BEHIND {
            playing.next_frame = camera.keyframe_from(camera.frames_by(now) + 1);
            if !stalled {
                let late = playing.next_frame.saturating_sub(counter);
                camera.counters.late_frames.fetch_add(late, Relaxed);
            }
        } else {
            playing.next_frame += 1;
        }
        playing.wake.as_mut().reset(camera.due(playing.next_frame));
        if stalled || behind > MAX_BEHIND {
            return Ok(());
        }
        let report = (now >= playing.next_report).then(|| {
            playing.next_report = now + REPORT_EVERY;
            let timestamp = self.track.timestamp(camera.ticks(counter));
            self.track.sender_report(camera.timeline.wall_us(camera.due(counter)), timestamp)
        });
        camera.render(counter, &mut self.track, &mut self.scratch);
        camera.lose_packets(&mut self.scratch.out);
        self.deliver(report, stream, udp).await
    }

    async fn deliver(
        &mut self,
        report: Option<Vec<u8>>,
        stream: &mut TcpStream,
        udp: &UdpPair,
    ) -> std::io::Result<()> {
        let out = &self.scratch.out;
        match self.delivery {
            Delivery::Interleaved { .. } => {
                if let Some(report) = report {
                    stream.write_all(&report).await?;
                }
                stream.write_all(&out.bytes).await?;
            }
            Delivery::Datagrams { rtp, rtcp } => {
                if let Some(report) = report {
                    udp.rtcp.send_to(&report[INTERLEAVE_BYTES..], rtcp).await?;
                }
                for packet in out.packets() {
                    udp.rtp.send_to(&packet[INTERLEAVE_BYTES..], rtp).await?;
                }
            }
        }
        let counters = &self.camera.counters;
        counters.frames.fetch_add(1, Relaxed);
        counters.packets.fetch_add(out.ends.len() as u64, Relaxed);
        counters.bytes.fetch_add(out.bytes.len() as u64, Relaxed);
        Ok(())
    }
}
