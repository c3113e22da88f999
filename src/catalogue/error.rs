//! What can be wrong with a catalogue, or with what was asked of it.

use std::io;

use pyman_shim::Request;

use crate::fetch::{self, Sha256};

/// A catalogue that cannot be read or trusted, or a request it has no answer to.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing that can be installed here has this name. The line is the one python-build prints.
    #[error("python-build: definition not found: {request}")]
    Unknown {
        /// What was asked for.
        request: String,
        /// Names it could have been, newest first.
        near: Vec<String>,
        /// The platforms that do have it, when it is only missing for this one.
        platforms: Vec<String>,
        /// The option without which there is an answer.
        barrier: Option<&'static str>,
    },
    /// No digest of the file was ever published.
    #[error(
        "`{file}' has no published sha256, so nothing can tell whether a download of it is genuine"
    )]
    Unpinned {
        /// The file's name.
        file: String,
    },
    /// The catalogue cannot be read from the disk.
    #[error("cannot read the catalogue: {0}")]
    Disk(#[from] io::Error),
    /// The catalogue, or a live list, cannot be fetched.
    #[error(transparent)]
    Fetch(#[from] fetch::Error),
    /// A line is no row.
    #[error("{place}, line {line}: {reason}")]
    Malformed {
        /// The file or address.
        place: String,
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// Two sources disagree about one file's bytes.
    #[error("{place} gives `{file}' the sha256 {found}, but it is known with {known}")]
    Contradiction {
        /// Who says so.
        place: String,
        /// The file both speak of.
        file: String,
        /// The digest that stands.
        known: Sha256,
        /// The one that is refused.
        found: Sha256,
    },
}

impl Error {
    /// Nothing answers this request, and that is all there is to say.
    pub fn unknown(request: &Request) -> Self {
        let request = fetch::word(&String::from_utf8_lossy(request.text()));
        Self::Unknown { request, near: Vec::new(), platforms: Vec::new(), barrier: None }
    }

    /// What to do about it.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Unknown { request, near, platforms, barrier } => {
                unknown(request, near, platforms, *barrier)
            }
            Self::Unpinned { .. } => {
                vec!["pass the digest you expect with `--sha256', or confirm when asked".to_owned()]
            }
            Self::Contradiction { .. } => {
                vec!["a published file never changes: do not install it before its publisher explains".to_owned()]
            }
            Self::Fetch(error) => error.hint().into_iter().collect(),
            Self::Malformed { .. } | Self::Disk(_) => Vec::new(),
        }
    }

    /// The status it ends with.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Unknown { .. } => 2,
            Self::Unpinned { .. } | Self::Contradiction { .. } => 4,
            Self::Disk(_) => 5,
            Self::Fetch(error) => error.exit_code(),
            Self::Malformed { .. } => 1,
        }
    }
}

fn unknown(
    request: &str,
    near: &[String],
    platforms: &[String],
    barrier: Option<&str>,
) -> Vec<String> {
    if let Some(option) = barrier {
        return vec![format!("there is a `{request}' without `{option}'")];
    }
    let mut hints = Vec::new();
    if !platforms.is_empty() {
        hints.push(format!(
            "`{request}' exists for other platforms only: {}; take one with `--platform'",
            platforms.join(", ")
        ));
    }
    if let [first, ..] = near {
        let names = near.join(", ");
        hints.push(format!("near it: {names}; for example `pyman install {first}'"));
    }
    hints.push(
        "`pyman install --list' shows everything, `pyman update' asks for what is newer".to_owned(),
    );
    hints
}
