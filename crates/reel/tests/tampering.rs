//! Nothing that was changed is opened: by accident (checksums) or on purpose (associated data).

#![allow(clippy::unwrap_used)] // helpers of tests are tests too

mod sample;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use domain::{ReelId, WallTime};
use proptest::prelude::*;
use reel::{
    ChunkHeader, ChunkKey, FrameEntry, MAX_FRAMES, OpenChunkError, RECORD_HEAD_BYTES, Record,
    RecordError, RecordHead, SealChunkError, TAG_BYTES, append_gap, check_record, open_chunk,
    seal_chunk,
};
use sample::{chunk, chunk_key, feed, gap, plaintext, reel_id, sealed};

const KEY: [u8; 32] = [0x5a; 32];

/// One key for all, so that the associated data alone has to notice: the derivation would already
/// give another key to another reel, feed or minute.
fn one_key() -> ChunkKey {
    ChunkKey::from_bytes(KEY)
}

/// The checksums that somebody writes who changes a record on purpose: they need no key.
fn with_checksums(mut record: Vec<u8>) -> Vec<u8> {
    let header = u32::from_le_bytes(record[96..100].try_into().unwrap());
    let body_at = RECORD_HEAD_BYTES + usize::try_from(header).unwrap();
    let body: [u8; 32] = blake3::hash(&record[body_at..]).into();
    record[40..72].copy_from_slice(&body);
    let front: [u8; 32] = blake3::hash(&record[40..body_at]).into();
    record[8..40].copy_from_slice(&front);
    record
}

/// The front of one record before the body of another, checksums made good.
fn spliced(front: &[u8], body: &[u8]) -> Vec<u8> {
    let body_bytes = 120 + TAG_BYTES;
    let mut record = front[..front.len() - body_bytes].to_vec();
    record.extend_from_slice(&body[body.len() - body_bytes..]);
    with_checksums(record)
}

/// How the tests seal: truly, or as the double that leaves the associated data out.
type Seal = fn(ReelId, &ChunkHeader) -> Vec<u8>;

fn seal(reel: ReelId, header: &ChunkHeader) -> Vec<u8> {
    let mut out = Vec::new();
    seal_chunk(&one_key(), reel, header, &plaintext(1), &mut out).unwrap();
    out
}

fn cipher() -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &KEY).unwrap())
}

fn nonce(number: u64) -> Nonce {
    let mut bytes = [0; 12];
    bytes[4..].copy_from_slice(&number.to_be_bytes());
    Nonce::assume_unique_for_key(bytes)
}

/// The test double: the same record, its ciphertext sealed without associated data.
fn seal_without_aad(reel: ReelId, header: &ChunkHeader) -> Vec<u8> {
    let mut record = seal(reel, header);
    let body_at = record.len() - 120 - TAG_BYTES;
    let mut body = plaintext(1);
    cipher().seal_in_place_append_tag(nonce(header.number), Aad::empty(), &mut body).unwrap();
    record.truncate(body_at);
    record.extend(body);
    with_checksums(record)
}

/// Opens what the double sealed: everything is checked as in truth, but the associated data.
fn open_without_aad(reel: ReelId, record: &[u8]) -> bool {
    let Ok(checked) = check_record(reel, record) else { return false };
    let mut body = record[record.len() - 120 - TAG_BYTES..].to_vec();
    cipher().open_in_place(nonce(checked.record.number()), Aad::empty(), &mut body).is_ok()
}

/// Splices that change what footage is said to be, each with its name; none of them changes the
/// number, so that the nonce notices none of them.
fn splices(seal: Seal) -> Vec<(&'static str, Vec<u8>)> {
    let other_reel = ReelId::from_bytes([0x12; 16]);
    let truth = seal(reel_id(), &chunk(1, 3));
    let said = |change: fn(&mut ChunkHeader)| {
        let mut header = chunk(1, 3);
        change(&mut header);
        spliced(&seal(reel_id(), &header), &truth)
    };
    vec![
        (
            "another hour",
            said(|h| h.start = WallTime::from_micros(sample::START_US - 3_600_000_000)),
        ),
        ("another camera", said(|h| h.feed = feed(9))),
        ("another sequence", said(|h| h.sequence -= 1)),
        ("another bucket", said(|h| h.bucket = sample::bucket(9))),
        ("another minute", said(|h| h.minute -= 1)),
        (
            "frames cut elsewhere",
            said(|h| {
                h.frames[0].size_bytes = 60;
                h.frames[1].size_bytes = 60;
            }),
        ),
        ("another reel's footage", spliced(&truth, &seal(other_reel, &chunk(1, 3)))),
    ]
}

#[test]
fn a_splice_is_noticed_by_the_associated_data() {
    for (name, record) in splices(seal) {
        assert!(check_record(reel_id(), &record).is_ok(), "{name}: only the key can tell");
        assert_eq!(
            open_chunk(&one_key(), reel_id(), &record),
            Err(OpenChunkError::Authentication),
            "{name}"
        );
    }
}

/// The negative control: without associated data every one of these splices is opened.
#[test]
fn without_associated_data_no_splice_is_noticed() {
    for (name, record) in splices(seal_without_aad) {
        assert!(open_without_aad(reel_id(), &record), "{name}");
    }
}

#[test]
fn what_was_sealed_is_opened() {
    let (_, record) = sealed(2, 2);
    let (header, frames) = open_chunk(&chunk_key(reel_id(), 2), reel_id(), &record).unwrap();
    assert_eq!((header, frames), (chunk(2, 2), plaintext(2)));
}

#[test]
fn the_front_of_a_record_tells_which_key_opens_it() {
    let (head, record) = sealed(2, 2);
    let front = record.len() - usize::try_from(head.body_bytes).unwrap();
    let parsed = RecordHead::parse(&record[..front], reel_id());
    assert_eq!(parsed, Ok((head, Record::Chunk(chunk(2, 2)))));
    assert!(RecordHead::parse(&record[..front - 1], reel_id()).is_err());
}

#[test]
fn a_record_of_another_reel_feed_or_key_is_not_opened() {
    let (_, record) = sealed(2, 2);
    let other = ReelId::from_bytes([0x12; 16]);
    assert_eq!(
        open_chunk(&chunk_key(other, 2), other, &record),
        Err(RecordError::WrongReel { expected: other, found: reel_id() }.into())
    );
    let mut renamed = record.clone();
    renamed[80..96].copy_from_slice(other.as_bytes());
    for key in [chunk_key(other, 2), chunk_key(reel_id(), 2)] {
        let opened = open_chunk(&key, other, &with_checksums(renamed.clone()));
        assert_eq!(opened, Err(OpenChunkError::Authentication));
    }
    let opened = open_chunk(&chunk_key(reel_id(), 3), reel_id(), &record);
    assert_eq!(opened, Err(OpenChunkError::Authentication));
}

#[test]
fn a_chunk_given_another_chunks_number_is_not_opened() {
    let (first, second) = (seal(reel_id(), &chunk(1, 3)), seal(reel_id(), &chunk(3, 3)));
    for record in [spliced(&first, &second), spliced(&second, &first)] {
        let opened = open_chunk(&one_key(), reel_id(), &record);
        assert_eq!(opened, Err(OpenChunkError::Authentication));
    }
}

#[test]
fn a_gap_is_no_chunk_and_a_torn_chunk_is_called_torn() {
    let mut record = Vec::new();
    append_gap(reel_id(), &gap(4, 2), &mut record);
    let key = chunk_key(reel_id(), 2);
    assert_eq!(open_chunk(&key, reel_id(), &record), Err(OpenChunkError::Gap { number: 4 }));

    let (_, record) = sealed(2, 2);
    for length in 0..record.len() {
        assert!(
            matches!(
                open_chunk(&key, reel_id(), &record[..length]),
                Err(OpenChunkError::Record(RecordError::Torn { .. }))
            ),
            "cut at {length}"
        );
    }
    let mut longer = record;
    longer.push(0);
    assert!(open_chunk(&key, reel_id(), &longer).is_err());
}

#[test]
fn a_header_against_the_format_is_not_sealed_and_leaves_nothing() {
    let frame =
        FrameEntry { size_bytes: 0, delta_us: 0, presentation_offset_us: 0, keyframe: false };
    let changes: [fn(&mut ChunkHeader); 4] = [
        |h| h.frames.clear(),
        |h| h.begins_with_keyframe = false,
        |h| h.codec = None,
        |h| h.codec.as_mut().unwrap().record = vec![0; 8193],
    ];
    for change in changes {
        let mut header = chunk(2, 2);
        change(&mut header);
        let mut out = vec![1, 2, 3];
        let sealed = seal_chunk(&one_key(), reel_id(), &header, &plaintext(2), &mut out);
        assert!(matches!(sealed, Err(SealChunkError::Header(_))));
        assert_eq!(out, [1, 2, 3]);
    }
    let mut header = chunk(1, 3);
    header.frames = vec![frame; MAX_FRAMES + 1];
    assert!(seal_chunk(&one_key(), reel_id(), &header, &[], &mut Vec::new()).is_err());
    header.frames.truncate(MAX_FRAMES);
    assert!(seal_chunk(&one_key(), reel_id(), &header, &[], &mut Vec::new()).is_ok());
    assert_eq!(
        seal_chunk(&one_key(), reel_id(), &chunk(1, 3), &[7; 119], &mut Vec::new()),
        Err(SealChunkError::Sizes { frames_bytes: 120, plaintext_bytes: 119 })
    );
}

/// Every bit of two small records, a chunk and a gap: the accident.
#[test]
fn every_flipped_bit_of_a_record_is_noticed() {
    let (_, chunk) = sealed(2, 2);
    let mut gap_record = Vec::new();
    append_gap(reel_id(), &gap(4, 2), &mut gap_record);
    for record in [chunk, gap_record] {
        for bit in 0..record.len() * 8 {
            let mut flipped = record.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(check_record(reel_id(), &flipped).is_err(), "bit {bit}");
        }
    }
}

/// The same bits by somebody who makes the checksums good: the key alone notices, or the format.
#[test]
fn every_flipped_bit_with_good_checksums_is_not_opened() {
    let (_, record) = sealed(2, 2);
    let key = chunk_key(reel_id(), 2);
    for bit in 72 * 8..record.len() * 8 {
        let mut flipped = record.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        // The lengths themselves say where the checksums would go.
        let flipped =
            if (96..104).contains(&(bit / 8)) { flipped } else { with_checksums(flipped) };
        assert!(open_chunk(&key, reel_id(), &flipped).is_err(), "bit {bit}");
    }
}

fn any_header() -> impl Strategy<Value = ChunkHeader> {
    let frame = (0_u32..400, any::<u32>(), any::<i32>(), any::<bool>());
    let frames = proptest::collection::vec(frame, 1..40);
    let record = proptest::collection::vec(any::<u8>(), 0..300);
    (any::<u64>(), any::<i64>(), any::<u64>(), frames, record, 0_i64..=253_402_300_799_999_999)
        .prop_map(|(number, minute, sequence, frames, record, start)| {
            let frames: Vec<FrameEntry> = frames
                .into_iter()
                .map(|(size_bytes, delta_us, presentation_offset_us, keyframe)| FrameEntry {
                    size_bytes,
                    delta_us,
                    presentation_offset_us,
                    keyframe,
                })
                .collect();
            let keyframe = frames[0].keyframe;
            let codec = chunk(0, 2).codec.filter(|_| keyframe);
            ChunkHeader {
                number,
                minute,
                sequence,
                begins_with_keyframe: keyframe,
                start: WallTime::from_micros(start),
                codec: codec.map(|codec| reel::CodecConfig { record, ..codec }),
                frames,
                ..chunk(0, 2)
            }
        })
}

proptest! {
    #[test]
    fn any_chunk_survives_and_any_flipped_bit_is_noticed(
        header in any_header(),
        seed in any::<u8>(),
        at in any::<prop::sample::Index>(),
        bit in 0_u8..8,
    ) {
        let length = usize::try_from(header.plaintext_bytes()).unwrap();
        let frames = vec![seed; length];
        let key = chunk_key(reel_id(), 2);
        let mut record = Vec::new();
        let head = seal_chunk(&key, reel_id(), &header, &frames, &mut record).unwrap();
        prop_assert_eq!(head.length_bytes(), record.len() as u64);
        prop_assert_eq!(check_record(reel_id(), &record).unwrap().head, head);
        prop_assert_eq!(open_chunk(&key, reel_id(), &record), Ok((header, frames)));

        let at = at.index(record.len());
        record[at] ^= 1 << bit;
        prop_assert!(check_record(reel_id(), &record).is_err());
        prop_assert!(open_chunk(&key, reel_id(), &record).is_err());
    }

    #[test]
    fn any_bytes_are_no_record(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(check_record(reel_id(), &bytes).is_err());
    }
}
