//! The words of Jikim: ids, times, places, cameras, actors, actions, purposes, spans.
//!
//! Values only: nothing here reads a clock, touches a disk or knows a wire format. A crate that
//! stores or sends these words writes its own form of them, so that a change of format is never a
//! change of meaning.

mod act;
mod camera;
mod entry_number;
mod file_hash;
mod hold;
mod id;
mod moment;
mod person;
mod register;

pub use act::{Action, Purpose, PurposeError, PurposeKind, Trace};
pub use camera::{
    Feed, FeedKind, GapCause, MAX_SPAN_CAMERAS, Retention, RetentionError, Span, SpanError,
    StoragePlace, StoragePlaceError,
};
pub use entry_number::{EntryNumber, EntryNumberError};
pub use file_hash::{FileHash, FileHashError};
pub use hold::{Hold, HoldError};
pub use id::{
    AccountId, ActId, BucketId, CameraId, DeviceId, FloorId, HoldId, Id, IdError, RecorderId,
    ReelId, SessionId, SpotId, VolumeId,
};
pub use moment::{Elapsed, MomentError, WallTime};
pub use person::{Actor, Role, SystemActor};
pub use register::RegisterName;
