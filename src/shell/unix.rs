//! What the shells' part asks of a Unix system: the parent process, owners and modes.

use super::dialect::Account;
use crate::disk::{self, Directory};
use std::io;
use std::os::unix::process::parent_id;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The manager's file name.
pub(crate) const PROGRAM: &str = "pyman";

/// pyenv's.
pub(super) const PYENV: &str = "pyenv";

/// Makes pyenv's name in `bin` a link to the manager's, which itself is moved by every upgrade.
pub(super) fn stand_in(bin: &Directory) -> io::Result<()> {
    bin.point(PYENV, Path::new(PROGRAM))
}

/// Whether what stands under pyenv's name is that link.
pub(super) fn stands_in(pyenv: &Path) -> io::Result<bool> {
    Ok(disk::link_target(pyenv)?.is_some_and(|target| target == Path::new(PROGRAM)))
}

/// What divides PATH.
pub(super) const DIVIDER: u8 = b':';

/// The directory of PowerShell's profiles.
pub(super) fn powershell(account: &Account) -> PathBuf {
    account.configuration().join("powershell")
}

/// What the parent process might be called: its `argv[0]`, then its executable.
pub(super) fn parent_names() -> Vec<String> {
    let process = parent_id();
    let place = Path::new("/proc").join(process.to_string());
    // Another user's process only leaves the question open; where there is no `/proc`, `ps` is asked.
    let Ok(Some(line)) = disk::read(&place.join("cmdline")) else {
        return ps(process).into_iter().collect();
    };
    let first = line.split(|&byte| byte == 0).next().unwrap_or_default();
    let argument = String::from_utf8_lossy(first).into_owned();
    let executable = disk::link_target(&place.join("exe")).map_or(None, |path| path);
    let executable = executable.map(|path| path.to_string_lossy().into_owned());
    [argument].into_iter().chain(executable).collect()
}

fn ps(process: u32) -> Option<String> {
    let mut ps = Command::new("/bin/ps");
    ps.args(["-o", "comm=", "-p", &process.to_string()]);
    match ps.stdin(Stdio::null()).stderr(Stdio::null()).output() {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
        Err(_) => None,
    }
}
