//! What an interpreter is given on Windows: where the system is, without which no socket opens.

use std::ffi::OsString;

use crate::world::Machine;

/// A directory where nobody plants a module.
pub(super) const NEUTRAL_DIRECTORY: &str = "C:\\";

/// The variables that a program cannot start without.
pub(super) fn variables() -> Vec<(&'static str, OsString)> {
    let root = Machine.variable("SYSTEMROOT");
    root.into_iter().map(|root| ("SYSTEMROOT", root)).collect()
}
