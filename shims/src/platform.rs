//! What each system has its own way: how paths are written, how trees are laid out, where settings stand, how errors are
//! numbered.

#[cfg(unix)]
pub(crate) use unix::{
    EXTENSION, IS_WINDOWS, MACHINE_SETTINGS, OTHER_EXTENSIONS, REASONS, SEPARATOR, USER_SETTINGS,
    root_length,
};
#[cfg(unix)]
pub use unix::{LIST_SEPARATOR, is_absolute, is_separator};
#[cfg(windows)]
pub(crate) use windows::{
    EXTENSION, IS_WINDOWS, MACHINE_SETTINGS, OTHER_EXTENSIONS, REASONS, SEPARATOR, USER_SETTINGS,
    root_length,
};
#[cfg(windows)]
pub use windows::{LIST_SEPARATOR, is_absolute, is_separator};

#[cfg(unix)]
mod unix {
    /// Whether trees are laid out as on Windows.
    pub(crate) const IS_WINDOWS: bool = false;

    /// The variables that name a directory for the user's settings, and where `py.ini` stands below it.
    pub(crate) const USER_SETTINGS: [(&[u8], &[u8]); 2] =
        [(b"XDG_CONFIG_HOME", b"py.ini"), (b"HOME", b".config/py.ini")];

    /// The machine's settings; none where they stand beside the launcher.
    pub(crate) const MACHINE_SETTINGS: Option<&[u8]> = Some(b"/etc/py.ini");

    /// Why something cannot be read, as Linux, macOS and the BSDs number it alike.
    pub(crate) const REASONS: [(i32, &str); 6] = [
        (1, "Operation not permitted"),
        (5, "Input/output error"),
        (12, "Out of memory"),
        (13, "Permission denied"),
        (23, "Too many open files in system"),
        (24, "Too many open files"),
    ];

    /// Between the entries of `PATH`.
    pub const LIST_SEPARATOR: u8 = b':';

    /// What the names of programs end in.
    pub(crate) const EXTENSION: &[u8] = b"";

    /// What else they may end in.
    pub(crate) const OTHER_EXTENSIONS: [&[u8]; 0] = [];

    /// Between the components of a path that we write.
    pub(crate) const SEPARATOR: u8 = b'/';

    /// Whether the byte separates components.
    pub const fn is_separator(byte: u8) -> bool {
        byte == b'/'
    }

    /// Whether the path begins at the root.
    pub const fn is_absolute(path: &[u8]) -> bool {
        matches!(path, [b'/', ..])
    }

    /// How many bytes an absolute path has before its first component.
    pub(crate) const fn root_length(_: &[u8]) -> usize {
        1
    }
}

#[cfg(windows)]
mod windows {
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

    /// What else they may end in.
    pub(crate) const OTHER_EXTENSIONS: [&[u8]; 2] = [b".bat", b".cmd"];

    /// Between the components of a path that we write.
    pub(crate) const SEPARATOR: u8 = b'\\';

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
}
