//! How much of a test runs, the chance in it, and a folder to try it on.

use std::io::ErrorKind;
use std::path::Path;

/// Whether the long sizes run: `JIKIM_TEST_SIZE=long`.
#[must_use]
pub fn is_long() -> bool {
    std::env::var("JIKIM_TEST_SIZE").is_ok_and(|size| size == "long")
}

/// Numbers that follow from a seed and are the same in each run (two thirds of splitmix64: seeds
/// that once failed are kept by number, so it stays as it is).
#[derive(Debug)]
pub struct Chance(pub u64);

impl Chance {
    /// A number below `end`.
    ///
    /// # Panics
    /// If `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        usize::try_from((mixed ^ (mixed >> 27)) % end as u64).expect("it is below a usize")
    }
}

/// Copies a folder with all that is in it, as a backup would. A file that is renamed meanwhile, as a
/// running recorder does, is left out.
///
/// # Panics
/// If the disk refuses.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a test may make folders");
    for entry in std::fs::read_dir(from).expect("what is copied is there") {
        let entry = entry.expect("what is copied can be listed");
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to);
            continue;
        }
        match std::fs::copy(entry.path(), to) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            copied => drop(copied.expect("a test may copy files")),
        }
    }
}
