//! What a log and a witness say to each other (C2SP tlog-witness), and what a witness must check
//! before it cosigns; pure.
//!
//! A log POSTs an [`AddCheckpoint`] to `<submission prefix>/add-checkpoint`; the witness finds the
//! key that it trusts for the log's origin, takes a [`step`] from what it knows, persists the
//! [`Accepted`] head, signs [`Accepted::message`], and only then gives an [`Answer`]. The log reads
//! the answer with [`Answer::read`] and takes from it what [`cosignature_by`] finds good.
//!
//! Nothing here signs, stores or waits: whoever calls [`step`] must make reading what is known,
//! the step and the persisting one action that nothing comes between, or two requests could be
//! judged by the same state and both be cosigned.

mod answer;
mod request;
mod step;

pub use answer::{
    Answer, CosignatureError, MAX_ANSWER_BYTES, ReadAnswerError, SIZE_CONTENT_TYPE, cosignature_by,
};
pub use request::{AddCheckpoint, AddCheckpointError, MAX_CONSISTENCY_HASHES, MAX_REQUEST_BYTES};
pub use step::{Accepted, Refusal, TreeHead, step};
