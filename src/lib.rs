//! pyman: one tool for every Python on a machine.

pub mod progress;

pub use pyman_shim::{Variant, Version};
