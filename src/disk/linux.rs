//! What only Linux does this way.

use std::io;
use std::path::Path;

use std::os::fd::AsRawFd as _;

use rustix::fs::{FileType, Mode, OFlags, RenameFlags, StatVfsMountFlags, Timespec, Timestamps};
use rustix::io::Errno;

use super::Directory;
use super::system::both;

/// Exchanges two directories at one stroke; false where the system or the file system cannot.
pub(super) fn exchange(
    one: &Directory,
    name: &Path,
    other: &Directory,
    its: &Path,
) -> io::Result<bool> {
    let flags = RenameFlags::EXCHANGE;
    match rustix::fs::renameat_with(&one.handle, name, &other.handle, its, flags) {
        Ok(()) => Ok(true),
        // A lower layer of an overlay is on another device as far as renames go.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP | Errno::XDEV | Errno::BUSY) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Sets the permissions of what has this name, no link followed. The kernel's own call for that is of 2023 (6.6); before it
/// the way leads by a handle, which is of a link itself where one is.
pub(super) fn set_mode(directory: &Directory, name: &Path, mode: Mode) -> io::Result<()> {
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let handle = rustix::fs::openat(&directory.handle, name, flags, Mode::empty())?;
    let kind = FileType::from_raw_mode(rustix::fs::fstat(&handle)?.st_mode);
    if !matches!(kind, FileType::RegularFile | FileType::Directory) {
        return Err(Errno::LOOP.into());
    }
    match rustix::fs::chmod(format!("/proc/self/fd/{}", handle.as_raw_fd()), mode) {
        Err(Errno::NOENT) => {}
        result => return Ok(result?),
    }
    // No /proc here: what may be read is changed by its own handle.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let handle = rustix::fs::openat(&directory.handle, name, flags, Mode::empty())?;
    Ok(rustix::fs::fchmod(&handle, mode)?)
}

/// A file that shares its blocks with another, until one of them is written to.
pub(super) fn reflink(
    from: &Directory,
    file: &Path,
    to: &Directory,
    name: &Path,
) -> io::Result<()> {
    let (source, target) = both(from, file, to, name)?;
    rustix::fs::ioctl_ficlone(&target, &source)?;
    let stat = rustix::fs::fstat(&source)?;
    let time = Timespec {
        tv_sec: stat.st_mtime,
        tv_nsec: stat.st_mtime_nsec.try_into().unwrap_or_default(),
    };
    let times = Timestamps { last_access: time, last_modification: time };
    Ok(rustix::fs::futimens(&target, &times)?)
}

/// Waits until the file system that `directory` is on has everything.
pub(crate) fn sync(directory: &Directory) -> io::Result<()> {
    Ok(rustix::fs::syncfs(&directory.handle)?)
}

/// Whether programs on this file system may be run.
pub(super) fn runs_programs(directory: &Path) -> io::Result<bool> {
    Ok(!rustix::fs::statvfs(directory)?.f_flag.contains(StatVfsMountFlags::NOEXEC))
}
