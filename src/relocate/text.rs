//! One path for another in the text of a file, written as that file writes paths; and the strings of a document of JSON,
//! changed where they stand. Pure.

use std::fmt::Write as _;

use memchr::memmem;

/// How a kind of file writes a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    /// Inside a string literal of Python, single or double quotes.
    Python,
    /// Inside a JSON string.
    Json,
    /// In a makefile.
    Makefile,
    /// In a `.pc` file.
    PkgConfig,
    /// In a shell script, in double quotes.
    Shell,
}

/// `text` with the path `old`, or what is below it, named `new`: only where a path begins and a component of it ends.
pub(crate) fn replaced(text: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    put(text, places(text, old), old.len(), new)
}

/// `text` with every `old` replaced, whatever stands around it.
pub(super) fn substituted(text: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    put(text, memmem::find_iter(text, old), old.len(), new)
}

/// `text` with `new` instead of the `length` bytes at each of these places.
fn put(text: &[u8], places: impl Iterator<Item = usize>, length: usize, new: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut from = 0;
    for at in places {
        out.extend_from_slice(text.get(from..at).unwrap_or_default());
        out.extend_from_slice(new);
        from = at + length;
    }
    out.extend_from_slice(text.get(from..).unwrap_or_default());
    out
}

/// Whether the path `wanted`, or one below it, stands in `text`.
pub(super) fn names(text: &[u8], wanted: &[u8]) -> bool {
    places(text, wanted).next().is_some()
}

/// Where in `text` the path `wanted` stands, or one below it.
fn places(text: &[u8], wanted: &[u8]) -> impl Iterator<Item = usize> {
    let found = memmem::find_iter(text, wanted);
    found.filter(move |&at| {
        let (before, from) = text.split_at_checked(at).unwrap_or((text, b""));
        let after = from.get(wanted.len()..).unwrap_or_default();
        !wanted.is_empty() && begins_path(before) && ends_component(after)
    })
}

/// Whether a path can begin after `before`: not in the middle of another path, but after `-I` and `-L`.
fn begins_path(before: &[u8]) -> bool {
    let Some((last, earlier)) = before.split_last() else {
        return true;
    };
    // Behind `$(prefix)' or `${prefix}' it is the rest of a path.
    let inside = last.is_ascii_alphanumeric() || b"_.-+~%/)}".contains(last) || !last.is_ascii();
    let option = matches!(last, b'I' | b'L' | b'R' | b'F' | b'B') && earlier.last() == Some(&b'-');
    !inside || option
}

/// Whether the component that ended before `after` really ends there.
fn ends_component(after: &[u8]) -> bool {
    after.first().is_none_or(|next| {
        !(next.is_ascii_alphanumeric() || b"_.-+~%".contains(next)) && next.is_ascii()
    })
}

impl Notation {
    /// A path as it is written.
    pub(super) fn write(self, path: &[u8]) -> Vec<u8> {
        match self {
            Self::Python => python(path),
            Self::Json => json(path),
            Self::Makefile => escaped(path, |byte| (byte == b'$').then_some(b'$')),
            Self::PkgConfig => escaped(path, |byte| b" \\\"'".contains(&byte).then_some(b'\\')),
            Self::Shell => escaped(path, |byte| b"\\\"$`".contains(&byte).then_some(b'\\')),
        }
    }
}

fn escaped(path: &[u8], by: impl Fn(u8) -> Option<u8>) -> Vec<u8> {
    path.iter().flat_map(|&byte| by(byte).into_iter().chain([byte])).collect()
}

/// Bytes that are no UTF-8 become the lone surrogates that Python reads file names with.
fn python(path: &[u8]) -> Vec<u8> {
    let mut out = String::new();
    for chunk in path.utf8_chunks() {
        for letter in chunk.valid().chars() {
            match letter {
                '\'' | '"' | '\\' => out.extend(['\\', letter]),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                other => out.push(other),
            }
        }
        for byte in chunk.invalid() {
            // Writing to a String has no error to report.
            write!(out, "\\udc{byte:02x}").unwrap_or_default();
        }
    }
    out.into_bytes()
}

fn json(path: &[u8]) -> Vec<u8> {
    let quoted = serde_json::Value::from(String::from_utf8_lossy(path)).to_string();
    quoted.trim_matches('"').as_bytes().to_vec()
}

/// A document of JSON with each of its strings as `change` would have it; one that stays the same keeps its spelling.
/// Python writes what is not ASCII in escapes: `/home/Andr\u00e9`.
pub(crate) fn in_strings(document: &[u8], change: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut out = Vec::with_capacity(document.len());
    let mut rest = document;
    while let Some(at) = rest.iter().position(|byte| *byte == b'"') {
        let (before, string) = rest.split_at_checked(at).unwrap_or((rest, b""));
        let (string, after) = string.split_at_checked(length(string)).unwrap_or((string, b""));
        out.extend_from_slice(before);
        out.extend_from_slice(&changed(string, change).unwrap_or_else(|| string.to_vec()));
        rest = after;
    }
    out.extend_from_slice(rest);
    out
}

/// How long a string is that begins here, its quotes included.
fn length(text: &[u8]) -> usize {
    let mut escaped = false;
    let ends = |byte: &u8| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    };
    text.iter().skip(1).position(ends).map_or(text.len(), |last| last + 2)
}

/// A string of JSON after the change; none when it is none, or nothing changes.
fn changed(string: &[u8], change: &dyn Fn(&[u8]) -> Vec<u8>) -> Option<Vec<u8>> {
    let former: String = serde_json::from_slice(string).ok()?;
    let now = String::from_utf8(change(former.as_bytes())).ok().filter(|now| *now != former)?;
    serde_json::to_vec(&now).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relocate::replaced;

    #[test]
    fn a_prefix_is_replaced_only_where_a_path_begins_and_a_component_ends() {
        let cases = [
            ("'prefix': '/install',", "'prefix': '/new/p',"),
            ("-I/install/include -L/install/lib", "-I/new/p/include -L/new/p/lib"),
            ("-Wl,-rpath,/install/lib", "-Wl,-rpath,/new/p/lib"),
            ("/usr/bin/install -c", "/usr/bin/install -c"),
            ("$(srcdir)/install-sh", "$(srcdir)/install-sh"),
            ("/installer /install.x /install", "/installer /install.x /new/p"),
            ("PATH=/install/bin:/install/x", "PATH=/new/p/bin:/new/p/x"),
            ("/a/install/b", "/a/install/b"),
            ("/install/src/p\n", "/new/p/src/p\n"),
            ("'/install': 1, \"/install/x\"", "'/new/p': 1, \"/new/p/x\""),
            ("/install2/x /install-old /install%20/x", "/install2/x /install-old /install%20/x"),
            ("/install/install", "/new/p/install"),
        ];
        for (before, after) in cases {
            let got = replaced(before.as_bytes(), b"/install", b"/new/p");
            assert_eq!(String::from_utf8(got).unwrap(), after, "{before}");
        }
    }

    #[test]
    fn each_notation_quotes_what_its_reader_would_misread() {
        let cases: [(Notation, &[u8], &[u8]); 6] = [
            (Notation::Python, b"/it's\\here\n", b"/it\\'s\\\\here\\n"),
            (Notation::Python, b"/caf\xe9", b"/caf\\udce9"),
            (Notation::Json, b"/a\"b", b"/a\\\"b"),
            (Notation::Makefile, b"/a$b", b"/a$$b"),
            (Notation::PkgConfig, b"/a b", b"/a\\ b"),
            (Notation::Shell, b"/a b$(x)`", b"/a b\\$(x)\\`"),
        ];
        for (notation, path, expected) in cases {
            let got = notation.write(path);
            assert_eq!(got, expected, "{notation:?}");
        }
    }

    #[test]
    fn a_path_in_json_is_found_however_it_is_escaped() {
        let document = r#"{"argv": ["/w/\u00e9/bin/python", "\/w\/\u00E9", "\"/w/é\"", "/w/\u00e9\u00e9/x"], "a\\": "\n/w"}"#;
        let expected = r#"{"argv": ["/new/bin/python", "/new", "\"/new\"", "/w/\u00e9\u00e9/x"], "a\\": "\n/w"}"#;
        let change = |text: &[u8]| replaced(text, "/w/é".as_bytes(), b"/new");
        let got = in_strings(document.as_bytes(), &change);
        assert_eq!(String::from_utf8(got).unwrap(), expected);
        for broken in ["", "\"", "\"\\", "{\"/w/é", "\"\\ud800/w/\u{e9}\""] {
            assert_eq!(in_strings(broken.as_bytes(), &change), broken.as_bytes());
        }
    }
}
