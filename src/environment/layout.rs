//! Where an environment keeps what. Names only: nothing here touches the disk.

use std::path::{Path, PathBuf};

use super::Base;
use crate::world::layout;

/// The directory of an environment's commands.
pub(super) const COMMANDS: &str = pyman_shim::Layout::HERE.scripts;

/// The directory above its library, or the library itself.
pub(super) const LIBRARIES: &str = pyman_shim::Layout::HERE.libraries;

/// The directories of one environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    directory: PathBuf,
    /// `lib/python3.12`, counted from the directory.
    library: PathBuf,
}

impl Layout {
    /// The layout that an environment of this base has at `directory`.
    pub fn of(directory: &Path, base: &Base) -> Self {
        Self::new(directory, base.library_within())
    }

    /// The layout with this library.
    pub fn new(directory: &Path, library: impl Into<PathBuf>) -> Self {
        Self { directory: directory.to_owned(), library: library.into() }
    }

    /// The same layout elsewhere.
    #[must_use]
    pub fn at(&self, directory: &Path) -> Self {
        Self { directory: directory.to_owned(), library: self.library.clone() }
    }

    /// The environment's own directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The directory of its commands.
    pub fn commands(&self) -> PathBuf {
        self.directory.join(COMMANDS)
    }

    /// Its interpreter.
    pub fn python(&self) -> PathBuf {
        layout::program(&self.commands(), "python")
    }

    /// The directory of its library.
    pub fn library(&self) -> PathBuf {
        self.directory.join(&self.library)
    }

    /// Where its packages are installed.
    pub fn site_packages(&self) -> PathBuf {
        self.directory.join(self.packages_within())
    }

    /// The same, counted from the directory.
    pub(super) fn packages_within(&self) -> PathBuf {
        self.library.join("site-packages")
    }

    /// The way from `site-packages` to the directory of commands, as `RECORD` writes it.
    pub fn commands_from_site_packages(&self) -> String {
        let up = "../".repeat(self.library.components().count() + 1);
        format!("{up}{COMMANDS}")
    }
}
