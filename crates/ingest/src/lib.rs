//! Camera protocols to frames to the vault.

pub mod camera;
