//! Files and processes as Windows has them.

use std::ffi::{OsStr, OsString};
use std::fs::Metadata;
use std::io;
use std::path::Path;

use fs_err as fs;

/// The names of our programs.
pub(super) const PROGRAM: &str = "pyman-shim.exe";
pub(super) const MANAGER: &str = "pyman.exe";
pub(super) const LAUNCHER: &str = "py.exe";

/// Commands that act on the calling shell, and the manager: never a shim's.
pub(super) const NEVER: [&str; 3] = ["activate.exe", "deactivate.exe", "pyman.exe"];

/// Where a version keeps its commands.
pub(super) const COMMANDS: [&str; 2] = ["", "Scripts"];

/// Files have no number that a listing tells: they are compared by their bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Identity;

impl PartialEq for Identity {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

pub(super) fn identity(_: &Metadata) -> Identity {
    Identity
}

pub(super) fn is_link_to(_: &fs::DirEntry, _: Identity) -> bool {
    false
}

/// The name under which a command's shim stands: whatever runs it, the shim is an `.exe`.
pub(super) fn shim_name(command: &OsStr) -> Option<OsString> {
    let command = Path::new(command);
    let extension = command.extension()?.to_ascii_lowercase();
    let runs = ["exe", "bat", "cmd"].iter().any(|known| extension == *known);
    runs.then(|| command.with_extension("exe").into_os_string())
}

/// Whether it is a file: its name says the rest.
pub(super) fn is_command(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file())
}

pub(super) fn make_executable(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes `link` lead to `target`; links need a privilege here, so it is a second name for the file.
pub(super) fn lead(link: &Path, target: &Path) -> io::Result<()> {
    fs::hard_link(target, link)
}

/// What is still open cannot be removed anyway.
pub(super) fn is_alive(_: u32) -> bool {
    false
}
