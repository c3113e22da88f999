//! What Unix has its own way: how paths are written, how trees are laid out, where settings stand, how errors are numbered.

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
