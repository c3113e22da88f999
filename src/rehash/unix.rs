//! Files and processes as Unix has them.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;

use crate::disk::{self, Directory};

/// The names of our programs.
pub(crate) const PROGRAM: &str = "pyman-shim";
pub(super) const MANAGER: &str = "pyman";
pub(super) const LAUNCHER: &str = "py";

/// Commands that act on the calling shell, and the manager: never a shim's.
pub(super) const NEVER: [&str; 3] = ["activate", "deactivate", "pyman"];

/// The name under which a command's shim stands; hidden files are no commands.
pub(super) fn shim_name(file: &OsStr) -> Option<OsString> {
    (!file.as_encoded_bytes().starts_with(b".")).then(|| file.to_owned())
}

/// Whether somebody may execute it, links followed.
pub(super) fn is_command(path: &Path) -> bool {
    disk::follow(path).is_ok_and(|found| found.is_some_and(|found| found.is_executable()))
}

/// Whether a file that begins so is text that no interpreter is named for: a shell reads it, nothing runs it. An empty
/// one is no text: it is a command that somebody has yet to write, as pyenv takes it.
pub(super) fn is_sourced(head: &[u8]) -> bool {
    !head.is_empty() && !head.starts_with(b"#!") && !head.contains(&0)
}

/// Makes `bin/pyman` lead to `manager`.
pub(super) fn lead(directory: &Directory, manager: &Path) -> io::Result<()> {
    directory.point(MANAGER, manager)
}
