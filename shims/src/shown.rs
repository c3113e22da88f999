//! Bytes from files, names and variables, made fit for a terminal.

use core::fmt::{self, Write};

/// Shows bytes as text: control characters escaped, what is no UTF-8 replaced.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a>(pub &'a [u8]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            for character in chunk.valid().chars() {
                if character.is_control() {
                    write!(formatter, "{}", character.escape_default())?;
                } else {
                    formatter.write_char(character)?;
                }
            }
            if !chunk.invalid().is_empty() {
                formatter.write_char(char::REPLACEMENT_CHARACTER)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn a_terminal_never_sees_a_control_character() {
        assert_eq!(Shown(b"3.12\x1b[31m\n").to_string(), "3.12\\u{1b}[31m\\n");
        assert_eq!(Shown(b"caf\xc3\xa9 \xff").to_string(), "caf\u{e9} \u{fffd}");
    }
}
