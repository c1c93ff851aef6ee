//! The institution as the pages show it: what the description in force says, and what the recorder has.

use std::time::Duration;

use serde_json::{Value, json};

use crate::house::{House, Web, wait_until};

const PATH: &str = "/api/v1/institution";
const PATENT: &str = include_str!("../../../../samples/institutions/patent.toml");

fn spots(view: &Value) -> Vec<Value> {
    let units = view["described"]["units"].as_array().unwrap().iter();
    units.flat_map(|unit| unit["spots"].as_array().unwrap().clone()).collect()
}

fn sum(view: &Value, what: &str) -> u64 {
    spots(view).iter().map(|spot| spot[what].as_u64().unwrap()).sum()
}

fn view(web: &Web) -> Value {
    let answer = web.get(PATH);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

#[test]
fn an_institution_is_shown_as_described_beside_the_cameras_that_there_are() {
    let mut house = House::empty();
    let clip = testkit::clips::small_h264();
    let clip = clip.to_str().unwrap();
    house.start_as(&["demo", "--institution", "patent", "--listen", "127.0.0.1:0", "--clip", clip]);
    let manager = house.claim("manager");
    wait_until("all nine record", Duration::from_secs(60), || {
        sum(&view(&manager), "recording") == 9
    });
    let seen = view(&manager);
    let described = &seen["described"];
    assert_eq!((&seen["version"], &described["name"]), (&json!(1), &json!("한국특허기술진흥원")));
    assert_eq!((sum(&seen, "published"), sum(&seen, "registered")), (9, 9));
    assert_eq!(described["units"][0]["storage"]["name"], "1층 방재실");
    assert_eq!(described["units"][0]["contact"]["duty"], "officer");
    assert_eq!(described["posts"][0]["title"], "실장");
    let ground = described["purposes"][0]["ground_ko"].as_str().unwrap();
    assert!(!ground.is_empty() && !ground.contains("ground-"), "the law's words: {ground}");
    assert_eq!(seen["without_line"], json!([]));
    // The same as is found of a draft, but that a draft is announced today.
    let draft = manager.post("/api/v1/policy/draft", &json!({ "description": PATENT })).body;
    let mut found = draft["findings"].as_array().unwrap().clone();
    found.retain(|finding| finding["rule"] != "announced-today");
    assert_eq!(seen["findings"], Value::Array(found));

    // A camera that goes is missing on its line; one of no line is told.
    let cameras = manager.get("/api/v1/cameras").body["cameras"].as_array().unwrap().clone();
    let [gone, stray] = [0, 1].map(|index| cameras[index]["id"].as_str().unwrap().to_owned());
    let told = house.cli(&["camera", "retire", "--id", &gone, "--reason", "철거"]);
    assert_eq!(told.code, 0, "{told:?}");
    let change = json!({ "policy_spot": "" });
    let path = format!("/api/v1/cameras/{stray}");
    let administrator = house.claim("administrator");
    let changed = administrator.request("PATCH", &path, Some(&change));
    assert_eq!(changed.status, 200, "{changed:?}");
    let seen = view(&manager);
    assert_eq!((sum(&seen, "published"), sum(&seen, "registered")), (9, 7));
    assert_eq!(seen["without_line"][0]["id"], stray.as_str());
    assert_eq!(manager.without_session().get(PATH).code(), "not-signed-in");
}

#[test]
fn without_a_policy_nothing_is_said_of_an_institution() {
    let house = House::run();
    let seen = view(&house.claim("manager"));
    assert_eq!((&seen["version"], &seen["described"]), (&Value::Null, &Value::Null));
    assert_eq!((&seen["findings"], &seen["without_line"]), (&json!([]), &json!([])));
}
