//! What faults do to the packets of a frame.

use std::time::Instant;

use super::packets::{INTERLEAVE_BYTES, MAX_PAYLOAD_BYTES, PacketRun};
use super::switches::Tampering;

/// Longest packet of garbage.
const MAX_GARBAGE_BYTES: u64 = 1400;

/// Chance that is cheap and the same in every run (xorshift64*).
#[derive(Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) const fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Whether what happens with this share happens now.
    fn hits(&mut self, share: f64) -> bool {
        // The upper 53 bits make a number from 0 to 1.
        share > 0.0 && ((self.next() >> 11) as f64) / ((1_u64 << 53) as f64) < share
    }

    pub(super) fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_be_bytes()[..chunk.len()]);
        }
    }

    /// As many random bytes.
    pub(super) fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.fill(&mut bytes);
        bytes
    }
}

/// Packets that are sent later than their frame.
#[derive(Debug, Default)]
pub(super) struct Late(Vec<(Instant, Vec<u8>)>);

impl Late {
    /// When the first of them is to be sent.
    pub(super) fn first(&self) -> Option<Instant> {
        self.0.iter().map(|(at, _)| *at).min()
    }

    /// Takes out those that are to be sent by now.
    pub(super) fn take(&mut self, now: Instant) -> PacketRun {
        let mut run = PacketRun::default();
        for (_, packet) in self.0.extract_if(.., |(at, _)| *at <= now) {
            run.push_whole(&packet);
        }
        run
    }
}

/// What comes that nobody wants.
#[derive(Debug, Default)]
pub(super) struct Extras {
    /// Sound: SSRC, next sequence number, next timestamp.
    audio: Option<(u32, u16, u32)>,
    flood: PacketRun,
}

impl Extras {
    /// Appends the sound of one frame's length: G.711, 8,000 samples a second, silence.
    pub(super) fn audio(&mut self, fps: u32, channel: u8, out: &mut PacketRun) {
        const PCMU: u8 = 0;
        const SILENCE: u8 = 0xff;
        const MAX_SAMPLES: u32 = 1000;
        let ssrc = || u32::from_be_bytes(host::random_bytes());
        let (ssrc, sequence, timestamp) = self.audio.unwrap_or_else(|| (ssrc(), 0, 0));
        let samples = (8000 / fps).min(MAX_SAMPLES);
        self.audio = Some((ssrc, sequence.wrapping_add(1), timestamp.wrapping_add(samples)));
        out.push(&[&vec![SILENCE; samples as usize]]);
        out.bytes[1] = channel;
        out.bytes[5] = PCMU;
        out.bytes[6..8].copy_from_slice(&sequence.to_be_bytes());
        out.bytes[8..12].copy_from_slice(&timestamp.to_be_bytes());
        out.bytes[12..16].copy_from_slice(&ssrc.to_be_bytes());
    }

    /// Packets with an empty header and a payload of no meaning.
    pub(super) fn flood_block(&mut self, dice: &mut Dice) -> &mut PacketRun {
        const PACKETS: usize = 45;
        if self.flood.ends.is_empty() {
            (0..PACKETS).for_each(|_| self.flood.push(&[&dice.bytes(MAX_PAYLOAD_BYTES)]));
        }
        &mut self.flood
    }
}

/// Copies `packets` to `out` as faults would have them sent; how many are lost.
pub(super) fn tamper<'a>(
    packets: impl Iterator<Item = &'a [u8]>,
    tampering: &Tampering,
    dice: &mut Dice,
    late: &mut Late,
    now: Instant,
    out: &mut PacketRun,
) -> u64 {
    let mut dropped = 0;
    // A packet that waits to be sent after the next.
    let mut held: Option<&[u8]> = None;
    for packet in packets {
        if dice.hits(tampering.drop) {
            dropped += 1;
        } else if dice.hits(tampering.late) {
            late.0.push((now + tampering.late_by, packet.to_vec()));
        } else if dice.hits(tampering.garbage) {
            push_garbage(packet, dice, out);
        } else if held.is_none() && dice.hits(tampering.reorder) {
            held = Some(packet);
        } else {
            out.push_whole(packet);
            if dice.hits(tampering.duplicate) {
                out.push_whole(packet);
            }
            held.take().into_iter().for_each(|packet| out.push_whole(packet));
        }
    }
    held.into_iter().for_each(|packet| out.push_whole(packet));
    if tampering.wrong_channel {
        let starts = std::iter::once(0).chain(out.ends.iter().copied());
        let starts: Vec<_> = starts.take(out.ends.len()).collect();
        starts.into_iter().for_each(|start| out.bytes[start + 1] |= 1);
    }
    dropped
}

/// Random bytes on the channel of `packet`; one in eight is too short for a header, or hardly long
/// enough.
fn push_garbage(packet: &[u8], dice: &mut Dice, out: &mut PacketRun) {
    let limit = if dice.next().is_multiple_of(8) { 16 } else { MAX_GARBAGE_BYTES };
    let length = (dice.next() % (limit + 1)) as u16;
    let [high, low] = length.to_be_bytes();
    let mut garbage = vec![b'$', packet[1], high, low];
    garbage.resize(INTERLEAVE_BYTES + usize::from(length), 0);
    dice.fill(&mut garbage[INTERLEAVE_BYTES..]);
    out.push_whole(&garbage);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(tampering: &Tampering) -> (Vec<u8>, u64, Late) {
        let mut run = PacketRun::default();
        (0..200_u8).for_each(|number| run.push(&[&[number]]));
        let (mut out, mut late) = (PacketRun::default(), Late::default());
        let now = Instant::now();
        let dropped = tamper(run.packets(), tampering, &mut Dice::new(1), &mut late, now, &mut out);
        (out.packets().map(|packet| *packet.last().unwrap_or(&0)).collect(), dropped, late)
    }

    #[test]
    fn without_a_fault_packets_stay_as_they_are() {
        let (numbers, dropped, late) = sent(&Tampering::default());
        assert!(numbers.into_iter().eq(0..200) && dropped == 0 && late.first().is_none());
    }

    #[test]
    fn chance_is_even() {
        let mut dice = Dice::new(1);
        let hits = (0..100_000).filter(|_| dice.hits(0.2)).count();
        assert!((19_500..20_500).contains(&hits), "{hits}");
        assert!((0..1000).all(|_| !dice.hits(0.0) && dice.hits(1.0)));
    }

    #[test]
    fn shares_are_kept_to() {
        let (numbers, dropped, _) = sent(&Tampering { drop: 0.5, ..Tampering::default() });
        assert!((70..130).contains(&dropped));
        assert_eq!(numbers.len() as u64 + dropped, 200);
        let (numbers, ..) = sent(&Tampering { duplicate: 1.0, ..Tampering::default() });
        assert!(numbers.chunks(2).map(|two| (two[0], two[1])).eq((0..200).map(|n| (n, n))));
        let (mut numbers, ..) = sent(&Tampering { reorder: 0.3, ..Tampering::default() });
        let moved = (0..200).zip(&numbers).filter(|(at, number)| *at != **number).count();
        assert!((60..160).contains(&moved), "{moved}");
        numbers.sort_unstable();
        assert!(numbers.into_iter().eq(0..200));
        let (numbers, _, mut late) = sent(&Tampering { late: 1.0, ..Tampering::default() });
        assert!(numbers.is_empty());
        assert_eq!(late.take(Instant::now()).ends.len(), 200);
    }
}
