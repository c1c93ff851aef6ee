//! Whole ledgers: a good one, and every way to be another.

use tlog::Algorithm;
use verify::ledger::audit;
use verify::{Class, Report, Word};

use crate::shelf::{
    RECORDER, Shelf, Signer, entry, intent, log, note, opened, outcome, policy, shelf, usual,
    witness,
};

fn verify(shelf: &Shelf) -> Report {
    audit("ledger", shelf, &policy(), None).report
}

/// The words that were found, each once, the first first.
fn words(report: &Report) -> Vec<&'static str> {
    let mut words: Vec<_> = report.findings().iter().map(|found| found.word.text()).collect();
    words.dedup();
    words
}

#[test]
fn a_good_ledger_is_verified_whatever_its_size() {
    for size in [8, 255, 256, 257, 700, 66_000] {
        let (shelf, _) = shelf(size);
        let report = verify(&shelf);
        assert_eq!(report.word(), Word::Verified, "{size}: {:?}", report.findings());
        assert_eq!(report.fact_of("entries").unwrap().as_u64(), Some(size as u64));
        assert_eq!(report.fact_of("bucket_keys_destroyed").unwrap().as_u64(), Some(10));
        let json = report.to_json();
        assert_eq!(
            (json["exit_code"].as_u64(), json["result"].as_str()),
            (Some(0), Some("verified"))
        );
    }
}

#[test]
fn a_server_that_does_not_list_its_years_is_asked_for_them() {
    let (mut shelf, entries) = shelf(300);
    shelf.lists_years = false;
    assert_eq!(verify(&shelf).word(), Word::Verified);
    // The year after: it continues the one before.
    let root = shelf.publish(2026, &entries);
    shelf.publish(2027, &[opened(2027, Some((300, root))), entry(2027, 1, r#""kind":"started""#)]);
    let report = verify(&shelf);
    assert_eq!(report.word(), Word::Verified, "{:?}", report.findings());
    assert_eq!(report.fact_of("entries").unwrap().as_u64(), Some(302));
}

#[test]
fn every_file_that_is_not_what_was_signed_has_its_word() {
    let (good, _) = shelf(66_000);
    let change = |path: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let mut shelf = good.clone();
        change(shelf.files.get_mut(path).unwrap());
        verify(&shelf)
    };
    let flip = |bytes: &mut Vec<u8>| bytes[20] ^= 1;
    let shorten = |bytes: &mut Vec<u8>| bytes.truncate(bytes.len() - 1);
    for (path, how, expected) in [
        ("2026/checkpoint", &flip as &dyn Fn(&mut Vec<u8>), &["unknown-log"][..]),
        ("2026/checkpoint", &shorten, &["checkpoint-malformed"]),
        ("2026/tile/0/000", &flip, &["tile-damaged"]),
        ("2026/tile/0/000", &shorten, &["tile-damaged"]),
        ("2026/tile/1/000", &flip, &["tile-damaged"]),
        ("2026/tile/0/257.p/208", &flip, &["tile-damaged"]),
        ("2026/tile/2/000.p/1", &flip, &["tile-damaged"]),
        ("2026/tile/entries/000", &flip, &["entry-changed"]),
        ("2026/tile/entries/257.p/208", &flip, &["entry-changed"]),
        ("2026/tile/entries/000", &shorten, &["bundle-damaged"]),
    ] {
        let report = change(path, how);
        assert_eq!(words(&report)[..1], *expected, "{path}: {:?}", report.findings());
        assert_eq!(report.word().class(), Class::Refused, "{path}");
    }
    for (path, word) in [
        ("2026/tile/0/007", Word::TileMissing),
        ("2026/tile/1/000", Word::TileMissing),
        ("2026/tile/1/001.p/1", Word::TileMissing),
        ("2026/tile/entries/007", Word::BundleMissing),
        ("2026/checkpoint", Word::CheckpointMissing),
    ] {
        let mut shelf = good.clone();
        shelf.files.remove(path).unwrap();
        let report = verify(&shelf);
        assert_eq!(report.word(), word, "{path}: {:?}", report.findings());
        assert_eq!(report.word().class(), Class::Incomplete);
    }
}

#[test]
fn a_partial_file_that_has_grown_whole_is_cut() {
    let (mut shelf, entries) = shelf(300);
    let root = {
        let mut longer = Shelf::default();
        let mut entries = entries.clone();
        entries.extend((300..600).map(|at| intent(2026, at, "live.watch")));
        longer.fill(2026, &entries);
        for path in ["2026/tile/0/001", "2026/tile/entries/001"] {
            shelf.files.insert(path.to_owned(), longer.files[path].clone());
            shelf.files.remove(&format!("{path}.p/44")).unwrap();
        }
        verify(&shelf)
    };
    assert_eq!(root.word(), Word::Verified, "{:?}", root.findings());
}

#[test]
fn a_lying_server_cannot_be_consistent() {
    let (good, mut entries) = shelf(1000);
    // Everything made anew for another history, under the checkpoint that was signed.
    entries[500] = intent(2026, 1, "live.watch");
    let mut lie = good.clone();
    let root = lie.fill(2026, &entries);
    let report = verify(&lie);
    assert_eq!(report.word(), Word::TileDamaged, "{:?}", report.findings());
    assert_eq!(report.count_of(Word::RootDiffers), 1);
    // Signed with another key in the log's name.
    let thief = || Signer::new(&format!("jikim/{RECORDER}/2026"), Algorithm::Ed25519, 9);
    let origin = format!("jikim/{RECORDER}/2026");
    lie.put_note(2026, &note(&origin, 1000, root, &[thief(), witness(1), witness(2)]));
    assert_eq!(verify(&lie).word(), Word::BadSignature);
    // Signed with the stolen key of the log, but no witness would.
    lie.put_note(2026, &note(&origin, 1000, root, &[log(2026)]));
    assert_eq!(verify(&lie).word(), Word::NoQuorum);
    assert_eq!(verify(&lie).word().class(), Class::Unwitnessed);
    // And who kept an earlier checkpoint needs no witness to see it.
    let since = &good.files["2026/checkpoint"];
    let report = audit("ledger", &lie, &policy(), Some(since)).report;
    assert_eq!(report.word(), Word::HistoryRewritten, "{:?}", report.findings());
    // A cosignature that belongs to another text.
    let mut mixed = note(&origin, 1000, root, &[log(2026)]);
    mixed.add(witness(1).sign(&format!("{origin}\n0\n{}\n", root.to_base64()))).unwrap();
    lie.put_note(2026, &mixed);
    assert_eq!(verify(&lie).word(), Word::BadCosignature);
}

/// A recorder signs each second, and keeps beside that what its witnesses have seen.
#[test]
fn what_witnesses_saw_before_the_newest_checkpoint_counts() {
    let (mut now, entries) = shelf(1000);
    let origin = format!("jikim/{RECORDER}/2026");
    let whole = now.fill(2026, &entries);
    now.put_note(2026, &note(&origin, 1000, whole, &[log(2026)]));
    assert_eq!(verify(&now).word(), Word::NoQuorum);
    let keep = |shelf: &mut Shelf, entries: &[Vec<u8>], signers: &[Signer]| {
        let root = Shelf::default().fill(2026, entries);
        let note = note(&origin, entries.len() as u64, root, signers);
        shelf.files.insert("2026/cosigned".into(), note.encode().unwrap().into_bytes());
    };
    let all = [log(2026), witness(1), witness(2)];
    keep(&mut now, &entries[..900], &all);
    let report = verify(&now);
    assert_eq!(report.word(), Word::Verified, "{:?}", report.findings());
    assert_eq!(report.fact_of("cosigned").unwrap(), 900);
    // What they saw is not what is there now.
    let mut other = entries.clone();
    other[3] = other[1].clone();
    keep(&mut now, &other[..900], &all);
    assert_eq!(verify(&now).word(), Word::HistoryRewritten);
    keep(&mut now, &[&entries[..], &entries[1..2]].concat(), &all);
    assert_eq!(verify(&now).word(), Word::WentBack);
    keep(&mut now, &entries[..900], &all[..2]);
    assert_eq!(verify(&now).word(), Word::NoQuorum);
    keep(&mut now, &entries[..900], &all[1..]);
    assert_eq!(verify(&now).word(), Word::BadSignature);
}

#[test]
fn an_earlier_checkpoint_must_be_continued() {
    let (mut now, entries) = shelf(1000);
    let since = |size: usize| {
        let mut earlier = Shelf::default();
        earlier.publish(2026, &entries[..size]);
        earlier.files["2026/checkpoint"].clone()
    };
    let word =
        |shelf: &Shelf, since: &[u8]| audit("l", shelf, &policy(), Some(since)).report.word();
    for size in [1, 255, 256, 257, 999, 1000] {
        assert_eq!(word(&now, &since(size)), Word::Verified, "{size}");
    }
    let later = since(1000);
    now.publish(2026, &entries[..900]);
    assert_eq!(word(&now, &later), Word::WentBack);
    // The year is gone and another is there.
    let mut other = Shelf { lists_years: true, ..Shelf::default() };
    other.publish(2027, &[opened(2027, None)]);
    assert_eq!(word(&other, &later), Word::YearMissing);
    assert_eq!(word(&now, b"no note"), Word::CheckpointMalformed);
}

#[test]
fn years_join() {
    let (mut shelf, entries) = shelf(300);
    let root = shelf.publish(2026, &entries);
    let first = |previous| vec![opened(2027, previous)];
    for (previous, word) in [
        (Some((300, root)), Word::Verified),
        (Some((299, root)), Word::YearBroken),
        (Some((300, tlog::empty_root())), Word::YearBroken),
        (None, Word::YearBroken),
    ] {
        shelf.publish(2027, &first(previous));
        let report = verify(&shelf);
        assert_eq!(report.word(), word, "{:?}", report.findings());
    }
    shelf.publish(2027, &first(Some((300, root))));
    shelf.files.retain(|path, _| !path.starts_with("2026"));
    assert_eq!(verify(&shelf).word(), Word::YearMissing);
}

/// A ledger of the usual entries and these.
fn with(more: &[Vec<u8>]) -> Report {
    let mut shelf = Shelf { lists_years: true, ..Shelf::default() };
    let mut entries = usual(&mut shelf, 2026, 8);
    entries.extend_from_slice(more);
    shelf.publish(2026, &entries);
    verify(&shelf)
}

#[test]
fn entries_that_contradict_each_other_are_found() {
    let proposal = || entry(2026, 9, r#""kind":"proposal","action":"camera.lengthen-retention""#);
    let say = |rest: &str| entry(2026, 9, rest);
    let approval = |decision: &str| {
        say(&format!(r#""kind":"approval","proposal":"2026/8","decision":"{decision}""#))
    };
    let lengthen = |proposal: &str| {
        say(&format!(
            r#""kind":"intent","action":"camera.lengthen-retention","proposal":"{proposal}""#
        ))
    };
    let good = [proposal(), approval("approved"), lengthen("2026/8"), outcome(2026, 9, 10)];
    assert_eq!(with(&good).word(), Word::Verified, "{:?}", with(&good).findings());
    let destroyed = |epoch: u64| {
        let mut shelf = Shelf::default();
        let gone = shelf.companion(&[]);
        say(&format!(r#""kind":"destroyed","epoch":{epoch},{gone}"#))
    };
    for (more, why) in [
        (vec![outcome(2026, 9, 3)], "an outcome of what is no intent"),
        (vec![outcome(2026, 9, 9), intent(2026, 9, "live.watch")], "an outcome before its intent"),
        (vec![outcome(2026, 9, 4)], "a second outcome"),
        (vec![say(r#""kind":"served","intent":"2026/2""#)], "served under no intent"),
        (vec![approval("approved")], "an approval of no proposal"),
        (vec![proposal(), lengthen("2026/8")], "not approved"),
        (vec![proposal(), approval("refused"), lengthen("2026/8")], "refused"),
        (
            vec![proposal(), approval("withdrawn"), approval("approved"), lengthen("2026/8")],
            "the first decision counts",
        ),
        (
            [&good[..], &[lengthen("2026/8"), outcome(2026, 9, 12)]].concat(),
            "one approval for two acts",
        ),
        (vec![opened(2026, None)], "opened twice"),
        (vec![destroyed(2)], "destroyed under no open act"),
        (
            vec![say(&format!(r#""kind":"vault-key","epoch":1,"sha256":"{}""#, "00".repeat(32)))],
            "an epoch again",
        ),
        (vec![entry(2027, 9, r#""kind":"started""#)], "a later year's time"),
    ] {
        let report = with(&more);
        assert_eq!(report.count_of(Word::OrderBroken), 1, "{why}: {:?}", report.findings());
        assert_eq!(report.word().class(), Class::Refused, "{why}");
    }
    assert_eq!(with(&[say(r#""kind":"forgotten""#)]).word(), Word::EntryMalformed);
    assert_eq!(with(&[b"{}".to_vec()]).word(), Word::EntryMalformed);
    // A clock that went back is told and is no fault: order is the index.
    let report = with(&[entry(2025, 0, r#""kind":"started""#)]);
    assert_eq!(report.word(), Word::Verified);
    assert_eq!(report.fact_of("times_back").unwrap().as_u64(), Some(1));
}

/// A destruction cannot be put down to an older list of holders, one that was provable, say.
#[test]
fn k7_a_destruction_names_the_newest_list_of_holders_before_it() {
    let holders = |provable: &str| {
        let holder = format!(
            r#"{{"holder":"slot","state":"keeps","provable":"{provable}","reason":"x","count":1}}"#
        );
        entry(2026, 9, &format!(r#""kind":"holders","holders":[{holder}]"#))
    };
    let mut shelf = Shelf::default();
    let gone = shelf.companion(&[]);
    let destroyed =
        |held_by: &str| entry(2026, 9, &format!(r#""kind":"destroyed","epoch":2,{gone}{held_by}"#));
    let two = [holders("provable"), holders("not-provable-on-this-device")];
    let begun = intent(2026, 9, "footage.destroy-expired");
    for (named, is_good) in [
        ("", true),
        (r#","held_by":"2026/9""#, true),
        (r#","held_by":"2026/8""#, false),
        (r#","held_by":"2026/10""#, false),
    ] {
        let more = [&two[..], &[begun.clone(), destroyed(named)]].concat();
        let mut shelf = Shelf { lists_years: true, ..shelf.clone() };
        let mut entries = usual(&mut shelf, 2026, 8);
        entries.extend_from_slice(&more);
        shelf.publish(2026, &entries);
        let report = verify(&shelf);
        assert_eq!(report.word() == Word::Verified, is_good, "{named}: {:?}", report.findings());
    }
}

#[test]
fn a_list_that_an_entry_names_must_be_that_list() {
    let (good, _) = shelf(20);
    let companions: Vec<String> =
        good.files.keys().filter(|path| path.starts_with("companion")).cloned().collect();
    assert_eq!(companions.len(), 2);
    for path in companions {
        let mut shelf = good.clone();
        let bytes = shelf.files.remove(&path).unwrap();
        assert_eq!(verify(&shelf).word(), Word::CompanionMissing);
        for at in [0, 40, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            shelf.files.insert(path.clone(), changed);
            assert_eq!(verify(&shelf).word(), Word::CompanionDamaged);
        }
    }
}

#[test]
fn other_peoples_ledgers_are_not_ours() {
    let (shelf, _) = shelf(20);
    let stranger = Signer::new("example.com/log", Algorithm::Ed25519, 5);
    let text = format!("log {}\nquorum none\n", stranger.key);
    let policy = tlog::policy::Policy::parse(text.as_bytes()).unwrap();
    assert_eq!(audit("ledger", &shelf, &policy, None).report.word(), Word::UnknownLog);
    let empty = Shelf { lists_years: true, ..Shelf::default() };
    assert_eq!(verify(&empty).word(), Word::CheckpointMissing);
}
