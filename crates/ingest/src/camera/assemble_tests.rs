//! Packets to access units, with every kind of loss.

use proptest::prelude::*;

use super::*;

const SPS: &[u8] = &[0x67, 0x42, 0, 30];
const PPS: &[u8] = &[0x68, 0xCE];
const KEY: &[u8] = &[0x65, 1, 2, 3];
const DELTA: &[u8] = &[0x41, 9];

/// An assembler with what it shares and what it made.
struct Tested(Assembler, SpareMemory, Vec<AccessUnit>);

impl Tested {
    fn new(codec: Codec, limit_bytes: usize) -> Self {
        Self(Assembler::new(codec, limit_bytes), SpareMemory::default(), Vec::new())
    }

    fn push(&mut self, packet: Packet<'_>) -> Result<(), BadPacket> {
        self.0.push(packet, &mut self.1, &mut self.2)
    }

    fn pop(&mut self) -> Option<AccessUnit> {
        (!self.2.is_empty()).then(|| self.2.remove(0))
    }
}

fn assembler() -> Tested {
    Tested::new(Codec::H264, 1000)
}

fn packet(payload: &[u8], ticks: i64, last: bool) -> Packet<'_> {
    Packet { payload, ticks, last, lost: 0 }
}

fn prefixed(nals: &[&[u8]]) -> Vec<u8> {
    nals.iter()
        .flat_map(|nal| [&u32::try_from(nal.len()).unwrap().to_be_bytes()[..], nal].concat())
        .collect()
}

#[test]
fn parameter_sets_and_picture_of_one_time_are_one_unit() {
    let mut assembler = assembler();
    for (nal, last) in [(SPS, false), (PPS, true), (KEY, true)] {
        // Marked early, as some cameras do.
        assembler.push(packet(nal, 7, last)).unwrap();
    }
    let unit = assembler.pop().unwrap();
    assert_eq!(unit.bytes, prefixed(&[KEY]));
    assert_eq!(unit.parameter_sets, [SPS, PPS]);
    assert!(unit.keyframe);
    assert_eq!(assembler.pop(), None);
}

#[test]
fn a_new_time_ends_a_unit_without_a_mark() {
    let mut assembler = assembler();
    assembler.push(packet(KEY, 1, false)).unwrap();
    assembler.push(packet(DELTA, 2, false)).unwrap();
    assembler.push(packet(DELTA, 3, true)).unwrap();
    let units: Vec<_> = std::iter::from_fn(|| assembler.pop()).collect();
    assert_eq!(units.iter().map(|unit| unit.ticks).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(units.iter().map(|unit| unit.keyframe).collect::<Vec<_>>(), [true, false, false]);
}

#[test]
fn aggregates_fragments_and_byte_streams_are_taken_apart() {
    let mut assembler = assembler();
    let aggregate = [&[24, 0, 4][..], SPS, &[0, 2], PPS].concat();
    assembler.push(packet(&aggregate, 1, false)).unwrap();
    assembler.push(packet(&[0x7C, 0x85, 1], 1, false)).unwrap();
    assembler.push(packet(&[0x7C, 0x05, 2], 1, false)).unwrap();
    assembler.push(packet(&[0x7C, 0x45, 3], 1, true)).unwrap();
    let unit = assembler.pop().unwrap();
    assert_eq!((unit.bytes, unit.parameter_sets), (prefixed(&[KEY]), vec![SPS.into(), PPS.into()]));
    let stream = [SPS, &[0, 0, 0, 1], PPS, &[0, 0, 1], KEY].concat();
    assembler.push(packet(&stream, 2, true)).unwrap();
    let unit = assembler.pop().unwrap();
    assert_eq!((unit.bytes, unit.parameter_sets), (prefixed(&[KEY]), vec![SPS.into(), PPS.into()]));
}

#[test]
fn h265_is_put_together() {
    let mut assembler = Tested::new(Codec::H265, 1000);
    let (vps, sps, pps) = ([0x40, 1, 5], [0x42, 1, 6], [0x44, 1, 7]);
    let aggregate = [&[0x60, 1][..], &[0, 3], &vps, &[0, 3], &sps, &[0, 3], &pps].concat();
    assembler.push(packet(&aggregate, 1, false)).unwrap();
    assembler.push(packet(&[0x62, 1, 0x80 | 19, 8], 1, false)).unwrap();
    assembler.push(packet(&[0x62, 1, 0x40 | 19, 9], 1, true)).unwrap();
    let unit = assembler.pop().unwrap();
    assert_eq!(unit.bytes, prefixed(&[&[0x26, 1, 8, 9]]));
    assert_eq!(unit.parameter_sets, [&vps[..], &sps, &pps]);
    assert!(unit.keyframe);
}

#[test]
fn a_loss_costs_its_picture_and_is_counted() {
    let mut assembler = assembler();
    assembler.push(packet(&[0x7C, 0x85, 1], 1, false)).unwrap();
    // Two fragments missing, then the rest of that picture, then a whole one.
    assembler.push(Packet { lost: 2, ..packet(&[0x7C, 0x05, 2], 1, false) }).unwrap();
    assembler.push(packet(&[0x7C, 0x45, 3], 1, true)).unwrap();
    assembler.push(packet(DELTA, 2, true)).unwrap();
    let unit = assembler.pop().unwrap();
    assert_eq!((unit.ticks, unit.lost), (2, 2));
    // The end of one and the beginning of the next missing: neither comes out.
    assembler.push(packet(&[0x7C, 0x85, 1], 3, false)).unwrap();
    assembler.push(Packet { lost: 5, ..packet(&[0x7C, 0x45, 3], 4, true) }).unwrap();
    assembler.push(packet(DELTA, 5, true)).unwrap();
    let unit = assembler.pop().unwrap();
    assert_eq!((unit.ticks, unit.lost), (5, 5));
    // A whole picture missing between two.
    assembler.push(Packet { lost: 1, ..packet(DELTA, 7, true) }).unwrap();
    assert_eq!(assembler.pop().map(|unit| (unit.ticks, unit.lost)), Some((7, 1)));
}

#[test]
fn a_bad_packet_costs_its_picture_only() {
    let bad: [(&[u8], BadPacket); 6] = [
        (&[], BadPacket::Truncated),
        (&[0x7C], BadPacket::Truncated),
        (&[24, 0, 9, 1], BadPacket::Truncated),
        (&[25, 1], BadPacket::UnknownKind),
        (&[0x7C, 0x05, 1], BadPacket::Fragments),
        (&[0x41; 1001], BadPacket::TooLarge),
    ];
    for (payload, reason) in bad {
        let mut assembler = assembler();
        assembler.push(packet(DELTA, 1, false)).unwrap();
        assert_eq!(assembler.push(packet(payload, 1, false)), Err(reason), "{payload:?}");
        assembler.push(packet(DELTA, 1, true)).unwrap();
        assembler.push(packet(DELTA, 2, true)).unwrap();
        let unit = assembler.pop().unwrap();
        assert_eq!((unit.ticks, unit.lost), (2, 1), "{payload:?}");
    }
}

#[test]
fn a_picture_cannot_grow_past_the_limit() {
    let mut assembler = assembler();
    assembler.push(packet(&[0x7C, 0x85, 1], 1, false)).unwrap();
    let more = [&[0x7C, 0x05][..], &[0; 400]].concat();
    let mut taken = 0;
    while assembler.push(packet(&more, 1, false)).is_ok() {
        taken += 1;
    }
    assert_eq!(taken, 2);
    assert!(assembler.0.unit.is_none());
}

fn lengths_fit(mut bytes: &[u8]) -> bool {
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        match rest.split_at_checked(u32::from_be_bytes(*length) as usize) {
            Some((nal, rest)) if !nal.is_empty() => bytes = rest,
            _ => return false,
        }
    }
    bytes.is_empty()
}

proptest! {
    #[test]
    fn whatever_comes_units_are_well_formed(
        avc: bool,
        packets in prop::collection::vec(
            (prop::collection::vec(any::<u8>(), 0..60), 0..4_i64, any::<bool>(), 0..3_u16),
            0..80,
        ),
    ) {
        let codec = if avc { Codec::H264 } else { Codec::H265 };
        let mut assembler = Tested::new(codec, 300);
        for (payload, ticks, last, lost) in &packets {
            let _ = assembler.push(Packet { payload, ticks: *ticks, last: *last, lost: *lost });
            while let Some(unit) = assembler.pop() {
                prop_assert!(lengths_fit(&unit.bytes));
                prop_assert!(!unit.bytes.is_empty());
            }
        }
    }
}

/// Each is kept apart, so a picture full of short ones would take many times its limit.
#[test]
fn parameter_sets_without_end_cost_their_picture() {
    let mut assembler = assembler();
    let many = |count: usize| [&[24], [0, 1, 0x67].repeat(count).as_slice()].concat();
    assembler.push(packet(&many(MAX_PARAMETER_SETS), 1, false)).unwrap();
    assert_eq!(assembler.push(packet(SPS, 1, false)), Err(BadPacket::TooManySets));
    assembler.push(packet(SPS, 2, false)).unwrap();
    assembler.push(packet(KEY, 2, true)).unwrap();
    assert_eq!(assembler.pop().unwrap().parameter_sets, [SPS]);
}
