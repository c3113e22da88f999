//! How a release was built: as usual, free-threaded or with debugging checks.

use core::fmt;

/// The variant of a build; the tag of an installation is its version followed by this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Variant {
    /// The ordinary build.
    #[default]
    Default,
    /// Without the global interpreter lock (PEP 703): `3.13.0t`.
    FreeThreaded,
    /// `--with-pydebug`: `3.13.0d`, and `3.13.0-debug` as a directory.
    Debug,
}

impl Variant {
    /// The letter that follows the version in a tag: empty, `t` or `d`.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Default => "",
            Self::FreeThreaded => "t",
            Self::Debug => "d",
        }
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.suffix())
    }
}
