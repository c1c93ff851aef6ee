//! A1, L1: a picture comes out against its own grant and no other.

use domain::{Action, WallTime};
use host::Clock as _;
use ledger::act::{PlayFootage, TakeStill, WatchLive};
use ledger::{Grant, GrantEnded};
use rules::Target;
use testkit::TestClock;
use vault::OpenFootageError;

use crate::house::{Camera, DAY, HOUR, House, Place, feed, person, read, seconds};

struct Filmed {
    house: House,
    cameras: Vec<Camera>,
    from: WallTime,
    _place: Place,
}

impl Filmed {
    fn new() -> Self {
        let (place, clock) = (Place::new(), TestClock::at("2026-11-21T12:00:00Z"));
        let house = House::new(&place, &clock);
        let from = clock.wall();
        let mut cameras: Vec<Camera> = (1..3).map(|n| house.camera(n, 30 * DAY)).collect();
        for _ in 0..4 {
            cameras.iter_mut().for_each(Camera::film_a_second);
            house.vault.flush();
        }
        Self { house, cameras, from, _place: place }
    }

    fn grant(&self, number: u8, from: WallTime, to: WallTime) -> Grant<PlayFootage> {
        self.house.may_play(feed(number), from, to)
    }

    fn watch(&self, number: u8) -> Grant<WatchLive> {
        let target = Target::Live { cameras: vec![feed(number).camera] };
        self.house.admit(person(1), Action::WatchLive, target)
    }
}

fn is_not_granted<T>(result: Result<T, OpenFootageError>) -> bool {
    matches!(result, Err(OpenFootageError::NotGranted { .. }))
}

#[test]
fn a1_footage_of_another_camera_or_time_stays_shut() {
    let filmed = Filmed::new();
    let opener = filmed.house.vault.opener();
    let (from, middle) = (filmed.from, filmed.from + seconds(4));
    let grant = filmed.grant(1, from, middle);
    let reader = opener.footage(&grant);
    // The control: what was granted is seen, all of it, and nothing beyond.
    let seen = read(&reader, feed(1), from);
    let granted = filmed.cameras[0].filmed.iter().filter(|(wall, _)| *wall < middle);
    assert!(seen.iter().eq(granted) && !seen.is_empty());

    assert!(is_not_granted(reader.seek(feed(2), from)));
    assert_eq!(reader.seek(feed(1), middle).unwrap().map(|chunk| chunk.start < middle), None);
    let own = reader.seek(feed(1), from).unwrap().unwrap();
    for other in [filmed.grant(2, from, middle), filmed.grant(1, middle, middle + HOUR)] {
        let other = opener.footage(&other);
        assert!(is_not_granted(other.open(&own)), "a place found under one grant");
    }
    let mut forged = own;
    forged.feed = feed(2);
    assert!(is_not_granted(reader.open(&forged)));
    let other = filmed.grant(2, from, middle);
    let mut foreign = opener.footage(&other).seek(feed(2), from).unwrap().unwrap();
    foreign.feed = feed(1);
    assert!(is_not_granted(reader.open(&foreign)), "a foreign chunk said to be one's own");
    let mut earlier = own;
    earlier.start = earlier.start + seconds(1);
    assert!(is_not_granted(reader.open(&earlier)), "a chunk said to be of another time");
    reader.open(&own).unwrap();
}

#[test]
fn a1_live_and_still_are_of_the_granted_camera_only() {
    let filmed = Filmed::new();
    let opener = filmed.house.vault.opener();
    let grant = filmed.watch(1);
    assert!(is_not_granted(opener.live(&grant, feed(2))));
    let mut live = opener.live(&grant, feed(1)).unwrap();
    let (frame, _) = block_on(live.next()).unwrap();
    assert!(frame.keyframe && frame.bytes[8] == 1);

    let target = Target::Camera(feed(2).camera);
    let still: Grant<TakeStill> = filmed.house.admit(person(1), Action::TakeStill, target);
    let (frame, _) = block_on(opener.still(&still)).unwrap();
    assert_eq!(frame.bytes[8], 2, "the still is of the camera that the grant names");
}

#[test]
fn a2_a_revoked_grant_ends_what_is_being_watched() {
    let mut filmed = Filmed::new();
    let opener = filmed.house.vault.opener();
    let (grant, other) = (filmed.watch(1), filmed.grant(1, filmed.from, filmed.from + HOUR));
    let mut live = opener.live(&grant, feed(1)).unwrap();
    let reader = opener.footage(&other);
    let own = reader.seek(feed(1), filmed.from).unwrap().unwrap();
    // The control: it runs until then.
    block_on(live.next()).unwrap();
    reader.open(&own).unwrap();
    let domain::Actor::Person(account) = person(1) else { unreachable!("it is a person") };
    filmed.house.ledger.revoke(account);
    filmed.cameras[0].film_a_second();
    let ended = |error| matches!(error, OpenFootageError::Ended(GrantEnded::Revoked));
    assert!(ended(block_on(live.next()).err().unwrap()));
    assert!(ended(reader.open(&own).err().unwrap()));
    assert!(ended(reader.seek(feed(1), filmed.from).unwrap_err()));
    assert!(ended(opener.live(&grant, feed(1)).err().unwrap()));
}

#[test]
fn a1_a_grant_ends_with_its_time() {
    let filmed = Filmed::new();
    let grant = filmed.grant(1, filmed.from, filmed.from + HOUR);
    let opener = filmed.house.vault.opener();
    let reader = opener.footage(&grant);
    let own = reader.seek(feed(1), filmed.from).unwrap().unwrap();
    filmed.house.clock.advance(rules::LONGEST_PLAY);
    let ended = reader.open(&own).err().unwrap();
    assert!(matches!(ended, OpenFootageError::Ended(GrantEnded::Expired)));
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    futures::executor::block_on(future)
}
