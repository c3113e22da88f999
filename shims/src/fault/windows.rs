//! How Windows numbers what went wrong.

/// What people read for them.
pub(super) const REASONS: [(i32, &str); 3] =
    [(4, "Too many open files"), (5, "Permission denied"), (32, "Used by another process")];
