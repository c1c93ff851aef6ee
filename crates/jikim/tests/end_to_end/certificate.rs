//! A running recorder certifies what it destroyed, and an outsider verifies that with nothing of it.

use std::time::Duration;

use domain::WallTime;
use host::{Clock as _, SystemClock};
use tlog::policy::Policy;
use verify::certificate::verify;
use verify::{Report, Word, source};

use crate::house::{House, camera, cameras, wait_until};

/// A bucket is a twenty-fourth of it.
const RETENTION: &str = "24s";
const WITHIN: Duration = Duration::from_secs(60);

#[test]
fn k7_a_running_recorder_certifies_what_it_destroyed_and_nothing_else() {
    let sim = cameras(vec![camera(0), camera(1)]);
    let mut house = House::run();
    let id = house.add_camera("정문", &sim.url(0), &["--retention", RETENTION]);
    house.add_camera("후문", &sim.url(1), &["--retention", RETENTION]);
    let web = house.claim("manager");
    house.wait_for_frames(&id, 60);
    let to = SystemClock.wall() - Duration::from_secs(1);
    let from = to - Duration::from_secs(4);
    let seen = web.footage(&[&id], &from.to_string(), &to.to_string());
    assert!(!seen[0].frames.is_empty());

    let policy = house.cli(&["ledger", "policy"]).out;
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let out = house.beside("certificate").display().to_string();
    let certify = |house: &House, from: WallTime, to: WallTime| -> Vec<u8> {
        let (from, to) = (from.to_string(), to.to_string());
        let asked = ["destruction", "certificate", "--camera", &id, "--from", &from, "--to", &to];
        let told = house.cli(&[&asked[..], &["--out", &out]].concat());
        assert_eq!(told.code, 0, "{told:?}");
        std::fs::read(&out).unwrap()
    };
    // Before its time it says that the footage is kept.
    let early = verify(&certify(&house, from, to), &policy, None);
    assert_eq!(early.word(), Word::StillKept, "{:?}", early.findings());

    let number = |report: &Report, name: &str| report.fact_of(name).unwrap().as_u64().unwrap();
    let mut file = Vec::new();
    wait_until("all of the span is destroyed", WITHIN, || {
        std::thread::sleep(Duration::from_secs(2));
        file = certify(&house, from, to);
        verify(&file, &policy, None).word() == Word::Verified
    });
    assert!(!String::from_utf8_lossy(&file).contains("person:"), "no name and no account");
    house.stop();
    let ledger = source::open(&house.data().display().to_string()).unwrap();
    let report = verify(&file, &policy, Some(&*ledger));
    assert_eq!(report.word(), Word::Verified, "{:?}", report.findings());
    assert!(number(&report, "destroyed") >= 4, "{report:?}");
    assert!(number(&report, "left") >= 1, "it was looked at before");
    assert_eq!((number(&report, "kept"), number(&report, "late")), (0, 0));
    // The control: another hand's ledger does not stand for this one.
    let other = Policy::parse(b"quorum none\n").unwrap();
    assert_eq!(verify(&file, &other, None).word().class(), verify::Class::Refused);
}
