//! Footage grows old. When its time is up, footage is gone: no picture, no ciphertext, no key.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use domain::WallTime;
use host::{Clock as _, SystemClock};

use crate::house::{House, camera, cameras, each_file, is_long, sha256_hex};

const RETENTION: Duration = Duration::from_secs(90);
const KEY_BYTES: usize = 32;

/// Reels under a folder.
fn reels(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    each_file(folder, &mut |path, bytes| {
        if path.extension().is_some_and(|end| end == "reel") && !bytes.is_empty() {
            found.insert(path.to_owned());
        }
    });
    found
}

/// Where in the files under a folder 32 bytes lie whose SHA-256 is one of these.
fn keys_under(folder: &Path, commitments: &BTreeSet<[u8; 32]>) -> Vec<(PathBuf, usize)> {
    let mut found = Vec::new();
    each_file(folder, &mut |path, bytes| {
        let mut before = None;
        for (at, window) in bytes.windows(KEY_BYTES).enumerate() {
            // Long runs of one byte in preallocated files are one key at most.
            if before == Some(window) {
                continue;
            }
            before = Some(window);
            if commitments.contains(digest(&SHA256, window).as_ref()) {
                found.push((path.to_owned(), at));
            }
        }
    });
    found
}

#[test]
fn k3_k1_after_its_retention_footage_its_ciphertext_and_its_key_are_gone() {
    let sim = cameras(vec![camera(0), camera(1)]);
    let mut house = House::run();
    let began = Instant::now();
    let began_at = SystemClock.wall();
    let short = house.add_camera("정문", &sim.url(0), &["--retention", "90s"]);
    let long = house.add_camera("후문", &sim.url(1), &[]);
    let web = house.claim("manager");
    std::thread::sleep(Duration::from_secs(8));
    let early = web.footage(&[&short], &began_at.to_string(), &SystemClock.wall().to_string());
    assert!(early[0].frames.len() > 60);
    let early_reels = reels(&house.data());

    let end = RETENTION + Duration::from_secs(if is_long() { 120 } else { 15 });
    let mut counted: BTreeMap<String, u64> = BTreeMap::new();
    while began.elapsed() < end {
        std::thread::sleep(Duration::from_secs(2));
        for camera in house.status()["cameras"].as_array().unwrap() {
            for counter in ["frames_recorded", "bytes_recorded", "frames_lost"] {
                let key = format!("{} {counter}", camera["id"]);
                let value = camera[counter].as_u64().unwrap();
                let before = counted.insert(key, value).unwrap_or_default();
                assert!(value >= before, "{counter} went from {before} back to {value}");
            }
            if camera["id"] == short.as_str() {
                let age = camera["oldest_footage_age_s"].as_u64().unwrap();
                assert!(age <= RETENTION.as_secs(), "footage of {age} s is kept");
            }
        }
    }

    // No picture.
    let opened_at = SystemClock.wall();
    let oldest_us = opened_at.as_micros() - i64::try_from(RETENTION.as_micros()).unwrap();
    let seen = web.footage(&[&short, &long], &began_at.to_string(), &opened_at.to_string());
    let oldest_seen_us = seen[0].frames.values().copied().min().unwrap();
    assert!(oldest_seen_us >= oldest_us, "{}", WallTime::from_micros(oldest_seen_us));
    let first_early_us = early[0].frames.values().copied().min().unwrap();
    assert!(first_early_us < oldest_us, "something did expire");
    // Control: the other camera's footage of the same time is there still.
    assert!(seen[1].frames.values().any(|wall_us| *wall_us < oldest_us));
    assert!(seen[0].frames.len() > 60, "what is not due is kept");

    // No ciphertext.
    let late_reels = reels(&house.data());
    let gone = early_reels.difference(&late_reels).count();
    assert!(gone >= 2, "{early_reels:?} then {late_reels:?}");

    // No key: the ledger says which keys are destroyed, and none of them is anywhere.
    let destroyed: Vec<_> = web.published_entries();
    let destroyed = destroyed.iter().filter(|entry| entry["kind"] == "destroyed");
    let mut commitments = BTreeSet::new();
    for entry in destroyed {
        let name = entry["companion"]["sha256"].as_str().unwrap();
        let list = fs::read(house.data().join("ledger/companion").join(name)).unwrap();
        assert_eq!(sha256_hex(&list), name, "the list is what was entered");
        for line in std::str::from_utf8(&list).unwrap().lines() {
            let (_bucket, commitment) = line.split_once(' ').unwrap();
            let byte = |at: usize| u8::from_str_radix(&commitment[2 * at..2 * at + 2], 16).unwrap();
            commitments.insert(std::array::from_fn(byte));
        }
    }
    assert!(commitments.len() >= 2, "keys were destroyed");
    assert_eq!(keys_under(&house.data(), &commitments), []);
    house.stop();
    assert_eq!(keys_under(&house.data(), &commitments), []);

    // Control: a key that lies in a file is found by its commitment.
    let key: [u8; KEY_BYTES] = host::random_bytes();
    let bait = house.data().join("vault").join("bait");
    fs::write(&bait, [&[1; 1000], &key[..], &[2; 33]].concat()).unwrap();
    commitments.insert(digest(&SHA256, &key).as_ref().try_into().unwrap());
    assert_eq!(keys_under(&house.data(), &commitments), [(bait, 1000)]);
}
