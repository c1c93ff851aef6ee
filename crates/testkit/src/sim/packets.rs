//! RTP packets made of NAL units: once per clip, and for each frame the few that are its own.
//!
//! Sources: RFC 3550 (RTP), RFC 6184 (H.264), RFC 7798 (H.265), RFC 2326 10.12 (interleaving).

use crate::nal::Codec;
use crate::nal_run::NalRun;

/// The dynamic payload type of our one medium.
pub(crate) const PAYLOAD_TYPE: u8 = 96;
/// Bytes of a frame of interleaved data before its packet: `$`, channel, length.
pub(crate) const INTERLEAVE_BYTES: usize = 4;

pub(crate) const RTP_HEADER_BYTES: usize = 12;
/// Payload of a packet, so that with IP and UDP headers it fits an Ethernet frame.
pub(crate) const MAX_PAYLOAD_BYTES: usize = 1400;

/// Packets in a row, each with its interleaving header. Channel, sequence number, timestamp and
/// SSRC are whatever they were last set to: [`super::rtp::RtpTrack::number`] sets them.
#[derive(Debug, Clone, Default)]
pub(crate) struct PacketRun {
    pub(crate) bytes: Vec<u8>,
    /// Where each packet ends.
    pub(crate) ends: Vec<usize>,
}

impl PacketRun {
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    /// Each packet with its interleaving header.
    pub(crate) fn packets(&self) -> impl Iterator<Item = &[u8]> {
        let mut from = 0;
        self.ends.iter().map(move |end| &self.bytes[std::mem::replace(&mut from, *end)..*end])
    }

    /// Marks the last packet as the last of its frame.
    pub(crate) fn mark_end(&mut self) {
        let before = self.ends.len().checked_sub(2).map_or(0, |index| self.ends[index]);
        if let Some(byte) = self.bytes.get_mut(before + INTERLEAVE_BYTES + 1) {
            *byte |= 0x80;
        }
    }

    /// Appends a packet as it is, interleaving header included.
    pub(crate) fn push_whole(&mut self, packet: &[u8]) {
        self.bytes.extend_from_slice(packet);
        self.ends.push(self.bytes.len());
    }

    /// Appends a packet with an empty header and this payload.
    pub(crate) fn push(&mut self, payload: &[&[u8]]) {
        self.open();
        payload.iter().for_each(|part| self.bytes.extend_from_slice(part));
        self.close();
    }

    fn open(&mut self) {
        let mut header = [0; INTERLEAVE_BYTES + RTP_HEADER_BYTES];
        (header[0], header[4], header[5]) = (b'$', 0x80, PAYLOAD_TYPE);
        self.bytes.extend_from_slice(&header);
    }

    fn close(&mut self) {
        let start = self.ends.last().copied().unwrap_or(0);
        let length = self.bytes.len() - start - INTERLEAVE_BYTES;
        let length = u16::try_from(length).expect("a packet is shorter than its limit");
        self.bytes[start + 2..start + 4].copy_from_slice(&length.to_be_bytes());
        self.ends.push(self.bytes.len());
    }
}

/// Puts NAL units into packets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Packetiser(Codec);

impl Packetiser {
    pub(crate) const fn new(codec: Codec) -> Self {
        Self(codec)
    }

    /// Appends NAL units of one frame: short ones together in a packet, long ones in fragments.
    pub(crate) fn append(self, nals: &NalRun, run: &mut PacketRun) {
        let mut at = 0;
        while let Some(first) = nals.get(at) {
            let mut length = self.header_bytes();
            let fits = |nal: &&[u8]| {
                length += 2 + nal.len();
                length <= MAX_PAYLOAD_BYTES
            };
            let together = (at..).map_while(|index| nals.get(index)).take_while(fits).count();
            match together {
                0 | 1 => self.append_one(first, run),
                _ => self.append_together(nals, at..at + together, run),
            }
            at += together.max(1);
        }
    }

    /// Bytes of the header of a NAL unit.
    const fn header_bytes(self) -> usize {
        match self.0 {
            Codec::H264 => 1,
            Codec::H265 => 2,
        }
    }

    /// Several units as one: H.264 unit of type 24, H.265 unit of type 48.
    fn append_together(self, nals: &NalRun, which: std::ops::Range<usize>, run: &mut PacketRun) {
        let units = || which.clone().map_while(|index| nals.get(index));
        let first = units().next().expect("there are several");
        run.open();
        match self.0 {
            Codec::H264 => {
                // The importance of the whole is that of its most important part.
                let importance = units().map(|nal| nal[0] & 0x60).max().unwrap_or(0);
                run.bytes.push(importance | 24);
            }
            Codec::H265 => run.bytes.extend([(first[0] & 0x81) | (48 << 1), first[1]]),
        }
        for nal in units() {
            let length = u16::try_from(nal.len()).expect("it fits a packet");
            run.bytes.extend(length.to_be_bytes());
            run.bytes.extend_from_slice(nal);
        }
        run.close();
    }

    fn append_one(self, nal: &[u8], run: &mut PacketRun) {
        if nal.len() <= MAX_PAYLOAD_BYTES {
            return run.push(&[nal]);
        }
        // A fragment names the kind of the whole in its last header byte, and itself (28 or 49) in
        // the place where the kind usually is.
        let (header, body) = nal.split_at(self.header_bytes());
        let (indicator, kind) = match self.0 {
            Codec::H264 => ([(header[0] & 0xe0) | 28, 0], header[0] & 0x1f),
            Codec::H265 => ([(header[0] & 0x81) | (49 << 1), header[1]], (header[0] >> 1) & 0x3f),
        };
        let mut pieces = body.chunks(MAX_PAYLOAD_BYTES - 3).peekable();
        let mut edge = 0x80;
        while let Some(piece) = pieces.next() {
            if pieces.peek().is_none() {
                edge |= 0x40;
            }
            run.push(&[&indicator[..header.len()], &[edge | kind], piece]);
            edge = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nals(units: &[Vec<u8>]) -> NalRun {
        units.iter().map(Vec::as_slice).collect()
    }

    #[test]
    fn a_long_unit_is_cut_and_can_be_put_together() {
        for (codec, header) in [(Codec::H264, vec![0x65]), (Codec::H265, vec![0x26, 1])] {
            let body: Vec<u8> = (0..5000_u32).map(|byte| (byte % 251) as u8).collect();
            let mut run = PacketRun::default();
            Packetiser::new(codec).append(&nals(&[[&header[..], &body].concat()]), &mut run);
            assert_eq!(run.ends.len(), 4);
            let mut joined: Vec<u8> = Vec::new();
            for (index, packet) in run.packets().enumerate() {
                assert!(packet.len() <= INTERLEAVE_BYTES + RTP_HEADER_BYTES + MAX_PAYLOAD_BYTES);
                let payload = &packet[INTERLEAVE_BYTES + RTP_HEADER_BYTES + header.len()..];
                assert_eq!(payload[0] & 0x80 != 0, index == 0);
                assert_eq!(payload[0] & 0x40 != 0, index == 3);
                joined.extend(&payload[1..]);
            }
            assert_eq!(joined, body);
        }
    }

    #[test]
    fn short_units_share_a_packet_and_keep_their_order() {
        let units = [vec![0x06; 700], vec![0x65; 691], vec![0x41; 3], vec![0x41; 1500]];
        let mut run = PacketRun::default();
        Packetiser::new(Codec::H264).append(&nals(&units), &mut run);
        let kinds: Vec<_> = run.packets().map(|packet| packet[16]).collect();
        assert_eq!(kinds, [0x60 | 24, 0x41, 0x40 | 28, 0x40 | 28]);
        let first = run.packets().next().unwrap();
        assert_eq!(first[17..19], 700_u16.to_be_bytes());
        assert_eq!(first[19 + 700..21 + 700], 691_u16.to_be_bytes());
        assert_eq!(first.len(), 17 + 2 + 700 + 2 + 691);
    }
}
