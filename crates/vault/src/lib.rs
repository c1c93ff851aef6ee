//! Reels on disk, the keyring, live feeds, destruction.
