//! Paths as bytes, where they are bytes; files as POSIX knows them.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use fs_err::os::unix::fs::OpenOptionsExt as _;

use crate::disk::absent;

/// The path these bytes name.
pub fn path(bytes: &[u8]) -> Cow<'_, Path> {
    Cow::Borrowed(Path::new(OsStr::from_bytes(bytes)))
}

/// A new file that nobody but its owner can read, at no moment.
pub fn create_private(path: &Path) -> io::Result<fs_err::File> {
    fs_err::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Gives a new file what it would have, had it been made at `place` in the usual way: the old file's mode, else
/// what the umask leaves.
pub fn as_created(file: &std::fs::File, place: &Path) -> io::Result<()> {
    let mode = match fs_err::metadata(place) {
        Ok(old) => old.permissions().mode() & 0o7777,
        Err(error) if absent(&error) => 0o666 & !umask(),
        Err(error) => return Err(error),
    };
    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

/// The mask of this process. The system only tells it by setting another, which would race with other threads; so
/// where it can be read it is, and elsewhere it counts as the usual one.
fn umask() -> u32 {
    let status = fs_err::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("Umask:"));
    mask.and_then(|mask| u32::from_str_radix(mask.trim(), 8).ok()).unwrap_or(0o022)
}
