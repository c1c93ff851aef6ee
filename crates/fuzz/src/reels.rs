//! A reel on a disk that somebody else had: header, records, footer, index, and opening with a key.
//!
//! An input is a byte of how (bit 0: the checksums are made good first, as somebody would who changed
//! the reel on purpose; without, nearly everything ends at one), then the reel.
//!
//! What must hold: nothing is read beyond the file, what was read and is written again is the same
//! bytes, and the footer that recovery makes of whatever is there can be read.

use domain::{BucketId, Feed, FeedKind, ReelId};
use reel::{
    AddRecordError, BucketKey, ChunkKey, Close, Footer, FooterBuilder, RECORD_HEAD_BYTES,
    REEL_HEADER_BYTES, Record, ReelHeader, ReelIndex, Scanner, TRAILER_BYTES, Trailer, Verify,
    check_record, open_chunk,
};

use crate::parameters::unhex;
use crate::{Target, take};

pub(crate) const TARGET: Target = Target {
    name: "reel",
    seeds,
    words: &["JIKIMREL", "JIKIMREC", "JIKIMFTR", "JIKIMEND"],
    run,
    mutations: 4000,
};

const REEL: &str = include_str!("../../../testdata/reel/reel.hex");
const RECORDS: &str = include_str!("../../../testdata/reel/records.txt");

fn run(mut input: &[u8]) {
    let [how] = take(&mut input);
    let mut bytes = input.to_vec();
    if how & 1 != 0 {
        mend(&mut bytes);
    }
    if let Ok(header) = ReelHeader::parse(&bytes) {
        assert_eq!(header.encode()[..], bytes[..REEL_HEADER_BYTES]);
        let found = scan(&bytes, Verify::All);
        assert!(scan(&bytes, Verify::Headers) >= found, "fewer checks find no less");
        recover(&bytes, &header);
    }
    read_footer(&bytes);
    // A record alone, as it is read by its place in the index.
    let reel = ReelId::from_bytes([0x11; 16]);
    if let Ok(checked) = check_record(reel, &bytes) {
        assert_eq!(checked.head.length_bytes(), bytes.len() as u64);
        open(reel, &bytes, &checked.record);
    }
}

/// Walks to the first thing that is no record; how many there were.
fn scan(bytes: &[u8], verify: Verify) -> usize {
    let mut scanner = open_scanner(bytes, verify);
    let mut count = 0;
    while let Some(found) = scanner.next_record().expect("memory is always read") {
        let from = usize::try_from(found.offset_bytes).expect("within the file");
        let record = &bytes[from..from + usize::try_from(found.head.length_bytes()).expect("so")];
        open(found.head.reel, record, &found.record);
        count += 1;
    }
    let end = scanner.end().expect("it came to its end");
    assert!(end.valid_end_bytes <= bytes.len() as u64);
    count
}

fn open_scanner(
    bytes: &[u8],
    verify: Verify,
) -> Scanner<impl FnMut(u64, &mut [u8]) -> Result<(), std::convert::Infallible>> {
    let read = move |offset: u64, into: &mut [u8]| {
        let from = usize::try_from(offset).expect("within the file");
        into.copy_from_slice(&bytes[from..from + into.len()]);
        Ok(())
    };
    Scanner::open(bytes.len() as u64, verify, read).expect("its header was read before")
}

/// What a recovery does, going over all damage.
fn recover(bytes: &[u8], header: &ReelHeader) {
    let mut scanner = open_scanner(bytes, Verify::All);
    let mut builder = FooterBuilder::new(header);
    'reel: loop {
        while let Some(found) = scanner.next_record().expect("memory is always read") {
            builder.skip_to(found.offset_bytes);
            match builder.add_record(&found.head, &found.record) {
                Ok(()) => {}
                Err(AddRecordError::Full) => break 'reel,
                Err(other) => panic!("a scan gives records that can follow: {other}"),
            }
        }
        if !scanner.step_over().expect("memory is always read") {
            break;
        }
    }
    let footer = builder.finish(Close::Recovery);
    let (written, index) = footer.encode_with_index();
    assert_eq!(Footer::parse(&written).expect("what recovery wrote can be read"), footer);
    assert_eq!(index.hash, footer.hash());
}

fn read_footer(bytes: &[u8]) {
    let Some(last) = bytes.last_chunk::<TRAILER_BYTES>() else { return };
    let Ok(trailer) = Trailer::parse(last) else { return };
    let whole = usize::try_from(trailer.whole_bytes()).expect("at most 64 MiB");
    if let Some(from) = bytes.len().checked_sub(whole)
        && let Ok(footer) = Footer::parse(&bytes[from..])
    {
        assert_eq!(footer.encode(), bytes[from..], "one encoding");
    }
    let Some(from) = bytes.len().checked_sub(trailer.index_bytes()) else { return };
    let Ok(index) = ReelIndex::parse(&bytes[from..]) else { return };
    let _ = index.span();
    for row in (0..).take(index.rows.len()) {
        let (offset_bytes, length) = index.block(row).unwrap_or((u64::MAX, 0));
        let Some(from) = usize::try_from(offset_bytes).ok().filter(|from| *from < bytes.len())
        else {
            continue;
        };
        if let Some(block) = bytes[from..].get(..length)
            && let Ok(entries) = index.parse_block(row, block)
        {
            assert!(entries.iter().all(|entry| entry.feed_index == row));
        }
    }
}

/// With the key of the vectors: what opens is what its header says.
fn open(reel: ReelId, record: &[u8], plain: &Record) {
    let Record::Chunk(known) = plain else { return };
    let key = key(reel, known.bucket, known.minute, known.feed);
    if let Ok((header, frames)) = open_chunk(&key, reel, record) {
        assert_eq!(header, *known);
        assert_eq!(header.plaintext_bytes(), frames.len() as u64);
    }
}

fn key(reel: ReelId, bucket: BucketId, minute: i64, feed: Feed) -> ChunkKey {
    let secret = if feed.kind == FeedKind::Main { [0x42; 32] } else { [0x43; 32] };
    BucketKey::from_bytes(secret).minute(bucket, minute).chunk(reel, feed)
}

/// Makes every checksum good, where the lengths still say where they are.
fn mend(bytes: &mut [u8]) {
    if let Some(header) = bytes.get_mut(..REEL_HEADER_BYTES).filter(|b| b.starts_with(b"JIKIMREL"))
    {
        let checksum = blake3::hash(&header[..480]);
        header[480..].copy_from_slice(checksum.as_bytes());
    }
    let mut at = if bytes.starts_with(b"JIKIMREC") { 0 } else { REEL_HEADER_BYTES };
    while let Some(length) = bytes.get_mut(at..).and_then(mend_record) {
        at += length;
    }
    mend_footer(bytes);
}

fn number(bytes: &[u8], at: usize) -> usize {
    let bytes = bytes[at..at + 4].try_into().expect("four bytes");
    usize::try_from(u32::from_le_bytes(bytes)).expect("32 bits fit")
}

fn mend_record(bytes: &mut [u8]) -> Option<usize> {
    let head = bytes.get(..RECORD_HEAD_BYTES).filter(|head| head.starts_with(b"JIKIMREC"))?;
    let (header, body) = (number(head, 96), number(head, 100));
    let body_at = RECORD_HEAD_BYTES.checked_add(header)?;
    let length = body_at.checked_add(body).filter(|length| *length <= bytes.len())?;
    let checksum = blake3::hash(&bytes[body_at..length]);
    bytes[40..72].copy_from_slice(checksum.as_bytes());
    let checksum = blake3::hash(&bytes[40..body_at]);
    bytes[8..40].copy_from_slice(checksum.as_bytes());
    Some(length)
}

/// Blocks, table, trailer.
fn mend_footer(bytes: &mut [u8]) -> Option<()> {
    let trailer_at = bytes.len().checked_sub(TRAILER_BYTES)?;
    let footer_bytes = number(bytes, trailer_at);
    let table_at = trailer_at.checked_sub(number(bytes, trailer_at + 12))?;
    let mut block_at = trailer_at.checked_sub(footer_bytes)? + 16;
    let mut row = table_at + 96;
    while row + 128 <= trailer_at {
        let end = block_at + number(bytes, row + 40).checked_mul(56)?;
        if let Some(block) = bytes.get(block_at..end) {
            let checksum = blake3::hash(block);
            bytes[row + 88..row + 120].copy_from_slice(checksum.as_bytes());
        }
        (block_at, row) = (end, row + 128);
    }
    let checksum = blake3::hash(&bytes[table_at..trailer_at]);
    bytes[trailer_at + 48..trailer_at + 80].copy_from_slice(checksum.as_bytes());
    let checksum = blake3::hash(&bytes[trailer_at..trailer_at + 80]);
    bytes[trailer_at + 80..trailer_at + 112].copy_from_slice(checksum.as_bytes());
    Some(())
}

fn seeds() -> Vec<Vec<u8>> {
    let closed = unhex(REEL);
    let mut seeds = vec![[&[0], &closed[..]].concat(), [&[1], &closed[..]].concat()];
    // Still being written: without its footer.
    let open = &closed[..closed.len() - closed.len() / 3];
    seeds.push([&[1], open].concat());
    let records = RECORDS.lines().filter(|line| !line.starts_with('#'));
    seeds.extend(records.filter_map(|line| {
        let record = line.split(" | ").nth(2)?;
        Some([&[1], &unhex(record)[..]].concat())
    }));
    seeds
}

#[cfg(test)]
mod tests {
    use domain::CameraId;

    use super::*;

    /// The control: with good checksums a changed reel goes past them, or the target would try nothing.
    #[test]
    fn a_changed_reel_with_good_checksums_is_read() {
        let mut bytes = unhex(REEL);
        let number = REEL_HEADER_BYTES + RECORD_HEAD_BYTES + 56;
        bytes[number] ^= 1;
        assert_eq!(scan(&bytes, Verify::All), 0);
        mend(&mut bytes);
        assert_eq!(bytes.len(), unhex(REEL).len());
        assert_eq!(scan(&bytes, Verify::All), 6);
        let last = bytes.last_chunk::<TRAILER_BYTES>().unwrap();
        let whole = usize::try_from(Trailer::parse(last).unwrap().whole_bytes()).unwrap();
        assert!(Footer::parse(&bytes[bytes.len() - whole..]).is_ok());
    }

    #[test]
    fn the_key_of_the_vectors_opens() {
        let bytes = unhex(REEL);
        let feed = Feed { camera: CameraId::from_bytes([2; 16]), kind: FeedKind::Main };
        let mut scanner = open_scanner(&bytes, Verify::All);
        let found = scanner.next_record().unwrap().unwrap();
        let Record::Chunk(header) = found.record else { panic!("the first is a chunk") };
        let key = key(found.head.reel, header.bucket, header.minute, feed);
        let until = REEL_HEADER_BYTES + usize::try_from(found.head.length_bytes()).unwrap();
        assert!(open_chunk(&key, found.head.reel, &bytes[REEL_HEADER_BYTES..until]).is_ok());
    }
}
