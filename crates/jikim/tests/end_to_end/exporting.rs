//! What leaves the building: of a granted case alone, as two people agreed to it, in one file that an outsider
//! verifies; and the working copy is gone with its key.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use domain::WallTime;
use host::{Clock as _, SystemClock};
use serde_json::{Value, json};
use tlog::policy::Policy;
use verify::{Word, bundle, source};

use crate::house::{House, Web, camera, cameras, each_file, wait_until};

const PATENT: &str = include_str!("../../../../samples/institutions/patent.toml");
const EXPORTS: &str = "/api/v1/exports";
const MINUTE: Duration = Duration::from_secs(60);
const WITHIN: Duration = Duration::from_secs(60);

fn disclosure(camera: &str, from: WallTime, until: WallTime) -> Value {
    let day = rights::day_in_korea(SystemClock.wall()).saturating_add(time::Duration::days(30));
    json!({
        "kind": "provision", "body": "○○경찰서 형사과", "officer": "경위 홍길동",
        "phone": "02-000-0000", "document": "형사과-1234", "ground": "provision-7",
        "basis": "2026-123호", "purpose": "절도 사건의 수사", "cameras": [camera],
        "from": from.to_string(), "until": until.to_string(),
        "conditions": "수사 목적으로만 쓰고 끝나면 파기", "use_until": day.to_string(),
    })
}

fn request(camera: &str, from: WallTime, until: WallTime) -> Value {
    json!({
        "requester": { "name": "홍길동", "phone": "02-000-0000" }, "agent": null,
        "asks": ["viewing"], "cameras": [camera], "from": from.to_string(),
        "until": until.to_string(), "reason": "접촉 사고", "channel": "counter",
    })
}

fn post(by: &Web, path: &str, body: &Value, status: u16) -> Value {
    let done = by.post(path, body);
    assert_eq!(done.status, status, "{path}: {done:?}");
    done.body
}

fn prepare(by: &Web, kind: &str, masked: bool) -> String {
    let new = json!({ "kind": kind, "id": "2026-1", "masked": masked });
    by.post(EXPORTS, &new).code().to_owned()
}

/// The program that covers people, at the socket of the house.
struct Mask(std::process::Child);

impl Mask {
    fn beside(house: &House) -> Self {
        let program = Path::new(env!("CARGO_BIN_EXE_jikim")).with_file_name("jikim-mask");
        assert!(program.is_file(), "cargo build -p mask -p cage comes first");
        let mut command = Command::new(program);
        command.arg("listen").arg("--socket").arg(house.data().join("mask.sock"));
        Self(command.stdin(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Mask {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

fn copy_of(by: &Web) -> Value {
    wait_until("the working copy is made", WITHIN * 3, || {
        let exports = by.get(EXPORTS).body;
        assert_eq!(exports["preparing"][0]["failed"], Value::Null, "{exports}");
        !exports["copies"].as_array().unwrap().is_empty()
    });
    by.get(EXPORTS).body["copies"][0].clone()
}

/// A minute that is recorded and over.
fn a_minute(house: &House, camera: &str) -> (WallTime, WallTime) {
    house.wait_for_frames(camera, 100);
    let from = SystemClock.wall().floor(MINUTE);
    let until = from + MINUTE;
    std::thread::sleep(until.since(SystemClock.wall()) + Duration::from_secs(6));
    (from, until)
}

#[test]
fn what_another_body_gets_is_agreed_to_by_two_sealed_and_verified() {
    let sim = cameras(vec![camera(0), camera(1)]);
    let mut house = House::run();
    let asked = house.add_camera("정문", &sim.url(0), &[]);
    let other = house.add_camera("후문", &sim.url(1), &[]);
    let manager = house.claim("manager");
    let officer = house.appoint(&manager, "officer");
    let operator = house.appoint(&manager, "operator");
    let (from, until) = a_minute(&house, &asked);
    // Who gives it stands in the policy; cameras that are in none are not recorded any more.
    post(&manager, "/api/v1/policy", &json!({ "description": PATENT }), 201);

    // A case that nobody granted lets nothing out.
    post(&officer, "/api/v1/disclosures", &disclosure(&asked, from, until), 201);
    assert_eq!(prepare(&officer, "disclosure", false), "forbidden");
    let one = "/api/v1/disclosures/2026-1";
    post(&manager, &format!("{one}/decision"), &json!({ "granted": true }), 200);
    // Nor does a granted one beyond its cameras and its time, nor to who may not.
    let beyond = |camera: &str, until: WallTime| {
        let (camera, until) = (json!([camera]), until.to_string());
        let new = json!({ "kind": "disclosure", "id": "2026-1", "masked": false, "cameras": camera, "until": until });
        officer.post(EXPORTS, &new).code().to_owned()
    };
    assert_eq!(beyond(&other, until), "forbidden");
    assert_eq!(beyond(&asked, until + MINUTE), "forbidden");
    assert_eq!(prepare(&operator, "disclosure", false), "forbidden");
    // Nobody listens who masks: nothing is opened for it.
    assert_eq!(officer.get(EXPORTS).body["mask_is_there"], false);
    let begun =
        officer.post(EXPORTS, &json!({ "kind": "disclosure", "id": "2026-1", "masked": true }));
    assert_eq!(begun.status, 202, "{begun:?}");
    wait_until("it is told why", WITHIN, || {
        officer.get(EXPORTS).body["preparing"][0]["failed"] == "mask-missing"
    });

    let begun =
        officer.post(EXPORTS, &json!({ "kind": "disclosure", "id": "2026-1", "masked": false }));
    assert_eq!(begun.status, 202, "{begun:?}");
    let copy = copy_of(&officer);
    assert_eq!((&copy["id"], &copy["masked"]), (&"2026-1".into(), &false.into()));
    let path = format!("{EXPORTS}/copies/{}", copy["copy"].as_str().unwrap());
    let clip = manager.get(&format!("{path}/clips/1"));
    assert_eq!(clip.status, 200);
    assert!(clip.bytes().windows(4).any(|it| it == b"moof"), "pictures");
    assert_eq!(operator.get(&format!("{path}/clips/1")).code(), "forbidden");
    assert_eq!(manager.get(&format!("{path}/clips/2")).code(), "not-found");

    sealed_by_two(&house, &officer, &manager, &path);
    let sealed = manager.get(EXPORTS).body["sealed"][0].clone();
    assert!(!manager.get(EXPORTS).body.to_string().contains("경찰서"), "the list has no names");
    let number = format!("{}/{}", sealed["year"], sealed["number"]);
    let file = std::fs::read(house.beside("out.html")).unwrap();
    verified(&mut house, &manager, &number, &file);
}

/// Proposed by one, approved by another, sealed over the command line by the first.
fn sealed_by_two(house: &House, officer: &Web, manager: &Web, path: &str) {
    let seal = |by: &Web| by.post(&format!("{path}/seal"), &json!({})).code().to_owned();
    let out = house.beside("out.html").display().to_string();
    let export = || {
        house.cli_of(
            "officer",
            &["export", "--case", "2026-1", "--disclosure", "--json", "--out", &out],
            "",
        )
    };
    assert_eq!(house.log_in("officer").code, 0);
    assert_eq!(seal(manager), "approval-missing");
    assert!(export().failed_with().contains("승인을 올리십시오"));
    let proposal = post(officer, &format!("{path}/proposal"), &json!({ "reason": "확인함" }), 201);
    assert!(export().failed_with().contains("승인을 기다립니다"));
    let decide = format!("/api/v1/proposals/{}/{}/decide", proposal["year"], proposal["number"]);
    let yes = json!({ "approves": true });
    assert_eq!(officer.post(&decide, &yes).code(), "forbidden", "nobody approves his own");
    post(manager, &decide, &yes, 200);
    let state = manager.get(EXPORTS).body["copies"][0]["proposal"].clone();
    assert_eq!(
        (&state["state"], &state["can_seal"]),
        (&"approved".into(), &true.into()),
        "{state}"
    );
    let told = export().json();
    assert_eq!(told["passphrase"].as_str().unwrap().split('-').count(), 5, "{told}");
    // Once: the copy is gone with its key.
    assert_eq!(seal(officer), "not-found");
    assert_eq!(officer.get(&format!("{path}/clips/1")).code(), "not-found");
    assert_eq!(officer.get(EXPORTS).body["copies"], json!([]));
    let slots = std::fs::read(house.data().join("exports/copies/copies.slots")).unwrap();
    assert!(slots.iter().all(|byte| *byte == 0), "no key is left");
    let passphrase = told["passphrase"].as_str().unwrap().to_owned();
    let log = house.log();
    assert!(!log.contains(&passphrase), "what opens it is in no log");
    each_file(&house.data(), &mut |path, bytes| {
        let has = bytes.windows(passphrase.len()).any(|it| it == passphrase.as_bytes());
        assert!(!has, "what opens it lies in {}", path.display());
    });
}

fn verified(house: &mut House, manager: &Web, number: &str, file: &[u8]) {
    let policy = house.cli(&["ledger", "policy"]).out;
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let word = |file: &[u8], house: &House| {
        let ledger = source::open(&house.data().display().to_string()).unwrap();
        bundle::verify(file, &policy, Some(&*ledger)).word()
    };
    assert_eq!(word(file, house), Word::Verified);
    let mut changed = file.to_vec();
    changed[file.len() / 2] ^= 1;
    assert_eq!(word(&changed, house), Word::ExportAltered, "the control");
    let rows = manager.get("/api/v1/registers/personal-video").body["rows"].clone();
    let text = rows.to_string();
    assert!(text.contains("반출") && text.contains("○○경찰서"), "{text}");
    let revoke = format!("{EXPORTS}/{number}/revocation");
    assert_eq!(manager.post(&revoke, &json!({ "reason": "" })).code(), "remark-unfit");
    let revoked = post(manager, &revoke, &json!({ "reason": "받는 기관이 바뀜" }), 200);
    assert!(revoked["revoked_at"].is_string() && revoked["file_until"].is_null(), "{revoked}");
    assert_eq!(manager.post(&revoke, &json!({ "reason": "again" })).code(), "conflict");
    assert_eq!(manager.get(&format!("{EXPORTS}/{number}")).code(), "not-found");
    let mut found = Word::Verified;
    wait_until("the revocation is published", WITHIN, || {
        found = word(file, house);
        found != Word::Verified
    });
    assert_eq!(found, Word::ExportRevoked);
    house.stop();
}

#[test]
fn a_persons_own_copy_does_not_leave_with_others_to_be_seen() {
    let sim = cameras(vec![camera(0)]);
    let house = House::run();
    let asked = house.add_camera("정문", &sim.url(0), &[]);
    let manager = house.claim("manager");
    let officer = house.appoint(&manager, "officer");
    let (from, until) = a_minute(&house, &asked);
    post(&officer, "/api/v1/requests", &request(&asked, from, until), 201);
    let one = "/api/v1/requests/2026-1";
    post(&officer, &format!("{one}/identity"), &json!({ "remark": "" }), 200);
    post(&manager, &format!("{one}/decision"), &json!({ "decision": "granted" }), 200);
    assert_eq!(prepare(&officer, "request", false), "forbidden");
    assert_eq!(manager.ledger(1)[0]["kind"], "refusal");
    assert_eq!(officer.get(EXPORTS).body["cases"][0]["may_be_whole"], false);
}

/// Prepares a masked copy with these edits of a clip; gives why there is none, or nothing.
fn edited(who: &Web, clip: u32, edits: &Value) -> String {
    let edits = json!([{ "clip": clip, "edits": edits }]);
    let asked = json!({ "kind": "request", "id": "2026-1", "masked": true, "edits": edits });
    let begun = who.post(EXPORTS, &asked);
    assert_eq!(begun.status, 202, "{begun:?}");
    // That of the time before is told until this one is over.
    let work = || who.get(EXPORTS).body["preparing"][0].clone();
    wait_until("it is over", WITHIN * 3, || work().is_null() || !work()["failed"].is_null());
    work()["failed"].as_str().unwrap_or_default().to_owned()
}

/// Looks under the cover, draws over everything, and leaves that copy alone there.
fn covered_by_hand(officer: &Web, first: &Value) -> Value {
    let path = format!("{EXPORTS}/copies/{}", first["copy"].as_str().unwrap());
    let original = officer.get(&format!("{path}/originals/1"));
    assert_eq!(original.status, 200, "{original:?}");
    assert!(original.bytes().windows(4).any(|it| it == b"moof"), "as it was recorded");
    assert_eq!(officer.get(&format!("{path}/originals/2")).status, 404);
    let boxes = officer.get(&format!("{path}/boxes/1")).body;
    let (wide, high) = (boxes["clip"]["width"].clone(), boxes["clip"]["height"].clone());
    let frames = boxes["clip"]["frames"].as_u64().unwrap();
    assert_eq!(boxes["times_ms"].as_array().unwrap().len() as u64, frames, "{:?}", boxes["clip"]);
    let key = |frame| json!({ "frame": frame, "left": 0, "top": 0, "right": wide, "bottom": high });
    let areas = json!([{ "what": "cover", "keys": [key(0), key(frames - 1)] }]);
    let of = |findings: &str| json!({ "findings": findings, "shown": [], "areas": areas });
    assert_eq!(edited(officer, 1, &of(&"0".repeat(64))), "mask-failed", "of other findings");
    assert!(first["clips"][0]["covered_permille"].as_u64() < Some(1000), "the control: {first}");
    let findings = boxes["findings"].as_str().unwrap();
    assert_eq!(edited(officer, 1, &of(findings)), "");
    post(officer, &format!("{path}/destruction"), &json!({}), 200);
    let copy = copy_of(officer);
    assert_eq!(copy["clips"][0]["covered_permille"], 1000, "{copy}");
    assert_eq!(copy["clips"][0]["edits"], of(findings));
    copy
}

#[test]
fn a_persons_own_copy_leaves_masked_needs_ffmpeg_needs_models() {
    let sim = cameras(vec![camera(0)]);
    let house = House::run();
    let asked = house.add_camera("정문", &sim.url(0), &[]);
    let manager = house.claim("manager");
    let officer = house.appoint(&manager, "officer");
    let mask = Mask::beside(&house);
    let (from, until) = a_minute(&house, &asked);
    post(&manager, "/api/v1/policy", &json!({ "description": PATENT }), 201);
    post(&officer, "/api/v1/requests", &request(&asked, from, until), 201);
    let one = "/api/v1/requests/2026-1";
    post(&officer, &format!("{one}/identity"), &json!({ "remark": "" }), 200);
    post(&manager, &format!("{one}/decision"), &json!({ "decision": "granted" }), 200);
    wait_until("somebody masks", WITHIN, || officer.get(EXPORTS).body["mask_is_there"] == true);
    let nothing = json!({ "shown": [], "areas": [] });
    assert_eq!(edited(&officer, 9, &nothing), "bad-request", "there is no ninth clip");
    assert_eq!(edited(&officer, 1, &nothing), "");
    let first = copy_of(&officer);
    let copy = covered_by_hand(&officer, &first);
    assert_eq!(copy["masked"], true);
    let clip = &copy["clips"][0];
    assert!(clip["frames"].as_u64().unwrap() > 30, "{clip}");
    let path = format!("{EXPORTS}/copies/{}", copy["copy"].as_str().unwrap());
    let boxes = manager.get(&format!("{path}/boxes/1"));
    assert_eq!(boxes.status, 200);
    assert!(boxes.body.is_object(), "{boxes:?}");
    assert!(manager.get(&format!("{path}/clips/1")).bytes().windows(4).any(|it| it == b"moov"));
    let looks = |entry: &Value| entry["kind"] == "intent" && entry["action"] == "export.look";
    assert_eq!(manager.ledger(100).iter().filter(|entry| looks(entry)).count(), 3);
    let looks = |entry: &Value| entry["kind"] == "intent" && entry["action"] == "export.original";
    assert_eq!(manager.ledger(100).iter().filter(|entry| looks(entry)).count(), 2);
    let proposal = post(&officer, &format!("{path}/proposal"), &json!({ "reason": "확인" }), 201);
    let decide = format!("/api/v1/proposals/{}/{}/decide", proposal["year"], proposal["number"]);
    post(&manager, &decide, &json!({ "approves": true }), 200);
    let sealed = post(&manager, &format!("{path}/seal"), &json!({}), 201);
    let number = format!("{}/{}", sealed["export"]["year"], sealed["export"]["number"]);
    let file = manager.get(&format!("{EXPORTS}/{number}"));
    assert_eq!(file.status, 200);
    let policy = house.cli(&["ledger", "policy"]).out;
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    assert_eq!(bundle::verify(file.bytes(), &policy, None).word(), Word::Verified);
    drop(mask);
}
