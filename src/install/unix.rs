//! What staging asks of a Unix kernel.

use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rustix::fs::{CWD, RenameFlags};
use rustix::io::Errno;
use rustix::process::{Signal, getpid, kill_process};

/// Exchanges two directories at one stroke; false when this system or file system cannot.
pub(super) fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    match rustix::fs::renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        // Nothing to exchange with, or nobody who can.
        Err(Errno::NOENT | Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Makes a link.
pub(super) fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    fs_err::os::unix::fs::symlink(target, link)
}

/// Gives the owner every right on the directories under `path`, so that they can be removed.
pub(super) fn open_up(path: &Path) -> io::Result<()> {
    let mut permissions = fs_err::metadata(path)?.permissions();
    permissions.set_mode(permissions.mode() | 0o700);
    fs_err::set_permissions(path, permissions)?;
    for entry in fs_err::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            open_up(&entry.path())?;
        }
    }
    Ok(())
}

/// Ends this process as SIGKILL does.
pub(super) fn die() {
    // SIGKILL to oneself cannot be refused.
    kill_process(getpid(), Signal::KILL).unwrap_or_default();
}
