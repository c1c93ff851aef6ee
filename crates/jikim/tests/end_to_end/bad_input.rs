//! What cannot be done is said in one sentence that says what to do, and nothing is lost by it.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};

use host::{Clock as _, SystemClock};
use testkit::SimCamera;
use testkit::real::{GStreamerCamera, RealCodec};

use crate::house::{House, camera, cameras};

/// Something that answers, and is no camera.
fn web_server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno");
        }
    });
    address
}

/// Adding a camera fails with one sentence that holds these words.
#[track_caller]
fn assert_not_added(house: &House, url: &str, more: &[&str], words: &str) {
    let mut arguments = vec!["camera", "add", "--name", "나쁜 카메라", "--url", url];
    arguments.extend(more);
    let told = house.cli(&arguments);
    assert_eq!(told.err.lines().count(), 1, "{told:?}");
    assert!(told.failed_with().contains(words), "{told:?}");
    assert!(!told.err.contains("hunter2"), "a password is never shown: {told:?}");
}

#[test]
fn bad_cameras_are_refused_in_one_sentence_and_recording_goes_on() {
    let digest =
        SimCamera { credentials: Some(("admin".into(), "the right one".into())), ..camera(1) };
    let sim = cameras(vec![camera(0), digest]);
    let mjpeg = GStreamerCamera::start(RealCodec::Mjpeg, None).unwrap();
    let mut house = House::run();
    let began = SystemClock.wall().to_string();
    let good = house.add_camera("정문", &sim.url(0), &[]);
    house.wait_for_frames(&good, 10);

    let sim_at = sim.address();
    assert_not_added(&house, &format!("rtsp://{sim_at}/nowhere"), &[], "path of the address");
    let wrong = format!("rtsp://admin:hunter2@{sim_at}/cam1");
    assert_not_added(&house, &wrong, &[], "password");
    assert_not_added(&house, &sim.url(1), &[], "password");
    assert_not_added(&house, &format!("rtsp://{}/", web_server()), &[], "no camera");
    assert_not_added(&house, &mjpeg.url(), &[], "H.264 or H.265");
    assert_not_added(&house, &format!("rtsps://{}/", web_server()), &[], "no camera");
    assert_not_added(&house, "http://127.0.0.1/video", &[], "rtsp://");
    assert_not_added(&house, "정문", &[], "rtsp://");
    assert_not_added(&house, &sim.url(0), &["--retention", "1s"], "24 seconds");
    let long = "가".repeat(101);
    let told = house.cli(&["camera", "add", "--url", &sim.url(0), "--name", &long]);
    assert!(told.failed_with().contains("64 characters"), "{told:?}");
    let told = house.cli(&["camera", "add", "--url", &sim.url(0), "--name", "정문"]);
    assert!(told.failed_with().contains("another"), "{told:?}");
    let told = house.cli(&["camera", "add", "--url-file", "/no/such/file", "--name", "창고"]);
    assert!(told.failed_with().contains("/no/such/file"), "{told:?}");

    // Nobody there may mean not yet: added, with a warning.
    let away = ["camera", "add", "--name", "먼 곳", "--url", "rtsp://no-such-host.invalid/1"];
    let told = house.cli(&away);
    assert_eq!((told.code, told.only_line().contains("cannot be reached")), (0, true), "{told:?}");

    // Nothing was lost by all this, and only the one that may come was added.
    house.assert_running();
    house.wait_for_frames(&good, house.frames(&good) + 15);
    assert_eq!(house.status()["cameras"].as_array().unwrap().len(), 2);
    let web = house.claim("manager");
    let seen = &web.footage(&[&good], &began, &SystemClock.wall().to_string())[0];
    let (first, last) = (seen.frames.keys().min().unwrap(), seen.frames.keys().max().unwrap());
    assert_eq!(last - first + 1, seen.frames.len() as u64, "a frame was lost");
}

#[test]
fn bad_starts_are_refused_in_one_sentence_and_recording_goes_on() {
    let sim = cameras(vec![camera(0)]);
    let mut house = House::run();
    let id = house.add_camera("정문", &sim.url(0), &[]);
    house.wait_for_frames(&id, 10);
    let address = house.first_line()["address"].as_str().unwrap().replace("https://", "");

    // The folder of a recorder that runs.
    let told = house.cli(&["run", "--listen", "127.0.0.1:0"]);
    assert!(told.failed_with().contains("runs on"), "{told:?}");
    // A port that is taken.
    let other = House::empty();
    let told = other.cli(&["run", "--listen", &address]);
    assert!(told.failed_with().contains("--listen"), "{told:?}");
    // A mistake in the configuration.
    let config = other.beside("jikim.toml");
    let config_at = config.to_str().unwrap();
    std::fs::write(&config, "listen = \"127.0.0.1:0\"\nvolume = [\"/mnt/a\"]\n").unwrap();
    let told = other.cli(&["run", "--config", config_at]);
    let sentence = told.failed_with();
    assert!(sentence.contains(config_at) && sentence.contains("line 2"), "{told:?}");
    // A folder that holds something else.
    let foreign = other.beside("photos");
    std::fs::create_dir(&foreign).unwrap();
    std::fs::write(foreign.join("holiday.jpg"), "a picture").unwrap();
    let volumes =
        format!("listen = \"127.0.0.1:0\"\nvolumes = [{:?}]\n", foreign.to_str().unwrap());
    std::fs::write(&config, volumes).unwrap();
    let told = House::empty().cli(&["run", "--config", config_at]);
    assert!(told.failed_with().contains(foreign.to_str().unwrap()), "{told:?}");
    let left = std::fs::read_dir(&foreign).unwrap().count();
    assert_eq!(left, 1, "nothing was written to a folder that is not ours");
    // A data folder that is a file; and commands where nobody runs.
    let nobody = House::empty();
    std::fs::write(nobody.data(), "").unwrap();
    let told = nobody.cli(&["run", "--listen", "127.0.0.1:0"]);
    assert!(told.failed_with().contains("--data"), "{told:?}");
    let told = House::empty().cli(&["status", "--json"]);
    assert!(told.failed_with().contains("jikim run"), "{told:?}");
    let told = House::empty().cli(&["check", "--json"]);
    assert!(told.failed_with().contains("not a data folder"), "{told:?}");

    house.assert_running();
    house.wait_for_frames(&id, house.frames(&id) + 15);
    assert_eq!(house.camera(&id)["frames_lost"], 0);
}

#[test]
fn a_camera_that_shows_another_certificate_is_not_recorded_until_it_is_entered_as_replaced() {
    let sim = cameras(vec![camera(0)]);
    let mut house = House::run();
    let id = house.add_camera("금고", &sim.tls_url(0), &[]);
    house.wait_for_frames(&id, 10);
    sim.change_certificate();
    sim.stop_camera(0);
    // Its sessions end at the simulator's next look, not at once.
    wait_for_state(&house, "unreachable");
    sim.start_camera(0);
    wait_for_state(&house, "refused");
    let replace =
        ["camera", "replace", "--id", &id, "--url", &sim.tls_url(0), "--reason", "새 기기"];
    assert_eq!(house.cli(&replace).code, 0);
    wait_for_state(&house, "recording");
    let frames = house.frames(&id);
    house.wait_for_frames(&id, frames + 10);
    house.assert_running();
}

#[track_caller]
fn wait_for_state(house: &House, state: &str) {
    for _ in 0..200 {
        if house.status()["cameras"][0]["state"] == state {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("not {state}: {}", house.status()["cameras"][0]);
}
