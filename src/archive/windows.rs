//! The names in an archive as Windows has them, and those that mean something else there.

use std::io;
use std::path::{Path, PathBuf};

/// A path from an archive: UTF-8, with slashes.
pub(super) fn path(bytes: &[u8]) -> io::Result<PathBuf> {
    match str::from_utf8(bytes) {
        Ok(text) => Ok(text.split('/').collect()),
        Err(error) => Err(io::Error::new(io::ErrorKind::InvalidFilename, error)),
    }
}

/// The bytes of a path, for an archive: UTF-8, with slashes.
pub(super) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    match path.to_str() {
        Some(text) => Ok(text.replace('\\', "/").into_bytes()),
        None => Err(io::Error::new(
            io::ErrorKind::InvalidFilename,
            format!("{} is not Unicode", path.display()),
        )),
    }
}

/// Streams (`a:b`), devices (`NUL`, `com1.txt`), and endings that Windows drops.
pub(super) fn unusable(component: &[u8]) -> Option<&'static str> {
    const DEVICES: [&[u8]; 4] = [b"con", b"prn", b"aux", b"nul"];
    if component.iter().any(|byte| b":*?\"<>|".contains(byte)) {
        return Some("has a character that Windows keeps for itself");
    }
    if component.ends_with(b".") || component.ends_with(b" ") {
        return Some("ends with a dot or a blank");
    }
    let stem = component.split(|byte| *byte == b'.').next().unwrap_or_default();
    let stem = stem.trim_ascii_end().to_ascii_lowercase();
    let port = stem.strip_prefix(b"com").or_else(|| stem.strip_prefix(b"lpt"));
    if DEVICES.contains(&stem.as_slice())
        || port.is_some_and(|number| matches!(number, [b'0'..=b'9']))
    {
        return Some("is a device's");
    }
    None
}
