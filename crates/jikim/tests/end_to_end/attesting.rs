//! What a person saw of a promise that no program can see: entered, judged, verified by an outsider,
//! and refused to who may not say it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use host::{Clock as _, SystemClock};
use serde_json::{Value, json};
use tlog::policy::Policy;
use verify::ledger::audit;
use verify::{Word, source};

use crate::house::{House, Web, wait_until};

const PATH: &str = "/api/v1/attestations";
const REMARK: &str = "정문과 주차장의 안내판을 홍길동과 함께 보았음";

/// The bytes of a picture of one dot.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\0\0\0\nIDAT\x78\x9c\x63\x60\0\0\0\x02\0\x01\x48\xaf\xa4\x71\0\0\0\0IEND\xaeB`\x82";

/// The day in Korea, so many days ago.
fn day(ago: u64) -> String {
    let moment = SystemClock.wall() + Duration::from_secs(9 * 3600);
    (moment - Duration::from_secs(ago * 86_400)).to_string()[..10].to_owned()
}

fn word(promise: &str, result: &str, day: &str) -> Value {
    json!({ "promise": promise, "result": result, "day": day, "remark": REMARK })
}

fn promise(house: &House, id: &str) -> Value {
    let all = house.cli(&["promises", "--json"]).json();
    all.as_array().unwrap().iter().find(|it| it["id"] == id).unwrap().clone()
}

/// What is due at a promise.
fn task(web: &Web, promise: &str) -> Option<Value> {
    let tasks = web.get("/api/v1/tasks");
    assert_eq!(tasks.status, 200, "{tasks:?}");
    let tasks = tasks.body["tasks"].as_array().unwrap().clone();
    tasks.into_iter().find(|task| task["promise"] == promise)
}

/// Nobody who may not say it can, and nothing that cannot have been seen is entered.
fn refuses(house: &House, manager: &Web, administrator: &Web) {
    let good = word("prints", "seen-so", &day(0));
    let contractor = house.appoint_contractor(administrator, manager);
    for (by, who) in [(contractor, "contractor"), (house.appoint(manager, "operator"), "operator")]
    {
        let refused = by.post(PATH, &good);
        assert_eq!((refused.status, refused.code()), (403, "forbidden"), "{who}");
    }
    let bad = [
        (word("cameras", "seen-so", &day(0)), "promise-not-attestable"),
        (word("safety.encryption", "seen-otherwise", &day(0)), "promise-not-attestable"),
        (word("prints.of-another", "seen-so", &day(0)), "not-found"),
        (word("prints", "seen-so", "2999-01-01"), "day-unfit"),
        (word("prints", "seen-so", &day(32)), "day-unfit"),
        (word("prints", "seen-so", "yesterday"), "day-unfit"),
        (word("prints", "perhaps", &day(0)), "bad-request"),
    ];
    for (body, code) in bad {
        let refused = manager.post(PATH, &body);
        assert_eq!(refused.code(), code, "{body}: {refused:?}");
    }
    let mut long = word("prints", "seen-so", &day(0));
    long["remark"] = "가".repeat(501).into();
    assert_eq!(manager.post(PATH, &long).code(), "remark-unfit");
    for picture in ["no base64".to_owned(), BASE64.encode(b"GIF89a;"), BASE64.encode(&PNG[1..])] {
        let mut pictured = word("prints", "seen-so", &day(0));
        pictured["picture_base64"] = picture.into();
        assert_eq!(manager.post(PATH, &pictured).code(), "picture-unfit");
    }
    let mut large = word("prints", "seen-so", &day(0));
    let dots = vec![7; 512 << 10];
    large["picture_base64"] =
        BASE64.encode([&[0xFF, 0xD8, 0xFF][..], &dots, &[0xFF, 0xD9]].concat()).into();
    assert_eq!(manager.post(PATH, &large).code(), "picture-unfit");
    assert_eq!(promise(house, "prints")["state"], "unproven", "none of it counts");
    assert_eq!(manager.get(PATH).body["attestations"], json!([]));
}

#[test]
fn what_a_person_saw_is_entered_judged_and_verified() {
    let mut house = House::empty();
    let clip = testkit::clips::small_h264();
    let clip = clip.to_str().unwrap();
    house.start_as(&["demo", "--institution", "patent", "--listen", "127.0.0.1:0", "--clip", clip]);
    let (manager, administrator) = (house.claim("manager"), house.claim("administrator"));
    assert_eq!(promise(&house, "prints")["state"], "unproven");
    refuses(&house, &manager, &administrator);
    let asked = task(&manager, "prints").unwrap();
    assert_eq!((&asked["kind"], &asked["who"]), (&json!("attest"), &json!("officer")), "{asked}");
    assert_eq!(asked["overdue"], false, "it was announced today: {asked}");

    let mut seen = word("prints", "seen-so", &day(2));
    // As large as it may be, so that a sealed record of it is seen to fit.
    let dots = vec![7; (512 << 10) - 5];
    let picture = BASE64.encode([&[0xFF, 0xD8, 0xFF][..], &dots, &[0xFF, 0xD9]].concat());
    seen["picture_base64"] = picture.clone().into();
    let made = manager.post(PATH, &seen);
    assert_eq!((made.status, &made.body["counts"]), (201, &json!(true)), "{made:?}");
    assert_eq!((&made.body["role"], &made.body["day"]), (&json!("manager"), &json!(day(2))));
    let kept = promise(&house, "prints");
    assert_eq!(kept["state"], "kept");
    assert_eq!(task(&manager, "prints"), None, "what was asked for is done");
    let evidence = kept["evidence"].as_str().unwrap();
    let entry = made.body["entry"].as_str().unwrap().to_owned();
    assert!(evidence.contains(&day(2)) && evidence.contains(&entry), "{evidence}");
    assert!(evidence.contains("시스템이 본 것이 아닙니다"), "{evidence}");
    assert_eq!(kept["attestation"]["entry"], entry.as_str());

    // Somebody else sees it otherwise; then it is mended and seen again.
    let worse = administrator.post(PATH, &word("prints", "seen-otherwise", &day(1)));
    assert_eq!((worse.status, &worse.body["role"]), (201, &json!("administrator")), "{worse:?}");
    assert_eq!(promise(&house, "prints")["state"], "broken");
    assert_eq!(task(&manager, "prints").unwrap()["kind"], "mend");
    // What was seen before that day changes nothing, although it is entered after it.
    assert_eq!(manager.post(PATH, &word("prints", "seen-so", &day(3))).status, 201);
    assert_eq!(promise(&house, "prints")["state"], "broken");
    assert_eq!(manager.post(PATH, &word("prints", "seen-so", &day(0))).status, 201);
    assert_eq!(promise(&house, "prints")["state"], "kept");
    let listed = manager.get(PATH).body["attestations"].as_array().unwrap().clone();
    let counts: Vec<_> = listed.iter().map(|it| it["counts"].as_bool().unwrap()).collect();
    assert_eq!(counts, [true, false, false, false]);

    is_public_without_names(&manager, &entry, &picture);
    let policy = house.cli(&["ledger", "policy"]).out;
    house.stop();
    verifies(&house.data(), &policy);
    house.start_as(&["demo", "--institution", "patent", "--listen", "127.0.0.1:0", "--clip", clip]);
    assert_eq!(promise(&house, "prints")["state"], "kept", "it is the ledger that knows");
}

/// The fact stands in the open with what it is for; who it was, and the remark, do not.
fn is_public_without_names(manager: &Web, entry: &str, picture: &str) {
    let mut attested = Vec::new();
    wait_until("the words are published", Duration::from_secs(60), || {
        attested = manager.published_entries();
        attested.retain(|entry| entry["kind"] == "attestation");
        attested.len() == 4
    });
    assert_eq!(
        (&attested[0]["promise"], &attested[0]["result"]),
        (&json!("prints"), &json!("seen-so"))
    );
    assert_eq!(
        (&attested[1]["role"], &attested[1]["day"]),
        (&json!("administrator"), &json!(day(1)))
    );
    for entry in &attested {
        assert_eq!(entry["sentence"].as_str().unwrap().len(), 64, "{entry}");
        assert_eq!(entry["commitment"].as_str().unwrap().len(), 64, "{entry}");
        let text = entry.to_string();
        assert!(!text.contains("홍길동") && !text.contains("person:"), "{text}");
    }
    let own = manager.get(&format!("/api/v1/ledger/{entry}"));
    assert_eq!(own.body["detail"]["note"], REMARK);
    assert_eq!(own.body["detail"]["picture_base64"], picture);
    // Each was asked for before it was entered: its intent is there, and its outcome.
    let all = manager.ledger(200);
    let intents = all.iter().filter(|it| it["kind"] == "intent");
    let intents = intents.filter(|it| it["action"] == "attestation.record");
    assert!(intents.count() >= 4);
}

/// An outsider reads the whole ledger; and notices when a word is turned round.
fn verifies(data: &Path, policy: &str) {
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let look = |path: &Path| {
        let source = source::open(&path.display().to_string()).unwrap();
        audit("ledger", &*source, &policy, None).report.word()
    };
    assert_eq!(look(data), Word::Verified);
    // The newest bundle has every entry; older ones are only leftovers of when the log was shorter.
    let mut bundle: Option<(PathBuf, Vec<u8>)> = None;
    crate::house::each_file(&data.join("ledger"), &mut |path, bytes| {
        let is_bundle = path.components().any(|part| part.as_os_str() == "entries");
        if is_bundle && bundle.as_ref().is_none_or(|known| known.1.len() < bytes.len()) {
            bundle = Some((path.to_owned(), bytes.to_vec()));
        }
    });
    let (path, bytes) = bundle.unwrap();
    // A word that is one, and not the one that was entered.
    let from = format!("\"day\":\"{}\"", day(1));
    let at = bytes.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
    let mut changed = bytes.clone();
    changed[at + 7..at + 17].copy_from_slice(day(2).as_bytes());
    std::fs::write(&path, &changed).unwrap();
    assert_ne!(look(data), Word::Verified);
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(look(data), Word::Verified);
}
