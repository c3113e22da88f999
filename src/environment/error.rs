//! Why an environment was not made, moved, mended or found.

use std::io;
use std::path::PathBuf;

use crate::{archive, interpreter, inventory};

/// What can go wrong with an environment.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A path that scripts, activation or `PATH` cannot carry.
    #[error("an environment cannot stand at `{}': {why}", .path.display())]
    Path {
        /// The path, as made absolute.
        path: PathBuf,
        /// What is in the way.
        why: String,
    },
    /// A name that would be taken for something else.
    #[error("`{name}' is no name for an environment: {why}")]
    Name {
        /// As typed.
        name: String,
        /// Why not.
        why: &'static str,
    },
    /// Something that is neither empty nor an environment stands where one is to be made.
    #[error("`{}' exists and is no environment", .0.display())]
    Occupied(PathBuf),
    /// A list of requirements that pyman did not write stands where it is to write one.
    #[error("`{}' exists, and pyman did not write it", .0.display())]
    Listed(PathBuf),
    /// Something stands where an environment is to be moved or copied.
    #[error("`{}' exists already", .0.display())]
    Exists(PathBuf),
    /// A link stands where an environment is to be made.
    #[error("`{}' is a link, through which pyman makes and removes nothing", .0.display())]
    Link(PathBuf),
    /// A name in `versions/` that leads to an environment which pyman did not make: it goes by its path alone.
    #[error("`{name}' leads to {}, which pyman did not make", .directory.display())]
    Adopted {
        /// As typed.
        name: String,
        /// Where it leads.
        directory: PathBuf,
    },
    /// A link stands within an environment where one of its directories belongs.
    #[error("{} is a link, through which pyman writes nothing", .link.display())]
    LinkWithin {
        /// The link.
        link: PathBuf,
        /// The environment.
        environment: PathBuf,
    },
    /// An environment of another version stands there.
    #[error("`{}' exists and is an environment of Python {found}, not {wanted}", .path.display())]
    OtherVersion {
        /// Where.
        path: PathBuf,
        /// What it is.
        found: String,
        /// What was asked for.
        wanted: String,
    },
    /// A command that wants an environment was given something else.
    #[error("`{}' is no environment", .0.display())]
    NoEnvironment(PathBuf),
    /// The environment that is active may not go.
    #[error("`{}' is the active environment", .0.display())]
    Active(PathBuf),
    /// What an environment stood on, or is to stand on, is not there.
    #[error("there is no Python at `{}'", .0.display())]
    NoPython(PathBuf),
    /// A version that nothing installed answers.
    #[error("version `{request}' is not installed; {instead}")]
    NotInstalled {
        /// As asked for.
        request: String,
        /// What is installed.
        instead: String,
        /// What `pyman install` takes for it, where there is such a release.
        install: Option<String>,
    },
    /// A Python for which environments are made in a way that is not ours.
    #[error("no environment can be made for {0}")]
    Unsupported(String),
    /// No wheel of what a new environment begins with.
    #[error(
        "there is no {package} for Python {version}: the base brings none, and none could be downloaded"
    )]
    NoWheel {
        /// `pip` or `setuptools`.
        package: &'static str,
        /// X.Y.
        version: String,
        /// The command that makes the environment without it.
        hint: String,
    },
    /// A wheel that is none.
    #[error("{} is no wheel that can be used: {reason}", .path.display())]
    Wheel {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A bundle that cannot be made, read or used here.
    #[error("the bundle cannot be used: {0}")]
    Bundle(String),
    /// A file of requirements that was asked for is not there.
    #[error("there is no file of requirements `{}'", .0.display())]
    NoRequirements(PathBuf),
    /// pip's configuration is not as it can be edited.
    #[error("{}: {reason}", .file.display())]
    Configuration {
        /// Which file.
        file: PathBuf,
        /// What is in the way.
        reason: String,
    },
    /// An archive could not be unpacked or packed.
    #[error(transparent)]
    Archive(#[from] archive::Error),
    /// An executable that is to be the base did not answer.
    #[error(transparent)]
    Interpreter(#[from] interpreter::Error),
    /// What is installed.
    #[error(transparent)]
    Inventory(#[from] inventory::Error),
    /// The disk.
    #[error(transparent)]
    Disk(#[from] io::Error),
    /// The user asked to stop.
    #[error("interrupted")]
    Interrupted,
}

impl Error {
    /// What may be done about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Occupied(_) | Self::Exists(_) => {
                Some("choose another place, or remove what stands there".into())
            }
            Self::Listed(_) => Some("choose another directory, or let `-f` overwrite it".into()),
            Self::Adopted { directory, .. } => {
                Some(format!("name it by its path: {}", crate::quote::shown(directory)))
            }
            Self::Link(_) => Some("name the place that it leads to, or remove the link".into()),
            Self::LinkWithin { environment, .. } => {
                Some(format!("run `pyman doctor {}`", crate::quote::shown(environment)))
            }
            Self::OtherVersion { .. } => Some("`--clear` makes it anew".into()),
            Self::NotInstalled { install, .. } => install.as_ref().map(|request| {
                format!(
                    "run `pyman install {request}' first; `pyman venv create --install' does it by itself"
                )
            }),
            Self::Active(_) => Some("run `deactivate` first".into()),
            Self::NoWheel { hint, .. } => Some(hint.clone()),
            Self::Archive(error) => error.hint(),
            Self::Interpreter(error) => error.hint(),
            Self::Inventory(error) => error.hint(),
            Self::Disk(error) if crate::disk::is_linked(error) => Some("run `pyman doctor`".into()),
            Self::Disk(error) if error.kind() == io::ErrorKind::StorageFull => {
                Some("free some space on that disk, then run the same command again".into())
            }
            Self::Path { .. }
            | Self::Name { .. }
            | Self::NoEnvironment(_)
            | Self::NoPython(_)
            | Self::Unsupported(_)
            | Self::Wheel { .. }
            | Self::Bundle(_)
            | Self::NoRequirements(_)
            | Self::Configuration { .. }
            | Self::Disk(_)
            | Self::Interrupted => None,
        }
    }

    /// Whether it is a link that was refused.
    pub fn is_linked(&self) -> bool {
        match self {
            Self::Link(_) | Self::LinkWithin { .. } => true,
            Self::Disk(error) => crate::disk::is_linked(error),
            _ => false,
        }
    }

    /// The exit status it leads to: 1 could not, 2 not understood, 3 network, 4 hostile, 5 disk, 130 interrupted.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Path { .. } | Self::Name { .. } => 2,
            Self::Occupied(_)
            | Self::Exists(_)
            | Self::Listed(_)
            | Self::Link(_)
            | Self::Adopted { .. }
            | Self::OtherVersion { .. }
            | Self::NoEnvironment(_)
            | Self::Active(_)
            | Self::NoPython(_)
            | Self::NotInstalled { .. }
            | Self::Unsupported(_)
            | Self::NoRequirements(_)
            | Self::Configuration { .. } => 1,
            Self::NoWheel { .. } => 3,
            Self::Wheel { .. } | Self::Bundle(_) => 4,
            Self::Archive(error) => error.exit_code(),
            Self::Interpreter(error) => error.exit_code(),
            Self::Inventory(error) => error.exit_code(),
            Self::Disk(_) | Self::LinkWithin { .. } => 5,
            Self::Interrupted => 130,
        }
    }
}
