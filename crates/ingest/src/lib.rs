//! Camera protocols to frames to the vault.
//!
//! Each feed is recorded in a task of its own: what a camera sends, and what it does to the task
//! that reads it, harms that feed alone. Nothing here can open what it sealed.

pub mod camera;
mod desk;
mod filming;
mod record;
mod room;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod simulation;
mod suspicion;
mod walltime;

pub use desk::{Added, CameraChange, CameraDesk, DeskError, NewCamera, NewDevice};
pub use record::{CameraState, FeedState, Order, Orders, Recorder, Sound, Work};
pub use suspicion::{Suspected, Suspicion};
