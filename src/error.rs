//! Whatever can go wrong, one variant a room; the status it ends with, and the hints that help.

mod manager;

use std::io;
use std::path::{Path, PathBuf};

use crate::interpreter::{self, link};
use crate::{
    archive, catalogue, disk, environment, fetch, install, inventory, plugin, rehash, settings,
    shell,
};

pub(crate) use manager::Refused;

/// An error as the command line reports it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The settings file or a variable.
    #[error(transparent)]
    Settings(#[from] settings::Error),
    /// Which Python runs.
    #[error(transparent)]
    Selection(#[from] pyman_shim::Error),
    /// What was typed is not installed.
    #[error("version `{}' not installed", fetch::word(request))]
    NotInstalled {
        /// As typed.
        request: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// PATH has no Python that is not ours.
    #[error("system version not found in PATH")]
    NoSystemPython,
    /// A version has no such command.
    #[error("{command}: command not found in {version}")]
    NoSuchProgram {
        /// The command.
        command: String,
        /// The version, as typed.
        version: String,
    },
    /// The tool to take over from has nothing here.
    #[error("{tool} has nothing at {}", place.display())]
    NothingToImport {
        /// The tool.
        tool: &'static str,
        /// Where it would have it.
        place: PathBuf,
    },
    /// An argument, a variable or a setting that says nothing we know.
    #[error("{0}")]
    NotUnderstood(String),
    /// The catalogue, or what was asked of it.
    #[error(transparent)]
    Catalogue(#[from] catalogue::Error),
    /// A plugin or a hook.
    #[error(transparent)]
    Plugin(#[from] plugin::Error),
    /// The network, or what came over it.
    #[error(transparent)]
    Fetch(#[from] fetch::Error),
    /// An installation that did not come about, or did not go.
    #[error(transparent)]
    Install(#[from] install::Error),
    /// The shims.
    #[error(transparent)]
    Rehash(#[from] rehash::Error),
    /// A shell or its start-up files.
    #[error(transparent)]
    Shell(#[from] shell::Error),
    /// An archive that was not unpacked, or a tree that was not packed.
    #[error(transparent)]
    Archive(#[from] archive::Error),
    /// A virtual environment.
    #[error(transparent)]
    Environment(#[from] environment::Error),
    /// What is installed, or a lock on it.
    #[error(transparent)]
    Inventory(#[from] inventory::Error),
    /// An executable that did not answer.
    #[error(transparent)]
    Interpreter(#[from] interpreter::Error),
    /// An interpreter that does not become a version, or a version that is none.
    #[error(transparent)]
    Link(#[from] link::Error),
    /// The program itself, which was not renewed or taken off.
    #[error(transparent)]
    Manager(#[from] Refused),
    /// What was to be run cannot be.
    #[error("cannot run {}", program.display())]
    NotRunnable {
        /// The program.
        program: PathBuf,
        /// Whether it is there at all.
        found: bool,
        /// What the system said.
        source: io::Error,
    },
    /// The disk.
    #[error(transparent)]
    Disk(#[from] io::Error),
    /// stdout or stderr would not take what was written.
    #[error("cannot write the output: {0}")]
    Output(io::Error),
    /// No place for the root.
    #[error("the home directory is unknown")]
    NoHome,
    /// The command acts on the calling shell, and the shell has not loaded our function.
    #[error("shell integration not enabled. Run `pyman init' for instructions.")]
    NoShellIntegration,
    /// A file that was to be installed is of no kind that can be.
    #[error("{} is neither an archive nor a file of catalogue rows", .0.display())]
    Definition(PathBuf),
    /// An installer script of a release that no row describes.
    #[error("no release is known to have the installer {0}")]
    Installer(String),
    /// The first word is no command.
    #[error("no such command `{}'", fetch::word(name))]
    NoSuchCommand {
        /// What was typed.
        name: String,
        /// What was probably meant.
        hints: Vec<String>,
    },
}

impl Error {
    /// The first line on stderr, the program's name included.
    pub fn line(&self) -> String {
        match self {
            // The whole line is python-build's, and scripts know it.
            Self::Catalogue(error @ catalogue::Error::Unknown { .. }) => error.to_string(),
            error => format!("pyman: {}", error.with_causes()),
        }
    }

    /// The link that was refused, where that is what is wrong.
    pub(crate) fn linked(&self) -> Option<&Path> {
        self.disk().and_then(disk::linked)
    }

    /// Whether a disk has no room.
    pub(crate) fn is_full(&self) -> bool {
        self.disk().is_some_and(disk::is_full)
    }

    /// What the system said of a disk, where that is what is wrong.
    fn disk(&self) -> Option<&io::Error> {
        let (Self::Disk(error)
        | Self::Environment(
            environment::Error::Disk(error)
            | environment::Error::Inventory(inventory::Error::Disk(error)),
        )
        | Self::Install(
            install::Error::Disk(error) | install::Error::Inventory(inventory::Error::Disk(error)),
        )
        | Self::Inventory(inventory::Error::Disk(error))) = self
        else {
            return None;
        };
        Some(error)
    }

    /// The message and what lies behind it: errors of files name the path, and leave the reason to their cause.
    pub fn with_causes(&self) -> String {
        let plain = |text: String| text.replacen("failed to ", "cannot ", 1);
        let mut text = plain(self.to_string());
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            let reason = plain(error.to_string());
            if !text.contains(&reason) {
                text.extend([": ", &reason]);
            }
            cause = error.source();
        }
        text
    }

    /// What to do about it, a command where there is one.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Settings(_)
            | Self::Plugin(_)
            | Self::Output(_)
            | Self::NoSystemPython
            | Self::NotRunnable { .. }
            | Self::NothingToImport { .. }
            | Self::NoSuchProgram { .. }
            | Self::NotUnderstood(_)
            | Self::NoShellIntegration => Vec::new(),
            Self::Disk(error) => {
                disk::is_linked(error).then(|| "run `pyman doctor'".to_owned()).into_iter().collect()
            }
            Self::Selection(error) => error.hints(),
            Self::NotInstalled { hint, .. } => hint.iter().cloned().collect(),
            Self::Fetch(error) => error.hint().into_iter().collect(),
            Self::Install(error) => error.hint().into_iter().collect(),
            Self::Environment(error) => error.hint().into_iter().collect(),
            Self::Inventory(error) => error.hint().into_iter().collect(),
            Self::Catalogue(error) => error.hints(),
            Self::Rehash(error) => error.hint().into_iter().collect(),
            Self::Archive(error) => error.hint().into_iter().collect(),
            Self::Interpreter(error) => error.hint().into_iter().collect(),
            Self::Link(error) => error.hint().into_iter().collect(),
            Self::Shell(error) => error.hint().into_iter().collect(),
            Self::Manager(error) => error.hint().into_iter().collect(),
            Self::Definition(_) => vec![
                "python-build's definitions are programs for bash, which pyman does not run: name the version itself".to_owned(),
            ],
            Self::Installer(_) => vec![
                "run `pyman update', or name a file of catalogue rows that has it".to_owned(),
            ],
            Self::NoHome => vec!["set HOME, or PYMAN_ROOT to an absolute directory".to_owned()],
            Self::NoSuchCommand { hints, .. } => hints.clone(),
        }
    }

    /// The process's status: 1 could not, 2 not understood, 3 network, 4 digest or hostile archive,
    /// 5 disk or permission, 7 a build from source failed, 126/127 not runnable or not found.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Settings(_)
            | Self::NotUnderstood(_)
            | Self::Definition(_)
            | Self::Installer(_) => 2,
            Self::Selection(error) => error.exit_code(),
            Self::NotRunnable { found: true, .. } => 126,
            Self::NotRunnable { found: false, .. } | Self::NoSuchProgram { .. } => 127,
            Self::Fetch(error) => error.exit_code(),
            Self::Catalogue(error) => error.exit_code(),
            Self::Install(error) => error.exit_code(),
            Self::Environment(error) => error.exit_code(),
            Self::Inventory(error) => error.exit_code(),
            Self::Rehash(error) => error.exit_code(),
            Self::Archive(error) => error.exit_code(),
            Self::Interpreter(error) => error.exit_code(),
            Self::Link(error) => error.exit_code(),
            Self::Shell(error) => error.exit_code(),
            Self::Manager(error) => error.exit_code(),
            Self::Plugin(_)
            | Self::NotInstalled { .. }
            | Self::NothingToImport { .. }
            | Self::NoSystemPython
            | Self::NoHome
            | Self::NoShellIntegration
            | Self::NoSuchCommand { .. } => 1,
            Self::Disk(_) | Self::Output(_) => 5,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The statuses of the manual's table, each with what it means.
    fn documented() -> BTreeSet<u8> {
        let rows =
            include_str!("../docs/settings.md").lines().filter_map(|line| line.strip_prefix("| "));
        rows.filter_map(|row| row.split(' ').next()?.parse().ok()).collect()
    }

    #[test]
    fn every_error_ends_with_the_status_that_the_manual_says() {
        let unserved = || fetch::Error::Unserved { file: "x".to_owned(), attempts: Vec::new() };
        let room = install::Error::Room {
            name: "3.12.1".to_owned(),
            place: PathBuf::from("/"),
            needed: 2,
            free: 1,
        };
        let table: Vec<(u8, Error)> = vec![
            (1, Error::NotInstalled { request: "3.12".to_owned(), hint: None }),
            (1, Error::NoSystemPython),
            (1, Error::NoShellIntegration),
            (1, Error::NoSuchCommand { name: "x".to_owned(), hints: Vec::new() }),
            (1, install::Error::Exists(PathBuf::from("/x")).into()),
            (2, Error::NotUnderstood("x".to_owned())),
            (2, install::Error::Nothing("3.99".to_owned()).into()),
            (3, unserved().into()),
            (3, install::Error::from(unserved()).into()),
            (4, install::Error::NoInterpreter("x".to_owned()).into()),
            (5, io::Error::other("x").into()),
            (5, room.into()),
            (5, Error::Output(io::Error::other("x"))),
            (126, not_runnable(true)),
            (127, not_runnable(false)),
            (130, install::Error::Interrupted.into()),
        ];
        let documented = documented();
        for (status, error) in &table {
            assert_eq!(error.exit_code(), *status, "{error}");
            assert!(documented.contains(status), "{status} is not in the manual");
        }
        // 0 is no error; 6 and 7 are those of locks and compilers; those of `py` and of signals never get here.
        let said: BTreeSet<u8> = table.iter().map(|(status, _)| *status).collect();
        let elsewhere = [0, 6, 7, 101, 103, 112, 129, 143];
        let all: BTreeSet<u8> = said.into_iter().chain(elsewhere).collect();
        assert_eq!(all, documented);
    }

    fn not_runnable(found: bool) -> Error {
        Error::NotRunnable { program: PathBuf::from("/x"), found, source: io::Error::other("x") }
    }
}
