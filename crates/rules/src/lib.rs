//! Who may do what: decide, a pure function.
