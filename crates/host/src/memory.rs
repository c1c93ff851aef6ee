//! What keeps a process's memory off the disk: no core dump, no page in plain swap.
//!
//! Keys of footage and pictures stand in memory while they are used. A key that the keyring destroys
//! would live on in a core dump or in a swap area, which nobody overwrites.

use std::path::Path;

use rustix::mm::MlockAllFlags;
use rustix::process::{DumpableBehavior, Resource, Rlimit};
use rustix::thread::CapabilitySet;

/// Lines of `/proc/swaps` that are read at most: the kernel knows 32 areas.
const MOST_AREAS: usize = 64;

/// Whether memory may go to a disk as swap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swap {
    /// The machine has none, or only such as is in memory (zram) or encrypted (dm-crypt).
    NoneInPlain,
    /// It has, and this process's pages are locked in memory.
    Locked,
    /// It has, and pages of this process may lie in it.
    MayBeUsed,
}

/// Why memory cannot be kept off the disk.
#[derive(Debug, thiserror::Error)]
#[error(
    "the kernel does not let core dumps be turned off, which would hold keys and pictures: {0}"
)]
pub struct MemoryLockError(#[from] rustix::io::Errno);

/// Memory that is kept off the disk, as far as this process may.
#[derive(Debug, Clone, Copy)]
pub struct MemoryLock {
    is_locked: bool,
}

impl MemoryLock {
    /// Turns core dumps off, which also shuts debuggers and `/proc/PID/mem` to others of the same
    /// account. Where there is plain swap, locks every page that is or will be used; this takes root,
    /// `CAP_IPC_LOCK` or `LimitMEMLOCK=infinity`, and is left out otherwise: a lock with a limit would
    /// make allocations fail.
    ///
    /// # Errors
    /// If the kernel does not let core dumps be turned off.
    pub fn take() -> Result<Self, MemoryLockError> {
        let none = Rlimit { current: Some(0), maximum: Some(0) };
        rustix::process::setrlimit(Resource::Core, none)?;
        // A dump that is piped to a program heeds no limit.
        rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
        let is_locked = swap_in_plain() && may_lock_all() && {
            // Pages are locked as they are used: what is reserved only takes no memory.
            let all = MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT;
            rustix::mm::mlockall(all).is_ok()
        };
        Ok(Self { is_locked })
    }

    /// Whether memory may go to swap now: an area can be added while the process runs.
    #[must_use]
    pub fn swap(self) -> Swap {
        match (self.is_locked, swap_in_plain()) {
            (_, false) => Swap::NoneInPlain,
            (true, true) => Swap::Locked,
            (false, true) => Swap::MayBeUsed,
        }
    }
}

/// Whether any amount may be locked; tries to be allowed it.
fn may_lock_all() -> bool {
    let any = Rlimit { current: None, maximum: None };
    let heeds_no_limit = rustix::thread::capabilities(None)
        .is_ok_and(|sets| sets.effective.contains(CapabilitySet::IPC_LOCK));
    heeds_no_limit || rustix::process::setrlimit(Resource::Memlock, any).is_ok()
}

fn swap_in_plain() -> bool {
    // Without /proc nothing is known: the worse is believed.
    let Ok(areas) = std::fs::read_to_string("/proc/swaps") else { return true };
    areas_in_plain(&areas, |device| {
        let uuid = Path::new("/sys/class/block").join(device).join("dm/uuid");
        std::fs::read_to_string(uuid).is_ok_and(|uuid| uuid.starts_with("CRYPT-"))
    })
}

/// Whether any area of a `/proc/swaps` is on a disk as plain bytes.
fn areas_in_plain(areas: &str, is_encrypted: impl Fn(&str) -> bool) -> bool {
    let paths = areas.lines().skip(1).take(MOST_AREAS).filter_map(|it| it.split(' ').next());
    paths.filter(|path| !path.is_empty()).any(|path| {
        let device = path.strip_prefix("/dev/");
        !device.is_some_and(|device| device.starts_with("zram") || is_encrypted(device))
    })
}

#[cfg(test)]
mod tests {
    use super::areas_in_plain;

    const HEAD: &str = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";

    #[test]
    fn plain_swap_is_told_from_zram_and_dm_crypt() {
        let plain = |areas: &str| areas_in_plain(&format!("{HEAD}{areas}"), |it| it == "dm-1");
        assert!(!plain(""));
        assert!(!plain("/dev/zram0      partition\t8388604\t0\t100\n"));
        assert!(!plain("/dev/dm-1       partition\t8388604\t0\t-2\n"));
        assert!(plain("/dev/dm-0       partition\t8388604\t0\t-2\n"));
        assert!(plain("/swapfile       file\t\t65532\t\t0\t\t-2\n"));
        assert!(plain("/dev/zram0  partition\t1\t0\t1\n/dev/sda2 partition\t1\t0\t-2\n"));
    }
}
