//! Paths as bytes, where they are UTF-16: std's encoded form, unpaired surrogates replaced.

use std::borrow::Cow;
use std::fs::Metadata;
use std::io;
use std::os::windows::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use fs_err::File;
use pyman_shim::FileId;

/// The path these bytes name.
pub fn path(bytes: &[u8]) -> Cow<'_, Path> {
    Cow::Owned(PathBuf::from(String::from_utf8_lossy(bytes).into_owned()))
}

/// Whether this is a file that the system would start.
pub fn executable(file: &Path) -> bool {
    let extension = file.extension().map(|extension| extension.to_ascii_lowercase());
    let started = extension
        .is_some_and(|extension| ["exe", "bat", "cmd"].iter().any(|known| extension == *known));
    started && file.is_file()
}

/// A regular file; none when there is none.
pub fn open_regular(path: &Path) -> io::Result<Option<File>> {
    match fs_err::metadata(path) {
        Ok(found) if found.is_file() => File::open(path).map(Some),
        Ok(_) => Ok(None),
        Err(error) if leads_nowhere(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The error of a link that leads round in a circle: `ERROR_CANT_RESOLVE_FILENAME`.
pub(super) const ENDLESS: i32 = 1921;

/// Whether a path names nothing that could be read.
pub(super) use super::absent as leads_nowhere;

/// Which file this is, as far as std tells without opening it: two files made in the same 100 ns of the same size are
/// taken for one.
pub(super) fn identity(metadata: &Metadata) -> FileId {
    FileId { device: metadata.file_size(), inode: metadata.creation_time() }
}

/// Windows keeps other users out of a home by its own means.
pub(super) fn owned(path: &Path) -> bool {
    path.exists()
}

/// A new file. A user's own directories are closed to other users here.
pub fn create_private(path: &Path) -> io::Result<fs_err::File> {
    fs_err::OpenOptions::new().write(true).create_new(true).open(path)
}

/// Files here inherit what their directory grants.
pub fn as_created(_: &std::fs::File, _: &Path) -> io::Result<()> {
    Ok(())
}

/// Whether we may write to it, as far as its attributes tell.
pub fn writable(path: &Path) -> bool {
    fs_err::metadata(path).is_ok_and(|found| !found.permissions().readonly())
}

/// Windows keeps other users out of a home by its own means.
pub fn open_to_all(_: &Path) -> bool {
    false
}

/// Whose a file is decides nothing here.
pub fn stranger(_: &Path) -> Option<u32> {
    None
}

/// Every file system here keeps locks.
pub fn has_no_locks(_: &io::Error) -> bool {
    false
}
