//! Virtual environments.

pub mod activate;
