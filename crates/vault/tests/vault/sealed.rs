//! K8: every byte was ciphertext before it reached the disk.

use std::time::Duration;

use bytes::Bytes;
use host::Clock as _;
use testkit::TestClock;

use crate::house::{DAY, House, Place, seconds};
use crate::keys::files_with;

const CANARY: &[u8; 64] = b"canary: sixty-four bytes that no file of the recorder may hold!!";

#[test]
fn k8_no_frame_reaches_the_disk_in_the_open() {
    let place = Place::new();
    let clock = TestClock::at("2026-11-21T12:00:00Z");
    let house = House::new(&place, &clock);
    let camera = house.camera(1, 30 * DAY);
    for second in 0..5 {
        for frame in 0..10 {
            let bytes = [CANARY.as_slice(), &[second, frame]].concat();
            camera.push(frame == 0, Duration::from_millis(100), Bytes::from(bytes));
            clock.advance(Duration::from_millis(100));
        }
        house.vault.flush();
        assert!(files_with(&place.root(), CANARY).is_empty(), "while recording");
    }
    assert_eq!(camera.sealer.status().frames, 50);
    let seen = house.seen(camera.feed, clock.wall() - seconds(60), clock.wall() + seconds(60));
    assert!(seen.len() == 50 && seen.iter().all(|(_, bytes)| bytes.starts_with(CANARY)));
    house.vault.close();
    assert!(files_with(&place.root(), CANARY).is_empty(), "after closing");

    // The control: had one frame been written plain, the same scan would have found it.
    let plain = place.root().join("a/reels/plain.reel");
    std::fs::write(&plain, [b"before", CANARY.as_slice(), b"after"].concat()).unwrap();
    assert_eq!(files_with(&place.root(), CANARY), [plain]);
}
