//! What happens when a part of the vault breaks an invariant: the process stops.
//!
//! A camera's task may end alone; a writer, the notary or a rotation may not. Without its writer a
//! recorder looks alive and records nothing, and a keyring of which nobody knows what it holds must
//! not be written to. So the process ends at once, the service manager starts it again, and opening
//! the vault settles whatever was cut off, as after any crash.

/// Ends the process if the thread is unwinding when this is dropped.
pub(crate) struct StopOnPanic(pub(crate) &'static str);

impl Drop for StopOnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tracing::error!(part = self.0, "an invariant is broken; stopping the process");
            std::process::abort();
        }
    }
}
