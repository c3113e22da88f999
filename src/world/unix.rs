//! Paths as bytes, where they are bytes; files as POSIX knows them.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs::Metadata;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use fs_err::os::unix::fs::OpenOptionsExt as _;
use fs_err::{File, OpenOptions};
use pyman_shim::FileId;
use rustix::fs::OFlags;
use rustix::io::Errno;

use super::{absent, number};

/// The path these bytes name.
pub fn path(bytes: &[u8]) -> Cow<'_, Path> {
    Cow::Borrowed(Path::new(OsStr::from_bytes(bytes)))
}

/// Whether this is a regular file (links followed) that we may execute.
pub fn executable(file: &Path) -> bool {
    file.is_file() && rustix::fs::access(file, rustix::fs::Access::EXEC_OK).is_ok()
}

/// A regular file, opened without waiting for anybody; none when there is no regular file. Whoever writes to a FIFO
/// must not see it opened and closed again, so it is looked at first.
pub fn open_regular(path: &Path) -> io::Result<Option<File>> {
    match fs_err::metadata(path) {
        Ok(found) if found.is_file() => {}
        Ok(_) => return Ok(None),
        Err(error) if leads_nowhere(&error) => return Ok(None),
        Err(error) => return Err(error),
    }
    let flags = i32::try_from((OFlags::NONBLOCK | OFlags::NOCTTY).bits()).unwrap_or_default();
    let file = match OpenOptions::new().read(true).custom_flags(flags).open(path) {
        Ok(file) => file,
        Err(error) if leads_nowhere(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(file.metadata()?.is_file().then_some(file))
}

/// The error of a link that leads round in a circle.
pub(super) const ENDLESS: i32 = Errno::LOOP.raw_os_error();

/// Whether a path names nothing that could be read: nothing there, a name longer than names are; a FIFO, a socket or a
/// device that nobody serves.
pub(super) fn leads_nowhere(error: &io::Error) -> bool {
    let codes = [Errno::NAMETOOLONG, Errno::NXIO];
    absent(error) || codes.iter().any(|code| number(error) == Some(code.raw_os_error()))
}

/// Which file this is.
pub(super) fn identity(metadata: &Metadata) -> FileId {
    FileId { device: metadata.dev(), inode: metadata.ino() }
}

/// Whether it belongs to the user this process acts for.
pub(super) fn owned(path: &Path) -> bool {
    fs_err::metadata(path).is_ok_and(|found| found.uid() == rustix::process::geteuid().as_raw())
}

/// A new file that nobody but its owner can read, at no moment.
pub fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
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

/// Whether we may write to it.
pub fn writable(path: &Path) -> bool {
    rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok()
}

/// Whether anybody may write to it.
pub fn open_to_all(path: &Path) -> bool {
    fs_err::metadata(path).is_ok_and(|found| found.mode() & 0o002 != 0)
}

/// The user it belongs to, when that is neither root nor we.
pub fn stranger(path: &Path) -> Option<u32> {
    let owner = fs_err::metadata(path).map_or(None, |found| Some(found.uid()))?;
    (owner != 0 && owner != rustix::process::geteuid().as_raw()).then_some(owner)
}

/// Whether the error says that this file system, or its server, keeps no locks.
pub fn has_no_locks(error: &io::Error) -> bool {
    let codes = [Errno::NOLCK, Errno::NOSYS, Errno::OPNOTSUPP, Errno::NOTSUP];
    codes.iter().any(|code| number(error) == Some(code.raw_os_error()))
}
