//! Inline script metadata (PEP 723): the `requires-python` of a script, as written. Nothing else of TOML is understood
//! here than what is needed to step over the other keys.

use crate::shebang::line;

/// The specifier in the head of a script's `# /// script` block. None if there is no such block, or two of them,
/// or it is not closed within what was read.
pub fn requires_python(head: &[u8]) -> Option<&[u8]> {
    let mut rest = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let mut found = None;
    while !rest.is_empty() {
        let (text, after) = line(rest);
        rest = after;
        let Some(name) = opening(text) else { continue };
        let Some((content, after)) = block(rest) else {
            continue;
        };
        rest = after;
        if name == b"script" && found.replace(content).is_some() {
            return None;
        }
    }
    Lines { rest: found? }.requires_python()
}

/// The type of a block that starts on this line.
fn opening(text: &[u8]) -> Option<&[u8]> {
    let name = text.strip_prefix(b"# /// ")?;
    let legal = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    (!name.is_empty() && name.iter().all(legal)).then_some(name)
}

/// The comment lines up to the last `# ///` among them, and what follows that.
fn block(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut rest = text;
    let mut closed = None;
    loop {
        let (comment, after) = line(rest);
        if comment == b"# ///" {
            let length = text.len() - rest.len();
            closed = text.get(..length).map(|content| (content, after));
        } else if comment != b"#" && !comment.starts_with(b"# ") {
            return closed.filter(|(content, _)| !content.is_empty());
        }
        if after.is_empty() {
            return closed.filter(|(content, _)| !content.is_empty());
        }
        rest = after;
    }
}

/// A block's TOML, line by line, the comment signs taken off.
struct Lines<'a> {
    rest: &'a [u8],
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let (text, after) = line(self.rest);
        self.rest = after;
        let text = text.strip_prefix(b"#").unwrap_or(text);
        Some(text.strip_prefix(b" ").unwrap_or(text))
    }

    /// Walks the keys before the first table.
    fn requires_python(mut self) -> Option<&'a [u8]> {
        while let Some(text) = self.next() {
            let text = text.trim_ascii();
            if text.is_empty() || text.starts_with(b"#") {
                continue;
            }
            if text.starts_with(b"[") {
                return None;
            }
            let (key, value) = split_key(text)?;
            if key == b"requires-python" {
                return string(value);
            }
            self.step_over(value)?;
        }
        None
    }

    /// Reads on until the value that starts with `text` is complete.
    fn step_over(&mut self, text: &'a [u8]) -> Option<()> {
        let mut depth = 0_usize;
        let mut text = text;
        loop {
            text = text.trim_ascii_start();
            let Some((&first, rest)) = text.split_first() else {
                if depth == 0 {
                    return Some(());
                }
                text = self.next()?;
                continue;
            };
            text = match first {
                b'#' => b"",
                b'[' | b'{' => {
                    depth += 1;
                    rest
                }
                b']' | b'}' => {
                    depth = depth.checked_sub(1)?;
                    rest
                }
                b'"' | b'\'' => self.step_over_string(text, first)?,
                _ => rest,
            };
        }
    }

    /// What follows the string at the head of `text`; one in three quotes may go over lines.
    fn step_over_string(&mut self, text: &'a [u8], quote: u8) -> Option<&'a [u8]> {
        let long = [quote; 3];
        let Some(mut rest) = text.strip_prefix(&long) else {
            return after_quote(text.get(1..)?, &[quote]);
        };
        loop {
            match after_quote(rest, &long) {
                Some(mut after) => {
                    // Up to two quotes may stand before the closing three.
                    while let Some(more) = after.strip_prefix(&[quote]) {
                        after = more;
                    }
                    return Some(after);
                }
                None => rest = self.next()?,
            }
        }
    }
}

/// What follows the closing quote; in `"` strings a backslash takes the next byte with it.
fn after_quote<'a>(text: &'a [u8], quote: &[u8]) -> Option<&'a [u8]> {
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(quote) {
            return Some(after);
        }
        rest = after;
        if byte == b'\\' && quote.first() == Some(&b'"') {
            rest = after.get(1..).unwrap_or_default();
        }
    }
    None
}

/// A key, quoted or not, and its value. A dotted key is no key that concerns us, but has a value.
fn split_key(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (key, rest) = match text.first()? {
        quote @ (b'"' | b'\'') => {
            let text = text.get(1..)?;
            let rest = after_quote(text, &[*quote])?;
            let key = text.get(..text.len() - rest.len() - 1)?;
            (key, rest)
        }
        _ => (text.get(..text.iter().position(|byte| *byte == b'=')?)?, text),
    };
    let equals = rest.iter().position(|byte| *byte == b'=')?;
    Some((key.trim_ascii(), rest.get(equals + 1..)?.trim_ascii()))
}

/// The text of a one-line string. One with escapes is not read: no specifier needs them.
fn string(value: &[u8]) -> Option<&[u8]> {
    let quote = value.first().filter(|byte| matches!(byte, b'"' | b'\''))?;
    let text = value.get(1..)?;
    let end = text.iter().position(|byte| byte == quote)?;
    let text = text.get(..end)?;
    (!text.contains(&b'\\') && !text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: &str = "#!/usr/bin/env python3\n# /// script\n# requires-python = \">=3.11\"\n# dependencies = [\n\
        #   \"rich\",\n# ]\n# ///\nimport rich\n";

    #[test]
    fn the_key_is_found_among_others() {
        let rows: &[(&str, Option<&str>)] = &[
            ("requires-python = \">=3.11\"", Some(">=3.11")),
            ("requires-python='<3.10' # old", Some("<3.10")),
            ("\"requires-python\" = \">=3.8,<3.13\"", Some(">=3.8,<3.13")),
            ("a = \"x\"\n# requires-python = \"~=3.11\"", Some("~=3.11")),
            (
                "a = [\n#  'requires-python = \"1\"', # ]\n#  { b = \"]\" },\n# ]\n#\n# requires-python = \"==3.9.*\"",
                Some("==3.9.*"),
            ),
            (
                "a = \"\"\"\n# requires-python = '1'\n# \"\"\"\"\n# requires-python = '>2'",
                Some(">2"),
            ),
            ("a = 'it\\'\n# requires-python = '>2'", Some(">2")),
            ("a = \"\\\"]\"\n# requires-python = '>2'", Some(">2")),
            ("a.b = 1\n# requires-python = '>2'", Some(">2")),
            ("[tool.x]\n# requires-python = '>2'", None),
            ("x.requires-python = '>2'", None),
            ("requires-python = 3", None),
            ("requires-python = ''", None),
            ("requires-python = \"\\u003e3\"", None),
            ("a = [ # never closed\n# requires-python = '>2'", None),
            ("nonsense\n# requires-python = '>2'", None),
        ];
        for (toml, expected) in rows {
            let script = std::format!("# /// script\n# {toml}\n# ///\n");
            let found = requires_python(script.as_bytes());
            assert_eq!(found, expected.map(str::as_bytes), "{toml}");
        }
    }

    #[test]
    fn a_block_is_what_the_peps_expression_matches() {
        let rows: &[(&str, Option<&str>)] = &[
            (USUAL, Some(">=3.11")),
            ("\u{feff}# /// script\r\n# requires-python = '>2'\r\n# ///", Some(">2")),
            (
                "# /// other\n# x = 1\n# ///\n\n# /// script\n# requires-python = '>2'\n# ///\n",
                Some(">2"),
            ),
            ("# /// script\n# requires-python = '>2'\n# ///\n# more\n# ///\n", Some(">2")),
            ("# /// script\n# requires-python = '>2'\n", None),
            ("# /// script\n# requires-python = '>2'\n\n# ///\n", None),
            ("# /// script\n# ///\n", None),
            ("# /// script\n#requires-python = '>2'\n# ///\n", None),
            (" # /// script\n# requires-python = '>2'\n# ///\n", None),
            ("# ///script\n# requires-python = '>2'\n# ///\n", None),
            ("# /// Script\n# requires-python = '>2'\n# ///\n", None),
            (
                "# /// script\n# requires-python = '>2'\n# ///\nx\n# /// script\n# requires-python = '>3'\n# ///\n",
                None,
            ),
            ("", None),
        ];
        for (script, expected) in rows {
            let found = requires_python(script.as_bytes());
            assert_eq!(found, expected.map(str::as_bytes), "{script}");
        }
    }
}
