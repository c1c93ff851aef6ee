//! For tests and the demo: simulated cameras, a clock that moves when told, a faulty disk.
