//! One prefix for another in the text of a file, written as that file writes paths. Pure.

use std::fmt::Write as _;

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

/// `text` with `old` replaced by `new` wherever it stands as the beginning of a path.
pub(super) fn replaced(text: &[u8], old: &[u8], new: &[u8], notation: Notation) -> Vec<u8> {
    let written = notation.write(new);
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = find(rest, old) {
        let (before, from) = rest.split_at(at);
        let after = from.get(old.len()..).unwrap_or_default();
        out.extend_from_slice(before);
        // Once something was written, what came before stands at its end.
        let stands = begins_path(&out) && ends_component(after);
        out.extend_from_slice(if stands { &written } else { old });
        rest = after;
    }
    out.extend_from_slice(rest);
    out
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    if wanted.is_empty() {
        return None;
    }
    text.windows(wanted.len()).position(|window| window == wanted)
}

/// Whether a path can begin after `before`: not in the middle of another path, but after `-I` and `-L`.
fn begins_path(before: &[u8]) -> bool {
    let Some((last, earlier)) = before.split_last() else {
        return true;
    };
    let inside = last.is_ascii_alphanumeric() || b"_.-+~/)}".contains(last) || !last.is_ascii();
    let option = matches!(last, b'I' | b'L' | b'R' | b'F' | b'B') && earlier.last() == Some(&b'-');
    !inside || option
}

/// Whether the component that ended before `after` really ends there.
fn ends_component(after: &[u8]) -> bool {
    after.first().is_none_or(|next| {
        !(next.is_ascii_alphanumeric() || b"_.-+~".contains(next)) && next.is_ascii()
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

#[cfg(test)]
mod tests {
    use super::*;

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
        ];
        for (before, after) in cases {
            let got = replaced(before.as_bytes(), b"/install", b"/new/p", Notation::Makefile);
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
            let got = replaced(b"/install", b"/install", path, notation);
            assert_eq!(got, expected, "{notation:?}");
        }
    }
}
