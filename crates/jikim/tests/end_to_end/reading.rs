//! From a text that an agency published to a policy in force: read, mended, answered, announced.

use std::io::{Cursor, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Map, Value, json};

use crate::house::{House, Web};

const SCHOOL: &str = include_str!("../../../../testdata/policies/05-sandeul-school.txt");
const DISTRICT: &str = include_str!("../../../../testdata/policies/01-hanbit-district.txt");

fn read(web: &Web, text: &str, answers: &Map<String, Value>) -> Value {
    let body = json!({ "text": text, "date": "2026-11-23", "answers": answers });
    let read = web.post("/api/v1/policy/reading", &body);
    assert_eq!(read.status, 200, "{read:?}");
    read.body
}

fn asked(reading: &Value) -> Vec<&Value> {
    let fields = reading["draft"]["fields"].as_array().unwrap().iter();
    fields.filter(|it| it["state"] == "asked").collect()
}

/// What somebody who knows the institution would say.
fn answer(field: &Value) -> Value {
    let path = field["path"].as_str().unwrap();
    match field["kind"].as_str().unwrap() {
        "number" => "7".into(),
        "date" => "2026-12-08".into(),
        "choice" => field["choices"][0]["word"].clone(),
        _ if path.ends_with("contact") => "02-000-0001".into(),
        _ if path.ends_with("hours") => "24h".into(),
        _ => "행정실".into(),
    }
}

#[test]
fn a_published_text_becomes_a_policy_in_force() {
    let house = House::run();
    let (administrator, manager) = (house.claim("administrator"), house.claim("manager"));
    // What is wrong has its line, and whoever is signed in may look; nobody else.
    let found = read(&administrator, DISTRICT, &Map::new());
    let findings = found["findings"].as_array().unwrap();
    assert!(findings.iter().any(|it| it["rule"] == "count.sum" && it["line"].as_u64() > Some(0)));
    assert_eq!(found["facts"]["institution"], "한빛구청");
    let stranger = manager.without_session();
    assert_eq!(stranger.post("/api/v1/policy/reading", &json!({ "text": "" })).status, 401);
    let unfit = json!({ "text": "", "date": "내일" });
    assert_eq!(manager.post("/api/v1/policy/reading", &unfit).code(), "day-unfit");
    let long = json!({ "text": "가".repeat(200_000) });
    assert_eq!(manager.post("/api/v1/policy/reading", &long).code(), "bad-request");
    let nothing = read(&manager, "", &Map::new());
    assert_eq!(nothing["facts"]["cameras_total"], Value::Null);

    // Until what the text does not say is answered, the draft is no policy.
    let first = read(&manager, SCHOOL, &Map::new());
    let is_error = |it: &&Value| it["severity"] == "error";
    let errors = |reading: &Value| -> Vec<Value> {
        let findings = reading["draft"]["findings"].as_array().unwrap();
        findings.iter().filter(is_error).cloned().collect()
    };
    assert!(!asked(&first).is_empty() && !errors(&first).is_empty());
    let refused = json!({ "description": first["draft"]["toml"] });
    assert_eq!(manager.post("/api/v1/policy", &refused).code(), "policy-unfit");
    let answers: Map<String, Value> = asked(&first)
        .into_iter()
        .map(|field| (field["path"].as_str().unwrap().to_owned(), answer(field)))
        .collect();
    let second = read(&manager, SCHOOL, &answers);
    assert_eq!(
        (asked(&second).len(), errors(&second)),
        (0, Vec::new()),
        "{}",
        second["draft"]["toml"]
    );
    let description = json!({ "description": second["draft"]["toml"] });
    let announced = manager.post("/api/v1/policy", &description);
    assert_eq!(announced.status, 201, "{announced:?}");
    assert_eq!(announced.body["shown"], 1);
    let institution = manager.get("/api/v1/institution").body;
    assert_eq!(institution["described"]["name"], second["facts"]["institution"]);
}

/// A word processor's file is read by the recorder; what it holds comes back, with its lines.
#[test]
fn an_hwpx_file_is_read_as_its_text_is() {
    let house = House::run();
    let manager = house.claim("manager");
    let lines =
        DISTRICT.lines().map(|line| format!("<hp:p><hp:run><hp:t>{line}</hp:t></hp:run></hp:p>"));
    let section = format!("<hs:sec>{}</hs:sec>", lines.collect::<String>().replace('&', "&amp;"));
    let mut package = zip::ZipWriter::new(Cursor::new(Vec::new()));
    package.start_file("Contents/section0.xml", zip::write::SimpleFileOptions::default()).unwrap();
    package.write_all(section.as_bytes()).unwrap();
    // With a picture, as such files have: longer than the text may be.
    package.start_file("BinData/image1.png", zip::write::SimpleFileOptions::default()).unwrap();
    package.write_all(&host::random_bytes::<{ 700 * 1024 }>()).unwrap();
    let bytes = package.finish().unwrap().into_inner();

    let body = json!({ "text": "", "file_base64": BASE64.encode(&bytes), "date": "2026-11-23" });
    let found = manager.post("/api/v1/policy/reading", &body);
    assert_eq!(found.status, 200, "{found:?}");
    let text = found.body["text"].as_str().unwrap();
    assert_eq!(found.body["facts"]["institution"], "한빛구청");
    let again = read(&manager, text, &Map::new());
    assert_eq!(again["text"], Value::Null);
    assert_eq!(again["findings"], found.body["findings"]);
}
