//! Percent-encoding (RFC 3986 §2.1): a path as a part of an address, and back.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

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
    fn what_is_escaped_comes_back() {
        assert_eq!(address(b"a+b c/d~e\xff"), "a%2Bb%20c/d~e%FF");
        assert_eq!(file_address("/p q/a+b@é".as_bytes()), "file:///p%20q/a+b@%C3%A9");
        for text in ["a+b c/d~e", "é%", "100%", "%2"] {
            assert_eq!(unescaped(&address(text.as_bytes())), text);
        }
        assert_eq!(unescaped("a%2Bb%zz%"), "a+b%zz%");
    }
}
