//! Why an executable did not answer.

use std::io;
use std::path::PathBuf;

/// What went wrong when an executable was asked what it is.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It could not be started: not there, not executable, of another architecture.
    #[error("{} cannot be run: {source}", .path.display())]
    NotRunnable {
        /// What was to be run.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It ran, and said something else or nothing.
    #[error("{} is no Python interpreter{}", .path.display(), after(said))]
    NoAnswer {
        /// What was run.
        path: PathBuf,
        /// The last line that it wrote to stderr.
        said: String,
    },
    /// It was still running after the time an interpreter may take to start.
    #[error("{} gives no answer within {seconds} s", .path.display())]
    Slow {
        /// What was run.
        path: PathBuf,
        /// How long it was waited for.
        seconds: u64,
    },
    /// The user asked to stop.
    #[error("interrupted")]
    Interrupted,
}

impl Error {
    /// What may be done about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoAnswer { said, .. } if said.contains("shared librar") => {
                Some("a library it needs is missing, or it was moved without its own".into())
            }
            Self::NotRunnable { .. }
            | Self::NoAnswer { .. }
            | Self::Slow { .. }
            | Self::Interrupted => None,
        }
    }

    /// The exit status it leads to: 1 could not, 130 interrupted.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::NotRunnable { .. } | Self::NoAnswer { .. } | Self::Slow { .. } => 1,
            Self::Interrupted => 130,
        }
    }
}

fn after(line: &str) -> String {
    if line.is_empty() { String::new() } else { format!(": {line}") }
}
