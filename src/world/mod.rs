//! The machine as the manager sees it. The only file that reads variables and asks where we are.
#![expect(clippy::disallowed_methods, reason = "the one door to std::env")]

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

#[cfg(unix)]
pub use unix::{executable, path};
#[cfg(windows)]
pub use windows::{executable, path};

/// This process's surroundings.
#[derive(Debug, Clone, Copy, Default)]
pub struct Machine;

impl Machine {
    /// A variable; an empty one is an unset one.
    pub fn variable(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name).filter(|value| !value.is_empty())
    }

    /// A variable that must be text; what is not UTF-8 is replaced.
    pub fn text(&self, name: &str) -> Option<String> {
        self.variable(name).map(|value| value.to_string_lossy().into_owned())
    }

    /// Whether a variable is set to what people write for yes (anything but `0`, `no`, `false`, `off`).
    pub fn flag(&self, name: &str) -> bool {
        self.text(name).is_some_and(|value| !matches!(value.as_str(), "0" | "no" | "false" | "off"))
    }

    /// Every variable, for handing a chosen set to a child.
    pub fn variables(&self) -> impl Iterator<Item = (OsString, OsString)> + use<> {
        std::env::vars_os()
    }

    /// The working directory; an error when it has been deleted.
    pub fn current_directory(&self) -> io::Result<PathBuf> {
        std::env::current_dir()
    }

    /// The running program's own file.
    pub fn executable(&self) -> io::Result<PathBuf> {
        std::env::current_exe()
    }

    /// The user's home, when it is known and absolute.
    pub fn home(&self) -> Option<PathBuf> {
        std::env::home_dir().filter(|home| home.is_absolute())
    }

    /// `TMPDIR`, else the system's place for temporary files.
    pub fn temporary_directory(&self) -> PathBuf {
        std::env::temp_dir()
    }

    /// The absolute directories of PATH, in order; empty and relative entries are skipped.
    pub fn search_path(&self) -> Vec<PathBuf> {
        self.variable("PATH").map_or_else(Vec::new, |path| {
            std::env::split_paths(&path).filter(|entry| entry.is_absolute()).collect()
        })
    }

    /// `given` as an absolute path, counted from the working directory; nothing is resolved.
    pub fn absolute(&self, given: &Path) -> io::Result<PathBuf> {
        std::path::absolute(given)
    }
}

/// The bytes of a path, as the resolver takes them.
pub fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}
