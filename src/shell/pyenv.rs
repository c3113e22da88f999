//! pyenv's name, for editors and tools that look for pyenv and know nothing of us: a `pyenv` beside `pyman` in the
//! root's `bin`, and `PYENV_ROOT` in what `init` prints as long as that stands.

use super::system;
use crate::disk::{self, Directory};
use std::io;
use std::path::{Path, PathBuf};

/// Where it stands in a root.
pub(crate) fn pyenv(root: &Path) -> PathBuf {
    root.join("bin").join(system::PYENV)
}

/// Whether this root answers to pyenv's name.
pub(crate) fn is_pyenv(root: &Path) -> io::Result<bool> {
    system::stands_in(&pyenv(root))
}

/// Makes it answer to that.
pub(crate) fn become_pyenv(root: &Path) -> io::Result<()> {
    system::stand_in(&Directory::make(root)?.make_below("bin")?)
}

/// Takes the name away again; whether it was there.
pub(crate) fn leave_pyenv(root: &Path) -> io::Result<bool> {
    let stood = disk::is_directory(root) && is_pyenv(root)?;
    if stood && let Some(bin) = Directory::open(root)?.below("bin")? {
        bin.unlink(system::PYENV)?;
    }
    Ok(stood)
}
