//! What is answered to what: known and unknown logs, the years of a recorder, books that are
//! damaged, clocks that go back, evidence, and many requests at once.

use std::path::Path;
use std::sync::{Arc, Mutex};

use host::Fs as _;
use tlog::witness::{AddCheckpoint, Answer};
use tlog::{Checkpoint, SignedNote};
use witness::{AddLogError, Added, Reply, Report};

use crate::history::{Chance, FOLDER, Log, Place, cosigned, is_cosigned, one_history, tree};

fn answer(reply: Reply) -> Answer {
    match reply {
        Reply::Answer(answer) => answer,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_answer_of_the_specification_is_given() {
    let (log, stranger) = (Log::of_year(1, 2026), Log::of_year(2, 2026));
    let place = Place::new(1, &[&log]);
    let witness = place.open().unwrap();
    let ask = |body: &[u8]| answer(witness.add_checkpoint(body));
    assert_eq!(ask(b"old 0\n\nnothing\n"), Answer::BadRequest);
    assert_eq!(ask(&stranger.ask(0, &[0; 4])), Answer::UnknownLog);
    let forged = Log::new(log.origin(), 9);
    assert_eq!(ask(&forged.ask(0, &[0; 4])), Answer::UnknownKey);
    assert_eq!(ask(&log.ask(5, &[0; 4])), Answer::BadRequest);
    assert_eq!(ask(&log.ask(3, &[0; 4])), Answer::Conflict { size: 0 });
    let body = log.ask(0, &[0; 4]);
    let time = cosigned(&witness.add_checkpoint(&body), &body, &place.key).unwrap();
    assert_eq!(time, 1_795_348_800, "2026-11-22T12:00:00Z");
    assert_eq!(ask(&log.ask(0, &[0; 9])), Answer::Conflict { size: 4 });
    assert_eq!(ask(&log.ask_with(4, vec![], &tree(&[0; 9]))), Answer::Inconsistent);
    assert!(is_cosigned(&witness.add_checkpoint(&log.ask(4, &[0; 9]))));
    assert_eq!(ask(&log.ask(4, &[0; 5])), Answer::Conflict { size: 9 });
}

#[test]
fn what_was_cosigned_is_known_after_a_loss_of_power_and_shown_to_monitors() {
    let log = Log::of_year(1, 2026);
    let place = Place::new(1, &[&log]);
    let witness = place.open().unwrap();
    assert_eq!(witness.latest(log.origin()), None);
    assert!(is_cosigned(&witness.add_checkpoint(&log.ask(0, &[0; 4]))));
    drop(witness);
    place.disk.lose_power();
    let witness = place.open().unwrap();
    let latest = witness.latest(log.origin()).unwrap();
    assert_eq!(Checkpoint::open(latest.as_bytes(), &log.key).unwrap().size, 4);
    let note = SignedNote::parse(latest.as_bytes()).unwrap();
    assert_eq!(note.verify([&log.key, &place.key]).unwrap().len(), 2);
    assert_eq!(answer(witness.add_checkpoint(&log.ask(0, &[0; 9]))), Answer::Conflict { size: 4 });
    assert!(is_cosigned(&witness.add_checkpoint(&log.ask(4, &[0; 9]))));
}

#[test]
fn a_recorder_is_known_by_one_line_for_its_year_and_all_later_ones() {
    let log = |year| Log::of_year(1, year);
    let place = Place::new(1, &[&log(2026)]);
    let witness = place.open().unwrap();
    let ask = |year| answer(witness.add_checkpoint(&log(year).ask(0, &[0; 4])));
    assert_eq!(ask(2025), Answer::UnknownLog);
    assert!(matches!(ask(2026), Answer::Cosigned(_)));
    // A year is taken up a day before it begins, and no sooner: else whoever has the key could
    // make the witness keep the books of thousands of years.
    assert_eq!(ask(2027), Answer::UnknownLog);
    place.clock.set_wall("2026-12-31T00:00:01Z".parse().unwrap());
    assert!(matches!(ask(2027), Answer::Cosigned(_)));
    assert_eq!(ask(2028), Answer::UnknownLog);
    // The old year's last checkpoint may come after the new year's first.
    let late = log(2026).ask(4, &[0; 9]);
    assert!(is_cosigned(&witness.add_checkpoint(&late)));
    // Each year is a log of its own: a fork of one is none of the other.
    assert_eq!(
        answer(witness.add_checkpoint(&log(2027).ask(9, &[0; 11]))),
        Answer::Conflict { size: 4 }
    );
}

#[test]
fn logs_are_added_while_it_runs_and_an_earlier_year_widens_the_line() {
    let log = |year| Log::of_year(1, year);
    let place = Place::new(1, &[]);
    let (fs, folder) = (place.disk.start(), Path::new(FOLDER));
    let witness = place.open_over(Arc::new(fs.clone())).unwrap();
    let add = |log: &Log| witness::add_log(&fs, folder, &log.key.to_string());
    let ask = |log: &Log| answer(witness.add_checkpoint(&log.ask(0, &[0; 4])));
    assert_eq!(ask(&log(2026)), Answer::UnknownLog);
    assert_eq!(add(&log(2026)).unwrap(), Added::New);
    witness.refresh().unwrap();
    assert!(matches!(ask(&log(2026)), Answer::Cosigned(_)));
    assert_eq!(add(&log(2026)).unwrap(), Added::Known);
    assert_eq!(add(&log(2027)).unwrap(), Added::Known);
    assert_eq!(add(&log(2025)).unwrap(), Added::Earlier);
    witness.refresh().unwrap();
    assert!(matches!(ask(&log(2025)), Answer::Cosigned(_)));
    assert!(matches!(ask(&log(2026)), Answer::Conflict { size: 4 }));
    // Anybody's log goes in, for its one origin.
    let other = Log::new("log.example/behind-the-sofa", 5);
    assert_eq!(add(&other).unwrap(), Added::New);
    witness.refresh().unwrap();
    assert!(matches!(ask(&other), Answer::Cosigned(_)));
}

#[test]
fn a_key_is_never_replaced_by_adding_a_log() {
    let log = Log::of_year(1, 2026);
    let place = Place::new(1, &[&log]);
    let (fs, folder) = (place.disk.start(), Path::new(FOLDER));
    let add = |log: &Log| witness::add_log(&fs, folder, &log.key.to_string());
    let same_name = Log::new(log.origin(), 9);
    assert!(matches!(add(&same_name), Err(AddLogError::OtherKey { .. })));
    let next_year = Log::new(Log::of_year(1, 2027).origin(), 9);
    assert!(matches!(add(&next_year), Err(AddLogError::OtherKey { .. })));
    let same_key = Log::new("log.example", 1);
    assert!(matches!(add(&same_key), Err(AddLogError::KeyOfAnother { .. })));
    let of_a_witness = witness::add_log(&fs, folder, &place.key.to_string());
    assert!(matches!(of_a_witness, Err(AddLogError::NotALogKey(_))));
    assert!(matches!(witness::add_log(&fs, folder, "a+b+c"), Err(AddLogError::Key(_))));
}

#[test]
fn the_list_of_logs_is_that_of_tlog_policy() {
    let (one, two) = (Log::of_year(1, 2026), Log::new("log.example", 2));
    let place = Place::new(1, &[]);
    let (fs, path) = (place.disk.start(), Path::new(FOLDER).join("logs"));
    let open = |text: &str| {
        fs.replace(&path, text.as_bytes()).unwrap();
        place.open_over(Arc::new(fs.clone())).map(drop).map_err(|error| error.to_string())
    };
    let (one, two) = (one.key.to_string(), two.key.to_string());
    let good = format!("# ours\n\n \t log\t{one}   https://recorder.example/ \n#log\nlog {two}");
    open(&good).unwrap();
    open("").unwrap();
    for (text, part) in [
        (format!("log {one}\nlog {one}\n"), "line 2"),
        (format!("witness x {one}\n"), "line 1"),
        (format!("log {one} https://a b\n"), "line 1"),
        ("log\n".into(), "line 1"),
        ("quorum none\n".into(), "line 1"),
        (format!("log {}\n", place.key), "type 0x01"),
        (format!("log {one}\r\n"), "control characters"),
        (format!("log {}x\n", &one[..one.len() - 1]), "line 1"),
    ] {
        let told = open(&text).unwrap_err();
        assert!(told.contains(part), "{text}: {told}");
    }
}

/// What happened to a file.
type Change = fn(&[u8]) -> Vec<u8>;

#[test]
fn a_damaged_book_is_no_new_log() {
    let (log, other) = (Log::of_year(1, 2026), Log::of_year(2, 2026));
    let changes: [Change; 5] = [
        |_| Vec::new(),
        |bytes| bytes[..bytes.len() / 2].to_vec(),
        |bytes| [&bytes[..bytes.len() - 9], b"AAAAAA==\n"].concat(),
        |bytes| String::from_utf8(bytes.to_vec()).unwrap().replace("\n4\n", "\n3\n").into_bytes(),
        |_| b"jikim-witness head v1\ngrown 1\n\n".to_vec(),
    ];
    for change in changes {
        let place = Place::new(1, &[&log, &other]);
        let witness = place.open().unwrap();
        assert!(is_cosigned(&witness.add_checkpoint(&log.ask(0, &[0; 4]))));
        drop(witness);
        let fs = place.disk.start();
        let heads = Path::new(FOLDER).join("heads");
        let path = heads.join(&fs.list(&heads).unwrap()[0]);
        let bytes = fs.read(&path, 9999).unwrap();
        fs.replace(&path, &change(&bytes)).unwrap();
        let witness = place.open_over(Arc::new(fs)).unwrap();
        assert_eq!(witness.add_checkpoint(&log.ask(0, &[1; 4])), Reply::Failed);
        assert_eq!(witness.add_checkpoint(&log.ask(4, &[0; 9])), Reply::Failed);
        assert!(is_cosigned(&witness.add_checkpoint(&other.ask(0, &[0; 4]))));
        let report = Report::of(&witness, &place.clock);
        assert_eq!(report.damaged.len(), 1);
        assert!(report.is_alarm());
    }
}

#[test]
fn no_cosignature_is_older_than_the_one_before() {
    let log = Log::of_year(1, 2026);
    let place = Place::new(1, &[&log]);
    let mut witness = place.open().unwrap();
    let mut times = Vec::new();
    for size in 1..=6 {
        if size == 3 {
            place.clock.set_wall("2026-11-22T09:00:00Z".parse().unwrap());
        }
        if size == 5 {
            drop(witness);
            witness = place.open().unwrap();
        }
        place.pass(10);
        let body = log.ask(size as u64 - 1, &vec![0; size]);
        times.push(cosigned(&witness.add_checkpoint(&body), &body, &place.key).unwrap());
    }
    assert!(times.is_sorted(), "{times:?}");
    assert_eq!(times[1], times[5]);
    // Which is an alarm, for it may have been the later time that was wrong.
    let report = |witness| Report::of(witness, &place.clock);
    assert!(report(&witness).clock_is_behind() && report(&witness).is_alarm());
    place.pass(3 * 3600);
    assert!(!report(&witness).clock_is_behind());
}

#[test]
fn the_same_again_costs_no_write_and_a_second_later_is_a_new_cosignature() {
    let log = Log::of_year(1, 2026);
    let place = Place::new(1, &[&log]);
    let witness = place.open().unwrap();
    let first = witness.add_checkpoint(&log.ask(0, &[0; 4]));
    let changes = place.disk.changes();
    let body = log.ask(4, &[0; 4]);
    assert_eq!(witness.add_checkpoint(&body), first);
    assert_eq!(place.disk.changes(), changes);
    place.pass(1);
    let again = witness.add_checkpoint(&body);
    assert_ne!(again, first);
    assert!(is_cosigned(&again));
    assert!(place.disk.changes() > changes);
    // Another text of the same tree is another thing to sign.
    let root = tree(&[0; 4]).root();
    let extended = AddCheckpoint::new(4, vec![], log.sign(4, root, Some("more"))).unwrap();
    let body = extended.encode().into_bytes();
    assert!(cosigned(&witness.add_checkpoint(&body), &body, &place.key).is_some());
}

#[test]
fn a_log_may_not_ask_without_end_and_a_stranger_cannot_use_up_its_share() {
    let log = Log::of_year(1, 2026);
    let place = Place::new(1, &[&log]);
    let witness = place.open().unwrap();
    let stale = log.ask(0, &[0; 9]);
    assert!(is_cosigned(&witness.add_checkpoint(&log.ask(0, &[0; 4]))));
    let refused = (0..500).filter(|_| witness.add_checkpoint(&stale) == Reply::TooMany).count();
    assert!((400..500).contains(&refused), "{refused}");
    let forged = Log::new(log.origin(), 9).ask(4, &[0; 9]);
    assert_eq!(answer(witness.add_checkpoint(&forged)), Answer::UnknownKey);
    // Whoever repeats what the log once said cannot keep it from growing.
    assert!(is_cosigned(&witness.add_checkpoint(&log.ask(4, &[0; 9]))));
    place.pass(1);
    assert_eq!(answer(witness.add_checkpoint(&stale)), Answer::Conflict { size: 9 });
}

#[test]
fn what_proves_a_fork_is_kept_and_bounded() {
    let log = Log::of_year(1, 2026);
    let place = Place::new(1, &[&log]);
    let fs = place.disk.start();
    let witness = place.open_over(Arc::new(fs.clone())).unwrap();
    assert!(is_cosigned(&witness.add_checkpoint(&log.ask(0, &[0; 5]))));
    let findings = || {
        let report = Report::of(&witness, &place.clock);
        (report.logs[0].forks, report.logs[0].unproven)
    };
    assert_eq!(findings(), (0, 0));
    // A proof that was spoilt on the way accuses nobody; a rewritten log accuses itself.
    let spoilt = log.ask_with(5, vec![tlog::empty_root(); 3], &tree(&[0; 9]));
    assert_eq!(answer(witness.add_checkpoint(&spoilt)), Answer::Inconsistent);
    assert_eq!(findings(), (0, 1));
    let rewritten = [vec![0; 4], vec![7; 6]].concat();
    assert_eq!(answer(witness.add_checkpoint(&log.ask(5, &rewritten))), Answer::Inconsistent);
    assert_eq!(findings(), (1, 1));
    for fork in 0..40 {
        place.pass(1);
        let (last, body) = (fork % 20 + 1, log.ask(0, &[0, 0, 0, 0, fork % 20 + 1]));
        assert_eq!(answer(witness.add_checkpoint(&body)), Answer::Conflict { size: 5 }, "{last}");
    }
    assert_eq!(findings(), (16, 1));
    assert_eq!(witness.latest(log.origin()).unwrap().lines().nth(1), Some("5"));
    // A file has both: what was cosigned, and what came.
    let folder = Path::new(FOLDER).join("evidence");
    let names = fs.list(&folder).unwrap();
    assert_eq!(names.len(), 17);
    let name = names.iter().find(|name| name.contains("-fork-")).unwrap();
    let text = String::from_utf8(fs.read(&folder.join(name), 1 << 20).unwrap()).unwrap();
    let (head, rest) = text.split_once("\n\n").unwrap();
    let length = |word| {
        let line = head.lines().find_map(|line| line.strip_prefix(word)).unwrap();
        line.trim().parse::<usize>().unwrap()
    };
    let (known, request) = rest.split_at(length("known"));
    assert_eq!(known, &*witness.latest(log.origin()).unwrap());
    assert_eq!(request.len(), length("request"));
    AddCheckpoint::parse(request.as_bytes()).unwrap();
    // It is known after a start as well.
    drop(witness);
    let witness = place.open().unwrap();
    assert_eq!(Report::of(&witness, &place.clock).logs[0].forks, 16);
}

#[test]
fn of_requests_at_once_one_history_is_cosigned() {
    for round in 0..20 {
        let log = Log::of_year(1, 2026);
        let place = Place::new(round, &[&log]);
        let witness = place.open().unwrap();
        let left = Mutex::new(Vec::new());
        let work = |thread: u64| {
            let mut chance = Chance(round * 100 + thread);
            for _ in 0..12 {
                let size = 1 + chance.below(12);
                let branch = u32::try_from(chance.below(2)).unwrap();
                let entries: Vec<u32> =
                    (0..size).map(|place| if place < 2 { 0 } else { branch }).collect();
                let old_size = chance.below(size + 1) as u64;
                let reply = witness.add_checkpoint(&log.ask(old_size, &entries));
                if let Reply::Answer(Answer::Conflict { size: known }) = reply {
                    let known = known.min(size as u64);
                    let reply = witness.add_checkpoint(&log.ask(known, &entries));
                    if is_cosigned(&reply) {
                        left.lock().unwrap().push(entries);
                    }
                } else if is_cosigned(&reply) {
                    left.lock().unwrap().push(entries);
                }
            }
        };
        std::thread::scope(|scope| {
            for thread in 0..6 {
                scope.spawn(move || work(thread));
            }
        });
        let left = left.into_inner().unwrap();
        assert!(!left.is_empty() && one_history(&left), "round {round}: {left:?}");
    }
}
