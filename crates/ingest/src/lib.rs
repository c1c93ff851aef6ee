//! Camera protocols to frames to the vault.
