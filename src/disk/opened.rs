//! A directory held open, and who may read what is made in it: the values alone.

use std::ffi::OsString;
#[cfg(unix)]
use std::fs::File as Handle;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

#[cfg(windows)]
use unheld::Unheld as Handle;

/// Who may read what is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Privacy {
    /// Everybody whom the umask lets: 0644 or 0755 at most.
    Shared,
    /// Everybody whom the umask lets, and who may execute it: 0755 at most.
    Program,
    /// Likewise, and nobody writes to it: 0555 at most.
    Sealed,
    /// Its owner alone: 0600.
    Secret,
}

impl Privacy {
    pub(super) const fn mode(self) -> u32 {
        match self {
            Self::Shared => 0o644,
            Self::Program => 0o755,
            Self::Sealed => 0o555,
            Self::Secret => 0o600,
        }
    }
}

/// A directory of ours.
#[derive(Debug)]
pub struct Directory {
    pub(super) handle: Handle,
    pub(super) path: PathBuf,
}

impl Directory {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where something of this name in it is.
    pub fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path.join(name)
    }
}

/// What the names of files and links begin with that are written beside.
pub(super) const BESIDE: &str = ".pyman-new-";

/// Tells apart what this process writes beside.
static WRITTEN: AtomicU64 = AtomicU64::new(0);

/// A name that nobody else gives: of this process, and of this moment in it.
pub(super) fn temporary_name() -> OsString {
    let count = WRITTEN.fetch_add(1, Ordering::Relaxed);
    OsString::from(format!("{BESIDE}{}-{count}", std::process::id()))
}

/// FNV-1a of 64 bits: the same in every release, so that each finds what another left.
pub(super) fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |digest, byte| {
        (digest ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// What is held of a directory on Windows: nothing. One that is open can be neither renamed nor removed there.
#[cfg(windows)]
pub(crate) mod unheld {
    /// In place of a handle.
    #[derive(Debug, Clone, Copy)]
    pub(crate) struct Unheld;
}
