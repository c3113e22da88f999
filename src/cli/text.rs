//! How words look: in colours that say nothing which the words do not; broken between words where a terminal is narrow;
//! and with nothing in them that would steer a terminal.

use std::borrow::Cow;

use anstyle::{AnsiColor, Style};
use indicatif::ProgressStyle;

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

    pub(super) fn paint(self, text: &str) -> String {
        let style = self.style();
        if self == Self::Plain { text.to_owned() } else { format!("{style}{text}{style:#}") }
    }
}

/// Some words of a line, and how they are meant.
pub(crate) type Span = (Tone, Vec<u8>);

/// Whether a text may have several lines.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    One,
    Several,
}

/// `text` with every control character but newline and tab shown as an escape, and every one that turns the writing
/// around: what a terminal shows is what is there.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    escaped(text, Lines::Several)
}

/// No line longer than a screen: what somebody else wrote may be of any length.
pub(super) fn bounded(text: &str) -> Cow<'_, str> {
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

/// Lines broken between words as the terminal is wide. What stands in quotes is to be pasted: it stays in one piece, which
/// the terminal breaks without a line break.
pub(super) fn wrapped(text: &str, columns: usize) -> String {
    let line = |line: &str| {
        // What is indented was laid out by who wrote it.
        if line.chars().count() <= columns || line.starts_with(' ') {
            return line.to_owned();
        }
        let (mut lines, mut width, mut pieces, mut quoted) = (String::new(), 0, 0, false);
        let mut piece = String::new();
        for word in line.split(' ').map(Some).chain([None]) {
            if let Some(word) = word {
                piece.extend((!piece.is_empty()).then_some(' '));
                piece.push_str(word);
                // A command to paste ends as it began, a name as pyenv's messages have it.
                quoted = word.chars().fold(quoted, |quoted, character| match character {
                    '`' => !quoted,
                    '\'' => false,
                    _ => quoted,
                });
                if quoted {
                    continue;
                }
            }
            if piece.is_empty() {
                continue;
            }
            let needs = piece.chars().count();
            if pieces > 1 && width + 1 + needs > columns {
                lines.push_str("\n  ");
                width = 2;
            } else if width > 0 {
                lines.push(' ');
                width += 1;
            }
            lines.push_str(&piece);
            pieces += 1;
            width += needs;
            piece.clear();
        }
        lines
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// What a line begins with in the colour of its meaning.
pub(super) fn labelled(text: &str) -> String {
    let line = |line: &str| match Tone::of_label(line) {
        Some((tone, end)) => {
            let (label, rest) = line.split_at_checked(end).unwrap_or((line, ""));
            tone.paint(label) + rest
        }
        None => line.to_owned(),
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

pub(super) fn escaped(text: &str, lines: Lines) -> Cow<'_, str> {
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
pub(super) fn unsteering(json: &str) -> String {
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
pub(super) fn shown(bytes: &[u8], lines: Lines) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.extend_from_slice(escaped(chunk.valid(), lines).as_bytes());
        text.extend_from_slice(chunk.invalid());
    }
    text
}

pub(super) fn joined(lines: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Vec<u8> {
    let mut text = Vec::new();
    for line in lines {
        text.extend_from_slice(line.as_ref());
        text.push(b'\n');
    }
    text
}

/// A line for work of which nobody knows how long it takes, in signs that every terminal has.
pub(super) fn spinner() -> ProgressStyle {
    let style = ProgressStyle::with_template("{msg} {spinner} {elapsed}");
    style.unwrap_or_else(|_| ProgressStyle::default_spinner()).tick_chars("|/-\\ ")
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
    fn lines_are_broken_between_words_and_never_within_quotes() {
        let said = "hint: run `pyman install 3.13', or pick one of the installed: 3.9.18, 3.11.7";
        assert_eq!(
            wrapped(said, 40),
            "hint: run `pyman install 3.13', or pick\n  one of the installed: 3.9.18, 3.11.7"
        );
        assert_eq!(wrapped("a b `c d e' f", 6), "a b\n  `c d e'\n  f");
        // What does not fit behind the first word fits nowhere else.
        assert_eq!(wrapped("fetching cpython.tar.gz now", 12), "fetching cpython.tar.gz\n  now");
        assert_eq!(wrapped("a\n    run: as it is", 6), "a\n    run: as it is");
    }

    #[test]
    fn a_row_is_one_line_and_other_bytes_stay() {
        assert_eq!(shown(b"a\nb\xff\x1bc", Lines::One), b"a\\nb\xff\\u{1b}c");
        assert_eq!(joined([b"a", b"b"]), b"a\nb\n");
    }
}
