//! RTP as one session sends it: the few bytes of its packets that differ from session to session.
//!
//! Source: RFC 3550.

use super::packets::{INTERLEAVE_BYTES, PacketRun, RTP_HEADER_BYTES};

/// Ticks of the RTP clock in a second.
pub(crate) const CLOCK_HZ: u64 = 90_000;

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

    /// Lets the sequence number wrap after this many packets.
    pub(crate) fn wrap_sequence_after(&mut self, packets: u16) {
        self.next_sequence = 0_u16.wrapping_sub(packets);
    }

    /// Lets the timestamp wrap this many ticks after the camera's frame 0.
    pub(crate) fn wrap_timestamp_after(&mut self, ticks: u64) {
        self.timestamp_base = 0;
        self.timestamp_base = 0_u32.wrapping_sub(self.timestamp(ticks));
    }

    /// RTP time of a moment `ticks` after the camera's frame 0.
    pub(crate) fn timestamp(&self, ticks: u64) -> u32 {
        // The RTP clock wraps: only its low 32 bits are sent.
        self.timestamp_base.wrapping_add((ticks & 0xffff_ffff) as u32)
    }

    /// Writes this session's numbers into the headers of packets that are about to be sent.
    pub(crate) fn number(&mut self, run: &mut PacketRun, timestamp: u32) {
        let mut own = [0; 8];
        own[..4].copy_from_slice(&timestamp.to_be_bytes());
        own[4..].copy_from_slice(&self.ssrc.to_be_bytes());
        let mut from = 0;
        for end in &run.ends {
            let header = &mut run.bytes[from..from + INTERLEAVE_BYTES + RTP_HEADER_BYTES];
            header[1] = self.channel;
            header[6..8].copy_from_slice(&self.next_sequence.to_be_bytes());
            header[8..].copy_from_slice(&own);
            self.next_sequence = self.next_sequence.wrapping_add(1);
            from = *end;
        }
        self.packets_sent = self.packets_sent.wrapping_add(run.ends.len() as u32);
        let payload = run.bytes.len() - run.ends.len() * (INTERLEAVE_BYTES + RTP_HEADER_BYTES);
        self.payload_bytes_sent = self.payload_bytes_sent.wrapping_add(payload as u32);
    }

    /// A sender report with the canonical name, interleaving header included.
    pub(crate) fn sender_report(&self, wall_us: i64, timestamp: u32) -> [u8; REPORT_BYTES] {
        /// Seconds from 1900, where NTP begins, to 1970.
        const NTP_OFFSET_S: u64 = 2_208_988_800;
        const NAME: [u8; 8] = *b"\x01\x03sim\0\0\0";
        let wall_us = u64::try_from(wall_us).unwrap_or(0);
        let seconds = (wall_us / 1_000_000 + NTP_OFFSET_S) & 0xffff_ffff;
        let fraction = ((wall_us % 1_000_000) << 32) / 1_000_000;
        let mut report = [0; REPORT_BYTES];
        let length = (REPORT_BYTES - INTERLEAVE_BYTES) as u8;
        report[..8].copy_from_slice(&[b'$', self.channel + 1, 0, length, 0x80, 200, 0, 6]);
        report[8..12].copy_from_slice(&self.ssrc.to_be_bytes());
        report[12..20].copy_from_slice(&((seconds << 32) | fraction).to_be_bytes());
        report[20..24].copy_from_slice(&timestamp.to_be_bytes());
        report[24..28].copy_from_slice(&self.packets_sent.to_be_bytes());
        report[28..32].copy_from_slice(&self.payload_bytes_sent.to_be_bytes());
        report[32..36].copy_from_slice(&[0x81, 202, 0, 3]);
        report[36..40].copy_from_slice(&self.ssrc.to_be_bytes());
        report[40..].copy_from_slice(&NAME);
        report
    }
}

/// A sender report of 28 bytes and a description of 16, and their interleaving header.
pub(crate) const REPORT_BYTES: usize = INTERLEAVE_BYTES + 28 + 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_one_another_over_the_wrap() {
        let mut run = PacketRun::default();
        for payload in [[0x67, 1], [0x68, 2], [0x65, 3]] {
            run.push(&[&payload]);
        }
        run.mark_end();
        let mut track = RtpTrack { next_sequence: 0xffff, ..RtpTrack::random(2) };
        track.number(&mut run, 77);
        let seen: Vec<_> = run.packets().map(|p| (p[1], p[5] & 0x80, p[6], p[7], p[11])).collect();
        assert_eq!(seen, [(2, 0, 255, 255, 77), (2, 0, 0, 0, 77), (2, 128, 0, 1, 77)]);
        // The same packets again, for whoever comes next.
        track.number(&mut run, 78);
        let seen: Vec<_> = run.packets().map(|p| (p[6], p[7], p[11], p[17])).collect();
        assert_eq!(seen, [(0, 2, 78, 1), (0, 3, 78, 2), (0, 4, 78, 3)]);
        assert_eq!((track.packets_sent, track.payload_bytes_sent), (6, 12));
    }
}
