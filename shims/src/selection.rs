//! The requests in force, in order, and how version files and `PYMAN_VERSION` write them (pyenv's grammar).

use alloc::vec::Vec;

use crate::note::Note;
use crate::origin::Origin;
use crate::path;
use crate::request::Request;

/// What one source says: its entries, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Which source.
    pub origin: Origin,
    /// Several entries are several versions in force at once. A file without any stands for `system`.
    pub entries: Vec<Request>,
}

/// How much of a version file is read; a line that is cut there does not count.
pub(crate) const FILE_LIMIT: usize = 64 * 1024;

impl Selection {
    /// Reads a version file: of each line the first word, and only what can be a name under `versions/`.
    pub fn of_file(text: &[u8], origin: Origin, note: &mut dyn FnMut(Note)) -> Self {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let whole = if text.len() + 3 >= FILE_LIMIT {
            let newline = text.iter().rposition(|byte| *byte == b'\n');
            text.get(..newline.unwrap_or(0)).unwrap_or(text)
        } else {
            text
        };
        Self::of_words(words(whole, b'\n'), origin, note)
    }

    /// Reads a variable: the same, separated by `:`.
    pub fn of_variable(text: &[u8], origin: Origin, note: &mut dyn FnMut(Note)) -> Self {
        Self::of_words(words(text, b':'), origin, note)
    }

    /// Whether it says nothing, which is to say `system`, as in pyenv.
    pub const fn stands_for_system(&self) -> bool {
        self.entries.is_empty()
    }

    fn of_words<'a>(
        words: impl Iterator<Item = &'a [u8]>,
        origin: Origin,
        note: &mut dyn FnMut(Note),
    ) -> Self {
        let mut entries = Vec::new();
        for word in words {
            // pyenv joins the entries with `:`, so one that holds a `:` is several.
            let parts = || word.split(|byte| *byte == b':').filter(|part| !part.is_empty());
            if parts().all(stays_inside) {
                entries.extend(parts().map(Request::parse));
            } else {
                note(Note::Refused { entry: word.to_vec(), origin: origin.clone() });
            }
        }
        Self { origin, entries }
    }
}

/// The first word of each part that is neither blank nor a comment.
fn words(text: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    text.split(move |byte| *byte == separator)
        .filter_map(|line| {
            line.split(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
                .find(|word| !word.is_empty())
        })
        .filter(|word| !word.starts_with(b"#"))
}

/// Whether the entry, taken as a path under `versions/`, stays there: no `..`, nothing absolute, nothing that a
/// system call would cut (CVE-2022-35861).
pub fn stays_inside(entry: &[u8]) -> bool {
    let normal = |part: &[u8]| !matches!(part, b"" | b"." | b"..");
    !path::is_absolute(entry)
        && !entry.contains(&0)
        && !entry.contains(&b'\\')
        && entry.split(|byte| *byte == b'/').all(normal)
}
