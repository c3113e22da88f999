//! How Unix writes paths.

/// Between the entries of `PATH`.
pub const LIST_SEPARATOR: u8 = b':';

/// What the names of programs end in.
pub(super) const EXTENSION: &[u8] = b"";

/// Whether the byte separates components.
pub const fn is_separator(byte: u8) -> bool {
    byte == b'/'
}

/// Whether the path begins at the root.
pub const fn is_absolute(path: &[u8]) -> bool {
    matches!(path, [b'/', ..])
}

/// How many bytes an absolute path has before its first component.
pub(super) const fn root_length(_: &[u8]) -> usize {
    1
}
