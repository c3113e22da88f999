//! Data to stdout, talk to stderr; colour where it is wanted, and nothing said by colour alone. Control characters of names
//! and servers never reach a terminal.

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use crate::cli::schema;
use crate::error::Error;
use crate::quote::deceives;

/// The characters of a screen of 80 columns and 25 lines.
const LONGEST_LINE: usize = 2000;

/// When words are coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Colour {
    // At a terminal that can, unless `NO_COLOR` or `CLICOLOR=0` says no; elsewhere where `CLICOLOR_FORCE` says so.
    Auto,
    Always,
    Never,
}

/// How some words are meant; what they say does not depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    /// A heading, or a command to be run.
    Strong,
    Good,
    Warning,
    Bad,
    /// What may help.
    Hint,
}

impl Tone {
    pub(crate) const fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Strong => Style::new().bold(),
            Self::Good => AnsiColor::Green.on_default().bold(),
            Self::Warning => AnsiColor::Yellow.on_default().bold(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Hint => AnsiColor::Cyan.on_default().bold(),
        }
    }

    /// The tone of a line that begins with a word for it, and how long that is.
    fn of_label(line: &str) -> Option<(Self, usize)> {
        const LABELS: [(&str, Tone); 7] = [
            ("pyman:", Tone::Bad),
            ("py:", Tone::Bad),
            ("python-build:", Tone::Bad),
            ("warning:", Tone::Warning),
            ("Warning:", Tone::Warning),
            ("hint:", Tone::Hint),
            ("Usage:", Tone::Strong),
        ];
        let found = LABELS.iter().find(|(label, _)| line.starts_with(label))?;
        Some((found.1, found.0.len()))
    }

    fn paint(self, text: &str) -> String {
        let style = self.style();
        if self == Self::Plain { text.to_owned() } else { format!("{style}{text}{style:#}") }
    }
}

/// Some words of a line, and how they are meant.
pub(crate) type Span = (Tone, Vec<u8>);

/// What is the same for all that print for one command line.
#[derive(Debug, Default)]
struct Manner {
    /// Whether a script waits for a document.
    awaited: AtomicBool,
    /// Whether nothing is said but what went wrong.
    quiet: AtomicBool,
    /// Whether work under way is not drawn.
    still: AtomicBool,
    /// A [`Colour`], as a number.
    colour: AtomicU8,
}

/// Where a command's words go. A clone speaks in the same manner.
#[derive(Debug, Clone)]
pub(crate) struct Printer {
    stdout: Arc<io::Stdout>,
    stderr: Arc<io::Stderr>,
    manner: Arc<Manner>,
}

impl Default for Printer {
    fn default() -> Self {
        let (stdout, stderr) = (Arc::new(io::stdout()), Arc::new(io::stderr()));
        Self { stdout, stderr, manner: Arc::default() }
    }
}

impl Printer {
    /// Colours as is asked for.
    pub(crate) fn colour(&self, colour: Colour) {
        self.manner.colour.store(colour as u8, Ordering::Relaxed);
    }

    /// From here on nothing is said but what went wrong.
    pub(crate) fn hush(&self) {
        self.manner.quiet.store(true, Ordering::Relaxed);
    }

    /// From here on work under way is not drawn.
    pub(crate) fn still(&self) {
        self.manner.still.store(true, Ordering::Relaxed);
    }

    /// Whether nothing is said but what went wrong.
    pub(crate) fn is_quiet(&self) -> bool {
        self.manner.quiet.load(Ordering::Relaxed)
    }

    /// Whether work under way may be drawn.
    pub(crate) fn draws(&self) -> bool {
        !self.is_quiet() && !self.manner.still.load(Ordering::Relaxed)
    }

    fn choice(&self, stream: &impl RawStream) -> ColorChoice {
        match self.manner.colour.load(Ordering::Relaxed) {
            colour if colour == Colour::Always as u8 => ColorChoice::Always,
            colour if colour == Colour::Never as u8 => ColorChoice::Never,
            _ => AutoStream::choice(stream),
        }
    }

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

    /// The rows of a table, their words coloured where that is wanted.
    pub(crate) fn toned(&self, rows: impl IntoIterator<Item = Vec<Span>>) -> Result<(), Error> {
        let choice = self.choice(&*self.stdout);
        let rows = rows.into_iter().map(|row| {
            let spans = row.into_iter().map(|(tone, text)| {
                let text = shown(&text, Lines::One);
                match std::str::from_utf8(&text) {
                    Ok(words) if choice != ColorChoice::Never => tone.paint(words).into_bytes(),
                    Ok(_) | Err(_) => text,
                }
            });
            spans.flatten().collect::<Vec<u8>>()
        });
        self.styled(&joined(rows), choice)
    }

    /// A text with styles, which are ours, to stdout.
    pub(crate) fn page(&self, page: &clap::builder::StyledStr) -> Result<(), Error> {
        let choice = self.choice(&*self.stdout);
        let text =
            if choice == ColorChoice::Never { page.to_string() } else { page.ansi().to_string() };
        self.styled(text.as_bytes(), choice)
    }

    fn styled(&self, text: &[u8], choice: ColorChoice) -> Result<(), Error> {
        if choice == ColorChoice::Never {
            return self.out(text);
        }
        let mut stdout = AutoStream::new(self.stdout.lock(), choice);
        match stdout.write_all(text).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result.map_err(Error::Output),
        }
    }

    /// What was done, a line to stdout for people.
    pub(crate) fn done(&self, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
        if self.is_quiet() { Ok(()) } else { self.line(bytes) }
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
        self.manner.awaited.store(true, Ordering::Relaxed);
    }

    /// A value as JSON, on one line, with the number of its shape; what would steer a terminal only as `\u009b`, which
    /// is the same to a reader.
    pub(crate) fn json(&self, value: &serde_json::Value) -> Result<(), Error> {
        self.manner.awaited.store(false, Ordering::Relaxed);
        self.out(format!("{}\n", unsteering(&schema::numbered(value).to_string())))
    }

    /// What went wrong, where a script has asked for JSON and got none yet; nobody there to read it is no error.
    pub(crate) fn fail(&self, failure: impl FnOnce() -> serde_json::Value) {
        if self.manner.awaited.load(Ordering::Relaxed) {
            match self.json(&failure()) {
                Ok(()) | Err(_) => {}
            }
        }
    }

    /// What has to be said, to stderr; nobody there to hear it is no error.
    pub(crate) fn say(&self, text: &str) {
        let text = plain(text);
        let text = bounded(&text);
        let choice = self.choice(&*self.stderr);
        let written = if choice == ColorChoice::Never {
            writeln!(self.stderr.lock(), "{text}")
        } else {
            writeln!(AutoStream::new(self.stderr.lock(), choice), "{}", labelled(&text))
        };
        match written {
            Ok(()) | Err(_) => {}
        }
    }

    /// Talk: what who wants quiet does not miss.
    pub(crate) fn talk(&self, text: &str) {
        if !self.is_quiet() {
            self.say(text);
        }
    }

    /// The same on one line, whatever is in the text.
    pub(crate) fn remark(&self, text: &str) {
        self.talk(&escaped(text, Lines::One));
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

/// What a line begins with in the colour of its meaning.
fn labelled(text: &str) -> String {
    let line = |line: &str| match Tone::of_label(line) {
        Some((tone, end)) => {
            let (label, rest) = line.split_at_checked(end).unwrap_or((line, ""));
            tone.paint(label) + rest
        }
        None => line.to_owned(),
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
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
    fn a_label_alone_is_coloured_and_the_words_stay() {
        let said = labelled("pyman: no such command `x'\nhint: run `pyman help'\nmore");
        assert_eq!(
            said,
            "\u{1b}[1m\u{1b}[31mpyman:\u{1b}[0m no such command `x'\n\
             \u{1b}[1m\u{1b}[36mhint:\u{1b}[0m run `pyman help'\nmore"
        );
    }

    #[test]
    fn a_row_is_one_line_and_other_bytes_stay() {
        assert_eq!(shown(b"a\nb\xff\x1bc", Lines::One), b"a\\nb\xff\\u{1b}c");
        assert_eq!(joined([b"a", b"b"]), b"a\nb\n");
    }
}
