//! A reader that looks for one feed reads trailer, table and one block, and believes none of them
//! unless its checksum is right.

#![allow(clippy::unwrap_used)] // helpers of tests are tests too

mod sample;

use domain::WallTime;
use reel::{Close, FooterEntry, FooterError, ReelIndex, TRAILER_BYTES, Trailer};
use sample::{START_US, closed_reel, feed, open_reel};

/// As a reader of the file does it: the trailer, then what it says.
fn index_of(bytes: &[u8]) -> Result<ReelIndex, FooterError> {
    let trailer = Trailer::parse(bytes.last_chunk::<TRAILER_BYTES>().unwrap())?;
    ReelIndex::parse(&bytes[bytes.len() - trailer.index_bytes()..])
}

fn block_of(index: &ReelIndex, row: u16, bytes: &[u8]) -> Result<Vec<FooterEntry>, FooterError> {
    let (at, length) = index.block(row).unwrap();
    let at = usize::try_from(at).unwrap();
    index.parse_block(row, &bytes[at..at + length])
}

#[test]
fn one_block_has_the_entries_of_one_row() {
    let (bytes, footer) = (closed_reel(), open_reel().builder.finish(Close::Orderly));
    let index = index_of(&bytes).unwrap();
    assert_eq!((index.rows.len(), index.records), (3, 6));
    assert_eq!((index.reel, index.hash), (footer.reel, footer.hash()));
    assert_eq!((index.closed_by, index.content_hash), (footer.closed_by, footer.content_hash));
    for (row, of) in (0..).zip(&index.rows) {
        assert_eq!(of.feed, footer.feeds[usize::from(row)]);
        let expected: Vec<_> =
            footer.entries.iter().filter(|entry| entry.feed_index == row).copied().collect();
        assert_eq!(block_of(&index, row, &bytes).unwrap(), expected);
    }
    assert_eq!(index.block(3), None);
    assert!(index.parse_block(3, &[]).is_err());
    assert_eq!(footer.encode_with_index(), (footer.encode(), index));
}

/// Two frames of 90 and 30 bytes; with an even number the first is a keyframe.
#[test]
fn change_in_the_picture_stands_in_the_index() {
    let bytes = closed_reel();
    let index = index_of(&bytes).unwrap();
    let main = index.rows.iter().position(|row| row.feed.feed == feed(2)).unwrap();
    let sums =
        |entry: &FooterEntry| (entry.keyframes, entry.inter_bytes, entry.largest_inter_bytes);
    let entries = block_of(&index, u16::try_from(main).unwrap(), &bytes).unwrap();
    assert_eq!(
        entries.iter().map(sums).collect::<Vec<_>>(),
        [(1, 30, 30), (1, 30, 30), (0, 120, 90)]
    );
    let row = index.rows[main].feed;
    assert_eq!((row.keyframes, row.inter_bytes, row.bytes), (2, 180, 360));
}

#[test]
fn the_trailer_names_the_time_of_the_chunks() {
    let index = index_of(&closed_reel()).unwrap();
    let at = |us| WallTime::from_micros(START_US + us);
    // The gap reaches further than the chunk before it, and is no footage.
    assert_eq!(index.span(), (at(0), at(8 * 500_000 + 80_000)));
    let empty = reel::FooterBuilder::new(&sample::header()).finish(Close::Orderly);
    let index = index_of(&empty.encode()).unwrap();
    assert_eq!((index.span(), index.records), ((WallTime::EPOCH, WallTime::EPOCH), 0));
}

/// What this is for: a flipped bit costs at most the row in whose block it lies.
#[test]
fn a_flipped_bit_of_a_block_costs_its_row_alone() {
    let bytes = closed_reel();
    let index = index_of(&bytes).unwrap();
    for row in 0..3 {
        let (at, length) = index.block(row).unwrap();
        for bit in 0..length * 8 {
            let mut flipped = bytes.clone();
            flipped[usize::try_from(at).unwrap() + bit / 8] ^= 1 << (bit % 8);
            let index = index_of(&flipped).unwrap();
            for other in 0..3 {
                let read = block_of(&index, other, &flipped);
                assert_eq!(read.err(), (other == row).then_some(FooterError::Checksum));
            }
        }
    }
}

#[test]
fn every_flipped_bit_of_table_and_trailer_is_noticed() {
    let bytes = closed_reel();
    let trailer = Trailer::parse(bytes.last_chunk::<TRAILER_BYTES>().unwrap()).unwrap();
    for bit in 0..trailer.index_bytes() * 8 {
        let mut flipped = bytes.clone();
        let at = flipped.len() - trailer.index_bytes() + bit / 8;
        flipped[at] ^= 1 << (bit % 8);
        assert!(index_of(&flipped).is_err(), "bit {bit}");
    }
}

/// Whoever changes a block and its checksums changes the hash that the ledger holds.
#[test]
fn the_hash_in_the_ledger_stands_for_every_entry() {
    let footer = open_reel().builder.finish(Close::Orderly);
    for at in 0..footer.entries.len() {
        let mut changed = footer.clone();
        changed.entries[at].frames += 1;
        assert_ne!(changed.hash(), footer.hash());
        // The control: the change is one that a reader would believe.
        assert_eq!(reel::Footer::parse(&changed.encode()), Ok(changed));
    }
}
