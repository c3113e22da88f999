//! What the standard library leaves to Windows.

use std::ffi::{OsStr, OsString};
use std::fs::{self, Metadata};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use pyman_shim::FileId;

/// The extensions of what can be run without an interpreter of its own.
const RUNS: [&str; 3] = ["exe", "bat", "cmd"];

/// Paths come from the system or are put together of what did, so they are text but for lone
/// surrogates, of which nothing of ours has a name.
pub(super) fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(OsString::from(String::from_utf8_lossy(bytes).into_owned()))
}

/// A resolved path as people write it.
pub(super) fn plain(path: &[u8]) -> &[u8] {
    path.strip_prefix(br"\\?\").filter(|rest| !rest.starts_with(b"UNC")).unwrap_or(path)
}

/// How a variable's name is compared: in any case.
pub(super) fn variable_name(mut name: Vec<u8>) -> Vec<u8> {
    name.make_ascii_uppercase();
    name
}

/// Which file this is: its resolved path, since the standard library tells no number.
pub(super) fn id(path: &Path, _: &Metadata) -> Option<FileId> {
    let mut hasher = DefaultHasher::new();
    fs::canonicalize(path).ok()?.hash(&mut hasher);
    Some(FileId { device: 0, inode: hasher.finish() })
}

/// Whether it could be run.
pub(super) fn runs(path: &Path, metadata: &Metadata) -> bool {
    let extension = path.extension().map(OsStr::to_ascii_lowercase);
    metadata.is_file()
        && extension.is_some_and(|extension| RUNS.iter().any(|runs| extension == *runs))
}

/// Whether it is this user's: what can be written to below the profile.
pub(super) fn owned(path: &Path) -> bool {
    let profile = std::env::var_os("USERPROFILE").map(PathBuf::from);
    profile.is_some_and(|profile| path.starts_with(profile))
}

/// Runs the command and waits: the system cannot replace a process. Both stand in one console, so
/// an interrupt reaches the command itself.
#[expect(clippy::exit, reason = "a status has 32 bits here, and an ExitCode 8")]
pub(super) fn replace(command: &mut Command) -> io::Result<u8> {
    let code = command.status()?.code().unwrap_or(1);
    std::process::exit(code)
}
