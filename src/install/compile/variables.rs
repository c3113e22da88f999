//! The variables that python-build honours, read once and split into words.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::words;
use crate::disk;
use crate::world::Machine;

/// What the user set for builds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variables {
    /// `TMPDIR`: where to work, instead of the stage.
    pub temporary: Option<PathBuf>,
    /// `PYTHON_BUILD_BUILD_PATH`: a directory to work in.
    pub build_path: Option<PathBuf>,
    /// `PYMAN_BUILD_ROOT`: where working trees are kept, and that they are.
    pub build_root: Option<PathBuf>,
    /// `CONFIGURE_OPTS`, then `PYTHON_CONFIGURE_OPTS`.
    pub configure: Vec<String>,
    /// `CFLAGS`, then `PYTHON_CFLAGS`.
    pub cflags: String,
    /// `CPPFLAGS`, then `PYTHON_CPPFLAGS`.
    pub cppflags: String,
    /// `LDFLAGS`, then `PYTHON_LDFLAGS`.
    pub ldflags: String,
    /// `CC`, with its options.
    pub cc: Vec<String>,
    /// `MAKE`.
    pub make: Option<String>,
    /// `MAKE_OPTS` (or `MAKEOPTS`); none: `-j` with every core.
    pub make_options: Option<Vec<String>>,
    /// `PYTHON_MAKE_OPTS`, after those.
    pub more_make_options: Vec<String>,
    /// `MAKE_INSTALL_OPTS`, then `PYTHON_MAKE_INSTALL_OPTS`.
    pub install_options: Vec<String>,
    /// `PYTHON_MAKE_INSTALL_TARGET`; `install` by default.
    pub install_target: Option<String>,
    /// The absolute directories of PATH, without our shims.
    pub search: Vec<PathBuf>,
}

impl Variables {
    /// Reads them; `shims` is the directory whose programs no build may run.
    pub(crate) fn read(machine: Machine, shims: &Path) -> Self {
        let path = |name: &str| machine.variable(name).map(PathBuf::from);
        let text = |name: &str| machine.text(name).unwrap_or_default();
        let flags =
            |one: &str, other: &str| format!("{} {}", text(one), text(other)).trim().to_owned();
        let both = |one: &str, other: &str| words::split(&flags(one, other));
        let make_options = machine.text("MAKEOPTS").or_else(|| machine.text("MAKE_OPTS"));
        Self {
            temporary: path("TMPDIR"),
            build_path: path("PYTHON_BUILD_BUILD_PATH"),
            build_root: path("PYMAN_BUILD_ROOT"),
            configure: both("CONFIGURE_OPTS", "PYTHON_CONFIGURE_OPTS"),
            cflags: flags("CFLAGS", "PYTHON_CFLAGS"),
            cppflags: flags("CPPFLAGS", "PYTHON_CPPFLAGS"),
            ldflags: flags("LDFLAGS", "PYTHON_LDFLAGS"),
            cc: words::split(&text("CC")),
            make: machine.text("MAKE"),
            make_options: make_options.map(|text| words::split(&text)),
            more_make_options: words::split(&text("PYTHON_MAKE_OPTS")),
            install_options: both("MAKE_INSTALL_OPTS", "PYTHON_MAKE_INSTALL_OPTS"),
            install_target: machine.text("PYTHON_MAKE_INSTALL_TARGET"),
            search: machine.search_path().into_iter().filter(|one| one != shims).collect(),
        }
    }

    /// The program of this name: a path as it is, a name as PATH has it.
    pub(crate) fn program(&self, name: &str) -> Option<PathBuf> {
        // Joining an absolute path gives that path.
        self.search.iter().map(|folder| folder.join(name)).find(|path| disk::is_file(path))
    }

    /// PATH for the build.
    pub(in crate::install) fn path(&self) -> OsString {
        let mut path = OsString::new();
        for (index, folder) in self.search.iter().enumerate() {
            if index > 0 {
                path.push(":");
            }
            path.push(folder);
        }
        path
    }
}
