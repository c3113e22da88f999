//! Trees on Windows.

use super::Layout;

impl Layout {
    /// This system's.
    pub const HERE: Self = Self::WINDOWS;
}
