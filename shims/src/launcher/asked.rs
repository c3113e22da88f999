//! Where a version was asked for, as messages name it: with the line, where there is one.

use alloc::vec::Vec;
use core::fmt;

use crate::shown::Shown;

/// A place somebody wrote a version in, or would have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Typed.
    CommandLine,
    /// A line of a script.
    Script {
        /// The script as named on the command line.
        path: Vec<u8>,
        /// 1 or 2.
        line: usize,
    },
    /// A script's `requires-python`.
    Metadata(Vec<u8>),
    /// A variable of this name.
    Variable(Vec<u8>),
    /// A line of a version file or of a `py.ini`; line 0 where it is not known.
    File {
        /// The file.
        path: Vec<u8>,
        /// Counted from 1.
        line: usize,
    },
    /// Nowhere: any Python would do.
    Nowhere,
}

impl fmt::Display for Asked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandLine => formatter.write_str("the command line"),
            Self::File { path, line: 0 } => Shown(path).fmt(formatter),
            Self::Script { path, line } | Self::File { path, line } => {
                write!(formatter, "{}:{line}", Shown(path))
            }
            Self::Metadata(path) => write!(formatter, "requires-python of {}", Shown(path)),
            Self::Variable(name) => write!(formatter, "{} environment variable", Shown(name)),
            Self::Nowhere => formatter.write_str("nothing"),
        }
    }
}
