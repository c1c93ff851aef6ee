//! For tests and the demo: simulated cameras, a clock that moves when told, a disk that fails and one
//! in memory, a witness.

pub mod clips;
mod clock;
pub mod disk;
mod fickle;
pub mod memory;
mod nal;
mod nal_run;
mod overlay;
pub mod real;
mod sei;
pub mod sim;
mod size;
pub mod stamp;
mod witness;

pub use clock::TestClock;
pub use disk::{Fault, FaultyDisk, MemoryDisk};
pub use fickle::{FickleDisk, FickleFs, Lie};
pub use sim::{SimAuth, SimCamera, SimConfig, SimError, SimFault, SimServer, SimStats};
pub use size::{Chance, copy_folder, is_long};
pub use witness::TestWitness;
