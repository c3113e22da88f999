//! Files and processes as Windows has them.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;

use crate::disk::{self, Directory};

/// The names of our programs.
pub(crate) const PROGRAM: &str = "pyman-shim.exe";
pub(super) const MANAGER: &str = "pyman.exe";
pub(super) const LAUNCHER: &str = "py.exe";

/// Commands that act on the calling shell, and the manager: never a shim's.
pub(super) const NEVER: [&str; 3] = ["activate.exe", "deactivate.exe", "pyman.exe"];

/// The name under which a command's shim stands: whatever runs it, the shim is an `.exe`.
pub(super) fn shim_name(command: &OsStr) -> Option<OsString> {
    let command = Path::new(command);
    let extension = command.extension()?.to_ascii_lowercase();
    let runs = ["exe", "bat", "cmd"].iter().any(|known| extension == *known);
    runs.then(|| command.with_extension("exe").into_os_string())
}

/// Whether it is a file: its name says the rest.
pub(super) fn is_command(path: &Path) -> bool {
    disk::is_file(path)
}

/// A name says here what is run.
pub(super) const fn is_sourced(_: &[u8]) -> bool {
    false
}

/// Makes `bin/pyman.exe` lead to `manager`; links need a privilege here, so it is a second name for the file.
pub(super) fn lead(directory: &Directory, manager: &Path) -> io::Result<()> {
    let (Some(folder), Some(name)) = (manager.parent(), manager.file_name()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    directory.point_hard(MANAGER, &Directory::open(folder)?, name)
}
