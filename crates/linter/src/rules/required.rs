//! What Dec 25(1) asks a policy to say, and whether it says so at all.
//!
//! The items are those of the decree; [`what`] has grounds and cameras, [`who`] people and contractors,
//! [`kept`] time and protection, [`rights`] viewing and requests. What is missing from the whole text is told
//! on line 0, or on the heading under which it should stand.

pub(super) mod kept;
pub(super) mod rights;
pub(super) mod what;
pub(super) mod who;
