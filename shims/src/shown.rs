//! Bytes from files, names and variables, made fit for a terminal.

use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt::{self, Write};

/// Shows bytes as text: control characters escaped, what is no UTF-8 replaced.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a>(pub &'a [u8]);

/// The same, cut at a screen's width: for what a file, a variable or a command line says, which is of any length.
#[derive(Debug, Clone, Copy)]
pub struct Cut<'a>(pub &'a [u8]);

/// In characters.
const WIDTH: usize = 80;

/// Stands for a byte that is no UTF-8, as [`char::REPLACEMENT_CHARACTER`] does for people.
fn characters(bytes: &[u8]) -> impl Iterator<Item = char> {
    bytes.utf8_chunks().flat_map(|chunk| {
        let invalid = (!chunk.invalid().is_empty()).then_some(char::REPLACEMENT_CHARACTER);
        chunk.valid().chars().chain(invalid)
    })
}

fn write(formatter: &mut fmt::Formatter<'_>, character: char) -> fmt::Result {
    if character.is_control() || is_direction(character) {
        write!(formatter, "{}", character.escape_default())
    } else {
        formatter.write_char(character)
    }
}

/// Whether it turns the direction of what is written after it (Unicode, "Bidirectional Formatting Characters").
const fn is_direction(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl Shown<'_> {
    /// The same for a list: what is no UTF-8 stays as it is, so that a path still leads there.
    pub fn bytes(&self) -> Vec<u8> {
        let mut line = Vec::with_capacity(self.0.len());
        for chunk in self.0.utf8_chunks() {
            line.extend_from_slice(Shown(chunk.valid().as_bytes()).to_string().as_bytes());
            line.extend_from_slice(chunk.invalid());
        }
        line
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        characters(self.0).try_for_each(|character| write(formatter, character))
    }
}

impl fmt::Display for Cut<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut left = characters(self.0);
        left.by_ref().take(WIDTH).try_for_each(|character| write(formatter, character))?;
        if left.next().is_some() { formatter.write_char('…') } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use std::format;

    use super::*;

    #[test]
    fn a_terminal_never_sees_a_control_character() {
        assert_eq!(Shown(b"3.12\x1b[31m\n").to_string(), "3.12\\u{1b}[31m\\n");
        assert_eq!(Shown(b"caf\xc3\xa9 \xff").to_string(), "caf\u{e9} \u{fffd}");
        assert_eq!(Shown("a\u{202e}b".as_bytes()).to_string(), "a\\u{202e}b");
    }

    #[test]
    fn what_is_too_long_for_a_screen_is_cut() {
        let (fits, long) = ("x".repeat(80), "\u{e9}".repeat(81));
        assert_eq!(Cut(fits.as_bytes()).to_string(), fits);
        assert_eq!(Cut(long.as_bytes()).to_string(), format!("{}…", "\u{e9}".repeat(80)));
        assert_eq!(Cut(b"\x1b").to_string(), "\\u{1b}");
    }
}
