//! What the shells' part asks of the system: the parent process, owners and modes.

#[cfg(unix)]
pub(crate) use unix::{DIVIDER, PROGRAM, PYENV, parent_names, powershell, stand_in, stands_in};
#[cfg(windows)]
pub(crate) use windows::{DIVIDER, PROGRAM, PYENV, parent_names, powershell, stand_in, stands_in};

#[cfg(unix)]
mod unix {
    use crate::disk::{self, Directory};
    use crate::shell::dialect::Account;
    use std::io;
    use std::os::unix::process::parent_id;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};

    /// The manager's file name.
    pub(crate) const PROGRAM: &str = "pyman";

    /// pyenv's.
    pub(crate) const PYENV: &str = "pyenv";

    /// Makes pyenv's name in `bin` a link to the manager's, which itself is moved by every upgrade.
    pub(crate) fn stand_in(bin: &Directory) -> io::Result<()> {
        bin.point(PYENV, Path::new(PROGRAM))
    }

    /// Whether what stands under pyenv's name is that link.
    pub(crate) fn stands_in(pyenv: &Path) -> io::Result<bool> {
        Ok(disk::link_target(pyenv)?.is_some_and(|target| target == Path::new(PROGRAM)))
    }

    /// What divides PATH.
    pub(crate) const DIVIDER: u8 = b':';

    /// The directory of PowerShell's profiles.
    pub(crate) fn powershell(account: &Account) -> PathBuf {
        account.configuration().join("powershell")
    }

    /// What the parent process might be called: its `argv[0]`, then its executable.
    pub(crate) fn parent_names() -> Vec<String> {
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
}

#[cfg(windows)]
mod windows {
    use crate::disk::{self, Directory};
    use crate::shell::dialect::Account;
    use std::io;
    use std::path::{Path, PathBuf};

    /// The manager's file name.
    pub(crate) const PROGRAM: &str = "pyman.exe";

    /// pyenv's.
    pub(crate) const PYENV: &str = "pyenv.exe";

    /// Makes pyenv's name in `bin` a second one of the manager: links need a privilege here.
    pub(crate) fn stand_in(bin: &Directory) -> io::Result<()> {
        bin.point_hard(PYENV, bin, PROGRAM)
    }

    /// Whether something stands under pyenv's name.
    pub(crate) fn stands_in(pyenv: &Path) -> io::Result<bool> {
        Ok(disk::look(pyenv)?.is_some_and(|found| found.is_file()))
    }

    /// What divides PATH.
    pub(crate) const DIVIDER: u8 = b';';

    /// The directory of PowerShell's profiles.
    pub(crate) fn powershell(account: &Account) -> PathBuf {
        account.file("Documents/PowerShell")
    }

    /// Only PowerShell is set up by itself here; the others are asked for by name.
    pub(crate) fn parent_names() -> Vec<String> {
        vec!["pwsh".to_owned()]
    }
}
