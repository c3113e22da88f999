//! `py.ini`: sections of `name = value`, read leniently. What the values mean is for others to say.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use crate::shebang::line;

/// A settings file of the launcher, as read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ini {
    entries: Vec<Entry>,
    /// The numbers of the lines that are no INI.
    pub strange: Vec<usize>,
}

/// One `name = value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    section: Vec<u8>,
    name: Vec<u8>,
    /// What stands behind the `=`, without blanks around it.
    pub value: Vec<u8>,
    /// Where it stands, counted from 1.
    pub line: usize,
}

impl Ini {
    /// Reads a file's bytes; a line that makes no sense is noted, and the rest counts.
    pub fn parse(text: &[u8]) -> Self {
        let mut ini = Self::default();
        let mut section = Vec::new();
        let text = bytes(text);
        let mut rest = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
        let mut number = 0;
        while !rest.is_empty() {
            let (text, after) = line(rest);
            rest = after;
            number += 1;
            let text = without_comment(text).trim_ascii();
            if text.is_empty() {
                continue;
            }
            if let Some(name) = section_name(text) {
                section = name.to_ascii_lowercase();
            } else if let Some((name, value)) = pair(text) {
                ini.entries.push(Entry {
                    section: section.clone(),
                    name: name.to_ascii_lowercase(),
                    value: value.to_vec(),
                    line: number,
                });
            } else {
                ini.strange.push(number);
            }
        }
        ini
    }

    /// The value of `name` in `[defaults]`, without quotes around it; an empty one is none.
    pub fn setting(&self, name: &[u8]) -> Option<(&[u8], usize)> {
        let entry = self.find(b"defaults", name)?;
        let value = unquoted(&entry.value);
        (!value.is_empty()).then_some((value, entry.line))
    }

    /// What `[commands]` says `name` stands for: a path, perhaps with arguments.
    pub fn command(&self, name: &[u8]) -> Option<&Entry> {
        self.find(b"commands", name).filter(|entry| !entry.value.is_empty())
    }

    /// The first of that name, as Windows has it.
    fn find(&self, section: &[u8], name: &[u8]) -> Option<&Entry> {
        self.entries
            .iter()
            .find(|entry| entry.section == section && entry.name.eq_ignore_ascii_case(name))
    }
}

/// The text itself, or as UTF-8 what Windows wrote as UTF-16.
fn bytes(text: &[u8]) -> Cow<'_, [u8]> {
    let unit = match text.first_chunk() {
        Some(b"\xff\xfe") => u16::from_le_bytes,
        Some(b"\xfe\xff") => u16::from_be_bytes,
        Some(_) | None => return Cow::Borrowed(text),
    };
    // The mark itself is a unit, too.
    let units = text.as_chunks().0.iter().skip(1).map(|pair| unit(*pair));
    let text: String = char::decode_utf16(units)
        .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    Cow::Owned(text.into_bytes())
}

/// `text` up to a `;` at its head or behind a blank, outside quotes; a `#` only at its head.
fn without_comment(text: &[u8]) -> &[u8] {
    if text.trim_ascii_start().starts_with(b"#") {
        return b"";
    }
    let mut quoted = false;
    let mut before = b' ';
    let end = text.iter().position(|&byte| {
        quoted ^= byte == b'"';
        let found = byte == b';' && !quoted && before.is_ascii_whitespace();
        before = byte;
        found
    });
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

fn section_name(text: &[u8]) -> Option<&[u8]> {
    let name = text.strip_prefix(b"[")?.strip_suffix(b"]")?;
    Some(name.trim_ascii())
}

fn pair(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = text.iter().position(|byte| *byte == b'=')?;
    let (name, value) = text.split_at_checked(at)?;
    let name = name.trim_ascii();
    let value = value.strip_prefix(b"=")?.trim_ascii();
    (!name.is_empty() && !name.starts_with(b"[")).then_some((name, value))
}

/// As Windows gives values out: without quotes around them, of either kind.
fn unquoted(value: &[u8]) -> &[u8] {
    let quotes: [&[u8]; 2] = [b"\"", b"'"];
    let within = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
    quotes.into_iter().find_map(within).map_or(value, <[u8]>::trim_ascii)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    const EXAMPLE: &[u8] = b"\xef\xbb\xbf; the defaults\r\n\
        [Defaults]\r\n\
        Python = 3.9-64 ; the old one\r\n\
        PYTHON3=\"3.10\"\r\n\
        python3=3.11\r\n\
        python2=\r\n\
        \r\n\
        [ COMMANDS ]\r\n\
        xPython = /opt/x;y/python -u \"a ; b\"\r\n\
        /bin/xp=/opt/xp\xff\r\n\
        # a comment\r\n\
        nonsense\r\n\
        [half\r\n\
        = nothing\r\n\
        empty=";

    #[test]
    fn names_are_found_in_any_case_and_the_first_counts() {
        let ini = Ini::parse(EXAMPLE);
        assert_eq!(ini.setting(b"python"), Some((b"3.9-64".as_slice(), 3)));
        assert_eq!(ini.setting(b"python3"), Some((b"3.10".as_slice(), 4)));
        assert_eq!(ini.setting(b"python2"), None);
        assert_eq!(ini.setting(b"xpython"), None);
        let single = Ini::parse(b"[defaults]\npython = '3.9'");
        assert_eq!(single.setting(b"python"), Some((b"3.9".as_slice(), 2)));
    }

    #[test]
    fn commands_keep_their_quotes_and_their_bytes() {
        let ini = Ini::parse(EXAMPLE);
        let command = |name: &[u8]| ini.command(name).map(|entry| entry.value.as_slice());
        assert_eq!(command(b"xpython"), Some(b"/opt/x;y/python -u \"a ; b\"".as_slice()));
        assert_eq!(command(b"/BIN/xp"), Some(b"/opt/xp\xff".as_slice()));
        assert_eq!(command(b"empty"), None);
        assert_eq!(command(b"python"), None);
    }

    #[test]
    fn lines_that_are_no_ini_are_named_and_the_rest_counts() {
        assert_eq!(Ini::parse(EXAMPLE).strange, vec![12, 13, 14]);
        assert_eq!(Ini::parse(b""), Ini::default());
        assert_eq!(Ini::parse(b"python=3.9").setting(b"python"), None);
    }

    #[test]
    fn what_windows_wrote_as_utf_16_is_read() {
        let wide = "\u{feff}[defaults]\r\npython=3.9\r\n[commands]\r\nx=/ö/\u{1f40d}\r\n";
        for unit in [u16::to_le_bytes, u16::to_be_bytes] {
            let wide: Vec<u8> = wide.encode_utf16().flat_map(unit).collect();
            let ini = Ini::parse(&wide);
            assert_eq!(ini.setting(b"python"), Some((b"3.9".as_slice(), 2)));
            assert_eq!(ini.command(b"x").unwrap().value, "/ö/\u{1f40d}".as_bytes());
            assert_eq!(Ini::parse(&wide[..wide.len() - 1]).strange, vec![]);
        }
    }
}
