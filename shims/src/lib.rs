//! Which Python runs: every rule, decided over a small picture of the world ([`World`]).
//!
//! Read by two programs, so that they cannot disagree: the shim, which runs what was decided, and
//! the manager. Bytes in, values out; no clock, no network, no dependency.
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod ini;
pub mod launcher;
pub mod metadata;
pub mod shebang;
mod variant;
mod version;

pub use variant::Variant;
pub use version::{NotAVersion, Pre, Stage, Version};
