//! What can go wrong between an archive and a directory, and why an entry is refused.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::quote::deceives;

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

/// The rule that an entry breaks; said after the entry's name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Empty, absolute, with `..`, control characters, backslashes, or another file system's syntax.
    #[error("its name {0}")]
    Name(&'static str),
    /// More bytes or components than any release has.
    #[error("its path is too {0}")]
    Path(&'static str),
    /// A device, a FIFO, a sparse file, or a type no standard names.
    #[error("it is {0}, and only files, directories and links are unpacked")]
    Kind(&'static str),
    /// The archive has one top directory, and this is not in it.
    #[error("it is not inside the archive's one top directory `{0}'")]
    OutsideTop(String),
    /// A link whose target is absolute or climbs out of the tree.
    #[error("its target `{0}' leads out of the tree")]
    Target(String),
    /// A hard link to what is no file of this archive, or comes only later.
    #[error("its target `{0}' is no file that came before it")]
    Original(String),
    /// One of the directories in its path is a link.
    #[error("its path goes through the link `{0}'")]
    ThroughLink(String),
    /// One of the directories in its path is a file.
    #[error("its path goes through the file `{0}'")]
    ThroughFile(String),
    /// The name is taken: said twice, by two types, or by names the file system holds for one.
    #[error("another entry has the same name")]
    Duplicate,
    /// Two headers say different things of one entry.
    #[error("its headers disagree about its {0}")]
    Headers(&'static str),
    /// More entries than any release has.
    #[error("it is one of more than {0} entries")]
    TooMany(u64),
}

/// A name from an archive as a message may show it: nothing that steers a terminal or turns its text round, no endless
/// lines.
pub(super) fn shown(name: &[u8]) -> String {
    const LONGEST: usize = 160;
    let text = String::from_utf8_lossy(name);
    let mut shown = String::new();
    for character in text.chars().take(LONGEST) {
        if deceives(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_names_reach_no_terminal_raw() {
        assert_eq!(shown(b"a\x1b[31m\nb"), "a\\u{1b}[31m\\nb");
        assert_eq!(shown("a\u{202e}b".as_bytes()), "a\\u{202e}b");
        assert_eq!(shown("café".as_bytes()), "café");
        assert_eq!(shown(&[b'x'; 5000]).chars().count(), 161);
    }
}
