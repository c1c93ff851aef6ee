//! How much the program may use, and that it inherits nothing open but its streams.

use std::io;

use rustix::process::{Resource, Rlimit, setrlimit};

/// `O_CLOEXEC` as the kernel writes it in `fdinfo`, in octal.
const CLOSES_ITSELF: u32 = 0o2_000_000;

/// How many files may be open: a program opens its libraries one after the other.
const OPEN_FILES: u64 = 64;

/// Why the limits do not hold.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LimitError {
    /// A file of the caller's stays open.
    #[error("file descriptor {0} is open and cannot be closed: {1}")]
    Inherited(i32, nix::errno::Errno),
    /// What is open cannot be listed.
    #[error("/proc/self/fdinfo cannot be read, so what is open is unknown: {0}")]
    Unknown(#[from] io::Error),
    /// The kernel refuses a limit.
    #[error("a limit cannot be set: {0}")]
    Refused(#[from] rustix::io::Errno),
}

/// Closes what the program would inherit from the caller beside its three streams.
pub(crate) fn close_open_files() -> Result<(), LimitError> {
    for number in inherited()? {
        nix::unistd::close(number).map_err(|error| LimitError::Inherited(number, error))?;
    }
    Ok(())
}

/// What is open and does not close itself when the program starts: none of it is ours.
fn inherited() -> io::Result<Vec<i32>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc/self/fdinfo")? {
        let entry = entry?;
        let number = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok());
        let Some(number) = number.filter(|number| *number > 2) else { continue };
        if !closes_itself(&std::fs::read_to_string(entry.path())?) {
            found.push(number);
        }
    }
    Ok(found)
}

fn closes_itself(fdinfo: &str) -> bool {
    let flags = fdinfo.lines().find_map(|line| line.strip_prefix("flags:"));
    let flags = flags.and_then(|text| u32::from_str_radix(text.trim(), 8).ok());
    flags.is_some_and(|flags| flags & CLOSES_ITSELF != 0)
}

/// Sets them, soft and hard alike. Nothing is left behind of a crash: a core would hold pictures.
pub(crate) fn set(memory_mib: u64, cpu_s: u64, file_mib: u64) -> Result<(), LimitError> {
    let limits = [
        (Resource::As, memory_mib.saturating_mul(1 << 20)),
        (Resource::Cpu, cpu_s),
        (Resource::Fsize, file_mib.saturating_mul(1 << 20)),
        (Resource::Nofile, OPEN_FILES),
        (Resource::Core, 0),
        (Resource::Memlock, 0),
    ];
    for (resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_is_read_as_the_kernel_writes_it() {
        assert!(closes_itself("pos:\t0\nflags:\t02100000\nmnt_id:\t1\n"));
        assert!(!closes_itself("pos:\t0\nflags:\t0100000\nmnt_id:\t1\n"));
        assert!(!closes_itself(""));
    }
}
