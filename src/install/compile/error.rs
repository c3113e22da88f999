//! Why sources did not become a tree.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::inventory;
use crate::platform::distribution::Need;

/// What stopped a build.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Tools or headers without which the result would be useless.
    #[error("cannot build {name} here: {} missing", listed(missing))]
    Missing {
        /// What was to be built.
        name: String,
        /// What is not there, in words.
        missing: Vec<String>,
        /// What would bring it.
        needs: Vec<Need>,
        /// The command that installs them, when the distribution is known.
        command: Option<String>,
    },
    /// CPython's own build files split paths at blanks.
    #[error("cannot build from source under {}: the path has a blank in it", .0.display())]
    Blank(PathBuf),
    /// A working directory that cannot be written.
    #[error("TMPDIR={} is set to a non-accessible location", .0.display())]
    Temporary(PathBuf),
    /// A working directory from which nothing can be run.
    #[error(
        "TMPDIR={} cannot hold executables (partition possibly mounted with `noexec')",
        .0.display()
    )]
    NoExec(PathBuf),
    /// A working directory that somebody else could change while it is compiled.
    #[error("cannot build in {}: it belongs to another account", .0.display())]
    Foreign(PathBuf),
    /// A directory where sources are to be kept, in which something stands that no build put there.
    #[error("cannot keep sources in {}: what stands there is not a build's, and is left", .0.display())]
    Occupied(PathBuf),
    /// Sources that stand where their copy would be made, or around it.
    #[error("cannot build {} in {}: one is within the other", .sources.display(), .place.display())]
    Within {
        /// The directory that is to be built.
        sources: PathBuf,
        /// Where it would be copied to.
        place: PathBuf,
    },
    /// Another process builds the same there.
    #[error("cannot build in {}: another pyman is building there", .0.display())]
    Busy(PathBuf),
    /// A step ended badly.
    #[error(transparent)]
    Step(Box<Failure>),
    /// A build that ended well, without what nobody can do without.
    #[error("The Python {} extension was not compiled. Missing the {library}?", module)]
    Module {
        /// The module.
        module: &'static str,
        /// What it is made with.
        library: &'static str,
        /// The command that installs that.
        command: Option<String>,
    },
    /// No sources where they were expected.
    #[error("{} holds no CPython sources", .0.display())]
    NoSources(PathBuf),
    /// The disk, or a program that could not be started.
    #[error(transparent)]
    Disk(#[from] io::Error),
    /// The user asked to stop; everything was stopped and removed.
    #[error("interrupted")]
    Interrupted,
}

/// A step that ended badly, and what is left to look at.
#[derive(Debug)]
pub struct Failure {
    /// `configure`, `make`, `make install`, `patch`.
    pub step: String,
    /// How the program ended.
    pub status: String,
    /// The machine, for a report to somebody else.
    pub machine: String,
    /// The log, kept.
    pub log: PathBuf,
    /// Its last lines.
    pub tail: VecDeque<String>,
    /// The working tree, where it was to be kept.
    pub kept: Option<PathBuf>,
}

impl std::error::Error for Failure {}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { step, status, machine, log, tail, kept } = self;
        writeln!(formatter, "BUILD FAILED ({machine}): {step} ended with {status}")?;
        if let Some(kept) = kept {
            writeln!(formatter, "Inspect or clean up the working tree at {}", kept.display())?;
        }
        write!(formatter, "Results logged to {}", log.display())?;
        if !tail.is_empty() {
            write!(formatter, "\n\nLast {} log lines:", tail.len())?;
        }
        tail.iter().try_for_each(|line| write!(formatter, "\n{line}"))
    }
}

impl Error {
    /// The process's exit status for this.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Missing { .. }
            | Self::Blank(_)
            | Self::Step(_)
            | Self::Module { .. }
            | Self::NoSources(_) => 7,
            Self::Temporary(_)
            | Self::NoExec(_)
            | Self::Foreign(_)
            | Self::Occupied(_)
            | Self::Within { .. }
            | Self::Busy(_)
            | Self::Disk(_) => 5,
            Self::Interrupted => 130,
        }
    }

    /// The command that installs what is missing, where one is known.
    pub fn remedy(&self) -> Option<&str> {
        let (Self::Missing { command, .. } | Self::Module { command, .. }) = self else {
            return None;
        };
        command.as_deref()
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Missing { .. } | Self::Module { .. } => {
                self.remedy().map(|command| format!("run `{command}'"))
            }
            Self::Temporary(_) | Self::NoExec(_) => {
                Some("set TMPDIR to a directory you can write and run programs in".to_owned())
            }
            Self::Foreign(_) => Some("set PYMAN_BUILD_ROOT to a directory of your own".to_owned()),
            Self::Occupied(_) => Some("move it away, or name another PYMAN_BUILD_ROOT".to_owned()),
            Self::Within { .. } => {
                Some("copy the sources to a place of their own first".to_owned())
            }
            Self::Busy(_)
            | Self::Blank(_)
            | Self::Step(_)
            | Self::NoSources(_)
            | Self::Interrupted => None,
            Self::Disk(error) => inventory::remedy(error),
        }
    }
}

fn listed(missing: &[String]) -> String {
    let verb = if missing.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", missing.join(", "))
}
