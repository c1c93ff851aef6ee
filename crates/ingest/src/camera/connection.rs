//! A camera that is sending.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::time::Duration;

use tokio::time::Instant;

use bytes::Bytes;

use super::assemble::SpareMemory;
use super::line::Line;
use super::receiver::{Receiver, TooManyBad};
use super::sdp::Track;
use super::talk::{Agreed, Voice};
use super::udp::Datagrams;
use super::wire::{self, MAX_PIECE_BYTES, Piece};
use super::{
    CameraEvent, CameraFrame, CameraReport, CameraSink, Fault, Fingerprint, Picture, ReceiveError,
    SourceConfig, VideoConfig,
};

/// What a camera may send in a second: eight times the largest that cameras are set to. More is left
/// in the kernel, which then lets the camera wait.
const BYTES_PER_SECOND: u64 = 16 << 20;
/// What may come at once: the largest picture.
const BURST_BYTES: u64 = 16 << 20;
/// How often the line and the reports are read of a camera whose pictures come in datagrams.
const SIDE_LOOK: Duration = Duration::from_millis(200);
/// Read at once.
const READ_BYTES: usize = 256 << 10;

/// Memory that a thread's connections share while they are read, one after the other.
pub struct Scratch {
    bytes: Vec<u8>,
    spare: SpareMemory,
}

impl Default for Scratch {
    fn default() -> Self {
        Self { bytes: vec![0; MAX_PIECE_BYTES + READ_BYTES], spare: SpareMemory::default() }
    }
}

/// How a connection stands after it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Polled {
    /// It goes on.
    Open,
    /// The camera hung up.
    HungUp,
}

/// A camera that is sending. Dropping it hangs up and tells the camera so.
pub struct CameraConnection {
    source: SourceConfig,
    line: Line,
    datagrams: Option<Datagrams>,
    voice: Voice,
    agreed: Agreed,
    control: String,
    certificate: Option<Fingerprint>,
    offers_sound: bool,
    receiver: Receiver,
    /// What was read and is not whole yet.
    carry: Vec<u8>,
    allowance: Allowance,
    last_picture: Instant,
    alive_at: Instant,
    side_at: Instant,
    knows_get_parameter: bool,
    /// For [`next`](Self::next) alone.
    ready: VecDeque<CameraEvent>,
    scratch: Option<Box<Scratch>>,
}

impl fmt::Debug for CameraConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CameraConnection").field("source", &self.source).finish_non_exhaustive()
    }
}

/// What a connection is made of, once the camera plays.
pub(super) struct Parts {
    pub(super) source: SourceConfig,
    pub(super) line: Line,
    pub(super) datagrams: Option<Datagrams>,
    pub(super) voice: Voice,
    pub(super) agreed: Agreed,
    pub(super) control: String,
    pub(super) track: Track,
    /// What came behind the last answer.
    pub(super) unread: Vec<u8>,
    pub(super) certificate: Option<Fingerprint>,
    pub(super) offers_sound: bool,
}

impl CameraConnection {
    pub(super) fn new(parts: Parts) -> Self {
        let now = Instant::now();
        Self {
            receiver: Receiver::new(parts.track, parts.source.caps.access_unit_bytes),
            source: parts.source,
            line: parts.line,
            datagrams: parts.datagrams,
            voice: parts.voice,
            alive_at: now + parts.agreed.timeout / 3,
            agreed: parts.agreed,
            control: parts.control,
            certificate: parts.certificate,
            offers_sound: parts.offers_sound,
            carry: parts.unread,
            allowance: Allowance { bytes: BURST_BYTES, since: now },
            last_picture: now,
            side_at: now,
            knows_get_parameter: false,
            ready: VecDeque::new(),
            scratch: None,
        }
    }

    /// Reads what came since the last time, and no more than is due to a camera; `sink` gets it.
    ///
    /// Never waits. Damaged and lost packets are no errors; after an error, hang up and connect anew.
    ///
    /// # Errors
    /// If the camera is silent, the line breaks, or nothing that comes can be understood.
    pub fn poll(
        &mut self,
        scratch: &mut Scratch,
        now: Instant,
        sink: &mut dyn CameraSink,
    ) -> Result<Polled, ReceiveError> {
        self.allowance.grow(now);
        self.keep_alive(now)?;
        let before = self.receiver.pictures();
        self.read_datagrams(scratch, now, sink)?;
        let mut polled = Polled::Open;
        if self.datagrams.is_none() || now >= self.side_at {
            self.side_at = now + SIDE_LOOK;
            polled = self.read_line(scratch, now, sink)?;
            self.read_report(scratch, sink)?;
        }
        if self.receiver.pictures() > before {
            self.last_picture = now;
        } else if polled == Polled::Open
            && now.duration_since(self.last_picture) >= self.source.caps.silence
        {
            return Err(self.silent());
        }
        Ok(polled)
    }

    /// Whether the camera offers sound, which is never asked for.
    #[must_use]
    pub const fn offers_sound(&self) -> bool {
        self.offers_sound
    }

    /// The certificate that the camera showed, if it speaks TLS.
    #[must_use]
    pub const fn certificate(&self) -> Option<Fingerprint> {
        self.certificate
    }

    /// How often it should be read: datagrams wait in little room.
    #[must_use]
    pub const fn is_urgent(&self) -> bool {
        self.datagrams.is_some()
    }

    /// The next event; `None` once the camera hung up. For those who watch one camera: a recorder
    /// [`poll`](Self::poll)s many.
    ///
    /// May be dropped while waiting: nothing is lost.
    ///
    /// # Errors
    /// As of [`poll`](Self::poll).
    pub async fn next(&mut self) -> Result<Option<CameraEvent>, ReceiveError> {
        const LOOK: Duration = Duration::from_millis(5);
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Ok(Some(event));
            }
            let mut scratch = self.scratch.take().unwrap_or_default();
            let mut queue = Queue(std::mem::take(&mut self.ready));
            let polled = self.poll(&mut scratch, Instant::now(), &mut queue);
            (self.ready, self.scratch) = (queue.0, Some(scratch));
            match polled {
                Err(error) if self.ready.is_empty() => return Err(error),
                Ok(Polled::HungUp) if self.ready.is_empty() => return Ok(None),
                _ if self.ready.is_empty() => tokio::time::sleep(LOOK).await,
                _ => {}
            }
        }
    }

    /// Hangs up and tells the camera so: one that is not told keeps sending for a minute, and often
    /// lets only a few watch at once.
    pub async fn close(self) {
        const FAREWELL: Duration = Duration::from_millis(20);
        let stream = self.line.socket().and_then(|stream| stream.try_clone().ok());
        drop(self);
        // The farewell leaves before the line is cut; whether it was heard changes nothing for us.
        if let Some(stream) = stream {
            tokio::time::sleep(FAREWELL).await;
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
    }

    fn read_line(
        &mut self,
        scratch: &mut Scratch,
        now: Instant,
        sink: &mut dyn CameraSink,
    ) -> Result<Polled, ReceiveError> {
        let mut polled = Polled::Open;
        let mut carried = self.carry.len();
        scratch.bytes[..carried].copy_from_slice(&self.carry);
        loop {
            let allowed = usize::try_from(self.allowance.bytes).unwrap_or(usize::MAX);
            // Most of a piece may be carried, and what overtook the last answer.
            let most = READ_BYTES.min(allowed).min(scratch.bytes.len() - carried);
            if most == 0 {
                break;
            }
            let count = match self.line.read(&mut scratch.bytes[carried..carried + most]) {
                Ok(0) => {
                    polled = Polled::HungUp;
                    0
                }
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.broken(&error)),
            };
            self.allowance.bytes -= count as u64;
            let filled = carried + count;
            let Scratch { bytes, spare } = scratch;
            let used = self.take_pieces(&bytes[..filled], now, spare, sink)?;
            scratch.bytes.copy_within(used..filled, 0);
            carried = filled - used;
            if count < most {
                break;
            }
        }
        self.carry.clear();
        self.carry.extend_from_slice(&scratch.bytes[..carried]);
        // A long message is rare; what it took is not kept for ever.
        self.carry.shrink_to(carried.max(4 << 10));
        Ok(polled)
    }

    /// Takes every whole piece; how many bytes they were.
    fn take_pieces(
        &mut self,
        bytes: &[u8],
        now: Instant,
        spare: &mut SpareMemory,
        sink: &mut dyn CameraSink,
    ) -> Result<usize, ReceiveError> {
        let mut used = 0;
        loop {
            let (piece, length) = match wire::split(&bytes[used..]) {
                Ok(Some(whole)) => whole,
                Ok(None) => return Ok(used),
                Err(bad) => return Err(self.garbage(&bad.to_string())),
            };
            used += length;
            match piece {
                Piece::Packet { channel, packet } if channel == self.agreed.channel => {
                    let taken = self.receiver.take(packet, now, spare, sink);
                    taken.map_err(|TooManyBad(told)| self.garbage(&told))?;
                }
                Piece::Packet { channel, packet }
                    if Some(channel) == self.agreed.channel.checked_add(1) =>
                {
                    self.receiver.take_report(packet, sink);
                }
                // No other track is set up; what a camera sends unasked, sound above all, stays unread.
                Piece::Packet { channel, .. } => sink.unasked(channel),
                Piece::Message { header, .. } => self.hear(header),
                Piece::Blank => {}
            }
        }
    }

    fn read_datagrams(
        &mut self,
        scratch: &mut Scratch,
        now: Instant,
        sink: &mut dyn CameraSink,
    ) -> Result<(), ReceiveError> {
        let Some(datagrams) = self.datagrams.take() else { return Ok(()) };
        let result = self.read_from(&datagrams, scratch, now, sink);
        self.datagrams = Some(datagrams);
        result
    }

    fn read_from(
        &mut self,
        datagrams: &Datagrams,
        scratch: &mut Scratch,
        now: Instant,
        sink: &mut dyn CameraSink,
    ) -> Result<(), ReceiveError> {
        let Scratch { bytes, spare } = scratch;
        while self.allowance.bytes > 0 {
            let read = datagrams.read_packet(bytes).map_err(|error| self.broken(&error))?;
            let Some(count) = read else { break };
            self.allowance.bytes = self.allowance.bytes.saturating_sub(count as u64);
            let taken = self.receiver.take(&bytes[..count], now, spare, sink);
            taken.map_err(|TooManyBad(told)| self.garbage(&told))?;
        }
        Ok(())
    }

    fn read_report(
        &self,
        scratch: &mut Scratch,
        sink: &mut dyn CameraSink,
    ) -> Result<(), ReceiveError> {
        let Some(datagrams) = &self.datagrams else { return Ok(()) };
        let read = datagrams.read_report(&mut scratch.bytes);
        if let Some(count) = read.map_err(|error| self.broken(&error))? {
            self.receiver.take_report(&scratch.bytes[..count], sink);
        }
        Ok(())
    }

    /// An answer to a keep-alive, or a request of the camera's own, which is not answered.
    fn hear(&mut self, header: &[u8]) {
        let public = wire::header_value(header, "public").unwrap_or_default();
        self.knows_get_parameter |= public.split(',').any(|name| name.trim() == "GET_PARAMETER");
    }

    /// Cameras stop when they hear nothing. `GET_PARAMETER` is what most expect, but some hang up
    /// on what they do not know: so `OPTIONS` comes first, which says what they know.
    fn keep_alive(&mut self, now: Instant) -> Result<(), ReceiveError> {
        if now < self.alive_at {
            return Ok(());
        }
        self.alive_at = now + self.agreed.timeout / 3;
        let method = if self.knows_get_parameter { "GET_PARAMETER" } else { "OPTIONS" };
        let asked = self.voice.request(&self.source, method, &self.control, "");
        let (request, _) = asked.map_err(|told| self.garbage(&told))?;
        self.line.send(&request).map_err(|error| self.broken(&error))
    }

    fn silent(&self) -> ReceiveError {
        if self.receiver.heard() {
            return self.garbage("packets come, but no picture can be made of them");
        }
        ReceiveError::Silent { place: self.source.place(), limit: self.source.caps.silence }
    }

    fn broken(&self, error: &io::Error) -> ReceiveError {
        let source = Fault::new(&error.to_string(), &self.source);
        ReceiveError::Broken { place: self.source.place(), source }
    }

    fn garbage(&self, told: &str) -> ReceiveError {
        ReceiveError::Garbage { place: self.source.place(), source: Fault::new(told, &self.source) }
    }
}

impl Drop for CameraConnection {
    fn drop(&mut self) {
        if let Ok((request, _)) = self.voice.request(&self.source, "TEARDOWN", &self.control, "") {
            let _ = self.line.send(&request);
        }
    }
}

/// What a camera may still send.
#[derive(Debug)]
struct Allowance {
    bytes: u64,
    since: Instant,
}

impl Allowance {
    fn grow(&mut self, now: Instant) {
        let passed = u64::try_from(now.duration_since(self.since).as_micros()).unwrap_or(u64::MAX);
        let more = passed.saturating_mul(BYTES_PER_SECOND) / 1_000_000;
        self.bytes = self.bytes.saturating_add(more).min(BURST_BYTES);
        self.since = now;
    }
}

/// Events in their order.
struct Queue(VecDeque<CameraEvent>);

impl CameraSink for Queue {
    fn config(&mut self, config: &VideoConfig) {
        self.0.push_back(CameraEvent::Config(config.clone()));
    }

    fn picture(&mut self, bytes: &[u8], picture: Picture) {
        let frame = CameraFrame { bytes: Bytes::copy_from_slice(bytes), picture };
        self.0.push_back(CameraEvent::Frame(frame));
    }

    fn report(&mut self, _: CameraReport) {}

    fn unasked(&mut self, _: u8) {}
}
