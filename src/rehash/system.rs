//! Files and processes as each system has them.

#[cfg(unix)]
pub(crate) use unix::{
    LAUNCHERS, MANAGER, NEVER, PROGRAM, WINDOWED, is_command, is_outdated, is_sourced, is_windowed,
    lead, shim_name,
};
#[cfg(windows)]
pub(crate) use windows::{
    LAUNCHERS, MANAGER, NEVER, PROGRAM, WINDOWED, is_command, is_outdated, is_sourced, is_windowed,
    lead, shim_name,
};

#[cfg(unix)]
mod unix {
    use std::ffi::{OsStr, OsString};
    use std::io;
    use std::path::Path;

    use crate::disk::{self, Directory, Found};

    /// The names of our programs.
    pub(crate) const PROGRAM: &str = "pyman-shim";
    pub(crate) const MANAGER: &str = "pyman";
    pub(crate) const LAUNCHERS: &[&str] = &["py"];

    /// The program's twin without a console: none but Windows knows such.
    pub(crate) const WINDOWED: Option<&str> = None;

    /// Whether the shim of this name is that twin.
    pub(crate) const fn is_windowed(_: &OsStr) -> bool {
        false
    }

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

    /// Whether the manager in `bin` is an older copy: here it is a link, or was put there.
    #[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
    pub(crate) const fn is_outdated(_: &Found, _: &Path) -> io::Result<bool> {
        Ok(false)
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

    use crate::disk::{self, Directory, Found, Privacy};

    /// The names of our programs.
    pub(crate) const PROGRAM: &str = "pyman-shim.exe";
    pub(crate) const MANAGER: &str = "pyman.exe";
    pub(crate) const LAUNCHERS: &[&str] = &["py.exe", "pyw.exe"];

    /// The program's twin without a console.
    pub(crate) const WINDOWED: Option<&str> = Some("pyman-shimw.exe");

    /// Whether the shim of this name is that twin: `pythonw.exe`, `pyw.exe`.
    pub(crate) fn is_windowed(shim: &OsStr) -> bool {
        let shim = shim.to_ascii_lowercase();
        shim == "pyw.exe" || shim == "pythonw.exe"
    }

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

    /// Makes `bin/pyman.exe` a copy of `manager`: an unpacked archive may go, and stand on another volume.
    pub(crate) fn lead(directory: &Directory, manager: &Path) -> io::Result<()> {
        let Some(mut source) = disk::open(manager)? else {
            return Err(disk::failed("copy", manager, io::ErrorKind::NotFound.into()));
        };
        directory
            .replace_by(MANAGER, Privacy::Program, |file| io::copy(&mut source, file).map(drop))
    }

    /// Whether `bin/pyman.exe` is a copy of an older manager than this one.
    pub(crate) fn is_outdated(standing: &Found, manager: &Path) -> io::Result<bool> {
        let newer = |now: Found| now.modified > standing.modified && now.size != standing.size;
        Ok(disk::look(manager)?.is_some_and(newer))
    }
}
