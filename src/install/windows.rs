//! What staging asks of Windows.

use std::io;
use std::path::Path;

/// Windows cannot exchange two directories at one stroke.
pub(super) fn exchange(_: &Path, _: &Path) -> bool {
    false
}

/// Makes a link to a directory.
pub(super) fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    fs_err::os::windows::fs::symlink_dir(target, link)
}

/// Permissions do not keep an owner from removing.
pub(super) fn open_up(_: &Path) -> io::Result<()> {
    Ok(())
}

/// No file of a tree in the stage is kept from being written.
pub(super) fn let_write(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Programs need no signature.
pub(super) fn sign(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Ends this process as it stands.
pub(super) fn die() {
    std::process::abort();
}

/// How a group of processes is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// They may tidy up.
    Asked,
    /// At once.
    Killed,
}

/// Groups are a console's affair here.
pub(super) fn own_group(_: &mut std::process::Command) {}

/// Windows knows one way to end a process.
pub(super) fn end_group(child: &mut std::process::Child, _: Ending) -> io::Result<()> {
    child.kill()
}

/// Every file system runs programs.
pub(super) fn runs_programs(_: &Path) -> io::Result<bool> {
    Ok(true)
}

/// Windows writes behind as it likes; there is no call for a whole file system.
pub(super) fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Files are as their directory has them.
pub(super) fn share(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Nobody is root here.
pub(super) fn is_root() -> bool {
    false
}
