//! The one database: a projection that can be rebuilt.
