//! Live and recorded footage as playable media.

pub mod fmp4;
