//! Where footage lies: on volumes of the room that the published policy names, and on no other.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use domain::{Feed, GapCause};
use reel::{Record, Scanner, Verify};
use testkit::disk::{EIO, Effect, Op, Select};
use testkit::{Fault, FaultyDisk, TestClock};

use crate::house::{Camera, DAY, House, Place, Start, feed};
use crate::keys::files;

/// Whose footage lies on a volume, as its reels say to who has no key.
fn lying_on(volume: &Path) -> BTreeSet<Feed> {
    let mut found = BTreeSet::new();
    for (_, bytes) in files(&volume.join("reels")) {
        let read = |at: u64, into: &mut [u8]| -> Result<(), ()> {
            let at = usize::try_from(at).unwrap();
            into.copy_from_slice(bytes.get(at..at + into.len()).ok_or(())?);
            Ok(())
        };
        let mut scanner = Scanner::open(bytes.len() as u64, Verify::All, read).unwrap();
        while let Some(record) = scanner.next_record().unwrap() {
            if let Record::Chunk(chunk) = record.record {
                found.insert(chunk.feed);
            }
        }
    }
    found
}

fn film(house: &House, cameras: &mut [Camera]) {
    cameras.iter_mut().for_each(Camera::film_a_second);
    house.vault.flush();
}

#[test]
fn r15_footage_lies_in_the_room_of_its_policy_and_in_no_other() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-23T12:00:00Z"));
    let volumes = vec!["a@office", "b@guard-room", "c@guard-room"];
    let house =
        House::open(&place, Arc::new(host::Disk), &clock, Start { volumes, ..Start::default() });
    let house = house.unwrap();
    let room = |number: u8| if number <= 4 { "office" } else { "guard-room" };
    let mut cameras: Vec<Camera> =
        (1..=12).map(|n| house.camera_in(n, 30 * DAY, room(n)).unwrap()).collect();
    assert!(house.camera_in(13, 30 * DAY, "cellar").is_none(), "no volume stands there");
    for _ in 0..3 {
        film(&house, &mut cameras);
    }
    let on = |name: &str| lying_on(&place.root().join(name));
    assert_eq!(on("a"), (1..=4).map(feed).collect());
    let (b, c) = (on("b"), on("c"));
    assert!(b.is_disjoint(&c) && b.len() == 4 && c.len() == 4, "shared out: {b:?} {c:?}");
    assert_eq!(&b | &c, (5..=12).map(feed).collect());

    // The policy moves a camera: what is filmed from now on lies in the other room, and counters go on.
    let moved = house.camera_in(1, 30 * DAY, "guard-room").unwrap();
    let before = moved.sealer.status().frames;
    let mut moved = [moved];
    film(&house, &mut moved);
    assert_eq!(moved[0].sealer.status().frames, before + 2);
    assert!(on("b").contains(&feed(1)) || on("c").contains(&feed(1)));
    house.close();
}

/// The negative control is the last camera, which is bound to no room: its footage goes elsewhere.
#[test]
fn r15_where_the_volume_of_its_room_fails_footage_is_lost_and_says_so() {
    let (place, clock) = (Place::new(), TestClock::at("2026-11-23T12:00:00Z"));
    let disk = FaultyDisk::new(&place.root());
    let volumes = vec!["a@office", "b@guard-room"];
    let house =
        House::open(&place, Arc::new(disk.clone()), &clock, Start { volumes, ..Start::default() });
    let house = house.unwrap();
    let mut cameras = vec![
        house.camera_in(1, 30 * DAY, "office").unwrap(),
        house.camera_in(2, 30 * DAY, "guard-room").unwrap(),
        house.camera(3, 30 * DAY),
    ];
    film(&house, &mut cameras);
    disk.plan(Fault::new(Select::Only(Op::Write), 0, Effect::Fail(EIO)).on("a/reels"));
    for _ in 0..5 {
        film(&house, &mut cameras);
    }
    house.vault.settle();
    let fenced: Vec<bool> = house.vault.status().volumes.iter().map(|it| it.is_fenced).collect();
    assert_eq!(fenced, [true, false]);
    let on_b = lying_on(&place.root().join("b"));
    assert!(on_b.contains(&feed(2)) && on_b.contains(&feed(3)), "{on_b:?}");
    assert!(!on_b.contains(&feed(1)), "it may not lie there");
    let status = cameras[0].sealer.status();
    assert!(status.frames_lost > 0 && status.frames < cameras[1].sealer.status().frames);
    assert_eq!(status.frames + status.frames_lost, cameras[0].filmed.len() as u64);
    let gaps = house.listed.gaps_of(GapCause::Storage);
    assert!(gaps.iter().all(|gap| gap.0 != feed(2)), "{gaps:?}");
    house.close();
}
