//! Paths as bytes, where they are UTF-16: std's encoded form, unpaired surrogates replaced.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// The path these bytes name.
pub(crate) fn path(bytes: &[u8]) -> Cow<'_, Path> {
    Cow::Owned(PathBuf::from(String::from_utf8_lossy(bytes).into_owned()))
}
