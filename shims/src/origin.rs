//! Why a request is in force: where it was written.

use alloc::vec::Vec;
use core::fmt;

use crate::shown::Shown;

/// Where a selection came from, most binding first. Shown as pyenv shows it: `PYMAN_VERSION environment
/// variable`, or the file's path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Typed on the command line.
    Argument,
    /// The first lines of a script.
    Shebang(Vec<u8>),
    /// The name of a variable.
    Variable(&'static str),
    /// A file found by searching upwards, or a `py.ini`.
    File(Vec<u8>),
    /// `$PYMAN_ROOT/version`, whether it is there or not.
    Global(Vec<u8>),
    /// Nothing says anything: what is on PATH.
    System,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument => formatter.write_str("command line"),
            Self::Variable(name) => write!(formatter, "{name} environment variable"),
            Self::Shebang(path) | Self::File(path) | Self::Global(path) => {
                Shown(path).fmt(formatter)
            }
            Self::System => formatter.write_str("PATH"),
        }
    }
}
