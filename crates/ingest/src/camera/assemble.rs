//! RTP payloads to access units (coded pictures): RFC 6184 for H.264, RFC 7798 for H.265.
//!
//! Invariant: an access unit comes out only if every packet of it that we know of was there and
//! well formed. A lost or damaged packet costs its access unit; whatever is wrong, the next access
//! unit starts clean. Memory is bounded by the limit given, whatever arrives.

use bytes::Bytes;

use super::Codec;

/// One RTP packet's payload and what matters of its header.
#[derive(Debug, Clone, Copy)]
pub(super) struct Packet<'a> {
    pub(super) payload: &'a [u8],
    /// The timestamp, unwrapped: equal for all packets of an access unit.
    pub(super) ticks: i64,
    /// The marker bit: the last packet of an access unit.
    pub(super) last: bool,
    /// How many packets before this one are missing.
    pub(super) lost: u16,
}

/// One coded picture with the parameter sets that came in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct AccessUnit {
    pub(super) ticks: i64,
    /// NAL units, each behind four bytes of length; without parameter sets.
    pub(super) bytes: Vec<u8>,
    pub(super) keyframe: bool,
    pub(super) parameter_sets: Vec<Bytes>,
    /// Packets lost or damaged since the access unit before.
    pub(super) lost: u32,
}

/// Memory for access units, shared by the cameras of a thread: each has one only while a picture of
/// it is half there, which is seldom.
#[derive(Debug, Default)]
pub(super) struct SpareMemory(Vec<Vec<u8>>);

impl SpareMemory {
    /// What is kept for the next.
    const MAX_KEPT: usize = 16;
    const MAX_KEPT_BYTES: usize = 2 << 20;

    fn take(&mut self) -> Vec<u8> {
        self.0.pop().unwrap_or_default()
    }

    /// Takes memory back that is not needed any more.
    pub(super) fn give(&mut self, mut bytes: Vec<u8>) {
        bytes.clear();
        if self.0.len() < Self::MAX_KEPT && bytes.capacity() <= Self::MAX_KEPT_BYTES {
            self.0.push(bytes);
        }
    }
}

/// A packet that cannot be understood; its access unit is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadPacket {
    #[error("a packet ends within a NAL unit's header")]
    Truncated,
    #[error("a packet is of a kind that was not agreed on")]
    UnknownKind,
    #[error("the fragments of a NAL unit do not fit together")]
    Fragments,
    #[error("a picture is larger than allowed")]
    TooLarge,
    #[error("a picture comes with more parameter sets than any camera needs")]
    TooManySets,
}

/// What a NAL unit is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NalKind {
    KeySlice,
    Slice,
    ParameterSet,
    Other,
}

pub(super) struct Assembler {
    codec: Codec,
    limit_bytes: usize,
    unit: Option<Unit>,
    /// The access unit that was given up, whose other packets mean nothing.
    given_up_ticks: Option<i64>,
    lost: u32,
}

/// An access unit being put together.
struct Unit {
    ticks: i64,
    bytes: Vec<u8>,
    parameter_sets: Vec<Bytes>,
    /// Where in `bytes` the NAL unit begins whose fragments are coming in: its length, yet unknown.
    fragment: Option<usize>,
    held_bytes: usize,
    slices: u32,
    key_slices: u32,
}

impl Assembler {
    pub(super) const fn new(codec: Codec, limit_bytes: usize) -> Self {
        Self { codec, limit_bytes, unit: None, given_up_ticks: None, lost: 0 }
    }

    /// A packet that could not even be read: it counts as lost.
    pub(super) fn miss(&mut self) {
        self.lost = self.lost.saturating_add(1);
        self.given_up_ticks = self.unit.take().map(|unit| unit.ticks);
    }

    /// Takes the next packet in the order of sequence numbers; `done` gets each access unit that is
    /// whole with it.
    pub(super) fn push(
        &mut self,
        packet: Packet<'_>,
        spare: &mut SpareMemory,
        done: &mut Vec<AccessUnit>,
    ) -> Result<(), BadPacket> {
        self.note_loss(packet);
        if self.given_up_ticks == Some(packet.ticks) {
            if packet.last {
                self.given_up_ticks = None;
            }
            return Ok(());
        }
        self.given_up_ticks = None;
        let turned = self.turn_to(packet.ticks, done);
        if let Err(bad) = turned.and_then(|()| self.take(packet, spare, done)) {
            self.unit.take().into_iter().for_each(|unit| spare.give(unit.bytes));
            self.given_up_ticks = Some(packet.ticks).filter(|_| !packet.last);
            // With a loss just before, a packet that makes no sense is its consequence.
            if packet.lost == 0 {
                self.lost = self.lost.saturating_add(1);
                return Err(bad);
            }
        }
        Ok(())
    }

    fn note_loss(&mut self, packet: Packet<'_>) {
        if packet.lost > 0 {
            self.lost = self.lost.saturating_add(u32::from(packet.lost));
            if let Some(unit) = self.unit.take() {
                self.given_up_ticks = Some(unit.ticks);
            }
        }
    }

    /// Ends the access unit in hand if this time is another's.
    fn turn_to(&mut self, ticks: i64, done: &mut Vec<AccessUnit>) -> Result<(), BadPacket> {
        match &mut self.unit {
            Some(unit) if unit.ticks != ticks => {
                if unit.fragment.is_some() {
                    return Err(BadPacket::Fragments);
                }
                if unit.slices == 0 {
                    // Some cameras give parameter sets another time than their picture.
                    unit.ticks = ticks;
                } else {
                    self.finish(done);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn take(
        &mut self,
        packet: Packet<'_>,
        spare: &mut SpareMemory,
        done: &mut Vec<AccessUnit>,
    ) -> Result<(), BadPacket> {
        let codec = self.codec;
        let unit = self.unit.get_or_insert_with(|| Unit::new(packet.ticks, spare.take()));
        unit.held_bytes = unit.held_bytes.saturating_add(packet.payload.len());
        if unit.held_bytes > self.limit_bytes {
            return Err(BadPacket::TooLarge);
        }
        match codec {
            Codec::H264 => unit.take_h264(packet.payload)?,
            Codec::H265 => unit.take_h265(packet.payload)?,
        }
        if packet.last {
            if unit.fragment.is_some() {
                return Err(BadPacket::Fragments);
            }
            // Some cameras mark parameter sets as if they were a picture: it is still to come.
            if unit.slices > 0 {
                self.finish(done);
            }
        }
        Ok(())
    }

    fn finish(&mut self, done: &mut Vec<AccessUnit>) {
        if let Some(unit) = self.unit.take() {
            done.push(AccessUnit {
                ticks: unit.ticks,
                keyframe: unit.key_slices > 0 && unit.key_slices == unit.slices,
                bytes: unit.bytes,
                parameter_sets: unit.parameter_sets,
                lost: std::mem::take(&mut self.lost),
            });
        }
    }
}

impl Unit {
    const fn new(ticks: i64, bytes: Vec<u8>) -> Self {
        Self {
            ticks,
            bytes,
            parameter_sets: Vec::new(),
            fragment: None,
            held_bytes: 0,
            slices: 0,
            key_slices: 0,
        }
    }

    fn take_h264(&mut self, payload: &[u8]) -> Result<(), BadPacket> {
        let [header, rest @ ..] = payload else { return Err(BadPacket::Truncated) };
        match header & 0b1_1111 {
            1..=23 => self.take_nal(Codec::H264, payload),
            24 => self.take_aggregate(Codec::H264, rest),
            28 => {
                let [fragment, data @ ..] = rest else { return Err(BadPacket::Truncated) };
                let nal_header = [header & 0b1110_0000 | fragment & 0b1_1111];
                self.take_fragment(Codec::H264, &nal_header, *fragment, data)
            }
            _ => Err(BadPacket::UnknownKind),
        }
    }

    fn take_h265(&mut self, payload: &[u8]) -> Result<(), BadPacket> {
        let [first, second, rest @ ..] = payload else { return Err(BadPacket::Truncated) };
        match first >> 1 & 0b11_1111 {
            0..=47 => self.take_nal(Codec::H265, payload),
            48 => self.take_aggregate(Codec::H265, rest),
            49 => {
                let [fragment, data @ ..] = rest else { return Err(BadPacket::Truncated) };
                let nal_header = [first & 0b1000_0001 | (fragment & 0b11_1111) << 1, *second];
                self.take_fragment(Codec::H265, &nal_header, *fragment, data)
            }
            _ => Err(BadPacket::UnknownKind),
        }
    }

    /// Several NAL units in one packet, each behind two bytes of length.
    fn take_aggregate(&mut self, codec: Codec, mut rest: &[u8]) -> Result<(), BadPacket> {
        while !rest.is_empty() {
            let (length, behind) = rest.split_first_chunk::<2>().ok_or(BadPacket::Truncated)?;
            let length = usize::from(u16::from_be_bytes(*length));
            let (nal, behind) = behind.split_at_checked(length).ok_or(BadPacket::Truncated)?;
            self.take_nal(codec, nal)?;
            rest = behind;
        }
        Ok(())
    }

    /// A part of a NAL unit: `bits` says whether it is the first (0x80) or the last (0x40).
    fn take_fragment(
        &mut self,
        codec: Codec,
        nal_header: &[u8],
        bits: u8,
        data: &[u8],
    ) -> Result<(), BadPacket> {
        let (first, last) = (bits & 0x80 != 0, bits & 0x40 != 0);
        if first == self.fragment.is_some() {
            return Err(BadPacket::Fragments);
        }
        if first {
            self.fragment = Some(self.bytes.len());
            self.bytes.extend_from_slice(&[0; LENGTH_BYTES]);
            self.bytes.extend_from_slice(nal_header);
        }
        self.bytes.extend_from_slice(data);
        match self.fragment {
            Some(start) if last => self.end_fragment(codec, start),
            _ => Ok(()),
        }
    }

    fn end_fragment(&mut self, codec: Codec, start: usize) -> Result<(), BadPacket> {
        self.fragment = None;
        let nal = &self.bytes[start + LENGTH_BYTES..];
        let kind = nal_kind(codec, nal)?;
        if matches!(kind, NalKind::KeySlice | NalKind::Slice) {
            // It stays where it is; only its length was still missing.
            let length = length_of(nal);
            self.bytes[start..start + LENGTH_BYTES].copy_from_slice(&length);
            self.count(kind);
            return Ok(());
        }
        let nal = self.bytes.split_off(start);
        self.take_nal(codec, &nal[LENGTH_BYTES..])
    }

    /// A NAL unit; or several in an Annex B byte stream, which some cameras put in one's place.
    fn take_nal(&mut self, codec: Codec, nal: &[u8]) -> Result<(), BadPacket> {
        if self.fragment.is_some() {
            return Err(BadPacket::Fragments);
        }
        let mut rest = nal;
        loop {
            let kind = nal_kind(codec, rest)?;
            // No start code can be within a NAL unit. Slices are not searched: a byte stream in a
            // packet begins with parameter sets or a delimiter, which are short.
            let start_code = match kind {
                NalKind::KeySlice | NalKind::Slice => None,
                NalKind::ParameterSet | NalKind::Other => {
                    rest.windows(3).position(|window| window == [0, 0, 1])
                }
            };
            let Some(start_code) = start_code else {
                return self.keep(kind, rest);
            };
            if let Some(end) = rest[..start_code].iter().rposition(|byte| *byte != 0) {
                self.keep(kind, &rest[..=end])?;
            }
            rest = &rest[start_code + 3..];
        }
    }

    fn keep(&mut self, kind: NalKind, nal: &[u8]) -> Result<(), BadPacket> {
        if kind == NalKind::ParameterSet {
            if self.parameter_sets.len() == MAX_PARAMETER_SETS {
                return Err(BadPacket::TooManySets);
            }
            self.parameter_sets.push(Bytes::copy_from_slice(nal));
            return Ok(());
        }
        self.count(kind);
        self.bytes.extend_from_slice(&length_of(nal));
        self.bytes.extend_from_slice(nal);
        Ok(())
    }

    const fn count(&mut self, kind: NalKind) {
        match kind {
            NalKind::KeySlice => {
                self.slices += 1;
                self.key_slices += 1;
            }
            NalKind::Slice => self.slices += 1,
            NalKind::ParameterSet | NalKind::Other => {}
        }
    }
}

/// Each is kept apart: of one byte each, as many as fit into a picture would take twenty times its
/// limit.
const MAX_PARAMETER_SETS: usize = 64;

/// Bytes of the length before each NAL unit.
const LENGTH_BYTES: usize = 4;

fn length_of(nal: &[u8]) -> [u8; LENGTH_BYTES] {
    u32::try_from(nal.len()).expect("an access unit is limited").to_be_bytes()
}

/// What of the other codec comes under a wrong name must not pass for pictures: kinds that no camera
/// sends are refused, though the standards know them (H.264: slices in partitions, 2 to 4; H.265:
/// other layers than the first).
fn nal_kind(codec: Codec, nal: &[u8]) -> Result<NalKind, BadPacket> {
    Ok(match (codec, nal) {
        (Codec::H264, [header, ..]) => match header & 0b1_1111 {
            5 => NalKind::KeySlice,
            1 => NalKind::Slice,
            7 | 8 => NalKind::ParameterSet,
            6 | 9..=23 => NalKind::Other,
            _ => return Err(BadPacket::UnknownKind),
        },
        (Codec::H265, [header, layer, ..]) => match header >> 1 & 0b11_1111 {
            _ if header & 1 != 0 || !(1..=7).contains(layer) => return Err(BadPacket::UnknownKind),
            16..=21 => NalKind::KeySlice, // Every random access point: BLA, IDR, CRA.
            0..=31 => NalKind::Slice,
            32..=34 => NalKind::ParameterSet,
            35..=47 => NalKind::Other,
            _ => return Err(BadPacket::UnknownKind),
        },
        _ => return Err(BadPacket::Truncated),
    })
}

#[cfg(test)]
#[path = "assemble_tests.rs"]
mod tests;
