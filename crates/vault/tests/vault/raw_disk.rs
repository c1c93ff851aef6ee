//! K1 on a raw disk: a file system of its own on a loop device, everything on it, and what was freed,
//! looked through for keys that were destroyed. Beside the vault the designs that it is not: keys as
//! rows of a database, and as a file that is written anew. And K8 there: no picture lies on the disk in
//! the open, nor ever did. `needs_loop`: root, and loop devices.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use host::{Clock as _, Fs as _};
use testkit::TestClock;

use crate::house::{DAY, HOUR, House, Place, wait_until};
use crate::keys;
use crate::remembered::{destroy_many, live_keys, split_live};
use crate::scanner::{Found, Wanted};

const IMAGE_BYTES: u64 = 128 << 20;
const PAGE_BYTES: usize = 4096;

/// An ext4 of its own. It is unmounted, at the latest, when this goes.
struct RawDisk {
    folder: tempfile::TempDir,
    is_mounted: bool,
}

impl RawDisk {
    fn new(options: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut disk = Self { folder, is_mounted: false };
        File::create(disk.image()).unwrap().set_len(IMAGE_BYTES).unwrap();
        std::fs::create_dir(disk.root()).unwrap();
        run(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(disk.image()));
        run(Command::new("mount")
            .args(["-t", "ext4", "-o", &format!("loop,{options}")])
            .args([disk.image(), disk.root()]));
        disk.is_mounted = true;
        disk
    }

    fn image(&self) -> PathBuf {
        self.folder.path().join("image")
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("root")
    }

    fn take_out(&mut self) {
        // A thread that ends, or whoever looks through the mounts, keeps it busy for a moment.
        let is_out = || Command::new("umount").arg(self.root()).status().unwrap().success();
        wait_until("the disk is unmounted", Duration::from_secs(20), is_out);
        self.is_mounted = false;
    }

    /// Every byte of the disk, as somebody finds it who has taken it out.
    fn search(&mut self, wanted: &Wanted) -> Found {
        self.take_out();
        let (image, mut found) = (self.image(), Found::new());
        wanted.look_through(&File::open(&image).unwrap(), &image, &mut found);
        found
    }

    /// How often these bytes lie anywhere on it.
    fn count_of(&mut self, needle: &[u8]) -> usize {
        self.take_out();
        let bytes = std::fs::read(self.image()).unwrap();
        // Of what is empty nothing is looked at.
        let pages = (0..bytes.len()).step_by(PAGE_BYTES);
        let written = pages.filter(|at| bytes[*at..][..PAGE_BYTES].iter().any(|byte| *byte != 0));
        let begins = written.flat_map(|at| at..at + PAGE_BYTES);
        begins.filter(|at| bytes[*at..].starts_with(needle)).count()
    }
}

impl Drop for RawDisk {
    fn drop(&mut self) {
        if self.is_mounted {
            let _ = Command::new("umount").arg("--lazy").arg(self.root()).status();
        }
    }
}

fn run(command: &mut Command) {
    let done = command.output().unwrap();
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// The design that is not ours: keys are rows, and a deleted row is overwritten (`secure_delete`).
/// Says which keys it has deleted, by their hashes, and goes on running until nobody listens.
const ROWS: &str = r#"
import hashlib, os, sqlite3, sys
path, journal, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
base = sqlite3.connect(path, isolation_level=None)
for pragma in ["journal_mode=" + journal, "synchronous=FULL", "secure_delete=ON"]:
    base.execute("PRAGMA " + pragma).fetchall()
base.execute("CREATE TABLE keys (id INTEGER PRIMARY KEY, key BLOB NOT NULL)")
for at in range(count):
    base.execute("INSERT INTO keys (key) VALUES (?)", (os.urandom(32),))
gone = base.execute("SELECT id, key FROM keys WHERE id % 7 = 0").fetchall()
for id, key in gone:
    base.execute("DELETE FROM keys WHERE id = ?", (id,))
with open(path + ".said", "w") as said:
    said.writelines(hashlib.sha256(key).hexdigest() + "\n" for id, key in gone)
os.rename(path + ".said", path + ".gone")
sys.stdin.read()
if journal == "WAL":
    base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
base.close()
"#;

/// How many rows of which every seventh is deleted.
fn rows() -> usize {
    if testkit::is_long() { 2000 } else { 210 }
}

struct Rows {
    path: PathBuf,
    process: Child,
}

impl Rows {
    fn new(folder: &Path, journal: &str) -> Self {
        let path = folder.join("keys.db");
        let process = Command::new("python3")
            .args(["-c", ROWS, path.to_str().unwrap(), journal, &rows().to_string()])
            .stdin(Stdio::piped())
            .spawn()
            .expect("python3 is installed");
        Self { path, process }
    }

    /// The commitments to what was deleted.
    fn gone(&self) -> BTreeMap<String, [u8; 32]> {
        let list = self.path.with_extension("db.gone");
        wait_until("the rows are deleted", Duration::from_secs(120), || list.exists());
        let text = std::fs::read_to_string(list).unwrap();
        text.lines().map(|line| (format!("row {line}"), keys::from_hex(line))).collect()
    }

    /// It comes to its end in good order.
    fn close(mut self) {
        drop(self.process.stdin.take());
        assert!(self.process.wait().unwrap().success());
    }
}

/// The database in its most usual form, looked at as it runs, needs no raw disk: what was deleted
/// stands in the file beside it.
#[test]
fn k1_control_keys_as_rows_are_found_in_the_files_of_a_running_database() {
    let folder = tempfile::tempdir().unwrap();
    let rows = Rows::new(folder.path(), "WAL");
    let (gone, mut found) = (rows.gone(), Found::new());
    let wanted = Wanted::new(&gone);
    for (path, bytes) in keys::files(folder.path()) {
        wanted.look(&bytes, 0, &path.display().to_string(), &mut found);
    }
    assert_eq!((gone.len(), found.len()), (rows_deleted(), rows_deleted()));
    assert!(found.values().all(|lies| lies.contains("keys.db-wal")), "{found:?}");
    rows.close();
}

fn rows_deleted() -> usize {
    rows() / 7
}

/// The same in each of its good forms, and closed: its files show nothing, the raw disk does.
#[test]
fn k1_control_keys_as_rows_are_found_on_the_raw_disk_needs_loop() {
    for journal in ["WAL", "DELETE", "TRUNCATE"] {
        let mut disk = RawDisk::new("data=ordered");
        let rows = Rows::new(&disk.root(), journal);
        let (gone, mut in_files) = (rows.gone(), Found::new());
        rows.close();
        let wanted = Wanted::new(&gone);
        for (path, bytes) in keys::files(&disk.root()) {
            wanted.look(&bytes, 0, &path.display().to_string(), &mut in_files);
        }
        assert_eq!((gone.len(), in_files), (rows_deleted(), Found::new()), "{journal}");
        let found = disk.search(&wanted).len();
        eprintln!("rows, {journal}: {found} of {} on the raw disk", gone.len());
        assert!(found * 10 >= gone.len() * 9, "{journal}: {found} of {}", gone.len());
    }
}

/// The other design that is not ours: one file with all keys, written anew without what goes, and
/// renamed.
#[test]
fn k1_control_keys_in_a_file_that_is_written_anew_are_found_on_the_raw_disk_needs_loop() {
    let mut disk = RawDisk::new("data=ordered");
    let path = disk.root().join("keys");
    let all: Vec<[u8; 32]> = (0..rows()).map(|_| host::random_bytes()).collect();
    host::Disk.replace(&path, &all.concat()).unwrap();
    let (gone, kept): (Vec<_>, Vec<_>) = all.into_iter().enumerate().partition(|it| it.0 % 7 == 0);
    let kept: Vec<[u8; 32]> = kept.into_iter().map(|(_, key)| key).collect();
    host::Disk.replace(&path, &kept.concat()).unwrap();
    let sum = |key: &[u8; 32]| digest(&SHA256, key).as_ref().try_into().unwrap();
    let gone = gone.iter().map(|(at, key)| (format!("key {at}"), sum(key))).collect();
    let found = disk.search(&Wanted::new(&gone)).len();
    assert!(found * 10 >= gone.len() * 9, "{found} of {}", gone.len());
}

/// A vault on a raw disk, all but the newest of its keys destroyed one by one: what of them is found,
/// of how many, and what is found of those that live.
fn vault_on_a_raw_disk(options: &str) -> (Found, usize, Found) {
    let mut disk = RawDisk::new(options);
    let (place, clock) = (Place::below(&disk.root()), TestClock::at("2026-03-01T12:00:00Z"));
    let (house, gone) = destroy_many(&place, &clock);
    house.close();
    let live = live_keys(&place.root());
    let mut all = gone.clone();
    all.extend(live);
    let mut found = disk.search(&Wanted::new(&all));
    let live = split_live(&mut found);
    (found, gone.len(), live)
}

#[test]
fn k1_of_many_destroyed_keys_none_is_on_the_raw_disk_needs_loop() {
    let (found, of, live) = vault_on_a_raw_disk("data=ordered");
    eprintln!("{} of {of} destroyed keys on the raw disk", found.len());
    assert_eq!(found, Found::new());
    // The disk that was searched is the right one: the vault key of now lies in its slot.
    assert_eq!(live.len(), 1, "{live:?}");
    assert!(live.keys().all(|name| name.starts_with("live vault key")), "{live:?}");
}

/// Where a file system writes data twice, an overwrite proves nothing: the recorder does not say that
/// it does (`Provable`), and the scanner shows why.
#[test]
fn k1_control_a_journal_of_data_keeps_destroyed_keys_needs_loop() {
    let (found, of, _) = vault_on_a_raw_disk("data=journal");
    eprintln!("{} of {of} destroyed keys with data=journal", found.len());
    assert!(found.keys().any(|name| name.starts_with("vault key")), "{} of {of}", found.len());
}

const CANARY: &[u8; 64] = b"canary: sixty-four bytes that no disk of the recorder may hold!!";

/// What an hour of pictures leaves on a raw disk, each with the canary in it: how often that lies
/// there. In the control each second is written plain first, encrypted then, and the plain file
/// taken away.
fn canaries(is_plain_first: bool) -> usize {
    let mut disk = RawDisk::new("data=ordered");
    let (place, clock) = (Place::below(&disk.root()), TestClock::at("2026-03-01T12:00:00Z"));
    let house = House::new(&place, &clock);
    let camera = house.camera(1, DAY);
    for second in 0..60u64 {
        let picture = [CANARY.as_slice(), &[0x5a; 2000], &second.to_le_bytes()].concat();
        if is_plain_first {
            let plain = place.root().join("a/reels/plain");
            host::Disk.replace(&plain, &picture).unwrap();
            std::fs::remove_file(&plain).unwrap();
        }
        for frame in 0..4 {
            camera.push(frame == 0, Duration::from_millis(250), picture.clone().into());
            clock.advance(Duration::from_millis(250));
        }
        house.vault.flush();
        clock.advance(Duration::from_secs(59));
    }
    assert_eq!(camera.sealer.status().frames, 240);
    // It was shown, and then destroyed.
    let from = clock.wall() - HOUR * 2;
    let seen = house.seen(camera.feed, from, clock.wall());
    assert!(seen.len() == 240 && seen.iter().all(|(_, bytes)| bytes.starts_with(CANARY)));
    clock.advance(DAY);
    assert!(house.rotate().unwrap().buckets > 0);
    house.close();
    disk.count_of(CANARY)
}

#[test]
fn k8_no_picture_is_on_the_raw_disk_needs_loop() {
    assert_eq!(canaries(false), 0);
}

#[test]
fn k8_control_what_was_plain_first_is_found_on_the_raw_disk_needs_loop() {
    let found = canaries(true);
    eprintln!("{found} canaries of 60 that were plain for a moment");
    assert!(found > 0);
}
