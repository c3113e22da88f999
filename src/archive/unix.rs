//! Making files, directories and links on Unix, with exact modes under any umask.

use std::ffi::OsStr;
use std::fs::{DirBuilder, Permissions};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use fs_err::os::unix::fs::OpenOptionsExt as _;

const DIRECTORY: u32 = 0o755;

/// Sets modes, with no call of its own where the umask lets them through.
#[derive(Debug, Default)]
pub(super) struct Modes {
    /// What the umask left of 0755, learnt from the first directory: asking for the umask would
    /// have to change it, for every thread.
    left: Option<u32>,
}

impl Modes {
    pub(super) fn make_directory(&mut self, path: &Path) -> io::Result<()> {
        DirBuilder::new().mode(DIRECTORY).create(path).map_err(|error| named(&error, path))?;
        let left = match self.left {
            Some(left) => left,
            None => *self.left.insert(fs_err::metadata(path)?.permissions().mode() & 0o777),
        };
        if left != DIRECTORY {
            fs_err::set_permissions(path, Permissions::from_mode(DIRECTORY))?;
        }
        Ok(())
    }

    /// Directories stay ours to write in and to remove.
    pub(super) fn set_directory(path: &Path, mode: u32) -> io::Result<()> {
        let mode = mode | 0o700;
        if mode == DIRECTORY {
            return Ok(());
        }
        fs_err::set_permissions(path, Permissions::from_mode(mode))
    }

    pub(super) fn create_file(&self, path: &Path, mode: u32) -> io::Result<fs_err::File> {
        let file = fs_err::OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
        if self.left != Some(DIRECTORY) {
            file.set_permissions(Permissions::from_mode(mode))?;
        }
        Ok(file)
    }
}

/// The error with the path in it, which std leaves out.
fn named(error: &io::Error, path: &Path) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

pub(super) fn symlink(target: &Path, path: &Path) -> io::Result<()> {
    fs_err::os::unix::fs::symlink(target, path)
}

/// A path from an archive: any bytes.
#[expect(clippy::unnecessary_wraps, reason = "not every name is one on Windows")]
pub(super) fn path(bytes: &[u8]) -> io::Result<PathBuf> {
    Ok(PathBuf::from(OsStr::from_bytes(bytes)))
}

/// The bytes of a path, for an archive.
#[expect(clippy::unnecessary_wraps, reason = "not every path is UTF-8 on Windows")]
pub(super) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    Ok(path.as_os_str().as_bytes().to_vec())
}

/// What the system would not take for one plain name; any other rule is the policy's.
pub(super) fn unusable(_component: &[u8]) -> Option<&'static str> {
    None
}

/// Whether a file may be run, as the mode of a packed file says.
pub(super) fn executable(metadata: &std::fs::Metadata) -> bool {
    metadata.permissions().mode() & 0o100 != 0
}
