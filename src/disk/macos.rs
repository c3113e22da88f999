//! What only macOS does this way.

use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CloneFlags, Mode};

use super::Directory;
use super::system::open_file;

/// `MNT_NOEXEC` of `sys/mount.h`.
const NO_EXEC: u32 = 0x4;

/// Sets the permissions of what has this name, no link followed.
pub(super) fn set_mode(directory: &Directory, name: &Path, mode: Mode) -> io::Result<()> {
    Ok(rustix::fs::chmodat(&directory.handle, name, mode, AtFlags::SYMLINK_NOFOLLOW)?)
}

/// Processes have the numbers of the system: there are no containers.
pub(super) const fn instance() -> String {
    String::new()
}

/// What is mounted is on another device here, which is looked at besides.
#[expect(clippy::unnecessary_wraps, reason = "Linux has to ask")]
pub(super) fn is_mount_point(_: &Directory) -> io::Result<bool> {
    Ok(false)
}

/// Nobody lists what is mounted where, without unsafe code.
pub(super) const fn mounted_below(_: &Directory) -> Option<PathBuf> {
    None
}

/// A file that shares its blocks with another, until one of them is written to; mode and times come along.
pub(super) fn reflink(
    from: &Directory,
    file: &Path,
    to: &Directory,
    name: &Path,
) -> io::Result<()> {
    let Some(source) = open_file(from, file)? else {
        return Err(io::ErrorKind::NotFound.into());
    };
    Ok(rustix::fs::fclonefileat(&source, &to.handle, name, CloneFlags::empty())?)
}

/// Waits until the disk has everything that was written to the file system (`F_FULLFSYNC`).
pub(crate) fn sync(directory: &Directory) -> io::Result<()> {
    Ok(rustix::fs::fcntl_fullfsync(&directory.handle)?)
}

/// Whether programs on this file system may be run.
pub(crate) fn runs_programs(directory: &Path) -> io::Result<bool> {
    Ok(rustix::fs::statfs(directory)?.f_flags & NO_EXEC == 0)
}
