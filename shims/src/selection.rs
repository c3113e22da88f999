//! The requests in force, in order, and how version files and `PYMAN_VERSION` write them (pyenv's grammar).

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::line::Line;
use crate::note::Note;
use crate::path::{stays_inside, tidied};
use crate::request::Origin;
use crate::request::Request;

/// What one source says: its entries, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Which source.
    pub origin: Origin,
    /// Several entries are several versions in force at once. A file without any stands for `system`.
    pub entries: Vec<Request>,
}

/// How much of a version file counts: its lines up to the one that this cuts.
const FILE_LIMIT: usize = 64 * 1024;

/// So many of the entries that are refused are named, the others counted.
const REFUSED: usize = 2;

/// How much of one is read: one byte more, by which a file that goes on is known.
pub const FILE_READ: usize = FILE_LIMIT + 1;

impl Selection {
    /// Reads a version file, line by line; only what can be a name under `versions/` counts.
    pub fn of_file(text: &[u8], origin: Origin, note: &mut dyn FnMut(Note)) -> Self {
        let whole = match text.get(..FILE_LIMIT) {
            Some(start) if text.len() > FILE_LIMIT => {
                let whole = start.rsplitn(2, |byte| *byte == b'\n').nth(1).unwrap_or_default();
                let line = start.split(|byte| *byte == b'\n').count();
                note(Note::TooLong { origin: origin.clone(), line, limit: FILE_LIMIT });
                whole
            }
            Some(_) | None => text,
        };
        Self::of_lines(lines(&decoded(whole)).map(|(_, line)| line), origin, note)
    }

    /// Reads a variable: the same, separated by `:`.
    pub fn of_variable(text: &[u8], origin: Origin, note: &mut dyn FnMut(Note)) -> Self {
        let parts = text.split(|byte| *byte == b':').filter_map(Line::read);
        Self::of_lines(parts, origin, note)
    }

    /// Whether it says nothing, which is to say `system`, as in pyenv.
    pub const fn stands_for_system(&self) -> bool {
        self.entries.is_empty()
    }

    fn of_lines<'a>(
        lines: impl Iterator<Item = Line<'a>>,
        origin: Origin,
        note: &mut dyn FnMut(Note),
    ) -> Self {
        let (mut entries, mut refused) = (Vec::new(), 0_usize);
        for Line { entry, .. } in lines {
            // pyenv joins the entries with `:`, so one that holds a `:` is several.
            let parts =
                || entry.split(|byte| *byte == b':').filter(|part| !part.is_empty()).map(tidied);
            if parts().all(|part| stays_inside(&part)) {
                entries.extend(parts().map(|part| Request::parse(&part)));
                continue;
            }
            refused += 1;
            if refused <= REFUSED {
                note(Note::Refused { entry: entry.to_vec(), origin: origin.clone() });
            }
        }
        if let Some(count) = refused.checked_sub(REFUSED).filter(|count| *count > 0) {
            note(Note::MoreRefused { count, origin: origin.clone() });
        }
        Self { origin, entries }
    }
}

/// A version file without its byte order mark. What Windows PowerShell's `echo 3.12 > .python-version` leaves is UTF-16.
pub(crate) fn decoded(text: &[u8]) -> Cow<'_, [u8]> {
    let little = text.strip_prefix(b"\xff\xfe").map(|pairs| (pairs, false));
    let big = || text.strip_prefix(b"\xfe\xff").map(|pairs| (pairs, true));
    if let Some((pairs, high_first)) = little.or_else(big) {
        let (pairs, rest) = pairs.as_chunks::<2>();
        let split = |[first, second]: &[u8; 2]| {
            if high_first { (*first, *second) } else { (*second, *first) }
        };
        if rest.is_empty() && pairs.iter().all(|pair| split(pair).0 == 0) {
            return pairs.iter().map(|pair| split(pair).1).collect();
        }
    }
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).into()
}

/// The lines of a version file that say something, and their numbers, from 1.
pub(crate) fn lines(text: &[u8]) -> impl Iterator<Item = (usize, Line<'_>)> {
    let numbered = (1..).zip(text.split(|byte| *byte == b'\n'));
    numbered.filter_map(|(number, line)| Some((number, Line::read(line)?)))
}

/// What a version file is to say so that it reads back as what was typed: the very same, but `3.11.7` for
/// `python 3.11.7`, and bounds without their blanks. None when no file says it: of words of which only the first
/// would count, of a comment, of bounds that are none, of what leaves `versions/`.
pub fn spelling(typed: &[u8]) -> Option<Vec<u8>> {
    let Line { entry, rest } = Line::read(typed)?;
    let entry = tidied(&entry);
    let mut parts = entry.split(|byte| *byte == b':').filter(|part| !part.is_empty()).peekable();
    let reads_back = parts.peek().is_some()
        && parts.all(|part| stays_inside(part) && !Request::parse(part).is_unclear());
    (rest.is_empty() && reads_back).then(|| entry.into_owned())
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec;

    use proptest::prelude::*;

    use super::*;
    use crate::path;

    fn read(text: &[u8]) -> (Vec<Vec<u8>>, Vec<alloc::string::String>) {
        let mut notes = Vec::new();
        let origin = Origin::File(b"/w/.python-version".to_vec());
        let selection = Selection::of_file(text, origin, &mut |note| notes.push(note.to_string()));
        (selection.entries.iter().map(|entry| entry.text().to_vec()).collect(), notes)
    }

    #[test]
    fn separators_at_the_end_and_doubled_ones_say_nothing() {
        let file = |text: &[u8]| {
            let mut notes = Vec::new();
            let origin = Origin::File(b"/w/.python-version".to_vec());
            let read = Selection::of_file(text, origin, &mut |note| notes.push(note));
            let texts: Vec<Vec<u8>> = read.entries.iter().map(|one| one.text().to_vec()).collect();
            (texts, notes.len())
        };
        assert_eq!(file(b"3.9.18/\n"), (vec![b"3.9.18".to_vec()], 0));
        assert_eq!(file(b"3.9.18//envs/web/\n"), (vec![b"3.9.18/envs/web".to_vec()], 0));
        for outside in [&b"/3.9.18"[..], b"../x/", b"//x", b"3.9/../x"] {
            assert_eq!(file(outside), (vec![], 1));
        }
        assert_eq!(spelling(b"3.8.18/"), Some(b"3.8.18".to_vec()));
    }

    #[test]
    fn files_are_read_as_pyenv_reads_them() {
        let cases: [(&[u8], &[&[u8]]); 22] = [
            (b"3.12.1\n", &[b"3.12.1"]),
            (b"3.12.1", &[b"3.12.1"]),
            (b"\xef\xbb\xbf3.12.1\r\n", &[b"3.12.1"]),
            (b"  \t3.12.1 3.11 # old\n", &[b"3.12.1"]),
            (b"3.12\r\n\r\n2.7\r\n", &[b"3.12", b"2.7"]),
            (b"# one\n  # two\n3.12#x\n", &[b"3.12#x"]),
            (b"\n\n\n", &[]),
            (b"", &[]),
            (b"#", &[]),
            (b"\x0c\n3.12\x0c\n", &[b"3.12"]),
            (b">=3.10,<3.13\n", &[b">=3.10,<3.13"]),
            (b">= 3.10, <3.12 # x\n", &[b">=3.10,<3.12"]),
            (b"python 3.11.7\n3.9\n", &[b"3.11.7", b"3.9"]),
            (b"python 3.11:3.9\n", &[b"3.11", b"3.9"]),
            (b"3.12:2.7::system\n", &[b"3.12", b"2.7", b"system"]),
            (b"3.12.1/envs/web\n", &[b"3.12.1/envs/web"]),
            (b"\xff\xfe3\0.\x001\x002\0\r\0\n\0#\0x\0", &[b"3.12"]),
            (b"\xfe\xff\x003\0.\x001\x002\0\r\0\n\0#\0x", &[b"3.12"]),
            (b"-c\n", &[b"-c"]),
            (b"$(x)\n", &[b"$(x)"]),
            (b"\xff\xfe\n", &[b"\xff\xfe"]),
            (b"...\n", &[b"..."]),
        ];
        for (text, expected) in cases {
            let (entries, notes) = read(text);
            assert_eq!(entries, expected, "{text:?}");
            assert_eq!(notes, [""; 0], "{text:?}");
        }
    }

    #[test]
    fn what_leaves_versions_is_refused_and_the_next_entry_counts() {
        let refused: [(&[u8], &str); 12] = [
            (b"..", ".."),
            (b".", "."),
            (b"../../x", "../../x"),
            (b"/abs", "/abs"),
            (b"3.12.1/../x", "3.12.1/../x"),
            (b"3.12.1/..", "3.12.1/.."),
            (b"3.12.1/./x", "3.12.1/./x"),
            (b"C:\\x", "C:\\x"),
            (b"C:/x", "C:/x"),
            (b"a\\..\\b", "a\\..\\b"),
            (b"3.12\x00/x", "3.12\\u{0}/x"),
            (b"\x1b]/..", "\\u{1b}]/.."),
        ];
        for (entry, shown) in refused {
            let mut text = entry.to_vec();
            text.extend_from_slice(b"\n3.12\n");
            let (entries, notes) = read(&text);
            assert_eq!(entries, [b"3.12"]);
            let note = alloc::format!("invalid version `{shown}' ignored in `/w/.python-version'");
            assert_eq!(notes, [note]);
        }
    }

    #[test]
    fn what_is_written_reads_back_as_what_was_typed() {
        let cases = [
            ("3.12.1", Some("3.12.1")),
            ("3.12", Some("3.12")),
            ("python-3.12.1", Some("python-3.12.1")),
            ("3.12:2.7", Some("3.12:2.7")),
            ("system", Some("system")),
            ("web", Some("web")),
            ("3.12.1/envs/web", Some("3.12.1/envs/web")),
            (">=3.10,<3.12", Some(">=3.10,<3.12")),
            (">=3.10, <3.12", Some(">=3.10,<3.12")),
            ("python 3.11.7", Some("3.11.7")),
            ("cpython >= 3.11", Some(">=3.11")),
            ("pypy 3.10", Some("pypy3.10")),
            ("3.11 3.12", None),
            ("3.11 # mine", None),
            (">=3.10 # mine", None),
            (">=3.9 <3.11", None),
            (">=", None),
            ("python 3.11.7 3.12", None),
            ("web app", None),
            ("# x", None),
            ("", None),
            (":", None),
            ("../x", None),
            ("3.12:/abs", None),
            ("3.12\n2.7", None),
        ];
        for (typed, expected) in cases {
            let spelt = spelling(typed.as_bytes());
            assert_eq!(spelt.as_deref(), expected.map(str::as_bytes), "{typed:?}");
            if let Some(spelt) = spelt {
                assert_eq!(spelling(&spelt), Some(spelt.clone()), "{typed:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_entry_ever_leaves_versions(text in "([./a3:\\\\\\x00 #\n\r-]|\\.\\.){0,24}") {
            for entry in read(text.as_bytes()).0 {
                let path = path::normal(b"/r/versions", &entry);
                let within = path.strip_prefix(b"/r/versions/".as_slice());
                prop_assert_eq!(within, Some(entry.as_slice()));
            }
        }

        #[test]
        fn any_bytes_are_read(text in prop::collection::vec(any::<u8>(), 0..64)) {
            let (entries, _) = read(&text);
            prop_assert!(entries.iter().all(|entry| !entry.is_empty() && stays_inside(entry)));
        }
    }

    #[test]
    fn a_huge_file_is_cut_at_a_line() {
        let mut text = b"3.12\n".repeat(FILE_LIMIT / 5 + 10);
        text.truncate(FILE_READ);
        let (entries, notes) = read(&text);
        assert_eq!(entries.len(), FILE_LIMIT / 5);
        assert!(entries.iter().all(|entry| entry == b"3.12"));
        let said = |line| {
            alloc::format!(
                "`/w/.python-version' is longer than 65536 bytes: line {line} and what follows is ignored"
            )
        };
        assert_eq!(notes, [said(FILE_LIMIT / 5 + 1)]);
        assert_eq!(read(&vec![b'3'; FILE_READ]), (Vec::new(), vec![said(1)]));
        assert_eq!(read(&vec![b'3'; FILE_LIMIT]), (vec![vec![b'3'; FILE_LIMIT]], Vec::new()));
    }

    #[test]
    fn variables_are_separated_by_colons() {
        let mut notes = Vec::new();
        let selection = Selection::of_variable(
            b"3.12: 2.7 x::system:../y:#z",
            Origin::Variable("PYMAN_VERSION"),
            &mut |note| notes.push(note.to_string()),
        );
        let entries: Vec<_> = selection.entries.iter().map(Request::text).collect();
        assert_eq!(entries, [b"3.12".as_slice(), b"2.7", b"system"]);
        assert_eq!(
            notes,
            ["invalid version `../y' ignored in `PYMAN_VERSION environment variable'"]
        );
    }
}
