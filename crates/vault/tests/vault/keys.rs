//! An attacker's view, by `docs/formats/keyring.md` alone: every key that the disk gives away, and
//! every frame that can be opened with them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use domain::{BucketId, Feed, WallTime};
use reel::{BucketKey, MinuteKey, Record, Scanner, Verify};

/// A bucket as a keyring file holds it.
#[derive(Clone)]
pub(crate) struct FoundBucket {
    pub(crate) start: WallTime,
    pub(crate) expires_at: WallTime,
    pub(crate) key: [u8; 32],
}

/// Keys of minutes that outlived their buckets: bucket, number, key.
pub(crate) type FoundMinutes = BTreeMap<(BucketId, i64), [u8; 32]>;

/// 64 hexadecimal digits.
pub(crate) fn from_hex(text: &str) -> [u8; 32] {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..64).step_by(2).map(digit).collect::<Vec<_>>().try_into().unwrap()
}

pub(crate) fn hex(bytes: &[u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every file below a folder with its bytes.
pub(crate) fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if let Ok(bytes) = std::fs::read(&path) {
            // What the ledger renamed meanwhile is found under its other name.
            found.push((path, bytes));
        }
    }
    found
}

/// The files below a folder in which some bytes stand.
pub(crate) fn files_with(folder: &Path, needle: &[u8]) -> Vec<PathBuf> {
    let has = |bytes: &[u8]| memchr(bytes, needle);
    files(folder).into_iter().filter(|(_, bytes)| has(bytes)).map(|(path, _)| path).collect()
}

fn memchr(bytes: &[u8], needle: &[u8]) -> bool {
    let first = needle[0];
    (0..(bytes.len() + 1).saturating_sub(needle.len()))
        .any(|at| bytes[at] == first && bytes[at..].starts_with(needle))
}

/// The vault keys in the holder's slots: epoch and key.
pub(crate) fn vault_keys(root: &Path) -> BTreeMap<u64, [u8; 32]> {
    vault_keys_of(&std::fs::read(root.join("vault/holder.slots")).unwrap())
}

fn vault_keys_of(bytes: &[u8]) -> BTreeMap<u64, [u8; 32]> {
    assert_eq!(bytes.len(), 4 * 4096);
    let mut found = BTreeMap::new();
    for page in bytes.chunks(4096) {
        let sum = digest(&SHA256, &page[..56]);
        if &page[..8] == b"JIKIMSLT" && page[56..88] == *sum.as_ref() {
            let epoch = u64::from_le_bytes(page[16..24].try_into().unwrap());
            found.insert(epoch, page[24..56].try_into().unwrap());
        }
    }
    found
}

/// Every bucket of every keyring file that one of the keys opens.
pub(crate) fn buckets(root: &Path) -> BTreeMap<BucketId, FoundBucket> {
    let keys: Vec<[u8; 32]> = vault_keys(root).into_values().collect();
    buckets_by(root, &keys)
}

/// Every minute key of every keyring file that one of the keys opens.
pub(crate) fn minutes(root: &Path) -> FoundMinutes {
    let keys: Vec<[u8; 32]> = vault_keys(root).into_values().collect();
    minutes_of(records(&files(root), &keys))
}

fn minutes_of(records: Vec<Vec<u8>>) -> FoundMinutes {
    let minutes = records.into_iter().filter(|plain| plain[33] == 1);
    let minute = |plain: Vec<u8>| {
        let start = moment(&plain, 40).as_micros();
        assert_eq!(start % 60_000_000, 0);
        assert_eq!(moment(&plain, 48).as_micros() - start, 60_000_000);
        assert!(moment(&plain, 96) < moment(&plain, 104), "the bucket's time stands there");
        let id = BucketId::from_bytes(plain[..16].try_into().unwrap());
        ((id, start / 60_000_000), plain[64..96].try_into().unwrap())
    };
    minutes.map(minute).collect()
}

pub(crate) fn buckets_by(root: &Path, keys: &[[u8; 32]]) -> BTreeMap<BucketId, FoundBucket> {
    buckets_of(records(&files(root), keys))
}

fn buckets_of(records: Vec<Vec<u8>>) -> BTreeMap<BucketId, FoundBucket> {
    let buckets = records.into_iter().filter(|plain| plain[33] == 0);
    let bucket = |plain: Vec<u8>| {
        let bucket = FoundBucket {
            start: moment(&plain, 40),
            expires_at: moment(&plain, 56),
            key: plain[64..96].try_into().unwrap(),
        };
        (BucketId::from_bytes(plain[..16].try_into().unwrap()), bucket)
    };
    buckets.map(bucket).collect()
}

fn moment(plain: &[u8], at: usize) -> WallTime {
    WallTime::from_micros(i64::from_le_bytes(plain[at..at + 8].try_into().unwrap()))
}

/// Every record that one of the keys opens.
fn records(files: &[(PathBuf, Vec<u8>)], keys: &[[u8; 32]]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for (path, bytes) in files {
        if path.extension().is_none_or(|extension| extension != "keys") || bytes.len() < 64 {
            continue;
        }
        let (header, records) = bytes.split_at(64);
        assert_eq!(&header[..8], b"JIKIMKEY");
        for key in keys {
            if digest(&SHA256, key).as_ref() == &header[24..56] {
                found.extend(records.chunks_exact(148).filter_map(|r| open(key, header, r)));
            }
        }
    }
    found
}

fn open(key: &[u8; 32], header: &[u8], record: &[u8]) -> Option<Vec<u8>> {
    let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).unwrap());
    let nonce = Nonce::assume_unique_for_key(record[..12].try_into().unwrap());
    let mut bytes = record[12..].to_vec();
    cipher.open_in_place(nonce, Aad::from(header), &mut bytes).ok().map(|plain| plain.to_vec())
}

/// Every frame on the volumes that these buckets' keys open, by feed and the moment it was filmed.
pub(crate) fn frames(
    root: &Path,
    buckets: &BTreeMap<BucketId, FoundBucket>,
) -> BTreeMap<(Feed, WallTime), Bytes> {
    frames_by(root, buckets, &FoundMinutes::new())
}

/// The same with the keys of minutes beside them.
pub(crate) fn frames_by(
    root: &Path,
    buckets: &BTreeMap<BucketId, FoundBucket>,
    minutes: &FoundMinutes,
) -> BTreeMap<(Feed, WallTime), Bytes> {
    frames_in(&files(root), buckets, minutes)
}

/// Every frame that these files give away, keys and all.
pub(crate) fn openable(files: &[(PathBuf, Vec<u8>)]) -> BTreeMap<(Feed, WallTime), Bytes> {
    let slots = files.iter().find(|(path, _)| path.ends_with("vault/holder.slots")).unwrap();
    let keys: Vec<[u8; 32]> = vault_keys_of(&slots.1).into_values().collect();
    let records = records(files, &keys);
    frames_in(files, &buckets_of(records.clone()), &minutes_of(records))
}

fn frames_in(
    files: &[(PathBuf, Vec<u8>)],
    buckets: &BTreeMap<BucketId, FoundBucket>,
    minutes: &FoundMinutes,
) -> BTreeMap<(Feed, WallTime), Bytes> {
    let mut found = BTreeMap::new();
    for (path, bytes) in files {
        if path.extension().is_none_or(|extension| extension != "reel") {
            continue;
        }
        let read = |at: u64, into: &mut [u8]| -> Result<(), ()> {
            let at = usize::try_from(at).unwrap();
            into.copy_from_slice(bytes.get(at..at + into.len()).ok_or(())?);
            Ok(())
        };
        let Ok(mut scanner) = Scanner::open(bytes.len() as u64, Verify::All, read) else {
            continue;
        };
        let reel = scanner.header().reel;
        while let Some(record) = scanner.next_record().unwrap() {
            let Record::Chunk(header) = record.record else { continue };
            let minute = match buckets.get(&header.bucket) {
                Some(it) => BucketKey::from_bytes(it.key).minute(header.bucket, header.minute),
                None => match minutes.get(&(header.bucket, header.minute)) {
                    Some(key) => MinuteKey::from_bytes(*key),
                    None => continue,
                },
            };
            let key = minute.chunk(reel, header.feed);
            let at = usize::try_from(record.offset_bytes).unwrap();
            let whole = &bytes[at..at + usize::try_from(record.head.length_bytes()).unwrap()];
            let (header, plain) = reel::open_chunk(&key, reel, whole).unwrap();
            let (mut plain, mut wall) = (Bytes::from(plain), header.start);
            for frame in &header.frames {
                wall = wall + std::time::Duration::from_micros(frame.delta_us.into());
                found.insert((header.feed, wall), plain.split_to(frame.size_bytes as usize));
            }
        }
    }
    found
}

/// The ids of all buckets that the ledger says are destroyed; each may be said once.
pub(crate) fn destroyed(root: &Path, ledger: &ledger::Ledger) -> BTreeSet<BucketId> {
    let names = listed(root, ledger, "destroyed").into_keys();
    names.filter(|name| !name.contains('/')).map(|name| name.parse().unwrap()).collect()
}

/// The lines of all lists of a kind, `keys` or `destroyed`: names and commitments; none may be named
/// twice. A minute's name is `<bucket>/<number>`.
pub(crate) fn listed(root: &Path, ledger: &ledger::Ledger, kind: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (_, entry) in ledger.entries(ledger.status().year, None, 100_000).unwrap() {
        let companion = match entry.kind {
            ledger::Kind::Destroyed { companion, .. } if kind == "destroyed" => companion,
            ledger::Kind::Keys { companion } if kind == "keys" => companion,
            _ => continue,
        };
        let text = std::fs::read_to_string(root.join("ledger/companion").join(companion.sha256));
        for line in text.unwrap().lines() {
            let (name, commitment) = line.split_once(' ').unwrap();
            let before = found.insert(name.to_owned(), commitment.to_owned());
            assert!(before.is_none(), "{name} is listed twice as {kind}");
        }
    }
    found
}
