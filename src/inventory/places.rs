//! Where things stand under the root. Names only: nothing here touches the disk.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The folders of one root (`$PYMAN_ROOT`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    root: PathBuf,
}

impl Places {
    /// The places under `root`, which is absolute.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The root itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// One directory, or link to one, for each installation.
    pub fn versions(&self) -> PathBuf {
        self.root.join("versions")
    }

    /// Where an installation of this name stands, or would.
    pub fn version(&self, name: impl AsRef<OsStr>) -> PathBuf {
        self.versions().join(name.as_ref())
    }

    /// `minor/3.12`: links to the newest patch of each minor.
    pub fn minor(&self) -> PathBuf {
        self.root.join("minor")
    }

    /// Where trees are made before one rename publishes them.
    pub fn stage(&self) -> PathBuf {
        self.root.join("stage")
    }

    /// Files that the kernel locks for us.
    pub fn locks(&self) -> PathBuf {
        self.root.join("locks")
    }

    /// Downloads kept, unless a variable names another place.
    pub fn cache(&self) -> PathBuf {
        self.root.join("cache")
    }

    /// Logs of source builds that failed.
    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// Source trees kept by `install --keep`.
    pub fn sources(&self) -> PathBuf {
        self.root.join("sources")
    }
}
