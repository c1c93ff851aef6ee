//! Parameter sets of H.264 and H.265 (VPS, SPS, PPS), as a camera describes them and as they come
//! between its pictures.
//!
//! An input is a byte of how (bit 0: H.265, bit 1: in the description as well), then parameter sets,
//! each behind a length of two bytes. A keyframe follows them, so that what they say is told.

use crate::line::{Event, read};
use crate::packets::{H264, H265, Packets, answers, is_parameter_set, nal_units, sdp};
use crate::{Target, camera, piece, take, take_piece};

pub(crate) const TARGET: Target =
    Target { name: "parameters", seeds, words: &[], run, mutations: 3000 };

/// Three kinds there are; more show what a change does.
const MAX_SETS: usize = 8;

fn run(input: &[u8]) {
    camera::check(&events(input));
}

fn events(mut input: &[u8]) -> Vec<Event> {
    let [how] = take(&mut input);
    let (is_h265, is_described) = (how & 1 != 0, how & 2 != 0);
    let mut sets = Vec::new();
    while !input.is_empty() && sets.len() < MAX_SETS {
        sets.push(take_piece(&mut input));
    }
    let mut bytes = answers(&sdp(is_h265, if is_described { &sets } else { &[] }), None);
    let mut packets = Packets::default();
    for set in sets.iter().filter(|set| set.len() < 0x8000) {
        packets.push(set, false);
    }
    let keyframe: &[u8] = if is_h265 { &[19 << 1, 1, 0x80] } else { &[0x65, 0x88] };
    packets.push(keyframe, true);
    bytes.extend(packets.bytes);
    read(&bytes, usize::MAX).0
}

fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for (is_h265, stream) in [(false, H264), (true, H265)] {
        let sets: Vec<&[u8]> =
            nal_units(stream).into_iter().filter(|unit| is_parameter_set(is_h265, unit)).collect();
        let few = sets.iter().take(if is_h265 { 3 } else { 2 });
        let pieces: Vec<u8> = few.flat_map(|set| piece(set)).collect();
        for is_described in [0, 2] {
            seeds.push([&[u8::from(is_h265) | is_described], &pieces[..]].concat());
        }
    }
    // Others, with cropping, scaling and a VUI; a seed need not be well formed to its end.
    for (sps, pps) in [
        ("674d001e9a660a0fff350101014000000fa000013881", "68ee3c80"),
        ("6764001facd9405005bb011000000300100000030320f18319600", "68ebe3cb22c0"),
        ("67640033ac1514a02800f19000000fa00001388010", "68ee3cb0"),
        ("6742001fe9016c1492010101", "68ce3c80"),
    ] {
        let pieces = [piece(&unhex(sps)), piece(&unhex(pps))].concat();
        seeds.push([&[0], &pieces[..]].concat());
    }
    seeds
}

/// Digits in pairs; an odd one at the end is left out.
pub(crate) fn unhex(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        digits.chars().filter_map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The control: real parameter sets are understood, described or not.
    #[test]
    fn the_seeds_are_understood() {
        for seed in seeds().iter().take(4) {
            assert_eq!(events(seed).len(), 2, "a configuration and a keyframe");
        }
    }
}
