//! Data to stdout, talk to stderr. Control characters of names and servers never reach a terminal.

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cli::schema;
use crate::error::Error;
use crate::quote::deceives;

/// The characters of a screen of 80 columns and 25 lines.
const LONGEST_LINE: usize = 2000;

/// Where a command's words go.
#[derive(Debug)]
pub(crate) struct Printer {
    stdout: io::Stdout,
    stderr: io::Stderr,
    /// Whether a script waits for a document.
    awaited: AtomicBool,
}

impl Default for Printer {
    fn default() -> Self {
        Self { stdout: io::stdout(), stderr: io::stderr(), awaited: AtomicBool::new(false) }
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

    /// One line for people, to stdout.
    pub(crate) fn line(&self, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
        let mut line = shown(bytes.as_ref(), Lines::One);
        line.push(b'\n');
        self.out(line)
    }

    /// A text of several lines, to stdout.
    pub(crate) fn text(&self, text: impl AsRef<[u8]>) -> Result<(), Error> {
        let mut text = shown(text.as_ref(), Lines::Several);
        text.push(b'\n');
        self.out(text)
    }

    /// The rows of a table, to stdout.
    pub(crate) fn table(
        &self,
        rows: impl IntoIterator<Item = impl AsRef<[u8]>>,
    ) -> Result<(), Error> {
        let rows = rows.into_iter().map(|row| shown(row.as_ref(), Lines::One));
        self.out(joined(rows))
    }

    /// A bare list, which scripts read: byte for byte, but for a person at a terminal.
    pub(crate) fn list(
        &self,
        lines: impl IntoIterator<Item = impl AsRef<[u8]>>,
    ) -> Result<(), Error> {
        if self.stdout.is_terminal() { self.table(lines) } else { self.out(joined(lines)) }
    }

    /// A script has asked for JSON.
    pub(crate) fn expect_json(&self) {
        self.awaited.store(true, Ordering::Relaxed);
    }

    /// A value as JSON, on one line, with the number of its shape; what would steer a terminal only as `\u009b`, which
    /// is the same to a reader.
    pub(crate) fn json(&self, value: &serde_json::Value) -> Result<(), Error> {
        self.awaited.store(false, Ordering::Relaxed);
        self.out(format!("{}\n", unsteering(&schema::numbered(value).to_string())))
    }

    /// What went wrong, where a script has asked for JSON and got none yet; nobody there to read it is no error.
    pub(crate) fn fail(&self, failure: impl FnOnce() -> serde_json::Value) {
        if self.awaited.load(Ordering::Relaxed) {
            match self.json(&failure()) {
                Ok(()) | Err(_) => {}
            }
        }
    }

    /// Talk, to stderr; nobody there to hear it is no error.
    pub(crate) fn say(&self, text: &str) {
        match writeln!(self.stderr.lock(), "{}", bounded(&plain(text))) {
            Ok(()) | Err(_) => {}
        }
    }

    /// The same on one line, whatever is in the text.
    pub(crate) fn remark(&self, text: &str) {
        self.say(&escaped(text, Lines::One));
    }

    /// Somebody else's stderr, byte for byte.
    pub(crate) fn pass(&self, bytes: &[u8]) -> Result<(), Error> {
        self.stderr.lock().write_all(bytes).map_err(Error::Output)
    }

    /// The beginning of a line that somebody else ends, to stderr.
    pub(crate) fn begin(&self, text: &str) -> Result<(), Error> {
        let mut stderr = self.stderr.lock();
        let written =
            write!(stderr, "{} ", escaped(text, Lines::One)).and_then(|()| stderr.flush());
        written.map_err(Error::Output)
    }
}

/// Whether a text may have several lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lines {
    One,
    Several,
}

/// `text` with every control character but newline and tab shown as an escape, and every one that turns the writing
/// around: what a terminal shows is what is there.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    escaped(text, Lines::Several)
}

/// No line longer than a screen: what somebody else wrote may be of any length.
fn bounded(text: &str) -> Cow<'_, str> {
    if text.lines().all(|line| line.len() <= LONGEST_LINE) {
        return Cow::Borrowed(text);
    }
    let mut lines = text.lines().map(|line| match line.char_indices().nth(LONGEST_LINE) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or(line)),
        None => line.to_owned(),
    });
    let first = lines.next().unwrap_or_default();
    Cow::Owned(lines.fold(first, |text, line| text + "\n" + &line))
}

fn escaped(text: &str, lines: Lines) -> Cow<'_, str> {
    let hostile = |character: char| {
        deceives(character) && (lines == Lines::One || !matches!(character, '\n' | '\t'))
    };
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

/// JSON with every character escaped that deceives: in its text such a character stands only within strings.
fn unsteering(json: &str) -> String {
    let shown = |character: char| {
        if deceives(character) {
            format!("\\u{:04x}", u32::from(character))
        } else {
            character.to_string()
        }
    };
    if json.contains(deceives) { json.chars().map(shown).collect() } else { json.to_owned() }
}

/// The same for bytes; what is no UTF-8 stays.
fn shown(bytes: &[u8], lines: Lines) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.extend_from_slice(escaped(chunk.valid(), lines).as_bytes());
        text.extend_from_slice(chunk.invalid());
    }
    text
}

fn joined(lines: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Vec<u8> {
    let mut text = Vec::new();
    for line in lines {
        text.extend_from_slice(line.as_ref());
        text.push(b'\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown_not_sent() {
        assert_eq!(plain("a\u{1b}[31mb\tc\n"), "a\\u{1b}[31mb\tc\n");
        assert_eq!(plain("a\u{202e}b"), "a\\u{202e}b");
        assert_eq!(plain("plain"), "plain");
        assert_eq!(unsteering("\"a\u{9b}\u{202e}é\""), "\"a\\u009b\\u202eé\"");
    }

    #[test]
    fn a_row_is_one_line_and_other_bytes_stay() {
        assert_eq!(shown(b"a\nb\xff\x1bc", Lines::One), b"a\\nb\xff\\u{1b}c");
        assert_eq!(joined([b"a", b"b"]), b"a\nb\n");
    }
}
