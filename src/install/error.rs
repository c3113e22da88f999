//! Why a build did not become an installation, or an installation did not go.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use super::compile;
use crate::{archive, disk, fetch, inventory, quote};

/// What stopped an installation.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The bytes could not be had.
    #[error(transparent)]
    Fetch(#[from] fetch::Error),
    /// The archive was refused, or cannot be written out.
    #[error(transparent)]
    Archive(#[from] archive::Error),
    /// The sources could not be compiled.
    #[error(transparent)]
    Compile(#[from] compile::Error),
    /// A lock or a receipt.
    #[error(transparent)]
    Inventory(#[from] inventory::Error),
    /// The disk.
    #[error(transparent)]
    Disk(#[from] io::Error),
    /// The disk has no room for what would be written.
    #[error(
        "{name} needs about {}, and {} has {} free",
        disk::Bytes(*needed), place.display(), disk::Bytes(*free)
    )]
    Room {
        /// The release.
        name: String,
        /// Where it would be written.
        place: PathBuf,
        /// How many bytes, at the least.
        needed: u64,
        /// How many there are.
        free: u64,
    },
    /// Something stands where the installation belongs.
    #[error("{} already exists", .0.display())]
    Exists(PathBuf),
    /// A directory that is to be replaced holds something else than what was installed into it.
    #[error("{} is no installation of pyman's, which alone it replaces", .0.display())]
    Occupied(PathBuf),
    /// The tree has no interpreter in its `bin/`.
    #[error("{0} holds no Python interpreter")]
    NoInterpreter(String),
    /// The interpreter of the tree does not run here, or is not what was asked for.
    #[error("the interpreter of {source_name} {why}")]
    Unusable {
        /// The archive or directory it came from.
        source_name: String,
        /// What it does instead.
        why: String,
    },
    /// There is nothing to install from.
    #[error("no build of {0} is known")]
    Nothing(String),
    /// No Python can stand at such a path.
    #[error("cannot be installed under {}: the path {why}", prefix.display())]
    Prefix {
        /// Where it was to stand.
        prefix: PathBuf,
        /// What is wrong with that.
        why: &'static str,
    },
    /// An installer script ended badly.
    #[error("{name}: the installer ended with {status}\n{said}")]
    Installer {
        /// The release.
        name: String,
        /// How it ended.
        status: String,
        /// Its last lines.
        said: String,
    },
    /// What stands among a version's environments and is none.
    #[error("`{}' is no environment: {} stays", name.display(), place.display())]
    NoEnvironment {
        /// What it was called.
        name: OsString,
        /// Where it is.
        place: PathBuf,
    },
    /// What was to go stands in a tree that is only linked here.
    #[error("`{}' stands in {}, which is only linked here", name.display(), tree.display())]
    Foreign {
        /// As it was asked for.
        name: OsString,
        /// The tree.
        tree: PathBuf,
    },
    /// What was to go is for conda to remove.
    #[error("`{}' is conda's, which alone changes it", name.display())]
    OfConda {
        /// As it was asked for.
        name: OsString,
        /// Where it stands.
        prefix: PathBuf,
    },
    /// The user asked to stop.
    #[error("interrupted")]
    Interrupted,
}

impl Error {
    /// The process's exit status for this.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Fetch(error) => error.exit_code(),
            Self::Archive(error) => error.exit_code(),
            Self::Compile(error) => error.exit_code(),
            Self::Inventory(error) => error.exit_code(),
            Self::Disk(_) | Self::Room { .. } => 5,
            Self::Exists(_)
            | Self::Occupied(_)
            | Self::Unusable { .. }
            | Self::Prefix { .. }
            | Self::Installer { .. }
            | Self::Foreign { .. }
            | Self::NoEnvironment { .. }
            | Self::OfConda { .. } => 1,
            Self::NoInterpreter(_) => 4,
            Self::Nothing(_) => 2,
            Self::Interrupted => 130,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Fetch(error) => error.hint(),
            Self::Archive(error) => error.hint(),
            Self::Compile(error) => error.hint(),
            Self::Inventory(error) => error.hint(),
            Self::Disk(error) => inventory::remedy(error),
            Self::Room { .. } => Some("`pyman prune' frees what nothing needs".to_owned()),
            Self::Exists(_) => Some("`-f' replaces it, `-s' leaves it".to_owned()),
            Self::Occupied(_) => Some("name a directory that is empty, or not there".to_owned()),
            Self::OfConda { prefix, .. } => {
                Some(format!("run `conda env remove --prefix {}'", quote::shown(prefix)))
            }
            Self::Prefix { .. } => Some("choose another root, or a `--target'".to_owned()),
            Self::NoInterpreter(_)
            | Self::Unusable { .. }
            | Self::Nothing(_)
            | Self::Installer { .. }
            | Self::Foreign { .. }
            | Self::NoEnvironment { .. }
            | Self::Interrupted => None,
        }
    }

    /// Names the places that were asked in vain before this error came about, too, each once. Where nobody may be asked,
    /// what was wanted first is what there is no copy of.
    pub fn comes_after(&mut self, earlier: Self) {
        if self.is_offline() && earlier.is_offline() {
            *self = earlier;
            return;
        }
        if let (
            Self::Fetch(fetch::Error::Unserved { attempts, .. }),
            Self::Fetch(fetch::Error::Unserved { attempts: mut all, .. }),
        ) = (self, earlier)
        {
            all.retain(|attempt| attempts.iter().all(|later| later.url != attempt.url));
            attempts.splice(0..0, all);
        }
    }

    /// Whether nobody was asked, because the network is off limits.
    pub fn is_offline(&self) -> bool {
        matches!(self, Self::Fetch(error) if error.is_offline())
    }

    /// Whether another source of the same release may do better: nothing was reached, or nothing served it.
    pub fn is_of_the_network(&self) -> bool {
        matches!(self, Self::Fetch(error) if error.exit_code() == 3)
    }
}
