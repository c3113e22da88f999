//! What only Linux does this way.

use std::io;
use std::path::Path;

use rustix::fs::{RenameFlags, StatVfsMountFlags, Timespec, Timestamps};
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
