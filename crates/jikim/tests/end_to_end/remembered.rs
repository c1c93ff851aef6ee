//! What a running recorder destroyed is not in its memory: not in that of the vault, of the cameras,
//! of the players or of the ledger. Its memory is looked through by the inspector's own program, as if
//! it were a disk. And it does not get onto a disk as a core dump.

use std::fs::File;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use host::{Clock as _, SystemClock};
use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process, setrlimit};
use tlog::policy::Policy;
use verify::disk::{self, Form, Options};
use verify::{Report, Word, ledger, source};

use crate::house::{House, camera, cameras, is_long, wait_until};

/// A bucket is a twenty-fourth of it: a second.
const RETENTION: &str = "24s";

/// Destroyed keys that are looked for, at least.
fn destructions() -> u64 {
    if is_long() { 1000 } else { 80 }
}

/// All that a process has in memory, as a file.
fn dump(process: u32, path: &Path) {
    let mut file = File::create(path).unwrap();
    testkit::memory::each_piece(process, disk::OVERLAP_BYTES, |_, _, bytes| {
        file.write_all(bytes).unwrap();
    });
}

/// Looks for each key that the ledger in this folder knows.
fn look(image: &Path, folder: &Path, policy: &Policy) -> Report {
    let ledger = source::open(folder.to_str().unwrap()).unwrap();
    let audit = ledger::audit("disk", &*ledger, policy, None);
    let options = Options {
        image: image.to_owned(),
        resume: None,
        sample: 0,
        // Every form takes four times as long.
        forms: if is_long() { Form::ALL.to_vec() } else { vec![Form::Raw, Form::AesSchedule] },
        threads: 2,
    };
    disk::verify(audit, &options, &mut |_, _| {}).unwrap()
}

fn number(report: &Report, name: &str) -> u64 {
    report.fact_of(name).unwrap().as_u64().unwrap()
}

#[test]
fn k1_what_a_running_recorder_destroyed_is_not_in_its_memory_needs_root() {
    let sim = cameras(vec![camera(0), camera(1)]);
    let mut house = House::run();
    let id = house.add_camera("정문", &sim.url(0), &["--retention", RETENTION]);
    let other = house.add_camera("후문", &sim.url(1), &["--retention", RETENTION]);
    let web = house.claim("manager");
    let show = || {
        let to = SystemClock.wall() - Duration::from_secs(1);
        let from = to - Duration::from_secs(20);
        web.footage(&[&id, &other], &from.to_string(), &to.to_string())
    };
    house.wait_for_frames(&id, 150);
    // What is shown goes through the hands of a player.
    assert!(!show()[0].frames.is_empty());
    let early = house.beside("early");
    dump(house.pid(), &early);

    let policy = house.cli(&["ledger", "policy"]).out;
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let (late, copy) = (house.beside("late"), house.beside("copy"));
    let mut shown = 0;
    wait_until("keys are destroyed", Duration::from_secs(1800), || {
        std::thread::sleep(Duration::from_secs(5));
        shown += show()[1].frames.len();
        // What was said to be destroyed before the memory is read. A copy of what is written meanwhile
        // may not fit together; then another is made.
        let _ = std::fs::remove_dir_all(&copy);
        testkit::copy_folder(&house.data().join("ledger"), &copy.join("ledger"));
        let ledger = source::open(copy.to_str().unwrap()).unwrap();
        let audit = ledger::audit("destruction", &*ledger, &policy, None);
        let gone: usize = audit.history.destroyed.iter().map(|it| it.list.keys.len()).sum();
        audit.report.word() == Word::Verified && gone as u64 >= destructions()
    });
    dump(house.pid(), &late);
    assert!(shown > 0);

    let found = look(&late, &copy, &policy);
    let sought = number(&found, "looked_for_destroyed");
    assert!(sought >= destructions(), "{found:?}");
    assert_eq!(found.word(), Word::Verified, "{:?}", found.findings());
    eprintln!(
        "0 of {sought} destroyed keys in {} bytes of a running recorder's memory",
        number(&found, "image_bytes")
    );
    // The control: keys that were in use when memory was read before, and are destroyed now, are found
    // in what was read then, by the same means.
    let then = look(&early, &copy, &policy);
    assert!(then.count_of(Word::DestroyedKeyFound) >= 1, "{:?}", then.findings());
    house.stop();
}

#[test]
fn k1_k8_a_recorder_that_crashes_leaves_no_core_dump_needs_dumps() {
    // As much as whoever starts it allows: what is started from here on inherits that.
    let allowed = getrlimit(Resource::Core).maximum;
    setrlimit(Resource::Core, Rlimit { current: allowed, maximum: allowed }).unwrap();
    let crash = |child: &mut Child| {
        kill_process(Pid::from_child(child), Signal::ABORT).unwrap();
        child.wait().unwrap()
    };
    let mut house = House::run();
    let status = crash(&mut house.release());
    assert_eq!((status.signal(), status.core_dumped()), (Some(6), false));

    // The control: another program that ends so is dumped.
    let folder = tempfile::tempdir().unwrap();
    let other = Command::new("sleep").arg("600").current_dir(folder.path()).spawn();
    assert!(crash(&mut other.unwrap()).core_dumped());
}
