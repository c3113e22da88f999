//! Trees on Unix.

use super::Layout;

impl Layout {
    /// This system's.
    pub const HERE: Self = Self::UNIX;
}
