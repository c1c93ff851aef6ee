//! Every byte of a picture was ciphertext before it reached the disk.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use testkit::SimCamera;

use crate::house::{CANARY, House, camera, cameras, each_file, stamps};

/// Files that hold the canary, under the whole folder of a test: data, logs, sockets.
fn sung_in(house: &House) -> (Vec<PathBuf>, u64) {
    let (mut found, mut bytes_seen) = (Vec::new(), 0);
    each_file(&house.beside(""), &mut |path, bytes| {
        bytes_seen += bytes.len() as u64;
        if bytes.windows(CANARY.len()).any(|window| window == CANARY) {
            found.push(path.to_owned());
        }
    });
    (found, bytes_seen)
}

#[test]
fn k8_no_picture_is_on_the_disk_while_it_runs_nor_after() {
    let h265 = SimCamera { clip: testkit::clips::small_h265(), ..camera(1) };
    let sim = cameras(vec![camera(0), h265]);
    let mut house = House::run();
    let ids = [
        house.add_camera("정문", &sim.url(0), &[]),
        house.add_camera("후문", &sim.url(1), &["--transport", "udp"]),
    ];
    // Control: the pictures do carry the canary, and it is seen where they may be.
    let web = house.claim("manager");
    let mut socket = web.open("/api/v1/live", &json!({ "cameras": ids, "feed": "main" }));
    let mut sung = [false; 2];
    while sung != [true; 2] {
        let message = socket.media();
        let tile = usize::from(api::BinaryHeader::decode(&message).unwrap().0.tile);
        sung[tile] |= message.windows(CANARY.len()).any(|window| window == CANARY);
        assert!(stamps(&message).iter().all(|stamp| stamp.canary == Some(CANARY)));
    }
    for id in &ids {
        house.wait_for_frames(id, 60);
    }
    for _ in 0..3 {
        let (found, bytes_seen) = sung_in(&house);
        assert!(found.is_empty(), "{found:?}");
        assert!(bytes_seen > 100_000, "there is something to look through");
        std::thread::sleep(Duration::from_millis(500));
    }
    drop(socket);
    house.stop();
    assert_eq!(sung_in(&house).0, Vec::<PathBuf>::new());
    house.start(&[]);
    house.kill();
    assert_eq!(sung_in(&house).0, Vec::<PathBuf>::new());

    // Control: the search finds a canary that is on the disk, wherever it lies in a file.
    let bait = house.data().join("ledger").join("bait");
    std::fs::write(&bait, [&[7; 4099], &CANARY[..], &[0; 77]].concat()).unwrap();
    assert_eq!(sung_in(&house).0, [bait]);
}
