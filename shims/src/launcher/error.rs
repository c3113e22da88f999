//! Why `py` runs nothing: what was asked for, where, and what there is instead.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::tag::Asked;
use crate::missing::{NotInstalled, Why, tell};
use crate::name::Name;
use crate::request::Origin;
use crate::request::{PreReleases, Request, Wanted};
use crate::shown::Shown;

/// The launcher has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// No Python here is what was asked for.
    NoMatch(Box<NoMatch>),
    /// What a script's first line or `py.ini` names is not there, or cannot be run.
    CannotStart {
        /// The program.
        program: Vec<u8>,
        /// Where it is named.
        asked: Asked,
    },
    /// A sub-command wants the manager, and it is not where it belongs.
    NoManager {
        /// Where it was looked for last.
        expected: Vec<u8>,
    },
    /// The resolver's own: no root, no such `PYMAN_DIR`, managers that call each other.
    Resolver(crate::Error),
}

/// What was asked for, and what there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoMatch {
    /// What was asked for, as far as it was understood.
    pub request: Request,
    /// The same as written, with all that narrows it; empty for any Python.
    pub wanted: Vec<u8>,
    /// What is the matter with it.
    pub why: Why,
    /// Whether a script's metadata made it narrower than what was asked for.
    pub narrowed: bool,
    /// Where.
    pub asked: Asked,
    /// The names of what is installed.
    pub installed: Vec<Vec<u8>>,
    /// Whether there is any Python, installed or on PATH.
    pub any: bool,
}

impl NoMatch {
    /// Whether what was asked for is installed, but for what else narrows it.
    fn is_installed(&self) -> bool {
        let names = self.installed.iter().map(|name| Name::parse(name));
        !self.wanted.is_empty()
            && !self.request.candidates(names, PreReleases::LastResort).is_empty()
    }
}

impl Error {
    /// The status to end with: 103 for no match, 112 for no Python at all, 101 for what cannot be started.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::NoMatch(found) if found.any => 103,
            Self::NoMatch(_) => 112,
            Self::CannotStart { .. } | Self::NoManager { .. } => 101,
            Self::Resolver(error) => error.exit_code(),
        }
    }

    /// What to do about it.
    pub fn hints(&self) -> Vec<String> {
        match self {
            // Nothing newer mends what a script's own bounds or another architecture keep out.
            Self::NoMatch(found) if found.narrowed || found.is_installed() => Vec::new(),
            Self::NoMatch(found) => {
                let any = found.wanted.is_empty();
                let request = if any { b"3" } else { found.request.text() }.to_vec();
                let missing = NotInstalled { request, origin: Origin::Argument, why: found.why };
                missing.hint(&found.installed).into_iter().collect()
            }
            Self::CannotStart { asked: Asked::Script { path, .. }, .. } => {
                [format!("run `py -3 {}' to pass over that line", Shown(path))].into()
            }
            Self::CannotStart { .. } => Vec::new(),
            Self::NoManager { .. } => ["run `pyman setup` again".to_string()].into(),
            Self::Resolver(error) => error.hints(),
        }
    }

    /// The version that may be installed for this, and what must be allowed for it: only what was typed or stands in a
    /// shebang, never what a file says.
    pub(super) fn installable(&self) -> Option<(&[u8], &Asked)> {
        let Self::NoMatch(found) = self else { return None };
        let version = matches!(
            found.request.wanted(),
            Wanted::Series { .. } | Wanted::Specifier { .. } | Wanted::Stem(_)
        );
        let named = matches!(found.asked, Asked::CommandLine | Asked::Script { .. });
        (version && named && !found.narrowed && !found.wanted.is_empty())
            .then(|| (found.request.text(), &found.asked))
    }

    /// Everything for standard error, the newline at the end included.
    pub fn report(&self) -> String {
        let mut report = format!("py: {self}\n");
        for hint in self.hints() {
            report.push_str("hint: ");
            report.push_str(&hint);
            report.push('\n');
        }
        report
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMatch(found) if found.wanted.is_empty() => {
                formatter.write_str("no Python is installed")
            }
            Self::NoMatch(found) => tell(formatter, &found.wanted, found.why, Some(&found.asked)),
            Self::CannotStart { program, asked } => {
                write!(formatter, "cannot run `{}' (set by {asked})", Shown(program))
            }
            Self::NoManager { expected } => {
                write!(formatter, "pyman is not at {}", Shown(expected))
            }
            Self::Resolver(error) => error.fmt(formatter),
        }
    }
}

impl core::error::Error for Error {}

impl From<crate::Error> for Error {
    fn from(error: crate::Error) -> Self {
        Self::Resolver(error)
    }
}
