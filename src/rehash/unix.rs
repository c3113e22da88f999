//! Files and processes as Unix has them.

use std::ffi::{OsStr, OsString};
use std::fs::{Metadata, Permissions};
use std::io;
use std::os::unix::fs::{DirEntryExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use fs_err as fs;
use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

/// The names of our programs.
pub(super) const PROGRAM: &str = "pyman-shim";
pub(super) const MANAGER: &str = "pyman";
pub(super) const LAUNCHER: &str = "py";

/// Commands that act on the calling shell, and the manager: never a shim's.
pub(super) const NEVER: [&str; 3] = ["activate", "deactivate", "pyman"];

/// Where a version keeps its commands.
pub(super) const COMMANDS: [&str; 1] = ["bin"];

/// Device and number: the same for links to the same file only.
pub(super) type Identity = (u64, u64);

pub(super) fn identity(metadata: &Metadata) -> Identity {
    (metadata.dev(), metadata.ino())
}

/// Whether the directory says so by itself, without a question for each file. Links to one file
/// stand on one device.
pub(super) fn is_link_to(entry: &fs::DirEntry, (_, number): Identity) -> bool {
    entry.ino() == number && entry.file_type().is_ok_and(|kind| kind.is_file())
}

/// The name under which a command's shim stands; hidden files are no commands.
pub(super) fn shim_name(file: &OsStr) -> Option<OsString> {
    (!file.as_encoded_bytes().starts_with(b".")).then(|| file.to_owned())
}

/// Whether somebody may execute it, links followed.
pub(super) fn is_command(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.mode() & 0o111 != 0)
}

pub(super) fn make_executable(path: &Path) -> io::Result<()> {
    fs::set_permissions(path, Permissions::from_mode(0o755))
}

/// Makes `link` lead to `target`.
pub(super) fn lead(link: &Path, target: &Path) -> io::Result<()> {
    fs::os::unix::fs::symlink(target, link)
}

/// Whether a process of this number lives; what may not be asked does.
pub(super) fn is_alive(process: u32) -> bool {
    let process = i32::try_from(process).ok().and_then(Pid::from_raw);
    process.is_some_and(|process| test_kill_process(process) != Err(Errno::SRCH))
}
