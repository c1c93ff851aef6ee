//! What a reader without keys finds in a reel that was cut, damaged, or closed in order.

#![allow(clippy::unwrap_used)] // helpers of tests are tests too

mod sample;

use proptest::prelude::*;
use reel::{
    Close, Footer, FooterBuilder, FooterError, Part, RecordError, Scanner, StopReason,
    TRAILER_BYTES, Trailer, Verify,
};
use sample::{closed_reel, header, open_reel, read_at};

/// Scans to the end: the footer that the records make, where they end, and why.
fn scan(bytes: &[u8], verify: Verify) -> (FooterBuilder, u64, StopReason) {
    let mut scanner = Scanner::open(bytes.len() as u64, verify, read_at(bytes)).unwrap();
    let mut builder = FooterBuilder::new(scanner.header());
    while let Some(found) = scanner.next_record().unwrap() {
        assert_eq!(found.offset_bytes, builder.next_offset_bytes());
        builder.add_record(&found.head, &found.record).unwrap();
    }
    let end = scanner.end().unwrap();
    assert_eq!(end.valid_end_bytes, builder.next_offset_bytes());
    (builder, end.valid_end_bytes, end.reason)
}

#[test]
fn scanning_makes_the_same_footer_as_appending() {
    let sample = open_reel();
    for verify in [Verify::Headers, Verify::All] {
        let (scanned, _, reason) = scan(&sample.bytes, verify);
        assert_eq!(reason, StopReason::EndOfFile);
        assert_eq!(scanned.finish(Close::Orderly), open_reel().builder.finish(Close::Orderly));
    }
}

#[test]
fn a_footer_is_found_from_the_last_bytes() {
    let bytes = closed_reel();
    let last = bytes.last_chunk::<TRAILER_BYTES>().unwrap();
    let whole = usize::try_from(Trailer::parse(last).unwrap().whole_bytes()).unwrap();
    let footer = Footer::parse(&bytes[bytes.len() - whole..]).unwrap();

    assert_eq!(footer, open_reel().builder.finish(Close::Orderly));
    assert_eq!(footer.content_end_bytes, (bytes.len() - whole) as u64);
    assert_eq!((footer.feeds.len(), footer.entries.len()), (3, 6));
    let (_, valid_end, reason) = scan(&bytes, Verify::All);
    assert_eq!((valid_end, reason), (footer.content_end_bytes, StopReason::Footer));
    assert_ne!(footer.hash(), open_reel().builder.finish(Close::Recovery).hash());
}

#[test]
fn a_reel_cut_anywhere_ends_with_its_last_whole_record() {
    let sample = open_reel();
    for length in sample.ends[0]..=sample.bytes.len() {
        let expected = sample.ends.iter().copied().rfind(|&end| end <= length).unwrap();
        let (_, valid_end, reason) = scan(&sample.bytes[..length], Verify::All);
        assert_eq!(valid_end, expected as u64, "cut at {length}");
        match reason {
            StopReason::EndOfFile => assert_eq!(length, expected),
            StopReason::Broken(RecordError::Torn { have_bytes, need_bytes }) => {
                assert_eq!(have_bytes, (length - expected) as u64);
                assert!(need_bytes > have_bytes);
            }
            other => panic!("cut at {length}: {other:?}"),
        }
    }
}

/// As a crash leaves a file whose space was allocated ahead: the rest is zeros.
#[test]
fn a_reel_blank_from_anywhere_ends_with_its_last_whole_record() {
    let sample = open_reel();
    for length in sample.ends[0]..=sample.bytes.len() {
        let mut bytes = sample.bytes.clone();
        bytes[length..].fill(0);
        bytes.resize(sample.bytes.len() + 4096, 0);
        // A record may end with zeros of its own, and then is whole all the same.
        let whole = |end: usize| bytes[..end] == sample.bytes[..end];
        let expected = sample.ends.iter().copied().rfind(|&end| whole(end)).unwrap();
        let (_, valid_end, reason) = scan(&bytes, Verify::All);
        assert_eq!(valid_end, expected as u64, "blank from {length}");
        assert_ne!(reason, StopReason::EndOfFile);
    }
}

#[test]
fn a_footer_cut_anywhere_is_not_taken_for_one() {
    let bytes = closed_reel();
    let begin = usize::try_from(scan(&bytes, Verify::Headers).1).unwrap();
    for length in begin..bytes.len() {
        assert!(Footer::parse(&bytes[begin..length]).is_err(), "cut at {length}");
        assert_eq!(scan(&bytes[..length], Verify::All).1, begin as u64);
    }
}

#[test]
fn every_flipped_bit_of_a_footer_is_noticed() {
    let bytes = open_reel().builder.finish(Close::Orderly).encode();
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(Footer::parse(&flipped).is_err(), "bit {bit}");
    }
    let mut flipped = bytes;
    flipped[100] ^= 1;
    assert_eq!(Footer::parse(&flipped), Err(FooterError::Checksum));
}

#[test]
fn a_scan_of_headers_alone_does_not_read_bodies() {
    let sample = open_reel();
    let mut bytes = sample.bytes.clone();
    bytes[sample.ends[2] - 1] ^= 1;
    assert_eq!(scan(&bytes, Verify::Headers).2, StopReason::EndOfFile);
    let (_, valid_end, reason) = scan(&bytes, Verify::All);
    assert_eq!(valid_end, sample.ends[1] as u64);
    assert_eq!(reason, StopReason::Broken(RecordError::Checksum { part: Part::Body }));
}

#[test]
fn records_in_another_order_stop_the_scan() {
    let sample = open_reel();
    let record = |at: usize| &sample.bytes[sample.ends[at]..sample.ends[at + 1]];
    let mut bytes = header().encode().to_vec();
    for at in [1, 0] {
        bytes.extend_from_slice(record(at));
    }
    let (builder, _, reason) = scan(&bytes, Verify::All);
    assert_eq!(builder.entries().len(), 1);
    assert_eq!(reason, StopReason::Broken(RecordError::OutOfOrder { number: 0, after: 1 }));
}

/// The footer that recovery makes, going over all damage.
fn recovered(bytes: &[u8]) -> Footer {
    let mut scanner = Scanner::open(bytes.len() as u64, Verify::All, read_at(bytes)).unwrap();
    let mut builder = FooterBuilder::new(scanner.header());
    loop {
        while let Some(found) = scanner.next_record().unwrap() {
            builder.skip_to(found.offset_bytes);
            builder.add_record(&found.head, &found.record).unwrap();
        }
        if !scanner.step_over().unwrap() {
            assert_eq!(scanner.end().unwrap().valid_end_bytes, builder.next_offset_bytes());
            return builder.finish(Close::Recovery);
        }
    }
}

#[test]
fn damage_costs_the_damaged_record_alone() {
    let sample = open_reel();
    let whole = sample.builder.finish(Close::Recovery);
    for at in sample.ends[0]..sample.bytes.len() {
        let mut bytes = sample.bytes.clone();
        bytes[at] ^= 0x10;
        let footer = recovered(&bytes);
        let hit = sample.ends.iter().filter(|&&end| end <= at).count() - 1;
        let mut expected: Vec<u64> = whole.entries.iter().map(|entry| entry.number).collect();
        expected.remove(hit);
        let found: Vec<u64> = footer.entries.iter().map(|entry| entry.number).collect();
        assert_eq!(found, expected, "damaged at {at}");
        assert_eq!(Footer::parse(&footer.encode()), Ok(footer));
    }
}

/// The magic of the record behind the damage lies across the border of what is read at a time.
#[test]
fn a_record_is_found_wherever_the_search_reads() {
    let sample = open_reel();
    let record = &sample.bytes[sample.ends[1]..];
    for hole in (65_536 - 20)..(65_536 + 4) {
        let mut bytes = sample.bytes[..sample.ends[1]].to_vec();
        bytes.resize(bytes.len() + hole, 0xee);
        bytes.extend_from_slice(record);
        assert_eq!(recovered(&bytes).entries.len(), 6, "a hole of {hole} bytes");
    }
}

#[test]
fn a_footer_whose_entries_overlap_is_refused() {
    let mut footer = open_reel().builder.finish(Close::Orderly);
    footer.entries[2].offset_bytes -= 1;
    assert!(matches!(Footer::parse(&footer.encode()), Err(FooterError::Format(_))));
    footer.entries[2].offset_bytes = u64::MAX;
    assert!(matches!(Footer::parse(&footer.encode()), Err(FooterError::Format(_))));
}

#[test]
fn a_failing_disk_is_not_taken_for_the_end() {
    let sample = open_reel();
    let mut calls = 0;
    let mut read = read_at(&sample.bytes);
    let mut scanner = Scanner::open(sample.bytes.len() as u64, Verify::All, |offset, buffer| {
        calls += 1;
        if calls % 2 == 0 { Err(std::io::ErrorKind::Other.into()) } else { read(offset, buffer) }
    })
    .unwrap();
    let mut failures = 0;
    let mut found = 0;
    // Each call fails in its turn; the scanner must lose no record for it.
    for _ in 0..3 {
        match scanner.next_record() {
            Ok(Some(_)) => found += 1,
            Ok(None) => panic!("the end, after {found} records"),
            Err(_) => failures += 1,
        }
    }
    assert!(failures > 0);
    assert_eq!(scanner.end(), None);
}

proptest! {
    /// Whatever stands in a file, a scan ends, with no panic and no byte beyond the file.
    #[test]
    fn any_bytes_after_a_header_end_the_scan(
        tail in proptest::collection::vec(any::<u8>(), 0..600),
        whole in 0_usize..7,
    ) {
        let sample = open_reel();
        let mut bytes = sample.bytes[..sample.ends[whole]].to_vec();
        bytes.extend(&tail);
        let (_, valid_end, _) = scan(&bytes, Verify::All);
        prop_assert_eq!(valid_end, sample.ends[whole] as u64);
    }

    /// The same for a footer.
    #[test]
    fn any_bytes_are_no_footer(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Footer::parse(&bytes).is_err());
    }
}
