//! How a command ends.

/// How a command ended, as the process's exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Status(u8);

impl Status {
    pub(crate) const SUCCESS: Self = Self(0);
    /// Could not, and what there is to say has been said.
    pub(crate) const FAILURE: Self = Self(1);

    pub(crate) const fn new(code: u8) -> Self {
        Self(code)
    }

    /// 128 + the signal that asked to stop; 0 is none.
    pub(crate) fn of_signal(signal: usize) -> Option<Self> {
        (signal != 0).then(|| Self(u8::try_from(128 + signal).unwrap_or(u8::MAX)))
    }

    pub(crate) const fn code(self) -> u8 {
        self.0
    }

    /// The one to report of two: the greater.
    pub(crate) fn worst(self, other: Self) -> Self {
        Self(self.0.max(other.0))
    }
}
