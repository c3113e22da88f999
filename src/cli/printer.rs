//! Data to stdout, talk to stderr. Control characters of names and servers never reach a terminal.

use std::borrow::Cow;
use std::io::{self, BufRead as _, Write as _};

use crate::error::Error;
use crate::quote::deceives;

/// Where a command's words go.
#[derive(Debug)]
pub(crate) struct Printer {
    stdin: io::Stdin,
    stdout: io::Stdout,
    stderr: io::Stderr,
}

impl Default for Printer {
    fn default() -> Self {
        Self { stdin: io::stdin(), stdout: io::stdout(), stderr: io::stderr() }
    }
}

impl Printer {
    /// Data, byte for byte, to stdout. A reader that went away is no error.
    pub(crate) fn out(&self, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
        let mut stdout = self.stdout.lock();
        match stdout.write_all(bytes.as_ref()).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result.map_err(Error::Output),
        }
    }

    /// One line of data to stdout.
    pub(crate) fn line(&self, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
        let mut line = bytes.as_ref().to_vec();
        line.push(b'\n');
        self.out(line)
    }

    /// A value as JSON, on one line.
    pub(crate) fn json(&self, value: &serde_json::Value) -> Result<(), Error> {
        self.line(value.to_string())
    }

    /// Talk, to stderr; nobody there to hear it is no error.
    pub(crate) fn say(&self, text: &str) {
        match writeln!(self.stderr.lock(), "{}", plain(text)) {
            Ok(()) | Err(_) => {}
        }
    }

    /// Somebody else's stderr, byte for byte.
    pub(crate) fn pass(&self, bytes: &[u8]) -> Result<(), Error> {
        self.stderr.lock().write_all(bytes).map_err(Error::Output)
    }

    /// Asks on stderr and reads the answer from stdin; end of input is no.
    pub(crate) fn ask(&self, question: &str) -> Result<bool, Error> {
        let mut stderr = self.stderr.lock();
        write!(stderr, "{} ", plain(question))
            .and_then(|()| stderr.flush())
            .map_err(Error::Output)?;
        let mut answer = Vec::new();
        self.stdin.lock().read_until(b'\n', &mut answer).map_err(Error::Output)?;
        if answer.is_empty() {
            writeln!(stderr).map_err(Error::Output)?;
        }
        let answer = answer.trim_ascii().to_ascii_lowercase();
        Ok(answer == b"y" || answer == b"yes")
    }
}

/// `text` with every character that steers a terminal or turns its text round, but newline and tab, shown as an escape.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    let hostile = |character: char| deceives(character) && !matches!(character, '\n' | '\t');
    if !text.contains(hostile) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if hostile(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn control_characters_are_shown_not_sent() {
        assert_eq!(plain("a\u{1b}[31mb\tc\n"), "a\\u{1b}[31mb\tc\n");
        assert_eq!(plain("a\u{202e}b"), "a\\u{202e}b");
        assert_eq!(plain("plain"), "plain");
    }
}
