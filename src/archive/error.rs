//! What can go wrong between an archive and a directory.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::archive::refusal::{Refusal, shown};

/// Why an archive was not unpacked, or a tree not packed.
#[derive(Debug, Error)]
pub enum Error {
    /// An entry breaks a rule of the policy.
    #[error("refused to unpack the archive's entry `{entry}': {why}")]
    Refused {
        /// The entry's name, fit for a terminal.
        entry: String,
        /// The rule.
        why: Refusal,
    },
    /// The archive unpacks to more than any release.
    #[error("refused to unpack the archive: it holds more than {0}")]
    TooLarge(String),
    /// The bytes are no archive of the format, or end too early.
    #[error("the archive is damaged: {0}")]
    Damaged(String),
    /// Nothing of what is wanted is in it.
    #[error("the archive has nothing inside `{0}'")]
    Nothing(String),
    /// Neither a tar, compressed in one of the known ways, nor a zip.
    #[error("{} is no archive of a known format (tar, tar.gz, tar.xz, tar.zst, tar.bz2, zip)", .0.display())]
    UnknownFormat(PathBuf),
    /// The archive's bytes could not be read; when they come from a download, it knows more.
    #[error("{0}")]
    Source(#[source] io::Error),
    /// The tree could not be written or read.
    #[error("{0}")]
    Disk(#[source] io::Error),
    /// The user asked to stop.
    #[error("interrupted")]
    Interrupted,
}

impl Error {
    pub(super) fn refused(entry: &[u8], why: Refusal) -> Self {
        Self::Refused { entry: shown(entry), why }
    }

    /// What may be done about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::TooLarge(_) | Self::Refused { why: Refusal::TooMany(_), .. } => {
                Some("`--trust` lifts this limit for an archive of your own".into())
            }
            Self::Disk(error) if error.kind() == io::ErrorKind::StorageFull => {
                Some("free some space on that disk, then run the same command again".into())
            }
            Self::Refused { .. }
            | Self::Damaged(_)
            | Self::Nothing(_)
            | Self::UnknownFormat(_)
            | Self::Source(_)
            | Self::Disk(_)
            | Self::Interrupted => None,
        }
    }

    /// The exit status it leads to: 4 hostile or damaged, 2 not understood, 5 disk, 130 interrupted.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Refused { .. } | Self::TooLarge(_) | Self::Damaged(_) | Self::Nothing(_) => 4,
            Self::UnknownFormat(_) => 2,
            Self::Source(_) | Self::Disk(_) => 5,
            Self::Interrupted => 130,
        }
    }
}
