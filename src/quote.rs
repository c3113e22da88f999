//! Values put into code: words that stand for exactly the bytes they were made of, parts of addresses, and templates.

use std::ffi::OsStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// Whether a character in a name makes a terminal show something else than the name: it steers the terminal, or turns
/// the text that follows round (Unicode Standard Annex 9, "Directional Formatting Characters").
pub(crate) fn deceives(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// The value as people type it: as it is where nothing in it means anything to a shell, else in quotes.
pub(crate) fn plainly(value: &[u8], quote: fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-+/@,".contains(byte);
    let is_plain = !value.is_empty() && value.iter().all(plain);
    if is_plain { value.to_vec() } else { quote(value) }
}

/// A word of a command that a message shows, for people to paste.
pub(crate) fn shown(value: impl AsRef<OsStr>) -> String {
    let word = plainly(value.as_ref().as_encoded_bytes(), posix);
    String::from_utf8_lossy(&word).into_owned()
}

/// Within single quotes nothing is special to a POSIX shell but the quote itself.
pub(crate) fn posix(value: &[u8]) -> Vec<u8> {
    enclosed(value, |byte, word| match byte {
        b'\'' => word.extend_from_slice(br"'\''"),
        byte => word.push(byte),
    })
}

/// The same on one line: zsh may be told (`cshjunkiequotes`) to end a quote with its line.
pub(crate) fn zsh_lines(value: &[u8]) -> Vec<u8> {
    let word = enclosed(value, |byte, word| match byte {
        b'\'' | b'\\' => word.extend_from_slice(&[b'\\', byte]),
        b'\n' => word.extend_from_slice(br"\n"),
        byte => word.push(byte),
    });
    [b"$".as_slice(), &word].concat()
}

/// fish keeps the backslash within single quotes.
pub(crate) fn fish(value: &[u8]) -> Vec<u8> {
    enclosed(value, |byte, word| match byte {
        b'\'' | b'\\' => word.extend_from_slice(&[b'\\', byte]),
        byte => word.push(byte),
    })
}

/// The C shells replace `!` within single quotes too, and tcsh may be told (`backslash_quote`) to honour the
/// backslash there; so these, the quote and a line break stand outside, behind a backslash.
pub(crate) fn csh(value: &[u8]) -> Vec<u8> {
    enclosed(value, |byte, word| match byte {
        b'\'' | b'\\' | b'!' | b'\n' => word.extend_from_slice(&[b'\'', b'\\', byte, b'\'']),
        byte => word.push(byte),
    })
}

/// PowerShell takes typographic quotes (U+2018 to U+201B) for straight ones; each is doubled.
pub(crate) fn powershell(value: &[u8]) -> Vec<u8> {
    let mut word = vec![b'\''];
    for character in String::from_utf8_lossy(value).chars() {
        let times = if matches!(character, '\'' | '\u{2018}'..='\u{201B}') { 2 } else { 1 };
        for _ in 0..times {
            word.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
    word.push(b'\'');
    word
}

/// What stands behind the `=` of `set "NAME=…"` in a batch file of cmd's. A quote ends the quotes that the line begins with,
/// and the next takes them up again: between the two all that means something stands behind a caret.
pub(crate) fn batch(value: &[u8]) -> Vec<u8> {
    let mut is_quoted = true;
    let mut text = Vec::with_capacity(value.len());
    for &byte in value {
        match byte {
            b'%' => text.push(b'%'),
            b'"' => is_quoted = !is_quoted,
            b'&' | b'|' | b'<' | b'>' | b'^' | b'(' | b')' if !is_quoted => text.push(b'^'),
            _ => {}
        }
        text.push(byte);
    }
    text
}

/// Nushell's raw string, with more `#` than the value has anywhere after a quote.
pub(crate) fn nushell(value: &[u8]) -> Vec<u8> {
    let value = String::from_utf8_lossy(value);
    let longest = value
        .split('\'')
        .skip(1)
        .map(|rest| rest.bytes().take_while(|&byte| byte == b'#').count())
        .max()
        .unwrap_or_default();
    let fence = "#".repeat(longest + 1);
    format!("r{fence}'{value}'{fence}").into_bytes()
}

/// What stands between the quotes of a bytes literal of Python, whichever its version and the quotes.
pub(crate) fn python(value: &[u8]) -> Vec<u8> {
    let escaped = value.iter().flat_map(|&byte| match byte {
        b' ' | b'!' | b'#'..=b'&' | b'('..=b'[' | b']'..=b'~' => vec![byte],
        byte => format!("\\x{byte:02x}").into_bytes(),
    });
    escaped.collect()
}

fn enclosed(value: &[u8], push: impl Fn(u8, &mut Vec<u8>)) -> Vec<u8> {
    let mut word = Vec::with_capacity(value.len() + 2);
    word.push(b'\'');
    for &byte in value {
        push(byte, &mut word);
    }
    word.push(b'\'');
    word
}

/// Appends `text` with every `@name@` that `values` knows replaced.
pub(crate) fn fill(text: &str, values: &[(&str, Vec<u8>)], into: &mut Vec<u8>) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('@') {
        into.extend_from_slice(before.as_bytes());
        let known = after.split_once('@').and_then(|(name, tail)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((value, tail))
        });
        rest = if let Some((value, tail)) = known {
            into.extend_from_slice(value);
            tail
        } else {
            into.push(b'@');
            after
        };
    }
    into.extend_from_slice(rest.as_bytes());
}

/// What is written as it is: the unreserved characters (RFC 3986 §2.3), and the slash of a path.
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// What pip and `pathlib` write as it is in `file:` addresses: beside those the sub-delimiters, `:` and `@`.
const FILE: &AsciiSet = &PATH
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// A path, or a part of one, as an address has it.
pub(crate) fn address(path: &[u8]) -> String {
    percent_encode(path, PATH).to_string()
}

/// An absolute path as a `file:` address.
pub(crate) fn file_address(path: &[u8]) -> String {
    format!("file://{}", percent_encode(path, FILE))
}

/// A part of an address with its escapes undone; what is no escape stays, what is no UTF-8 is replaced.
pub(crate) fn unescaped(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shell_gets_its_own_quotes() {
        let hostile = "a'b\"c$d\\e\u{2019}'#f".as_bytes();
        let said = |word: Vec<u8>| String::from_utf8(word).unwrap();
        assert_eq!(said(posix(hostile)), "'a'\\''b\"c$d\\e\u{2019}'\\''#f'");
        assert_eq!(said(fish(hostile)), "'a\\'b\"c$d\\\\e\u{2019}\\'#f'");
        assert_eq!(said(powershell(hostile)), "'a''b\"c$d\\e\u{2019}\u{2019}''#f'");
        assert_eq!(said(nushell(hostile)), "r##'a'b\"c$d\\e\u{2019}'#f'##");
        assert_eq!(said(csh(b"a'b!c\\d\ne")), "'a'\\''b'\\!'c'\\\\'d'\\\n'e'");
        assert_eq!(said(zsh_lines(b"a'b\\c\nd$e")), r"$'a\'b\\c\nd$e'");
        assert_eq!(said(python(b"a'b\"c\\d\n\xff~")), r"a\x27b\x22c\x5cd\x0a\xff~");
    }

    #[test]
    fn what_people_are_shown_is_quoted_where_it_must_be() {
        let table = [("/a/b-1.2_c+d", "/a/b-1.2_c+d"), ("", "''"), ("a b", "'a b'"), ("~", "'~'")];
        for (value, expected) in table {
            assert_eq!(shown(value), expected);
        }
        assert_eq!(shown("a';reboot #"), r"'a'\'';reboot #'");
    }

    #[test]
    fn bytes_that_are_no_text_pass_unchanged() {
        assert_eq!(posix(b"\xff\n"), b"'\xff\n'");
        assert_eq!(fish(b"\xff\n"), b"'\xff\n'");
    }

    #[test]
    fn a_value_that_looks_like_a_name_stays_data() {
        let mut text = Vec::new();
        let values = [("root", b"@shims@".to_vec()), ("shims", b"no".to_vec())];
        fill("x @root@ \"$@\" @other@ @shims@", &values, &mut text);
        assert_eq!(text, b"x @shims@ \"$@\" @other@ no");
    }

    #[test]
    fn what_is_escaped_comes_back() {
        assert_eq!(address(b"a+b c/d~e\xff"), "a%2Bb%20c/d~e%FF");
        assert_eq!(file_address("/p q/a+b@é".as_bytes()), "file:///p%20q/a+b@%C3%A9");
        for text in ["a+b c/d~e", "é%", "100%", "%2"] {
            assert_eq!(unescaped(&address(text.as_bytes())), text);
        }
        assert_eq!(unescaped("a%2Bb%zz%"), "a+b%zz%");
    }
}
