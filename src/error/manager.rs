//! Why this program was not renewed, or not taken off again.

use std::path::PathBuf;

/// What is refused of the program itself, or failed.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Neither the build nor anybody since was told where releases are.
    #[error("this pyman was not told where pyman is to be had")]
    Nowhere,
    /// That version is not there.
    #[error("there is no pyman {version} for {triple} in {place}")]
    NoRelease {
        /// As asked for.
        version: String,
        /// The machine's kind.
        triple: String,
        /// Where it was looked for, without secrets.
        place: String,
    },
    /// No version is.
    #[error("there is no pyman for {triple} in {place}")]
    NothingOffered {
        /// The machine's kind.
        triple: String,
        /// Where it was looked for, without secrets.
        place: String,
    },
    /// The newest there is older than this one.
    #[error("pyman {installed} is installed, and what is offered is older: {offered}")]
    Older {
        /// This one.
        installed: String,
        /// The other.
        offered: String,
    },
    /// A key is built in, and there is no signature.
    #[error("SHA256SUMS is not signed, and must be: nothing was changed")]
    Unsigned,
    /// A key is built in, and the signature is not by its holder.
    #[error("the signature of SHA256SUMS is not by {0}: nothing was changed")]
    Forged(String),
    /// The archive is what was published, and what should be in it is not.
    #[error("{0} has no pyman in it")]
    NoProgram(String),
    /// The other program does not say what it should.
    #[error("the other program does not start here: {0}")]
    NoStart(String),
    /// Something else brought the program, and renews it.
    #[error("{} is {owner}'s to renew", program.display())]
    Owned {
        /// The program that runs.
        program: PathBuf,
        /// Who brought it.
        owner: &'static str,
        /// What renews it.
        command: Option<String>,
    },
    /// No other program was kept.
    #[error("there is no pyman to go back to")]
    NoPrevious,
    /// A directory in which nothing says that it is a root.
    #[error("{} is no root of pyman's", .0.display())]
    NoRoot(PathBuf),
    /// Somebody is making something in the root.
    #[error("another pyman is at work in {}", .0.display())]
    Busy(PathBuf),
    /// What would have to go is another account's.
    #[error("{} is another account's, and in the way", .0.display())]
    InTheWay(PathBuf),
    /// What would have to go is a mount point.
    #[error("something is mounted at {}", .0.display())]
    Mounted(PathBuf),
}

impl Refused {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Nowhere => {
                Some("name a place: PYMAN_DIST=https://… pyman self update".to_owned())
            }
            Self::Older { offered, .. } => {
                Some(format!("to have it all the same, run `pyman self update {offered}'"))
            }
            Self::Owned { command, .. } => {
                command.as_ref().map(|command| format!("run `{command}'"))
            }
            Self::NoRoot(_) => {
                Some("name the root: PYMAN_ROOT=/its/place pyman self uninstall".to_owned())
            }
            Self::Mounted(_) => Some("unmount it first".to_owned()),
            Self::NoRelease { .. }
            | Self::NothingOffered { .. }
            | Self::Unsigned
            | Self::Forged(_)
            | Self::NoProgram(_)
            | Self::NoStart(_)
            | Self::NoPrevious
            | Self::Busy(_)
            | Self::InTheWay(_) => None,
        }
    }

    /// 1 could not, 2 not understood or no such release, 4 signature or archive, 5 disk, 6 busy.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Older { .. } | Self::Owned { .. } | Self::NoPrevious | Self::NoStart(_) => 1,
            Self::Nowhere
            | Self::NoRelease { .. }
            | Self::NothingOffered { .. }
            | Self::NoRoot(_) => 2,
            Self::Unsigned | Self::Forged(_) | Self::NoProgram(_) => 4,
            Self::InTheWay(_) | Self::Mounted(_) => 5,
            Self::Busy(_) => 6,
        }
    }
}
