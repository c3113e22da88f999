//! How Windows writes paths.

/// Between the entries of `PATH`.
pub const LIST_SEPARATOR: u8 = b';';

/// What the names of programs end in.
pub(super) const EXTENSION: &[u8] = b".exe";

/// Whether the byte separates components.
pub const fn is_separator(byte: u8) -> bool {
    byte == b'/' || byte == b'\\'
}

/// Whether the path names a drive and begins at its root, or is a share.
pub const fn is_absolute(path: &[u8]) -> bool {
    match path {
        [letter, b':', slash, ..] => letter.is_ascii_alphabetic() && is_separator(*slash),
        [first, second, ..] => is_separator(*first) && is_separator(*second),
        _ => false,
    }
}

/// How many bytes an absolute path has before its first component: `C:/`, or the two separators of a share.
pub(super) const fn root_length(path: &[u8]) -> usize {
    if matches!(path, [_, b':', ..]) { 3 } else { 2 }
}
