//! What Windows' errors mean, by their numbers.

/// A link that leads round in a circle (`ERROR_CANT_RESOLVE_FILENAME`).
pub(super) const ENDLESS: i32 = 1921;

/// Every file system has locks.
pub(super) const NO_LOCKS: &[i32] = &[];

/// Links that may not be made (`ERROR_PRIVILEGE_NOT_HELD`), or not here (`ERROR_INVALID_FUNCTION`).
pub(super) const NO_LINKS: &[i32] = &[1314, 1];
