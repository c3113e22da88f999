//! Processes and programs as Unix has them.

use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, getpid, kill_process, kill_process_group};

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

/// The command and all it starts will be one group, which the terminal's signals do not reach.
pub(super) fn own_group(command: &mut Command) {
    command.process_group(0);
}

/// Asks every process of the child's group to end: they may tidy up.
pub(super) fn ask_group(child: &mut Child) -> io::Result<()> {
    end_group(child, Signal::TERM)
}

/// Ends every process of the child's group at once.
pub(super) fn kill_group(child: &mut Child) -> io::Result<()> {
    end_group(child, Signal::KILL)
}

/// One that is empty already is no error.
fn end_group(child: &Child, signal: Signal) -> io::Result<()> {
    match kill_process_group(Pid::from_child(child), signal) {
        Ok(()) | Err(Errno::SRCH) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Whether we may install packages.
pub(super) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
