//! A `cover` that `listen` has started ends with it, and all that it started too, however the listener ends.

use std::io::Read as _;

use host::MemoryLock;
use nix::sys::signal::{SigSet, Signal, kill};
use nix::unistd::{Pid, getpgrp};

use crate::Told;

/// Watches the stream from the one who started this program: when it ends, so does this process group.
/// Memory, which holds pictures, is kept out of core dumps.
pub(crate) fn end_with_the_listener() -> Told<()> {
    if getpgrp() != Pid::this() {
        // Else the end would be that of whoever typed the command.
        return Err("--progress is for jikim-mask listen, which starts a group of its own".into());
    }
    MemoryLock::take().map_err(|error| error.to_string())?;
    // The listener waits for signals and its mask is inherited; an administrator may end this one.
    SigSet::all().thread_unblock().map_err(|error| error.to_string())?;
    let watch = || {
        let mut byte = [0];
        // Nothing is ever sent.
        while matches!(std::io::stdin().read(&mut byte), Ok(1..)) {}
        let _ = kill(Pid::from_raw(0), Signal::SIGKILL);
    };
    let thread = std::thread::Builder::new().name("listener".into()).spawn(watch);
    thread.map(drop).map_err(|error| error.to_string())
}
