//! `jikim-witness`: cosigns the checkpoints of recorders that others own, so that none of them can
//! rewrite its history unseen (C2SP tlog-witness, tlog-cosignature).
//!
//! What must hold, whatever is sent, in whatever order, and wherever the machine ends:
//!
//! 1. No two cosignatures ever leave for trees of which one does not begin with the other.
//! 2. A cosignature leaves only after the head that it is for is durable: the file is replaced
//!    (write beside, sync, rename, sync of the folder), then the answer is given. A crash in between
//!    leaves a head that nobody has the cosignature of, which the log may ask for again.
//! 3. Reading what is known, judging and persisting are one step per log, under its lock.
//! 4. A head that cannot be read is never taken for none: that log is refused until a person acts.
//! 5. Silence is what no growth is: a request without new entries calms nobody.
//!
//! The witness sees sizes, roots and times; no entry, no name, no footage, and no key but its own.
//!
//! - [`Witness`]: the judge and its books. [`create`] and [`add_log`] prepare its folder.
//! - [`serve`]: the HTTP side, with limits on everything. [`Report`]: what it knows, as JSON and for
//!   Prometheus.

mod book;
mod budget;
mod evidence;
mod http;
mod key;
mod logs;
mod report;
mod witness;

pub use book::BookError;
pub use http::{HttpLimits, ServeError, Server, serve};
pub use key::{CreateError, OpenKeyError, create, verifier_key};
pub use logs::{AddLogError, Added, LogsError, MAX_LOGS, add_log};
pub use report::{LogReport, Report, read_report};
pub use witness::{Alarm, OpenWitnessError, Reply, Settings, Witness};
