//! A camera that sends the same picture again and again, or a black one, is noticed; recording goes on.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use testkit::{SimCamera, SimFault};

use crate::house::{House, camera, cameras, wait_until};

/// A clip of a size that cameras have, in which the caption is a small part. How it must be made to
/// be captioned stands in `samples/clips/make.sh`.
fn grainy_clip(folder: &Path) -> PathBuf {
    let path = folder.join("grainy.h264");
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=1280x720:r=15:d=8"]);
    ffmpeg.args(["-vf", "noise=c0s=12:c0f=t+u,drawbox=0:0:iw:80:black:fill,format=yuv420p"]);
    let group = "keyint=30:min-keyint=30:scenecut=0:bframes=0:ref=1:weightp=0";
    let plain = "cabac=0:8x8dct=0:no-deblock=1:mvrange=32:slices=15";
    ffmpeg.args(["-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-crf", "30"]);
    ffmpeg.args(["-x264-params", &format!("{group}:{plain}"), "-f", "h264"]).arg(&path);
    assert!(ffmpeg.status().expect("ffmpeg is there").success());
    path
}

#[test]
fn a_frozen_and_a_black_picture_are_said_in_the_status_and_a_moving_one_is_not() {
    let mut house = House::run();
    let folder = house.beside("clips");
    std::fs::create_dir(&folder).unwrap();
    let clip = grainy_clip(&folder);
    let grainy = |index| SimCamera { clip: clip.clone(), ..camera(index) };
    let sim = cameras((0..3).map(grainy).collect());
    let [moving, frozen, black] =
        [0, 1, 2].map(|index| house.add_camera(&format!("카메라 {index}"), &sim.url(index), &[]));
    house.wait_for_frames(&black, 10);
    sim.set_fault(1, SimFault::Freeze).unwrap();
    sim.set_fault(2, SimFault::Black).unwrap();
    let said = |id: &str| house.camera(id)["suspicion"].clone();

    wait_until("both are suspected", Duration::from_secs(60), || {
        assert!(said(&moving).is_null(), "{}", said(&moving));
        said(&frozen)["what"] == "frozen" && said(&black)["what"] == "black"
    });
    // The caption with the time goes on, so it is not certain.
    assert_eq!(said(&frozen)["sure_percent"], 90);
    assert!(said(&black)["sure_percent"].as_u64().unwrap() < 95);
    assert!(said(&frozen)["since"].is_string());
    let told = house.cli(&["status"]);
    assert!(told.out.contains("look at the picture: frozen"), "{told:?}");
    let web = house.claim("manager");
    let health = web.get("/api/v1/health").body;
    let of = |id: &str| {
        let cameras = health["cameras"].as_array().unwrap();
        cameras.iter().find(|camera| camera["id"] == id).unwrap()["suspicion"]["what"].clone()
    };
    assert_eq!((of(&frozen), of(&moving)), ("frozen".into(), serde_json::Value::Null));
    let alarm = |code: &str| health["alarms"].as_array().unwrap().iter().any(|a| a["code"] == code);
    assert!(alarm("picture-frozen"), "{health}");
    // It is no gap: both are recorded all the while.
    for id in [&frozen, &black] {
        assert_eq!(house.camera(id)["gaps"], serde_json::json!([]));
        assert_eq!(house.camera(id)["state"], "recording");
    }

    sim.clear_faults(1);
    sim.clear_faults(2);
    wait_until("both move again", Duration::from_secs(60), || {
        said(&frozen).is_null() && said(&black).is_null()
    });
    assert!(said(&moving).is_null());
    house.assert_running();
}
