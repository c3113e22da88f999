//! Paths as bytes, where they are UTF-16: std's encoded form, unpaired surrogates replaced.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

/// The path these bytes name.
pub fn path(bytes: &[u8]) -> Cow<'_, Path> {
    Cow::Owned(PathBuf::from(String::from_utf8_lossy(bytes).into_owned()))
}

/// A new file. A user's own directories are closed to other users here.
pub fn create_private(path: &Path) -> io::Result<fs_err::File> {
    fs_err::OpenOptions::new().write(true).create_new(true).open(path)
}

/// Files here inherit what their directory grants.
pub fn as_created(_: &std::fs::File, _: &Path) -> io::Result<()> {
    Ok(())
}
