//! A sample institution as a running house: its policy, its promises, and each that is broken on
//! purpose.

use std::path::Path;
use std::time::Duration;

use host::{Clock as _, SystemClock};
use serde_json::{Value, json};

use crate::house::{House, sha256_hex, wait_until};

const PATENT: &str = include_str!("../../../../samples/institutions/patent.toml");
const NAMES: [(&str, &str); 5] = [
    ("patent", "한국특허기술진흥원"),
    ("smes", "중소벤처기업부"),
    ("customs", "관세인재개발원"),
    ("gunsan", "군산시"),
    ("labor", "중부지방고용노동청"),
];

fn promises(house: &House) -> Vec<Value> {
    house.cli(&["promises", "--json"]).json().as_array().unwrap().clone()
}

fn state(house: &House, id: &str) -> String {
    let all = promises(house);
    let one = all.iter().find(|promise| promise["id"] == id).unwrap_or_else(|| panic!("{id}"));
    one["state"].as_str().unwrap().to_owned()
}

fn broken(house: &House) -> Vec<String> {
    let all = promises(house).into_iter().filter(|promise| promise["state"] == "broken");
    all.map(|promise| promise["id"].as_str().unwrap().to_owned()).collect()
}

#[track_caller]
fn retire(house: &House, camera: &str) {
    let told = house.cli(&["camera", "retire", "--id", camera, "--reason", "시험"]);
    assert_eq!(told.code, 0, "{told:?}");
}

/// The day in Korea, so many days from now.
fn day(ahead: u64) -> String {
    let moment = SystemClock.wall() + Duration::from_secs(9 * 3600 + ahead * 86_400);
    moment.to_string()[..10].to_owned()
}

/// The description with another version behind its own, and one line changed.
fn next(from: &str, to: &str) -> String {
    let changed = PATENT.replacen(from, to, 1);
    let version =
        format!("\n[[version]]\nannounced = \"{}\"\neffective = \"{}\"\n", day(0), day(1));
    let at = changed.find("\n[[mended]]").unwrap();
    format!("{}{version}{}", &changed[..at], &changed[at..])
}

#[test]
fn a_sample_institution_runs_and_each_promise_that_is_broken_shows() {
    let mut house = House::empty();
    let clip = testkit::clips::small_h264();
    let clip = clip.to_str().unwrap();
    house.start_as(&["demo", "--institution", "patent", "--listen", "127.0.0.1:0", "--clip", clip]);
    wait_until("every line of cameras is kept", Duration::from_secs(60), || {
        let all = promises(&house);
        let mut lines = all.iter().filter(|it| it["id"].as_str().unwrap().starts_with("cameras"));
        lines.all(|promise| promise["state"] == "kept")
    });
    for promise in promises(&house) {
        for key in ["id", "section", "text_ko", "text_en", "state", "evidence", "checked_at"] {
            assert!(!promise[key].is_null(), "{key}: {promise}");
        }
    }
    assert_eq!(broken(&house), [""; 0]);
    wait_until("footage is there", Duration::from_secs(60), || {
        state(&house, "retention.seoul") == "kept"
    });
    assert_eq!(state(&house, "signs"), "unproven");

    // A camera that nobody published, then one that is not there any more.
    let first = house.status()["cameras"][0]["id"].as_str().unwrap().to_owned();
    let listed = house.cli(&["camera", "list", "--json"]).json();
    let known = listed["cameras"].as_array().unwrap().iter().find(|it| it["id"] == first.as_str());
    let address = known.unwrap()["url_masked"].as_str().unwrap().to_owned();
    let extra = house.add_camera("몰래 단 카메라", &address, &[]);
    assert_eq!(broken(&house), ["cameras"]);
    retire(&house, &extra);
    assert_eq!(broken(&house), [""; 0]);
    let lift = listed["cameras"].as_array().unwrap().iter();
    let lift = lift.clone().find(|it| it["policy_spot"] == "lifts").unwrap();
    retire(&house, lift["id"].as_str().unwrap());
    assert_eq!(broken(&house), ["cameras", "cameras.lifts"]);

    // Somebody who may look, and whose post the policy does not name.
    let manager = house.claim("manager");
    house.appoint(&manager, "operator");
    assert_eq!(broken(&house), ["cameras", "cameras.lifts", "access"]);
    appoints(&house, &manager);
    announces(&house, &manager);
}

/// Nobody gets an account without a pledge and training, and an appointment with an end is a task.
fn appoints(house: &House, manager: &crate::house::Web) {
    let now = SystemClock.wall();
    let officer = |appointment: Value| json!({ "display_name": "주무관", "roles": ["officer"], "appointment": appointment });
    let refused =
        manager.post("/api/v1/accounts", &officer(json!({ "trained_at": now.to_string() })));
    assert_eq!(refused.body["error"]["code"], "appointment-unfit", "{refused:?}");
    let until = now + Duration::from_secs(10 * 86_400);
    let whole = json!({
        "post": "officer", "pledged_at": now.to_string(), "trained_at": now.to_string(),
        "until": until.to_string(),
    });
    let made = manager.post("/api/v1/accounts", &officer(whole.clone()));
    assert_eq!(made.status, 201, "{made:?}");
    let named =
        |it: &Value| it["kind"] == "appoint" && it["text_ko"].as_str().unwrap().contains("주무관");
    let due = |it: &Value| named(it).then(|| it["due"].as_str().unwrap().to_owned());
    let tasks = manager.get("/api/v1/tasks").body["tasks"].as_array().unwrap().clone();
    let korean = until + Duration::from_secs(9 * 3600);
    assert_eq!(
        tasks.iter().filter_map(due).collect::<Vec<_>>(),
        [korean.to_string()[..10].to_owned()]
    );
    // A post that the policy does not have.
    let id = made.body["account"]["id"].as_str().unwrap().to_owned();
    let mut elsewhere = whole;
    elsewhere["post"] = "nobody-s".into();
    let changed = manager.post(&format!("/api/v1/accounts/{id}/appointment"), &elsewhere);
    assert_eq!(changed.body["appointment"]["post"], "nobody-s", "{changed:?}");
    let all = promises(house);
    let access = all.iter().find(|it| it["id"] == "access").unwrap();
    assert!(access["evidence"].as_str().unwrap().contains("주무관"), "{access}");
    let ended = manager.post(&format!("/api/v1/accounts/{id}/end"), &json!({}));
    assert_eq!(ended.status, 200, "{ended:?}");
}

/// What promises less is not announced by one person; what promises more is, and waits for its day.
fn announces(house: &House, manager: &crate::house::Web) {
    let looser = json!({ "description": next("retention_days = 30", "retention_days = 31") });
    let draft = manager.post("/api/v1/policy/draft", &looser);
    assert_eq!(draft.body["can_be_announced"], false, "{draft:?}");
    assert_eq!(draft.body["loosenings"].as_array().unwrap().len(), 1, "{draft:?}");
    let refused = manager.post("/api/v1/policy", &looser);
    assert_eq!(refused.body["error"]["code"], "policy-looser", "{refused:?}");
    two_agree(house, manager);
    let unfit = json!({ "description": next("kind = \"lift\"", "kind = \"toilet\"") });
    let refused = manager.post("/api/v1/policy", &unfit);
    assert_eq!(refused.body["error"]["code"], "policy-unfit", "{refused:?}");

    let tighter = json!({ "description": next("retention_days = 30", "retention_days = 20") });
    let less = manager.post("/api/v1/policy/draft", &tighter);
    assert_eq!(less.body["can_be_announced"], true, "{less:?}");
    let announced = manager.post("/api/v1/policy", &tighter);
    assert_eq!(announced.status, 201, "{announced:?}");
    let versions = &announced.body["versions"];
    assert_eq!((&versions[0]["version"], &versions[0]["state"]), (&json!(3), &json!("announced")));
    assert_eq!((&versions[2]["version"], &versions[2]["state"]), (&json!(1), &json!("in-force")));
    assert_eq!(announced.body["shown"], 1);
    let tasks = manager.get("/api/v1/tasks").body["tasks"].as_array().unwrap().clone();
    let waiting = tasks.iter().find(|task| task["kind"] == "take-effect").unwrap();
    assert_eq!((&waiting["version"], &waiting["due"]), (&json!(2), &json!(day(1))));
    assert!(tasks.iter().any(|task| task["kind"] == "mend" && task["promise"] == "cameras.lifts"));
    // The ledger has it, and the whole file beside it.
    let entries = manager.ledger(200);
    assert_eq!(entries.iter().filter(|entry| entry["kind"] == "policy").count(), 3);

    is_published(house);
    papers_follow_from_it(house);
}

/// The policy, the sign and the forms are those of the version in force.
fn papers_follow_from_it(house: &House) {
    let made = |arguments: &[&str]| {
        let page = house.beside("page.html");
        let ends = ["--format", "html", "--out", page.to_str().unwrap()];
        assert_eq!(house.cli(&[&["policy"], arguments, &ends].concat()).code, 0);
        std::fs::read_to_string(page).unwrap()
    };
    let text = made(&["render"]);
    assert!(text.contains("합계") && text.contains("data-promise=\"retention.seoul\""), "{text}");
    let text = made(&["sign"]);
    assert!(text.contains("CCTV 촬영 중") && text.contains("1500-0003"), "{text}");
    let text = made(&["form", "access-request"]);
    assert!(text.contains("한국특허기술진흥원장 귀하"), "{text}");
    assert!(made(&["form", "consent"]).contains("수집·이용 동의"));
}

/// What promises less is proposed by one and announced when another, a manager, approves just that file.
fn two_agree(house: &House, manager: &crate::house::Web) {
    let administrator = house.claim("administrator");
    let looser = next("retention_days = 30", "retention_days = 31");
    let propose = |web: &crate::house::Web, description: &str| {
        web.post(
            "/api/v1/policy/proposals",
            &json!({ "description": description, "reason": "시험" }),
        )
    };
    let same = propose(manager, &next("retention_days = 30", "retention_days = 30"));
    assert_eq!(same.code(), "conflict", "one person announces that: {same:?}");
    let unfit = propose(manager, &next("kind = \"lift\"", "kind = \"toilet\""));
    assert_eq!(unfit.code(), "policy-unfit", "{unfit:?}");
    let proposed = propose(manager, &looser);
    assert_eq!(proposed.status, 201, "{proposed:?}");
    assert_eq!(proposed.body["policy"]["description"], looser, "{proposed:?}");
    assert_eq!(proposed.body["policy"]["loosenings"].as_array().unwrap().len(), 1);
    let path =
        format!("/api/v1/proposals/{}/{}/decide", proposed.body["year"], proposed.body["number"]);
    let own = manager.post(&path, &json!({ "approves": true }));
    assert_eq!(own.code(), "forbidden", "nobody approves his own: {own:?}");
    a_changed_file_is_not_announced(house, manager, &administrator);
    let approved = administrator.post(&path, &json!({ "approves": true }));
    assert_eq!(approved.body["state"], "carried-out", "{approved:?}");
    let versions = administrator.get("/api/v1/policy").body["versions"].clone();
    assert_eq!((&versions[0]["version"], &versions[0]["state"]), (&json!(2), &json!("announced")));
    let differences = administrator.get("/api/v1/policy/2").body["differences"].to_string();
    assert!(differences.contains("30일") && differences.contains("31일"), "{differences}");
    let intents = manager.ledger(200);
    let intent = intents
        .iter()
        .find(|entry| entry["action"] == "policy.loosen" && entry["kind"] == "intent");
    assert!(intent.is_some_and(|entry| !entry["intent"].is_null()), "{intent:?}");
}

/// Somebody with the disk changes what was proposed, before it is approved.
fn a_changed_file_is_not_announced(
    house: &House,
    manager: &crate::house::Web,
    administrator: &crate::house::Web,
) {
    let looser = next("retention_days = 30", "retention_days = 32");
    let proposed = manager
        .post("/api/v1/policy/proposals", &json!({ "description": looser, "reason": "시험" }));
    let sha256 = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, looser.as_bytes());
    let sha256: String = sha256.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let kept = house.data().join("ledger/companion").join(sha256);
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), looser, "it was kept as it is");
    let worse = looser.replacen("retention_days = 32", "retention_days = 365", 1);
    std::fs::write(&kept, worse).unwrap();
    let path =
        format!("/api/v1/proposals/{}/{}/decide", proposed.body["year"], proposed.body["number"]);
    let refused = administrator.post(&path, &json!({ "approves": true }));
    assert_eq!(refused.code(), "internal", "{refused:?}");
    let versions = administrator.get("/api/v1/policy").body["versions"].clone();
    assert_eq!(versions.as_array().unwrap().len(), 1, "{versions}");
}

/// The site has every version, and a receipt of each that somebody without a secret can check.
fn is_published(house: &House) {
    let site = house.beside("site");
    assert_eq!(house.cli(&["publish", "--out", site.to_str().unwrap()]).code, 0);
    let read = |name: &str| std::fs::read_to_string(site.join(name)).unwrap();
    let index = read("index.html");
    assert!(index.contains("policy-1.html") && index.contains("policy-2.html"), "{index}");
    assert!(read("promises.html").contains("어긋남"));
    assert!(read("days.html").contains("날마다 살펴본 결과"));
    assert!(serde_json::from_str::<Value>(&read("days.json")).unwrap().is_array());
    assert_eq!(read("policy-1.toml"), PATENT);
    let sha256 = sha256_hex(PATENT.as_bytes());
    let entry = read("policy-1.entry");
    let trusted = tlog::policy::Policy::parse(read("trust.policy").as_bytes()).unwrap();
    let report = verify::receipt::verify(
        read("policy-1.receipt").as_bytes(),
        &trusted,
        Some(entry.as_bytes()),
    );
    assert_eq!(report.to_json()["exit_code"], 0, "{}", report.to_text());
    assert!(entry.contains("\"kind\":\"policy\"") && entry.contains(&sha256), "{entry}");
    is_signed(&site, &trusted);
}

/// Every file of the site is in a list, the list in an entry, the entry in the ledger.
fn is_signed(site: &Path, trusted: &tlog::policy::Policy) {
    let read = |name: &str| std::fs::read(site.join(name)).unwrap();
    let entry = read("site.entry");
    let report = verify::receipt::verify(&read("site.receipt"), trusted, Some(&entry));
    assert_eq!(report.to_json()["exit_code"], 0, "{}", report.to_text());
    let entry: Value = serde_json::from_slice(&entry).unwrap();
    assert_eq!(
        (&entry["kind"], &entry["companion"]["sha256"]),
        (&Value::from("site"), &Value::from(sha256_hex(&read("site.sha256"))),)
    );
    let list = String::from_utf8(read("site.sha256")).unwrap();
    let listed: Vec<(&str, &str)> = list.lines().map(|it| it.split_once("  ").unwrap()).collect();
    for (sha256, name) in &listed {
        assert_eq!(*sha256, sha256_hex(&read(name)), "{name}");
    }
    for name in ["index.html", "promises.html", "verify.html", "policy-1.toml", "days.html"] {
        assert!(listed.iter().any(|it| it.1 == name), "{name} is in the list: {list}");
    }
    // The control: a page that somebody changed on the web server is not what the list says.
    let page = site.join("index.html");
    let changed = std::fs::read_to_string(&page).unwrap().replace("30일", "60일");
    std::fs::write(&page, changed).unwrap();
    let checked = std::process::Command::new("sha256sum")
        .args(["--check", "--quiet", "site.sha256"])
        .current_dir(site)
        .output()
        .unwrap();
    assert!(!checked.status.success() && checked.stdout.starts_with(b"index.html"), "{checked:?}");
}

#[test]
fn every_sample_is_rendered_and_nothing_stands_against_it() {
    let house = House::empty();
    for (name, title) in NAMES {
        for format in ["html", "json"] {
            let out = house.beside(&format!("{name}.{format}"));
            let arguments =
                ["policy", "render", "--institution", name, "--format", format, "--out"];
            let told = std::process::Command::new(env!("CARGO_BIN_EXE_jikim"))
                .args(arguments)
                .arg(&out)
                .output()
                .unwrap();
            assert!(told.status.success(), "{told:?}");
            let text = std::fs::read_to_string(out).unwrap();
            assert!(text.contains(title), "{name}: {text}");
        }
    }
}
