//! R6, R7: a flipped bit anywhere in a reel is noticed, spreads to nothing else and is never served;
//! and whatever the catalog forgot, every reel that is kept is listed and played again, and no
//! destroyed one.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use domain::{Feed, ReelId, WallTime};
use host::{Clock as _, Disk};
use testkit::{TestClock, is_long};
use vault::OpenFootageError;

use crate::house::{Camera, HOUR, House, Place, Start, seconds};
use crate::keys;

/// The same numbers in every run (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).unwrap()
    }
}

type Frames = BTreeMap<(Feed, WallTime), Bytes>;

/// Everything that can be seen of some cameras, and how many chunks were refused. Nobody is granted
/// much more than a day at once.
fn seen(house: &House, feeds: &[Feed], from: WallTime, to: WallTime) -> (Frames, usize) {
    let (mut frames, mut refused) = (Frames::new(), 0);
    let mut windows = vec![from];
    while let Some(last) = windows.last().filter(|last| **last + 22 * HOUR < to) {
        windows.push(*last + 22 * HOUR);
    }
    for (feed, from) in feeds.iter().flat_map(|&feed| windows.iter().map(move |&from| (feed, from)))
    {
        let grant = house.may_play(feed, from, to.min(from + 22 * HOUR));
        let opener = house.vault.opener();
        let reader = opener.footage(&grant);
        let mut place = reader.seek(feed, from).unwrap();
        while let Some(chunk) = place {
            match reader.open(&chunk) {
                Ok(opened) => {
                    frames.extend(opened.frames.into_iter().map(|f| ((feed, f.wall), f.bytes)));
                }
                Err(OpenFootageError::Reel { .. } | OpenFootageError::Destroyed) => refused += 1,
                Err(error) => panic!("{error}"),
            }
            place = reader.next(&chunk).unwrap();
        }
    }
    (frames, refused)
}

fn filmed(cameras: &[Camera]) -> Frames {
    let of = |camera: &Camera| {
        let feed = camera.feed;
        camera.filmed.clone().into_iter().map(move |(wall, bytes)| ((feed, wall), bytes))
    };
    cameras.iter().flat_map(of).collect()
}

fn reels(place: &Place) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = keys::files(&place.root().join("a/reels"));
    found.sort();
    found
}

/// Three reels of two cameras, an hour apart, closed, entered and listed.
fn three_reels(place: &Place, clock: &TestClock) -> (Vec<Camera>, HashSet<ReelId>) {
    let house = House::new(place, clock);
    let mut cameras: Vec<Camera> = (1..3).map(|n| house.camera(n, 40 * HOUR * 24)).collect();
    for _ in 0..3 {
        for _ in 0..3 {
            cameras.iter_mut().for_each(Camera::film_a_second);
            house.vault.flush();
        }
        clock.advance(HOUR);
        house.vault.flush();
    }
    house.vault.close();
    let listed = house.listed.ids();
    house.close();
    assert_eq!(listed.len(), 3);
    (cameras, listed)
}

fn again(place: &Place, clock: &TestClock, listed: &HashSet<ReelId>) -> House {
    let start = Start { listed: listed.clone(), ..Start::default() };
    House::open(place, Arc::new(Disk), clock, start).unwrap()
}

fn flip(path: &Path, bytes: &[u8], bit: usize) {
    let mut flipped = bytes.to_vec();
    flipped[bit / 8] ^= 1 << (bit % 8);
    std::fs::write(path, flipped).unwrap();
}

/// The control: whoever looks at the structure alone, and at no checksum.
fn looks_whole(bytes: &[u8]) -> bool {
    let u32_at =
        |at: usize| bytes.get(at..at + 4).map(|b| u32::from_le_bytes(b.try_into().unwrap()));
    let mut at = 512;
    while bytes[at..].starts_with(b"JIKIMREC") {
        let (Some(header), Some(body)) = (u32_at(at + 96), u32_at(at + 100)) else { return false };
        at += 104 + header as usize + body as usize;
        if at >= bytes.len() {
            return false;
        }
    }
    bytes.starts_with(b"JIKIMREL")
        && bytes[at..].starts_with(b"JIKIMFTR")
        && bytes.ends_with(b"JIKIMEND")
}

#[test]
fn r6_a_flipped_bit_anywhere_in_a_reel_is_noticed_and_never_served() {
    let (flips, every) = if is_long() { (100_000, 100) } else { (400, 10) };
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let (cameras, listed) = three_reels(&place, &clock);
    let all = filmed(&cameras);
    let feeds: Vec<Feed> = cameras.iter().map(|camera| camera.feed).collect();
    let (from, to) = (cameras[0].filmed[0].0, clock.wall());
    let files = reels(&place);
    let house = again(&place, &clock, &listed);
    assert_eq!(house.vault.check().faults, []);
    let mut chance = Chance(6);
    let mut missed_by_control = 0;
    for round in 0..flips {
        let (path, bytes) = &files[chance.below(files.len())];
        let bit = chance.below(bytes.len() * 8);
        flip(path, bytes, bit);
        // By reading: what is served is what was filmed, and only what lies where the bit lies is
        // missing.
        if round % every == 0 {
            let house = again(&place, &clock, &listed);
            let (frames, refused) = seen(&house, &feeds, from, to);
            assert!(frames.iter().all(|(of, bytes)| all.get(of) == Some(bytes)), "bit {bit}");
            let lost = all.len() - frames.len();
            // A chunk has two frames; a bit of the reel's own header costs the reel.
            let most = if bit < 512 * 8 { all.len() / 3 } else { 2 };
            assert!(lost <= most, "bit {bit}: {lost} frames are missing");
            assert!(bit < 512 * 8 || refused * 2 == lost, "bit {bit}: {refused} were refused");
            house.close();
        }
        // By the check, which names the reel and no other.
        let faults = house.vault.check().faults;
        let named: BTreeSet<_> = faults.iter().map(|fault| &fault.path).collect();
        assert_eq!(named, BTreeSet::from([path]), "bit {bit}");
        missed_by_control += usize::from(looks_whole(&std::fs::read(path).unwrap()));
        std::fs::write(path, bytes).unwrap();
    }
    assert_eq!(house.vault.check().faults, [], "as they were, nothing is said of them");
    assert!(seen(&house, &feeds, from, to) == (all, 0));
    assert!(missed_by_control > flips * 9 / 10, "{missed_by_control} of {flips}");
    house.close();
}

/// Bytes of one reel written into another, or elsewhere in the same: each is whole by itself.
#[test]
fn r6_a_misdirected_write_is_noticed() {
    let writes = if is_long() { 1000 } else { 100 };
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let (_, listed) = three_reels(&place, &clock);
    let files = reels(&place);
    let house = again(&place, &clock, &listed);
    let mut chance = Chance(66);
    for _ in 0..writes {
        let (_, source) = &files[chance.below(files.len())];
        let (path, target) = &files[chance.below(files.len())];
        let length = 1 + chance.below(511);
        let (from, to) = (chance.below(source.len() - length), chance.below(target.len() - length));
        let mut bytes = target.clone();
        bytes[to..to + length].copy_from_slice(&source[from..from + length]);
        let is_changed = bytes != *target;
        std::fs::write(path, bytes).unwrap();
        let faults = house.vault.check().faults;
        // The control within: what was written over itself is no damage.
        assert_eq!(faults.len(), usize::from(is_changed), "{length} bytes from {from} to {to}");
        std::fs::write(path, target).unwrap();
    }
    house.close();
}

/// What the catalog still says of the reels: some, and some that never were.
fn remembered(chance: &mut Chance, ids: &[ReelId]) -> HashSet<ReelId> {
    let mut listed: HashSet<ReelId> =
        ids.iter().copied().filter(|_| chance.below(2) == 0).collect();
    if chance.below(2) == 0 {
        listed.insert(ReelId::from_bytes([u8::try_from(chance.below(250)).unwrap(); 16]));
    }
    listed
}

#[test]
fn r7_whatever_the_catalog_forgot_all_that_is_kept_comes_back_and_nothing_destroyed() {
    let rounds = if is_long() { 1000 } else { 12 };
    let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
    let house = House::new(&place, &clock);
    // Kept for a day, in buckets of an hour; half of what is filmed will be due.
    let mut cameras: Vec<Camera> = (1..3).map(|n| house.camera(n, 24 * HOUR)).collect();
    for _ in 0..6 {
        cameras.iter_mut().for_each(Camera::film_a_second);
        house.vault.flush();
        clock.advance(4 * HOUR);
        house.vault.flush();
    }
    house.vault.settle();
    let before = (place.copy(), reels(&place), house.listed.ids());
    clock.advance(6 * HOUR);
    let destroyed = house.rotate().unwrap();
    assert!(destroyed.buckets > 0 && destroyed.reels > 0, "{destroyed:?}");
    house.vault.close();
    let kept: HashSet<ReelId> = house.listed.ids();
    house.close();
    let (old_place, old_reels, old_ids) = before;
    let gone: HashSet<ReelId> = old_ids.difference(&kept).copied().collect();
    assert!(!gone.is_empty() && !kept.is_empty());

    let all = filmed(&cameras);
    let feeds: Vec<Feed> = cameras.iter().map(|camera| camera.feed).collect();
    let (from, to) = (cameras[0].filmed[0].0, clock.wall());
    let expected = visible(&place, &clock, &kept, &feeds, (from, to));
    assert!(!expected.is_empty() && expected.len() < all.len());
    assert!(expected.iter().all(|(of, bytes)| all.get(of) == Some(bytes)));

    let ids: Vec<ReelId> = old_ids.iter().copied().collect();
    let mut chance = Chance(7);
    for _ in 0..rounds {
        // A disk that was away brings back the ciphertext of what was destroyed.
        for (path, bytes) in &old_reels {
            if !path.exists() && chance.below(2) == 0 {
                std::fs::write(path, bytes).unwrap();
            }
        }
        let listed = remembered(&mut chance, &ids);
        let house = again(&place, &clock, &listed);
        let told: HashSet<ReelId> = house.listed.ids();
        assert!(told.is_disjoint(&gone), "a destroyed reel is listed");
        assert_eq!(&listed & &kept, &kept - &told, "what is not told was listed already");
        let (frames, refused) = seen(&house, &feeds, from, to);
        assert!(frames == expected && refused == 0, "{refused} refused");
        assert_eq!(house.vault.check().faults, []);
        assert_eq!(reels(&place).len(), kept.len(), "the ciphertext is gone again");
        house.close();
    }
    // The controls: of a reel that is truly lost something is missing, and somebody who has the
    // keys of before sees what was destroyed.
    std::fs::remove_file(&reels(&place)[0].0).unwrap();
    assert!(visible(&place, &clock, &kept, &feeds, (from, to)) != expected);
    let clock_before = TestClock::new(to - 6 * HOUR + seconds(1));
    assert!(visible(&old_place, &clock_before, &old_ids, &feeds, (from, to)) == all);
}

fn visible(
    place: &Place,
    clock: &TestClock,
    listed: &HashSet<ReelId>,
    feeds: &[Feed],
    (from, to): (WallTime, WallTime),
) -> Frames {
    let house = again(place, clock, listed);
    let (frames, _) = seen(&house, feeds, from, to);
    house.close();
    frames
}
