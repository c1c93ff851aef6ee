//! The vectors of `testdata/reel`, made by another program from `docs/formats/reel.md`.

#![allow(clippy::unwrap_used)] // helpers of tests are tests too

mod sample;

use reel::{
    BucketKey, ChunkKey, Footer, OpenChunkError, Part, RecordError, Scanner, TRAILER_BYTES,
    Trailer, Verify, open_chunk,
};
use sample::{MINUTE, bucket, bucket_key, chunk_key, closed_reel, feed, read_at, reel_id};

const REEL: &str = include_str!("../../../testdata/reel/reel.hex");
const KEYS: &str = include_str!("../../../testdata/reel/keys.txt");
const RECORDS: &str = include_str!("../../../testdata/reel/records.txt");

fn unhex(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(pair).collect()
}

fn key(name: &str) -> [u8; 32] {
    let line = KEYS.lines().find_map(|line| line.strip_prefix(&format!("{name} = "))).unwrap();
    unhex(line).try_into().unwrap()
}

#[test]
fn another_program_writes_the_same_reel() {
    assert_eq!(closed_reel(), unhex(REEL));
}

#[test]
fn another_program_derives_the_same_keys() {
    for camera in [2, 3] {
        let name = |word| format!("{word}.{camera}");
        let bucket_key = BucketKey::from_bytes(key(&name("bucket-key")));
        assert_eq!(bucket_key.commitment(), key(&name("bucket-commitment")));
        let minute = bucket_key.minute(bucket(camera), MINUTE);
        assert_eq!(minute.expose(), &key(&name("minute-key")));
        assert_eq!(minute.commitment(), key(&name("minute-commitment")));
    }
}

#[test]
fn every_chunk_of_the_reel_opens_under_the_written_and_the_derived_key() {
    let bytes = unhex(REEL);
    let mut scanner = Scanner::open(bytes.len() as u64, Verify::All, read_at(&bytes)).unwrap();
    let mut opened = 0;
    while let Some(found) = scanner.next_record().unwrap() {
        let from = usize::try_from(found.offset_bytes).unwrap();
        let until = from + usize::try_from(found.head.length_bytes()).unwrap();
        for camera in [2, 3] {
            let written = ChunkKey::from_bytes(key(&format!("chunk-key.{camera}")));
            let derived =
                bucket_key(camera).minute(bucket(camera), MINUTE).chunk(reel_id(), feed(camera));
            for key in [written, derived] {
                if let Ok((header, frames)) = open_chunk(&key, reel_id(), &bytes[from..until]) {
                    assert_eq!(header.feed, feed(camera));
                    assert_eq!(frames, sample::plaintext(header.number));
                    opened += 1;
                }
            }
        }
    }
    assert_eq!(opened, 5 * 2);
}

#[test]
fn the_footer_has_the_hash_that_the_ledger_holds() {
    let bytes = unhex(REEL);
    let trailer = Trailer::parse(bytes.last_chunk::<TRAILER_BYTES>().unwrap()).unwrap();
    let from = bytes.len() - usize::try_from(trailer.whole_bytes()).unwrap();
    let footer = Footer::parse(&bytes[from..]).unwrap();
    assert_eq!(footer.encode(), bytes[from..]);
    assert_eq!(footer.hash(), key("footer-hash"));
}

/// The closed set of results of `docs/formats/reel.md`.
fn result(record: &[u8]) -> &'static str {
    // The key by the camera that the header names; any will do where none is named.
    let key = chunk_key(reel_id(), *record.get(112).unwrap_or(&2));
    match open_chunk(&key, reel_id(), record) {
        Ok(_) => "ok",
        Err(OpenChunkError::Gap { .. }) => "gap",
        Err(OpenChunkError::Authentication) => "authentication",
        Err(OpenChunkError::Record(error)) => match error {
            RecordError::Torn { .. } => "torn",
            RecordError::NotARecord => "no-record",
            RecordError::TooLarge => "too-large",
            RecordError::Checksum { part: Part::Header } => "header-checksum",
            RecordError::Checksum { part: Part::Body } => "body-checksum",
            RecordError::Version(_) => "version",
            RecordError::Kind(_) => "kind",
            RecordError::Suite(_) => "suite",
            RecordError::WrongReel { .. } => "wrong-reel",
            RecordError::OutOfOrder { .. } => "out-of-order",
            RecordError::Format(_) => "format",
        },
    }
}

#[test]
fn every_record_has_the_result_that_is_written() {
    let mut seen = 0;
    for line in RECORDS.lines().filter(|line| !line.starts_with('#')) {
        let [expected, name, record] = line
            .split(" | ")
            .collect::<Vec<_>>()
            .try_into()
            .unwrap_or_else(|parts: Vec<&str>| [parts[0], parts[1], ""]);
        assert_eq!(result(&unhex(record)), expected, "{name}");
        seen += 1;
    }
    assert_eq!(seen, 30);
}
