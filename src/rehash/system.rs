//! Files and processes as each system has them.

#[cfg(unix)]
pub(crate) use unix::{LAUNCHER, MANAGER, NEVER, PROGRAM, is_command, is_sourced, lead, shim_name};
#[cfg(windows)]
pub(crate) use windows::{
    LAUNCHER, MANAGER, NEVER, PROGRAM, is_command, is_sourced, lead, shim_name,
};

#[cfg(unix)]
mod unix {
    use std::ffi::{OsStr, OsString};
    use std::io;
    use std::path::Path;

    use crate::disk::{self, Directory};

    /// The names of our programs.
    pub(crate) const PROGRAM: &str = "pyman-shim";
    pub(crate) const MANAGER: &str = "pyman";
    pub(crate) const LAUNCHER: &str = "py";

    /// Commands that act on the calling shell, and the manager: never a shim's.
    pub(crate) const NEVER: [&str; 3] = ["activate", "deactivate", "pyman"];

    /// The name under which a command's shim stands; hidden files are no commands.
    pub(crate) fn shim_name(file: &OsStr) -> Option<OsString> {
        (!file.as_encoded_bytes().starts_with(b".")).then(|| file.to_owned())
    }

    /// Whether somebody may execute it, links followed.
    pub(crate) fn is_command(path: &Path) -> bool {
        disk::follow(path).is_ok_and(|found| found.is_some_and(|found| found.is_executable()))
    }

    /// Whether a file that begins so is text that no interpreter is named for: a shell reads it, nothing runs it. An empty
    /// one is no text: it is a command that somebody has yet to write, as pyenv takes it.
    pub(crate) fn is_sourced(head: &[u8]) -> bool {
        !head.is_empty() && !head.starts_with(b"#!") && !head.contains(&0)
    }

    /// Makes `bin/pyman` lead to `manager`.
    pub(crate) fn lead(directory: &Directory, manager: &Path) -> io::Result<()> {
        directory.point(MANAGER, manager)
    }
}

#[cfg(windows)]
mod windows {
    use std::ffi::{OsStr, OsString};
    use std::io;
    use std::path::Path;

    use crate::disk::{self, Directory};

    /// The names of our programs.
    pub(crate) const PROGRAM: &str = "pyman-shim.exe";
    pub(crate) const MANAGER: &str = "pyman.exe";
    pub(crate) const LAUNCHER: &str = "py.exe";

    /// Commands that act on the calling shell, and the manager: never a shim's.
    pub(crate) const NEVER: [&str; 3] = ["activate.exe", "deactivate.exe", "pyman.exe"];

    /// The name under which a command's shim stands: whatever runs it, the shim is an `.exe`.
    pub(crate) fn shim_name(command: &OsStr) -> Option<OsString> {
        let command = Path::new(command);
        let extension = command.extension()?.to_ascii_lowercase();
        let runs = ["exe", "bat", "cmd"].iter().any(|known| extension == *known);
        runs.then(|| command.with_extension("exe").into_os_string())
    }

    /// Whether it is a file: its name says the rest.
    pub(crate) fn is_command(path: &Path) -> bool {
        disk::is_file(path)
    }

    /// A name says here what is run.
    pub(crate) const fn is_sourced(_: &[u8]) -> bool {
        false
    }

    /// Makes `bin/pyman.exe` lead to `manager`; links need a privilege here, so it is a second name for the file.
    pub(crate) fn lead(directory: &Directory, manager: &Path) -> io::Result<()> {
        let (Some(folder), Some(name)) = (manager.parent(), manager.file_name()) else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        directory.point_hard(MANAGER, &Directory::open(folder)?, name)
    }
}
