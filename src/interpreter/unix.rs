//! What an interpreter is given on Unix: nothing.

use std::ffi::OsString;

/// A directory where nobody plants a module.
pub(super) const NEUTRAL_DIRECTORY: &str = "/";

/// The variables that a program cannot start without.
pub(super) fn variables() -> Vec<(&'static str, OsString)> {
    Vec::new()
}
