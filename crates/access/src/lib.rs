//! Sign-in, sessions and the one door: perform.
