//! The names in an archive as Unix has them: any bytes.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

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
