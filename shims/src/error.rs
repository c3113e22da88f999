//! Why nothing can run, with the exit status and what helps.
//!
//! [`Error::report`] is the one place that puts them together: the shim and `pyman which` print the same bytes.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::missing::{Detail, NotFound, NotInstalled};
use crate::shown::{Cut, Shown};

/// Why the resolver has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// Neither `PYMAN_ROOT` nor a home directory says where pyman keeps its things.
    NoRoot,
    /// `PYMAN_DIR` names no directory.
    NoDirectory(Vec<u8>),
    /// What was typed is there and may not be used, or says nothing.
    Unusable(NotInstalled),
    /// The command is in no version in force, and not on PATH where that was searched.
    NotFound(Box<NotFound>),
    /// Two managers' shims call each other.
    Chain {
        /// The shim that was called.
        shim: Vec<u8>,
        /// What it found on PATH, again and again.
        found: Vec<u8>,
    },
}

impl Error {
    /// The status to end with: 127 for a command that is not found, 1 otherwise.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::NoRoot | Self::NoDirectory(_) | Self::Unusable(_) => 1,
            Self::NotFound(_) | Self::Chain { .. } => 127,
        }
    }

    /// What to do about it.
    pub fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::NoRoot => Some("set PYMAN_ROOT to an absolute path, or HOME".to_string()),
            Self::NoDirectory(_) => Some("run `unset PYMAN_DIR`".to_string()),
            Self::Unusable(typed) => typed.hint(&[]),
            Self::NotFound(found) => return found.hints(),
            Self::Chain { found, .. } => Some(format!(
                "take the directory of {} out of PATH, or put it behind the Python that is to run",
                Shown(found)
            )),
        };
        hint.into_iter().collect()
    }

    /// Everything for standard error, the newline at the end included.
    pub fn report(&self) -> String {
        let mut report = format!("pyman: {self}\n");
        for hint in self.hints() {
            report.push_str("hint: ");
            report.push_str(&hint);
            report.push('\n');
        }
        report
    }

    /// The same error, of which so much is told.
    #[must_use]
    pub fn told(mut self, detail: Detail) -> Self {
        if let Self::NotFound(found) = &mut self {
            found.detail = detail;
        }
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRoot => {
                formatter.write_str("cannot tell where the versions are: HOME is not set")
            }
            Self::NoDirectory(directory) => {
                write!(formatter, "cannot change working directory to `{}'", Cut(directory))
            }
            Self::Unusable(typed) => typed.fmt(formatter),
            Self::NotFound(found) => found.fmt(formatter),
            Self::Chain { shim, found } => {
                write!(formatter, "{} and {} call each other", Shown(shim), Shown(found))
            }
        }
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Origin;

    #[test]
    fn a_missing_pin_takes_three_lines_and_which_says_more() {
        let pin = || {
            let origin = Origin::File(b"/home/ada/engine/.python-version".to_vec());
            Error::NotFound(Box::new(NotFound {
                command: b"to\x1bol".to_vec(),
                missing: [NotInstalled::new(b"3.13".to_vec(), origin)].to_vec(),
                pinned: true,
                having: [b"3.12.7".to_vec()].to_vec(),
                newest: Some(b"3.12.7".to_vec()),
                installed: [b"3.12.7".to_vec()].to_vec(),
                refused: None,
                detail: Detail::Hints,
            }))
        };
        let lines = "pyman: version `3.13' is not installed (set by /home/ada/engine/.python-version)\n\
                     pyman: to\\u{1b}ol: command not found\n";
        let list = "\nThe `to\\u{1b}ol' command exists in these Python versions:\n  3.12.7\n\n\
                    Note: See 'pyman help global' for tips on allowing multiple\n      \
                    Python versions to be found at the same time.\n";
        let hint = "hint: run `pyman install 3.13`, or pick one of the installed: 3.12.7\n";
        assert_eq!(pin().told(Detail::Lines).report(), lines);
        assert_eq!(pin().report(), format!("{lines}{hint}"));
        assert_eq!(pin().told(Detail::All).report(), format!("{lines}{list}{hint}"));
    }

    #[test]
    fn faults_of_the_surroundings_are_status_one() {
        let directory = Error::NoDirectory(b"/gone".to_vec());
        assert_eq!((Error::NoRoot.exit_code(), directory.exit_code()), (1, 1));
        assert!(
            directory.report().starts_with("pyman: cannot change working directory to `/gone'\n")
        );
    }
}
