//! The strings of a document of JSON, changed where they stand. Pure.

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
    use super::super::replaced;
    use super::*;

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
