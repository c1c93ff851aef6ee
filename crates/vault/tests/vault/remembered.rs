//! K1 in memory: a recorder destroys keys while it records and shows footage, and then its memory is
//! looked through from outside, as a core dump would be.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use host::Clock as _;
use testkit::TestClock;
use verify::disk::OVERLAP_BYTES;

use crate::devices::commitments;
use crate::house::{DAY, HOUR, House, Place, feed, wait_until};
use crate::keys;
use crate::scanner::{Found, Wanted};

/// How many destructions, one after the other.
fn destructions() -> u64 {
    let said = std::env::var("JIKIM_SEEDS").ok().and_then(|count| count.parse().ok());
    said.unwrap_or(if testkit::is_long() { 1000 } else { 60 })
}

/// A camera films each hour and a day of it is kept: with each hour an older one goes. Gives the
/// commitments to all that is destroyed then.
pub(crate) fn destroy_many(
    place: &Place,
    clock: &TestClock,
) -> (House, BTreeMap<String, [u8; 32]>) {
    let house = House::new(place, clock);
    let mut camera = house.camera(1, DAY);
    let mut destroyed = 0;
    for hour in 0.. {
        camera.film_a_second();
        house.vault.flush();
        clock.advance(HOUR);
        destroyed += house.rotate().unwrap().buckets;
        // What is watched goes through other hands: a player, and whoever asks for what is gone.
        if hour % 20 == 0 {
            let from = clock.wall() - 28 * HOUR;
            assert!(house.seen(feed(1), from, from + DAY).len() > 1 || hour < 8);
        }
        if destroyed >= destructions() {
            break;
        }
    }
    let mut gone = commitments(&house, place);
    let epochs = gone.keys().filter_map(|it| it.strip_prefix("vault key ")?.parse::<u64>().ok());
    let newest = format!("vault key {}", epochs.max().unwrap());
    gone.remove(&newest);
    assert!(gone.len() as u64 >= 2 * destructions(), "buckets, and a vault key for each");
    (house, gone)
}

/// The commitments to what lives, by what lies on the disk.
pub(crate) fn live_keys(root: &Path) -> BTreeMap<String, [u8; 32]> {
    let sum = |key: &[u8; 32]| digest(&SHA256, key).as_ref().try_into().unwrap();
    let buckets = keys::buckets(root).into_iter();
    let buckets = buckets.map(|(id, it)| (format!("live bucket {id}"), sum(&it.key)));
    let vault_keys = keys::vault_keys(root).into_iter();
    let vault_keys = vault_keys.map(|(epoch, key)| (format!("live vault key {epoch}"), sum(&key)));
    buckets.chain(vault_keys).collect()
}

/// Takes out of what was found what may be there.
pub(crate) fn split_live(found: &mut Found) -> Found {
    let (live, gone) =
        std::mem::take(found).into_iter().partition(|(name, _)| name.starts_with("live "));
    *found = gone;
    live
}

const FOLDER: &str = "JIKIM_TEST_REMEMBERED";

/// The recorder that is looked into: the test itself, once more, as a process of its own.
fn recorder(folder: &Path) {
    let (place, clock) = (Place::below(folder), TestClock::at("2026-03-01T12:00:00Z"));
    let (house, gone) = destroy_many(&place, &clock);
    let line = |(name, sum): (String, [u8; 32])| format!("{name} {}\n", keys::hex(&sum));
    let said: String = gone.into_iter().map(line).collect();
    std::fs::write(folder.join("said"), said).unwrap();
    std::fs::write(folder.join("root"), place.root().to_str().unwrap()).unwrap();
    std::fs::rename(folder.join("said"), folder.join("gone")).unwrap();
    std::io::read_to_string(std::io::stdin()).unwrap();
    house.close();
}

#[test]
fn k1_of_many_destroyed_keys_none_is_in_memory_and_those_that_live_are() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return recorder(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let test = "remembered::k1_of_many_destroyed_keys_none_is_in_memory_and_those_that_live_are";
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(FOLDER, folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let list = folder.path().join("gone");
    wait_until("keys are destroyed", Duration::from_secs(1800), || {
        assert_eq!(process.try_wait().unwrap(), None, "it runs");
        list.exists()
    });
    let root = std::fs::read_to_string(folder.path().join("root")).unwrap();
    let mut wanted = live_keys(Path::new(&root));
    let live = wanted.len();
    for line in std::fs::read_to_string(list).unwrap().lines() {
        let (name, sum) = line.rsplit_once(' ').unwrap();
        wanted.insert(name.to_owned(), keys::from_hex(sum));
    }
    let mut found = Found::new();
    let keys = Wanted::new(&wanted);
    let looked = testkit::memory::each_piece(process.id(), OVERLAP_BYTES, |place, at, bytes| {
        keys.look(bytes, at, place, &mut found);
    });
    drop(process.stdin.take());
    assert!(process.wait().unwrap().success());
    let found_live = split_live(&mut found);
    eprintln!(
        "{} of {} destroyed keys and {} of {live} that live in {looked} bytes of memory",
        found.len(),
        wanted.len() - live,
        found_live.len()
    );
    assert_eq!(found, Found::new());
    // The control: the memory that was looked into is that of the recorder.
    assert_eq!(found_live.len(), live, "{found_live:?}");
}
