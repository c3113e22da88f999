//! Why an entry is refused.

use thiserror::Error;

use crate::quote::deceives;

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
