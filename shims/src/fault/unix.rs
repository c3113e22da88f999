//! How Unix numbers what went wrong.

/// The reasons that Linux, macOS and the BSDs number alike.
pub(super) const REASONS: [(i32, &str); 6] = [
    (1, "Operation not permitted"),
    (5, "Input/output error"),
    (12, "Out of memory"),
    (13, "Permission denied"),
    (23, "Too many open files in system"),
    (24, "Too many open files"),
];
