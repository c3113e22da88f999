//! What the standard library leaves to Unix: macOS, the BSDs, Linux on other processors.

use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use pyman_shim::FileId;

/// Bytes are a path, whatever they are.
pub(super) fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(OsStr::from_bytes(bytes))
}

/// A resolved path as people write it.
pub(super) const fn plain(path: &[u8]) -> &[u8] {
    path
}

/// How a variable's name is compared.
pub(super) const fn variable_name(name: Vec<u8>) -> Vec<u8> {
    name
}

/// Which file this is.
#[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
pub(super) fn id(_: &Path, metadata: &Metadata) -> Option<FileId> {
    Some(FileId { device: metadata.dev(), inode: metadata.ino() })
}

/// Whether it could be run.
pub(super) fn runs(_: &Path, metadata: &Metadata) -> bool {
    metadata.is_file() && metadata.permissions().mode() & 0o111 != 0
}

/// Whether it is this user's: as far as the standard library can tell, the owner of the home.
pub(super) fn owned(path: &Path) -> bool {
    let owner = |path: &Path| fs::metadata(path).map(|metadata| metadata.uid());
    let home = std::env::var_os("HOME").map(PathBuf::from);
    home.is_some_and(|home| matches!((owner(path), owner(&home)), (Ok(a), Ok(b)) if a == b))
}

/// Becomes the command. Returns only if that was not possible.
pub(super) fn replace(command: &mut Command) -> io::Result<u8> {
    Err(command.exec())
}
