//! What Windows has its own way: how paths are written, how trees are laid out, where settings stand, how errors are
//! numbered.

/// Whether trees are laid out as on Windows.
pub(crate) const IS_WINDOWS: bool = true;

/// The variables that name a directory for the user's settings, and where `py.ini` stands below it.
pub(crate) const USER_SETTINGS: [(&[u8], &[u8]); 1] = [(b"LOCALAPPDATA", b"py.ini")];

/// The machine's settings; none where they stand beside the launcher.
pub(crate) const MACHINE_SETTINGS: Option<&[u8]> = None;

/// What people read for its numbers of what went wrong.
pub(crate) const REASONS: [(i32, &str); 3] =
    [(4, "Too many open files"), (5, "Permission denied"), (32, "Used by another process")];

/// Between the entries of `PATH`.
pub const LIST_SEPARATOR: u8 = b';';

/// What the names of programs end in.
pub(crate) const EXTENSION: &[u8] = b".exe";

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
pub(crate) const fn root_length(path: &[u8]) -> usize {
    if matches!(path, [_, b':', ..]) { 3 } else { 2 }
}
