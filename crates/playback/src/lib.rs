//! Live and recorded footage as playable media.
