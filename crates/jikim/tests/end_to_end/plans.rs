//! Floor plans: who may change them, what is taken, what a start and a lost catalog leave of them, and
//! that nothing of them lies open.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

use crate::house::{House, Web, camera, cameras, each_file};

const PATH: &str = "/api/v1/plans";
const CLERK: &str = "/api/v1/plans/00000000-0000-4000-8000-000000000000";
/// A name and bytes by which a plan is found where it must not lie.
const SECRET_NAME: &str = "지하통로비밀";
const SECRET_BYTES: &[u8] = b"the-plan-of-a-public-building";

fn floor(name: &str) -> Value {
    json!({ "site": "부지", "building": "본관", "name": name, "level": 1 })
}

/// A JPEG as far as its segments tell.
fn picture(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8];
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes.extend([3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
    bytes.extend(SECRET_BYTES);
    bytes.extend([0xFF, 0xD9]);
    bytes
}

fn put(web: &Web, floor: &Value, bytes: &[u8]) -> crate::house::Answer {
    let body = json!({ "revision": floor["revision"], "picture_base64": BASE64.encode(bytes) });
    web.post(&format!("{PATH}/{}/picture", floor["id"].as_str().unwrap()), &body)
}

/// The floor with these cameras on it.
fn with(floor: &Value, cameras: &[&str]) -> Value {
    let place = |camera: &&str| {
        json!({ "camera": camera, "x_permyriad": 2500, "y_permyriad": 7500,
            "direction_deg": 90, "angle_deg": 70, "reach_permyriad": null })
    };
    json!({
        "revision": floor["revision"], "site": floor["site"], "building": floor["building"],
        "name": floor["name"], "level": floor["level"],
        "cameras": cameras.iter().map(place).collect::<Vec<_>>(),
    })
}

fn change(web: &Web, floor: &Value, body: &Value) -> crate::house::Answer {
    web.request("PATCH", &format!("{PATH}/{}", floor["id"].as_str().unwrap()), Some(body))
}

/// Who may not change a plan sees it, and changes nothing; who is not signed in sees none.
fn refuses_people(house: &House, manager: &Web, administrator: &Web) {
    let people = [
        (house.appoint(administrator, "inspector"), "inspector"),
        (house.appoint_contractor(administrator, manager), "contractor with a ticket"),
        (house.appoint(manager, "operator"), "operator"),
        (house.appoint(manager, "officer"), "officer"),
    ];
    for (web, who) in people {
        assert_eq!(web.get(PATH).status, 200, "{who}");
        let refused = web.post(PATH, &floor("2층"));
        assert_eq!((refused.status, refused.code()), (403, "forbidden"), "{who}");
        let refused = web.post(&format!("{CLERK}/remove"), &json!({ "revision": "2026/1" }));
        assert_eq!((refused.status, refused.code()), (403, "forbidden"), "{who}");
    }
    let stranger = manager.without_session();
    for path in [PATH, &format!("{CLERK}/picture")] {
        assert_eq!(stranger.get(path).code(), "not-signed-in", "{path}");
    }
}

fn refuses_what_cannot_be(manager: &Web, first: &Value, camera: &str) {
    let again = manager.post(PATH, &floor(SECRET_NAME));
    assert_eq!(again.code(), "plan-unfit", "the building has such a floor");
    assert_eq!(manager.post(PATH, &floor("")).code(), "plan-unfit");
    let pictures = [
        b"GIF89a;".to_vec(),
        b"<svg/>".to_vec(),
        picture(5000, 10),
        picture(10, 10)[..40].to_vec(),
        [&picture(10, 10)[..], &vec![7; 512 << 10], &[0xFF, 0xD9]].concat(),
    ];
    for bytes in pictures {
        assert_eq!(put(manager, first, &bytes).code(), "plan-picture-unfit");
    }
    let stranger = "00000000-0000-4000-8000-000000000000";
    assert_eq!(change(manager, first, &with(first, &[stranger])).code(), "not-found");
    assert_eq!(change(manager, first, &with(first, &[camera, camera])).code(), "plan-unfit");
    let mut outside = with(first, &[camera]);
    outside["cameras"][0]["x_permyriad"] = 10_001.into();
    assert_eq!(change(manager, first, &outside).code(), "plan-unfit");
    let mut old = with(first, &[camera]);
    old["revision"] = "2026/0".into();
    assert_eq!(change(manager, first, &old).code(), "plan-changed");
    assert_eq!(manager.get(&format!("{CLERK}/picture")).code(), "not-found");
}

#[test]
fn a_plan_is_changed_by_who_may_survives_and_lies_nowhere_in_the_open() {
    let sim = cameras(vec![camera(0), camera(1)]);
    let mut house = House::run();
    let [gate, yard] = ["정문", "후문"]
        .map(|name| house.add_camera(name, &sim.url(usize::from(name != "정문")), &[]));
    let (manager, administrator) = (house.claim("manager"), house.claim("administrator"));
    assert_eq!(manager.get(PATH).body, json!({ "floors": [] }));
    refuses_people(&house, &manager, &administrator);

    let first = manager.post(PATH, &floor(SECRET_NAME));
    assert_eq!(first.status, 201, "{first:?}");
    refuses_what_cannot_be(&manager, &first.body, &gate);
    let drawn = put(&manager, &first.body, &picture(1600, 1200));
    assert_eq!(drawn.status, 200, "{drawn:?}");
    // The administrator goes on with what the manager began; who saw the state before does not.
    let placed = change(&administrator, &drawn.body, &with(&drawn.body, &[&gate]));
    assert_eq!(placed.status, 200, "{placed:?}");
    let late = change(&manager, &drawn.body, &with(&drawn.body, &[]));
    assert_eq!((late.status, late.code()), (409, "plan-changed"));
    let second = administrator.post(PATH, &floor("옥상")).body;
    let twice = change(&administrator, &second, &with(&second, &[&gate]));
    assert_eq!((twice.status, twice.code()), (409, "camera-elsewhere"));
    assert_eq!(change(&administrator, &second, &with(&second, &[&yard])).status, 200);

    let before = manager.get(PATH).body;
    let at = format!("{PATH}/{}/picture", first.body["id"].as_str().unwrap());
    let shown = manager.get(&at).body;
    assert_eq!(
        BASE64.decode(shown["picture_base64"].as_str().unwrap()).unwrap(),
        picture(1600, 1200)
    );
    house.stop();
    lies_nowhere(&house);
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(house.data().join(format!("catalog.sqlite3{end}")));
    }
    house.start(&[]);
    let manager = house.sign_in("manager");
    assert_eq!(manager.get(PATH).body, before, "it is the ledger that knows");
    assert_eq!(manager.get(&at).body, shown);

    // A retired camera is on no plan; a floor that was removed is gone, and its camera free.
    let retired = house.cli(&["camera", "retire", "--id", &yard, "--reason", "철거"]);
    assert_eq!(retired.code, 0, "{retired:?}");
    let floors = manager.get(PATH).body["floors"].clone();
    let roof = floors.as_array().unwrap().iter().find(|it| it["name"] == "옥상").unwrap();
    assert_eq!(roof["cameras"], json!([]));
    let path = format!("{PATH}/{}/remove", first.body["id"].as_str().unwrap());
    let removed = manager.post(&path, &json!({ "revision": placed.body["revision"] }));
    assert_eq!(removed.status, 200, "{removed:?}");
    assert_eq!(manager.get(&at).code(), "not-found");
    assert_eq!(change(&manager, roof, &with(roof, &[&gate])).status, 200);
    let entries = manager.published_entries();
    let plans = entries.iter().filter(|it| it["kind"] == "plan");
    assert!(plans.clone().count() >= 5);
    for entry in plans {
        let text = entry.to_string();
        assert!(!text.contains("floor") && !text.contains(SECRET_NAME), "{text}");
    }
}

#[test]
fn a1_what_a_camera_films_is_kept_masked_and_a_contractor_never_sees_it() {
    let sim = cameras(vec![camera(0)]);
    let mut house = House::run();
    let id = house.add_camera("정문", &sim.url(0), &[]);
    let (manager, administrator) = (house.claim("manager"), house.claim("administrator"));
    let contractor = house.appoint_contractor(&administrator, &manager);
    let at = format!("/api/v1/cameras/{id}/range");
    let body = json!({ "picture_base64": BASE64.encode(picture(1280, 720)) });
    assert_eq!(manager.get(&at).code(), "not-found");
    // Whoever sees no footage makes no picture of it, masked or not.
    assert_eq!(administrator.post(&at, &body).code(), "forbidden");
    assert_eq!(contractor.post(&at, &body).code(), "forbidden");
    let no_picture = json!({ "picture_base64": BASE64.encode(b"a page") });
    assert_eq!(manager.post(&at, &no_picture).code(), "picture-unfit");
    let kept = manager.post(&at, &body);
    assert_eq!(kept.status, 200, "{kept:?}");
    assert!(kept.body["range_at"].is_string(), "{kept:?}");
    let shown = administrator.get(&at);
    assert_eq!(shown.body["picture_base64"], body["picture_base64"], "{shown:?}");
    assert_eq!(contractor.get(&at).code(), "forbidden");
    assert_eq!(manager.without_session().get(&at).code(), "not-signed-in");
    // What its device is, and that the firmware is not the certified one, is a task.
    let asset = json!({ "asset": {
        "firmware": "2.840", "certified_firmware": "2.800", "certified_until": "2027-02-30",
    } });
    let path = format!("/api/v1/cameras/{id}");
    let change = |asset: &Value| administrator.request("PATCH", &path, Some(asset));
    assert_eq!(change(&asset).code(), "day-unfit");
    let mut fit = asset;
    fit["asset"]["certified_until"] = "2099-03-01".into();
    let changed = change(&fit);
    assert_eq!(changed.body["devices"][0]["asset"]["firmware"], "2.840", "{changed:?}");
    house.stop();
    house.start(&[]);
    let manager = house.sign_in("manager");
    assert_eq!(manager.get(&at).body, shown.body, "a start reads it again");
    let gone = manager.post(&at, &json!({ "picture_base64": null }));
    assert_eq!((gone.status, &gone.body["range_at"]), (200, &Value::Null), "{gone:?}");
    assert_eq!(manager.get(&at).code(), "not-found");
}

/// Neither the name nor the picture of a floor is on the disk, as they are or in base64.
fn lies_nowhere(house: &House) {
    let base64 = BASE64.encode(picture(1600, 1200));
    let needles = [SECRET_NAME.as_bytes(), SECRET_BYTES, &base64.as_bytes()[12..60]];
    let found = |house: &House| {
        let (mut found, mut bytes_seen) = (0, 0);
        each_file(&house.data(), &mut |_, bytes| {
            bytes_seen += bytes.len();
            let holds = |needle: &&[u8]| bytes.windows(needle.len()).any(|it| it == *needle);
            found += needles.iter().filter(|needle| holds(needle)).count();
        });
        assert!(bytes_seen > 100_000, "there is something to look through");
        found
    };
    assert_eq!(found(house), 0);
    // Control: the search finds what lies there.
    let bait = house.data().join("bait");
    std::fs::write(&bait, [&[7; 99], needles[0], needles[1], needles[2]].concat()).unwrap();
    assert_eq!(found(house), 3);
    std::fs::remove_file(bait).unwrap();
}
