//! What staging and building ask of a Unix kernel.

use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command};

use rustix::fs::{CWD, RenameFlags, StatVfsMountFlags};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, getpid, kill_process, kill_process_group};

/// Exchanges two directories at one stroke; false when this system or file system cannot.
pub(super) fn exchange(one: &Path, other: &Path) -> bool {
    // Nothing to exchange with, or nobody who can; what else is wrong the two renames say as well.
    rustix::fs::renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).is_ok()
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

/// Lets the owner write to the file.
pub(super) fn let_write(file: &Path) -> io::Result<()> {
    let mut permissions = fs_err::metadata(file)?.permissions();
    if permissions.mode() & 0o200 == 0 {
        permissions.set_mode(permissions.mode() | 0o200);
        fs_err::set_permissions(file, permissions)?;
    }
    Ok(())
}

/// Signs a program anew that was changed: macOS runs no other.
pub(super) fn sign(program: &Path) -> io::Result<()> {
    if !cfg!(target_os = "macos") {
        return Ok(());
    }
    let output =
        Command::new("/usr/bin/codesign").args(["--force", "--sign", "-"]).arg(program).output()?;
    let said = || String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if output.status.success() { Ok(()) } else { Err(io::Error::other(said())) }
}

/// Ends this process as SIGKILL does.
pub(super) fn die() {
    // SIGKILL to oneself cannot be refused.
    kill_process(getpid(), Signal::KILL).unwrap_or_default();
}

/// How a group of processes is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// As by Ctrl-C: they may tidy up.
    Asked,
    /// At once.
    Killed,
}

/// The command and all it starts will be one group, which the terminal's signals do not reach.
pub(super) fn own_group(command: &mut Command) {
    command.process_group(0);
}

/// Ends every process of the child's group; one that is empty already is no error.
pub(super) fn end_group(child: &mut Child, ending: Ending) -> io::Result<()> {
    let signal = match ending {
        Ending::Asked => Signal::TERM,
        Ending::Killed => Signal::KILL,
    };
    match kill_process_group(Pid::from_child(child), signal) {
        Ok(()) | Err(Errno::SRCH) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Whether programs on this file system may be run.
pub(super) fn runs_programs(directory: &Path) -> io::Result<bool> {
    Ok(!rustix::fs::statvfs(directory)?.f_flag.contains(StatVfsMountFlags::NOEXEC))
}

/// Waits until the file system that `directory` is on has everything.
pub(super) fn sync(directory: &Path) -> io::Result<()> {
    let directory = fs_err::File::open(directory)?;
    Ok(rustix::fs::syncfs(&directory)?)
}

/// Lets others read a file that was made for its owner alone.
pub(super) fn share(file: &Path) -> io::Result<()> {
    fs_err::set_permissions(file, std::fs::Permissions::from_mode(0o644))
}

/// Whether we may install packages.
pub(super) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
