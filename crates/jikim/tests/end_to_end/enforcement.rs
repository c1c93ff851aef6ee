//! The policy in force is what cameras do: hours, retention, the room where footage lies, and no picture
//! of a camera that no line of it names.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::WallTime;
use host::{Clock as _, SystemClock};
use serde_json::{Value, json};

use crate::house::{House, Web, camera, cameras, wait_until};

const LABOR: &str = include_str!("../../../../samples/institutions/labor.toml");
const MINUTE_US: i64 = 60_000_000;
const DAY_US: i64 = 1440 * MINUTE_US;

/// The sample, whose second unit films until the next minute that is far enough away for a test, and
/// when that is. The day ends in Korea at its end; nobody tests over midnight.
fn until_soon() -> (String, WallTime) {
    let ahead = SystemClock.wall().as_micros() + 9 * 60 * MINUTE_US;
    let end = (ahead + 25 * 1_000_000 + MINUTE_US - 1) / MINUTE_US * MINUTE_US;
    let of_day = end.rem_euclid(DAY_US) / MINUTE_US;
    let (end, of_day) = if of_day < 2 { (end + 2 * MINUTE_US, of_day + 2) } else { (end, of_day) };
    let hours = format!("hours = \"00:00-{:02}:{:02}\"", of_day / 60, of_day % 60);
    let centre = LABOR.find("id = \"centre\"").unwrap();
    let text =
        format!("{}{}", &LABOR[..centre], LABOR[centre..].replacen("hours = \"24h\"", &hours, 1));
    (text, WallTime::from_micros(end - 9 * 60 * MINUTE_US))
}

struct Rooms {
    house: House,
    config: PathBuf,
    web: Web,
}

impl Rooms {
    /// A recorder whose two volumes stand in the two rooms of the policy, which is in force.
    fn new(policy: &str) -> Self {
        let mut house = House::empty();
        let config = house.beside("jikim.toml");
        let volume = |name: &str, room: &str| {
            format!("{{ path = {:?}, place = {room:?} }}", house.beside(name))
        };
        let volumes = [volume("a", "hq-office"), volume("b", "guard-room")].join(", ");
        std::fs::write(&config, format!("volumes = [{volumes}]\n")).unwrap();
        house.start(&["--config", config.to_str().unwrap()]);
        let manager = house.claim("manager");
        let announced = manager.post("/api/v1/policy", &json!({ "description": policy }));
        assert_eq!(announced.status, 201, "{announced:?}");
        let web = house.claim("administrator");
        Self { house, config, web }
    }

    fn restart(&mut self, between: impl FnOnce(&House)) {
        self.house.stop();
        between(&self.house);
        let config = self.config.clone();
        self.house.start(&["--config", config.to_str().unwrap()]);
    }

    fn state(&self, camera: &str) -> String {
        self.house.camera(camera)["state"].as_str().unwrap().to_owned()
    }

    fn promise(&self, id: &str) -> Value {
        let all = self.house.cli(&["promises", "--json"]).json();
        let found = all.as_array().unwrap().iter().find(|promise| promise["id"] == id);
        found.unwrap_or_else(|| panic!("no promise {id}")).clone()
    }

    #[track_caller]
    fn wait_for(&self, promise: &str, state: &str) {
        let what = format!("{promise} is {state}");
        wait_until(&what, Duration::from_secs(30), || self.promise(promise)["state"] == state);
    }

    fn reels(&self, volume: &str) -> Vec<PathBuf> {
        let folder = self.house.beside(volume).join("reels");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|path| path.extension().is_some_and(|it| it == "reel")).collect()
    }

    /// Whose footage lies on a volume, as a reader without keys finds it.
    fn lying_on(&self, volume: &str) -> BTreeSet<String> {
        self.reels(volume).iter().flat_map(|path| inside(path)).collect()
    }
}

fn inside(path: &Path) -> BTreeSet<String> {
    let bytes = std::fs::read(path).unwrap();
    let read = |at: u64, into: &mut [u8]| -> Result<(), ()> {
        let at = usize::try_from(at).unwrap();
        into.copy_from_slice(bytes.get(at..at + into.len()).ok_or(())?);
        Ok(())
    };
    let mut scanner = reel::Scanner::open(bytes.len() as u64, reel::Verify::All, read).unwrap();
    let mut found = BTreeSet::new();
    while let Some(record) = scanner.next_record().unwrap() {
        if let reel::Record::Chunk(chunk) = record.record {
            found.insert(chunk.feed.camera.to_string());
        }
    }
    found
}

#[test]
fn r15_r27_r28_the_policy_in_force_is_what_cameras_do() {
    let (policy, ends) = until_soon();
    let mut rooms = Rooms::new(&policy);
    let sim = cameras((0..3).map(camera).collect());
    let add = |name: &str, index: usize, more: &[&str]| {
        rooms.house.add_camera(name, &sim.url(index), more)
    };
    let office = add("부정수급조사과", 0, &["--policy-spot", "fraud", "--retention", "40d"]);
    let gate = add("정문", 1, &["--policy-spot", "gate"]);
    let nobody = add("방침에 없는 카메라", 2, &[]);
    rooms.house.wait_for_frames(&office, 20);
    rooms.house.wait_for_frames(&gate, 20);
    assert!(SystemClock.wall() < ends, "the test was slower than its hours");

    // What no line names records nothing until somebody says which line it belongs to.
    assert_eq!((rooms.state(&nobody), rooms.house.frames(&nobody)), ("not-ordered".into(), 0));
    // Set up for 40 days, kept for the 30 of the policy.
    let shown = rooms.web.get("/api/v1/cameras").body["cameras"].clone();
    let shown = shown.as_array().unwrap().iter().find(|it| it["id"] == *office).unwrap().clone();
    assert_eq!(shown["retention_max_s"], 30 * 86_400, "{shown}");
    assert_eq!(shown["retention_policy_s"], 30 * 86_400, "{shown}");

    // The hours end: not one picture after that, and it is no gap without a cause.
    wait_until("its hours are over", Duration::from_secs(100), || {
        rooms.state(&gate) == "off-hours"
    });
    assert!(SystemClock.wall() >= ends, "it ended early");
    // What was filmed within the hours may take a moment to be durable.
    std::thread::sleep(Duration::from_secs(3));
    let frames = rooms.house.frames(&gate);
    let still = rooms.house.frames(&office);
    rooms.house.wait_for_frames(&office, still + 20);
    assert_eq!(rooms.house.frames(&gate), frames);
    let gaps = rooms.house.camera(&gate)["gaps"].clone();
    let open = gaps.as_array().unwrap().iter().find(|gap| gap["to"].is_null()).unwrap().clone();
    assert_eq!(open["cause"], "not-scheduled");
    let last: WallTime = open["from"].as_str().unwrap().parse().unwrap();
    assert!(last <= ends + Duration::from_secs(1), "filmed until {last}, hours until {ends}");
    rooms.wait_for("hours", "kept");

    // A stop closes the reels, so that they are listed; then each room is looked at.
    rooms.restart(|_| ());
    rooms.wait_for("storage.headquarters", "kept");
    rooms.wait_for("storage.centre", "kept");
    assert_eq!(rooms.lying_on("a"), BTreeSet::from([office.clone()]));
    assert_eq!(rooms.lying_on("b"), BTreeSet::from([gate.clone()]));
    assert_eq!(rooms.state(&gate), "off-hours", "a start does not wake it");
    reel_that_was_moved(&mut rooms);
    line_that_was_named(&rooms, &nobody);
}

/// Somebody carries a reel from one room to the other.
fn reel_that_was_moved(rooms: &mut Rooms) {
    rooms.restart(|house| {
        let from = house.beside("a").join("reels");
        let reel = std::fs::read_dir(&from).unwrap().next().unwrap().unwrap();
        let to = house.beside("b").join("reels").join(reel.file_name());
        std::fs::rename(reel.path(), to).unwrap();
    });
    rooms.wait_for("storage.headquarters", "broken");
    let promise = rooms.promise("storage.headquarters");
    assert!(promise["evidence"].as_str().unwrap().contains("경비실"), "{promise}");
    assert_eq!(rooms.promise("storage.centre")["state"], "kept");
}

fn line_that_was_named(rooms: &Rooms, camera: &str) {
    let web = rooms.house.sign_in("administrator");
    let path = format!("/api/v1/cameras/{camera}");
    let named = web.request("PATCH", &path, Some(&json!({ "policy_spot": "accident-prevention" })));
    assert_eq!(named.status, 200, "{named:?}");
    rooms.house.wait_for_frames(camera, 10);
    let none = web.request("PATCH", &path, Some(&json!({ "policy_spot": "" })));
    assert_eq!(none.body["policy_spot"], Value::Null, "{none:?}");
    wait_until("it rests again", Duration::from_secs(60), || rooms.state(camera) == "not-ordered");
    let unfit = web.request("PATCH", &path, Some(&json!({ "policy_spot": "a".repeat(65) })));
    assert_eq!(unfit.code(), "bad-request", "{unfit:?}");
}
