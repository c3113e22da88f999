//! What the shells' part asks of a Unix system: the parent process, owners and modes.

use super::Account;
use fs_err as fs;
use std::fs::{Metadata, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::parent_id;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The manager's file name.
pub const PROGRAM: &str = "pyman";

/// What divides PATH.
pub(super) const DIVIDER: u8 = b':';

/// The directory of PowerShell's profiles.
pub(super) fn powershell(account: &Account) -> PathBuf {
    account.configuration().join("powershell")
}

/// What the parent process might be called: its `argv[0]`, then its executable.
pub(super) fn parent_names() -> Vec<String> {
    let process = parent_id();
    let executable = fs::read_link(format!("/proc/{process}/exe"))
        .map(|path| path.to_string_lossy().into_owned());
    let argument = fs::read(format!("/proc/{process}/cmdline")).map(|line| {
        let first = line.split(|&byte| byte == 0).next().unwrap_or_default();
        String::from_utf8_lossy(first).into_owned()
    });
    // Another user's process only leaves the question open; where there is no `/proc`, `ps` is asked.
    match argument {
        Err(_) => ps(process).into_iter().collect(),
        Ok(argument) => [argument].into_iter().chain(executable).collect(),
    }
}

/// Under sudo, a file stays its owner's: the one of `like`, the file before it or its directory.
pub(super) fn own_alike(file: &Path, like: &Metadata) -> io::Result<()> {
    let now = fs::metadata(file)?;
    if (now.uid(), now.gid()) == (like.uid(), like.gid()) || !rustix::process::geteuid().is_root() {
        return Ok(());
    }
    chown(file, Some(like.uid()), Some(like.gid()))
}

/// The mode of a start-up file that was not there before.
pub(super) fn make_readable(file: &Path) -> io::Result<()> {
    fs::set_permissions(file, Permissions::from_mode(0o644))
}

fn ps(process: u32) -> Option<String> {
    let mut ps = Command::new("/bin/ps");
    ps.args(["-o", "comm=", "-p", &process.to_string()]);
    match ps.stdin(Stdio::null()).stderr(Stdio::null()).output() {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
        Err(_) => None,
    }
}
