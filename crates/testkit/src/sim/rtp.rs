//! RTP: packets made once per clip, and the few bytes of them that differ from session to session.
//!
//! Sources: RFC 3550 (RTP, sender reports), RFC 6184 (H.264), RFC 7798 (H.265), RFC 2326 10.12
//! (interleaving).

use crate::nal::Codec;

/// Ticks of the RTP clock in a second.
pub(crate) const CLOCK_HZ: u64 = 90_000;
/// The dynamic payload type of our one medium.
pub(crate) const PAYLOAD_TYPE: u8 = 96;
/// Bytes of a frame of interleaved data before its packet: `$`, channel, length.
pub(crate) const INTERLEAVE_BYTES: usize = 4;

const RTP_HEADER_BYTES: usize = 12;
/// Payload of a packet, so that with IP and UDP headers it fits an Ethernet frame.
const MAX_PAYLOAD_BYTES: usize = 1400;

/// Packets in a row, each with its interleaving header; sequence number, timestamp and SSRC are
/// zero until [`RtpTrack::append`] copies them.
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

    /// Takes `count` packets away, from the first; gives how many there were to take.
    pub(crate) fn drop_first(&mut self, count: usize) -> usize {
        let count = count.min(self.ends.len());
        let Some(cut) = count.checked_sub(1).map(|last| self.ends[last]) else { return 0 };
        self.bytes.drain(..cut);
        self.ends.drain(..count);
        self.ends.iter_mut().for_each(|end| *end -= cut);
        count
    }

    fn push(&mut self, payload: &[&[u8]]) {
        let length = RTP_HEADER_BYTES + payload.iter().map(|part| part.len()).sum::<usize>();
        let length = u16::try_from(length).expect("a packet is shorter than its limit");
        let [high, low] = length.to_be_bytes();
        self.bytes.extend([b'$', 0, high, low, 0x80, PAYLOAD_TYPE]);
        self.bytes.extend([0; RTP_HEADER_BYTES - 2]);
        payload.iter().for_each(|part| self.bytes.extend(*part));
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
    pub(crate) fn append(self, nals: &[impl AsRef<[u8]>], run: &mut PacketRun) {
        let mut rest = nals;
        while let Some(first) = rest.first() {
            let mut length = self.aggregate_header(first.as_ref()).len();
            let fits = |nal: &&[u8]| {
                length += 2 + nal.len();
                length <= MAX_PAYLOAD_BYTES
            };
            let together = rest.iter().map(AsRef::as_ref).take_while(fits).count();
            match together {
                0 | 1 => self.append_one(first.as_ref(), run),
                _ => self.append_together(&rest[..together], run),
            }
            rest = &rest[together.max(1)..];
        }
    }

    /// What stands before NAL units that share a packet: as an H.264 unit of type 24, or an H.265
    /// unit of type 48.
    fn aggregate_header(self, first: &[u8]) -> Vec<u8> {
        match self.0 {
            Codec::H264 => vec![(first[0] & 0xe0) | 24],
            Codec::H265 => vec![(first[0] & 0x81) | (48 << 1), first[1]],
        }
    }

    fn append_together(self, nals: &[impl AsRef<[u8]>], run: &mut PacketRun) {
        let mut payload = self.aggregate_header(nals[0].as_ref());
        if self.0 == Codec::H264 {
            // The importance of the whole is that of its most important part.
            let importance = nals.iter().map(|nal| nal.as_ref()[0] & 0x60).max().unwrap_or(0);
            payload[0] = importance | 24;
        }
        for nal in nals.iter().map(AsRef::as_ref) {
            let length = u16::try_from(nal.len()).expect("it fits a packet");
            payload.extend(length.to_be_bytes());
            payload.extend(nal);
        }
        run.push(&[&payload]);
    }

    fn append_one(self, nal: &[u8], run: &mut PacketRun) {
        if nal.len() <= MAX_PAYLOAD_BYTES {
            return run.push(&[nal]);
        }
        // A fragment names the kind of the whole in its last header byte, and itself (28 or 49) in
        // the place where the kind usually is.
        let (indicator, kind, body) = match self.0 {
            Codec::H264 => (vec![(nal[0] & 0xe0) | 28], nal[0] & 0x1f, &nal[1..]),
            Codec::H265 => {
                (vec![(nal[0] & 0x81) | (49 << 1), nal[1]], (nal[0] >> 1) & 0x3f, &nal[2..])
            }
        };
        let mut pieces = body.chunks(MAX_PAYLOAD_BYTES - 3).peekable();
        let mut edge = 0x80;
        while let Some(piece) = pieces.next() {
            if pieces.peek().is_none() {
                edge |= 0x40;
            }
            run.push(&[&indicator, &[edge | kind], piece]);
            edge = 0;
        }
    }
}

/// What one session's packets carry that no other's do.
#[derive(Debug)]
pub(crate) struct RtpTrack {
    pub(crate) channel: u8,
    pub(crate) ssrc: u32,
    pub(crate) next_sequence: u16,
    /// Timestamp of the camera's frame 0.
    pub(crate) timestamp_base: u32,
    packets_sent: u32,
    payload_bytes_sent: u32,
}

impl RtpTrack {
    /// A track whose numbers begin anywhere.
    pub(crate) fn random(channel: u8) -> Self {
        let number = |bytes: [u8; 4]| u32::from_be_bytes(bytes);
        Self {
            channel,
            ssrc: number(host::random_bytes()),
            next_sequence: u16::from_be_bytes(host::random_bytes()),
            timestamp_base: number(host::random_bytes()),
            packets_sent: 0,
            payload_bytes_sent: 0,
        }
    }

    /// RTP time of a moment `ticks` after the camera's frame 0.
    pub(crate) fn timestamp(&self, ticks: u64) -> u32 {
        // The RTP clock wraps: only its low 32 bits are sent.
        self.timestamp_base.wrapping_add((ticks & 0xffff_ffff) as u32)
    }

    /// Copies packets into `out` with this session's numbers.
    pub(crate) fn append(&mut self, run: &PacketRun, timestamp: u32, out: &mut PacketRun) {
        let base = out.bytes.len();
        out.bytes.extend_from_slice(&run.bytes);
        let mut from = base;
        for end in &run.ends {
            let header = &mut out.bytes[from..from + INTERLEAVE_BYTES + RTP_HEADER_BYTES];
            header[1] = self.channel;
            header[6..8].copy_from_slice(&self.next_sequence.to_be_bytes());
            header[8..12].copy_from_slice(&timestamp.to_be_bytes());
            header[12..16].copy_from_slice(&self.ssrc.to_be_bytes());
            self.next_sequence = self.next_sequence.wrapping_add(1);
            from = base + end;
            out.ends.push(from);
        }
        self.packets_sent = self.packets_sent.wrapping_add(run.ends.len() as u32);
        let payload = run.bytes.len() - run.ends.len() * (INTERLEAVE_BYTES + RTP_HEADER_BYTES);
        self.payload_bytes_sent = self.payload_bytes_sent.wrapping_add(payload as u32);
    }

    /// Marks the last packet of `out` as the last of its frame.
    pub(crate) fn mark_end(out: &mut PacketRun) {
        let before = out.ends.len().checked_sub(2).map_or(0, |index| out.ends[index]);
        if let Some(byte) = out.bytes.get_mut(before + INTERLEAVE_BYTES + 1) {
            *byte |= 0x80;
        }
    }

    /// A sender report with the canonical name, interleaving header included.
    pub(crate) fn sender_report(&self, wall_us: i64, timestamp: u32) -> Vec<u8> {
        /// Seconds from 1900, where NTP begins, to 1970.
        const NTP_OFFSET_S: u64 = 2_208_988_800;
        let wall_us = u64::try_from(wall_us).unwrap_or(0);
        let seconds = (wall_us / 1_000_000 + NTP_OFFSET_S) & 0xffff_ffff;
        let fraction = ((wall_us % 1_000_000) << 32) / 1_000_000;
        let mut report = vec![b'$', self.channel + 1, 0, 28 + 16, 0x80, 200, 0, 6];
        report.extend(self.ssrc.to_be_bytes());
        report.extend(((seconds << 32) | fraction).to_be_bytes());
        report.extend(timestamp.to_be_bytes());
        report.extend(self.packets_sent.to_be_bytes());
        report.extend(self.payload_bytes_sent.to_be_bytes());
        report.extend([0x81, 202, 0, 3]);
        report.extend(self.ssrc.to_be_bytes());
        report.extend(*b"\x01\x03sim\0\0\0");
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_unit_is_cut_and_can_be_put_together() {
        for (codec, header) in [(Codec::H264, vec![0x65]), (Codec::H265, vec![0x26, 1])] {
            let body: Vec<u8> = (0..5000_u32).map(|byte| (byte % 251) as u8).collect();
            let mut run = PacketRun::default();
            Packetiser::new(codec).append(&[[&header[..], &body].concat()], &mut run);
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
        let nals = [vec![0x06; 700], vec![0x65; 691], vec![0x41; 3], vec![0x41; 1500]];
        let mut run = PacketRun::default();
        Packetiser::new(Codec::H264).append(&nals, &mut run);
        let kinds: Vec<_> = run.packets().map(|packet| packet[16]).collect();
        assert_eq!(kinds, [0x60 | 24, 0x41, 0x40 | 28, 0x40 | 28]);
        let first = run.packets().next().unwrap();
        assert_eq!(first[17..19], 700_u16.to_be_bytes());
        assert_eq!(first[19 + 700..21 + 700], 691_u16.to_be_bytes());
        assert_eq!(first.len(), 17 + 2 + 700 + 2 + 691);
    }

    #[test]
    fn numbers_follow_one_another_over_the_wrap() {
        let mut run = PacketRun::default();
        for nal in [[0x67, 1], [0x68, 2], [0x65, 3]] {
            Packetiser::new(Codec::H264).append(&[nal], &mut run);
        }
        let mut track = RtpTrack { next_sequence: 0xffff, ..RtpTrack::random(2) };
        let mut out = PacketRun::default();
        track.append(&run, 77, &mut out);
        RtpTrack::mark_end(&mut out);
        let seen: Vec<_> = out.packets().map(|p| (p[1], p[5] & 0x80, p[6], p[7], p[11])).collect();
        assert_eq!(seen, [(2, 0, 255, 255, 77), (2, 0, 0, 0, 77), (2, 128, 0, 1, 77)]);
        assert_eq!(out.drop_first(2), 2);
        assert_eq!(out.packets().map(|p| p[17]).collect::<Vec<_>>(), [3]);
        assert_eq!(out.drop_first(2), 1);
        assert_eq!(out.bytes.len(), 0);
    }
}
