//! Paths within text: replaced where the whole path is meant, not where another begins the same. Pure.

use std::path::Path;

use crate::quote::file_address;
use crate::world;

/// `text` with the path `former`, or what is below it, as `goal`.
pub(super) fn replaced(text: &[u8], former: &[u8], goal: &[u8]) -> Vec<u8> {
    if former.is_empty() || former == goal {
        return text.to_vec();
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.windows(former.len()).position(|window| window == former) {
        let (before, found) = rest.split_at_checked(at).unwrap_or((rest, b""));
        let (_, after) = found.split_at_checked(former.len()).unwrap_or((found, b""));
        let begins = !before.last().is_some_and(|byte| is_of_name(*byte));
        let ends = !after.first().is_some_and(|byte| is_of_name(*byte));
        out.extend_from_slice(before);
        out.extend_from_slice(if begins && ends { goal } else { former });
        rest = after;
    }
    out.extend_from_slice(rest);
    out
}

/// The path as a `file:` URL has it.
pub(super) fn url(path: &Path) -> Vec<u8> {
    file_address(world::bytes(path)).into_bytes()
}

/// Bytes that make another name of a path that ends here.
fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._-+%".contains(&byte) || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_path_is_replaced() {
        let cases = [
            ("/w/e/src/p\n", "/new/src/p\n"),
            ("/w/e", "/new"),
            ("'/w/e': 1, \"/w/e/x\"", "'/new': 1, \"/new/x\""),
            ("/w/e2/x", "/w/e2/x"),
            ("/w/e-old", "/w/e-old"),
            ("/up/w/e", "/up/w/e"), // `p` is of a name
            ("nothing", "nothing"),
        ];
        for (text, expected) in cases {
            let got = replaced(text.as_bytes(), b"/w/e", b"/new");
            assert_eq!(String::from_utf8(got).unwrap(), expected);
        }
        assert_eq!(url(Path::new("/a b/é")), b"file:///a%20b/%C3%A9");
    }
}
