//! For tests and the demo: simulated cameras, a clock that moves when told, a faulty disk.

pub mod clips;
mod nal;
pub mod real;
pub mod sim;
pub mod stamp;

pub use sim::{SimCamera, SimConfig, SimError, SimServer, SimStats};
