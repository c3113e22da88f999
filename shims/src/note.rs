//! What was noticed on the way to a decision and does not change it: warnings, and lines under `PYMAN_DEBUG`.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::request::Origin;
use crate::shown::{Cut, Shown};
use crate::world::Fault;

/// One remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// An entry that is no name of anything under `versions/` (CVE-2022-35861); the next one counts.
    Refused {
        /// As written.
        entry: Vec<u8>,
        /// Where.
        origin: Origin,
    },
    /// So many more of the same source.
    MoreRefused {
        /// How many.
        count: usize,
        /// Where.
        origin: Origin,
    },
    /// A version file that goes on after as much as is read of one.
    TooLong {
        /// Which.
        origin: Origin,
        /// The line that is cut, from 1.
        line: usize,
        /// In bytes.
        limit: usize,
    },
    /// A file that is there but cannot be read; it is passed over.
    Unreadable {
        /// Which file.
        path: Vec<u8>,
        /// Why.
        fault: Fault,
    },
    /// Something a caller warns of in its own words.
    Warning(String),
    /// A source that does not agree with what was asked for: shown under `PYMAN_DEBUG` only.
    PassedOver {
        /// Which source.
        origin: Origin,
        /// What it would have had to agree with.
        wanted: String,
    },
    /// Any other step of the decision: shown under `PYMAN_DEBUG` only.
    Step(String),
}

impl Note {
    /// Whether it is for the eyes of who asked to see the decision being made.
    pub const fn is_debug(&self) -> bool {
        match self {
            Self::Refused { .. }
            | Self::MoreRefused { .. }
            | Self::TooLong { .. }
            | Self::Unreadable { .. }
            | Self::Warning(_) => false,
            Self::PassedOver { .. } | Self::Step(_) => true,
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { entry, origin } => {
                write!(formatter, "invalid version `{}' ignored in `{origin}'", Cut(entry))
            }
            Self::MoreRefused { count, origin } => {
                write!(formatter, "{count} more invalid versions ignored in `{origin}'")
            }
            Self::TooLong { origin, line, limit } => write!(
                formatter,
                "`{origin}' is longer than {limit} bytes: line {line} and what follows is ignored"
            ),
            Self::Unreadable { path, fault } => {
                write!(formatter, "cannot read `{}': {fault}, passed over", Shown(path))
            }
            Self::PassedOver { origin, wanted } => {
                write!(formatter, "{origin} does not agree with {wanted}, passed over")
            }
            Self::Warning(text) | Self::Step(text) => formatter.write_str(text),
        }
    }
}
