//! The disk in memory keeps what was synced, and nothing else for sure.

use super::*;
use crate::disk::Select;

fn disk() -> (FickleDisk, FickleFs, PathBuf) {
    let disk = FickleDisk::new(7);
    let fs = disk.start();
    let folder = PathBuf::from("/disk");
    fs.make_folder(&folder).unwrap();
    (disk, fs, folder)
}

#[test]
fn what_was_synced_survives_every_loss_of_power_and_what_was_not_only_some() {
    let mut lengths = std::collections::BTreeSet::new();
    for seed in 1..60 {
        let disk = FickleDisk::new(seed * 0x9E37_79B9);
        let fs = disk.start();
        let folder = PathBuf::from("/disk");
        fs.make_folder(&folder).unwrap();
        let file = fs.create(&folder.join("kept")).unwrap();
        file.write_at(0, b"synced").unwrap();
        file.sync().unwrap();
        fs.sync_folder(&folder).unwrap();
        file.write_at(6, &[7; 2000]).unwrap();
        fs.create(&folder.join("new")).unwrap().sync().unwrap();
        disk.lose_power();
        assert!(file.len().is_err() && fs.list(&folder).is_err(), "the process is gone");
        let fs = disk.start();
        let bytes = fs.read(&folder.join("kept"), 9000).unwrap();
        assert_eq!(&bytes[..6], b"synced");
        assert!(bytes[6..].iter().all(|byte| [0, 7].contains(byte)));
        lengths.insert((bytes.len(), fs.exists(&folder.join("new")).unwrap()));
    }
    assert!(lengths.contains(&(6, false)) && lengths.contains(&(2006, true)), "{lengths:?}");
    assert!(lengths.len() > 4, "{lengths:?}");
}

#[test]
fn a_kill_keeps_what_was_written_and_a_replaced_file_is_old_or_new() {
    let (disk, fs, folder) = disk();
    let path = folder.join("note");
    fs.replace(&path, b"old").unwrap();
    for after in 0..8 {
        let fs = disk.start();
        disk.plan(Fault::new(Select::Changes, after, Effect::DieTorn(1)));
        let done = fs.replace(&path, b"new").is_ok();
        disk.kill();
        if after % 2 == 0 {
            disk.lose_power();
        }
        let found = disk.start().read(&path, 9).unwrap();
        assert!(found == b"new" || (found == b"old" && !done), "{after}");
    }
}

#[test]
fn the_same_operations_have_the_same_trace_and_others_another() {
    let run = |length: usize| {
        let (disk, fs, folder) = disk();
        fs.create(&folder.join("a")).unwrap().write_at(0, &vec![1; length]).unwrap();
        (disk.trace(), disk.changes())
    };
    assert_eq!(run(3), run(3));
    assert_ne!(run(3).0, run(4).0);
}

/// The control: a disk that lies about syncing loses what was synced.
#[test]
fn a_disk_that_lies_is_caught() {
    let (disk, fs, folder) = disk();
    disk.lie(Lie::Sync("kept"));
    let file = fs.create(&folder.join("kept")).unwrap();
    fs.sync_folder(&folder).unwrap();
    let lost = (0..20).any(|turn| {
        let fs = disk.start();
        let file = fs.open(&folder.join("kept")).unwrap();
        file.write_at(turn, b"x").unwrap();
        file.sync().unwrap();
        disk.lose_power();
        disk.start().read(&folder.join("kept"), 99).unwrap().len() as u64 <= turn
    });
    assert!(lost && file.sync().is_err());
}
