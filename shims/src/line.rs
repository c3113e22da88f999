//! What one line of a version file, or one part of `PYMAN_VERSION`, says; and a release of CPython by number, with all that
//! people hang on it: `3.12`, `3.13.0t`, `3.12.7+20241016`, `3.12.7-linux-x86_64-gnu`.
//!
//! Of a line pyenv's first word counts, but for two things that people write and whose first word alone would mean another
//! Python without a word said: bounds with blanks (`>=3.10, <3.12`), and a version after the name of what it is one of
//! (`python 3.11.7`).

use alloc::borrow::Cow;

use crate::name::family_word;
use crate::series::Series;
use crate::specifier::Specifiers;
use crate::version::Variant;

/// A line that is neither blank nor a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// What counts.
    pub(crate) entry: Cow<'a, [u8]>,
    /// The words after it, which do not.
    pub(crate) rest: &'a [u8],
}

impl<'a> Line<'a> {
    /// Reads a line; none of one that is blank or a comment.
    pub(crate) fn read(text: &'a [u8]) -> Option<Self> {
        let text = text.trim_ascii();
        let (word, rest) = first_word(text);
        if word.is_empty() || word.starts_with(b"#") {
            return None;
        }
        if is_comparison(word) {
            return Some(Self::of_bounds(text));
        }
        let named = Self::of_implementation(word, rest);
        Some(named.unwrap_or(Self { entry: word.into(), rest }))
    }

    /// Bounds go up to a `#`, and blanks do not count; what are none stay as they are, to be named.
    fn of_bounds(text: &'a [u8]) -> Self {
        let length = text.iter().position(|byte| *byte == b'#').unwrap_or(text.len());
        let (bounds, rest) = text.split_at_checked(length).unwrap_or((text, b""));
        let bounds = bounds.trim_ascii();
        let entry = match Specifiers::parse(bounds) {
            Some(_) if bounds.iter().any(u8::is_ascii_whitespace) => Cow::Owned(
                bounds.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect(),
            ),
            Some(_) | None => Cow::Borrowed(bounds),
        };
        Self { entry, rest }
    }

    /// `python 3.11.7`, `cpython >=3.10, <3.12`, `pypy 3.10`, `miniforge3 24.11.0-0`, in any case of the name.
    fn of_implementation(word: &[u8], rest: &'a [u8]) -> Option<Self> {
        let name = word.to_ascii_lowercase();
        let (version, after) = first_word(rest);
        if matches!(name.as_slice(), b"python" | b"cpython") {
            if is_comparison(version) {
                return Some(Self::of_bounds(rest));
            }
            return reads_as_version(version)
                .then_some(Self { entry: version.into(), rest: after });
        }
        let family = family_word(&name).filter(|_| reads_as_version(version))?;
        // `pypy3.10-7.3.17`, and `pypy3 3.10` says the major twice; all others are written `graalpy-24.1.1`.
        let entry = if family == b"pypy" {
            [family, version].concat()
        } else {
            [name.as_slice(), b"-", version].concat()
        };
        Some(Self { entry: entry.into(), rest: after })
    }
}

/// Whether bounds begin here.
pub(crate) fn is_comparison(text: &[u8]) -> bool {
    text.first().is_some_and(|byte| b"<>=!~".contains(byte))
}

/// Whether a word that follows an implementation's name is a version of it; of several joined by `:` the first is asked.
fn reads_as_version(word: &[u8]) -> bool {
    let first = word.split(|byte| *byte == b':').next().unwrap_or_default();
    let numbered = || Number::parse(first).is_some_and(|number| number.series.is_some());
    first.first().is_some_and(u8::is_ascii_digit) && (numbered() || dotted(first))
}

/// `24.11.0-0`, `7.3.17rc1`: a number as releases of other implementations have them.
fn dotted(word: &[u8]) -> bool {
    let known =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+');
    word.contains(&b'.') && word.iter().all(known)
}

/// The first word, and what follows it without blanks around.
fn first_word(text: &[u8]) -> (&[u8], &[u8]) {
    let text = text.trim_ascii_start();
    let length = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(length).unwrap_or((text, b""));
    (word, rest.trim_ascii())
}

/// The parts of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number<'a> {
    /// None where nothing says which: the newest is meant.
    pub(crate) series: Option<Series>,
    pub(crate) variant: Variant,
    /// `20241016`.
    pub(crate) build: Option<&'a [u8]>,
    /// `linux-x86_64-gnu`.
    pub(crate) platform: Option<&'a [u8]>,
}

impl<'a> Number<'a> {
    /// Reads a number; none of what is not one from end to end.
    pub(crate) fn parse(text: &'a [u8]) -> Option<Self> {
        let (series, mut rest) = match Series::head(text) {
            Some((series, rest)) => (Some(series), rest),
            None if text.is_empty() => (None, text),
            None => return None,
        };
        let mut number = Self { series, variant: Variant::Default, build: None, platform: None };
        while !rest.is_empty() {
            if let Some((variant, tail)) = variant_head(rest) {
                (number.variant, rest) = (variant, tail);
            } else if let Some((build, tail)) = rest.strip_prefix(b"+").and_then(digits) {
                (number.build, rest) = (Some(build), tail);
            } else {
                let platform = rest.strip_prefix(b"-").filter(|tail| is_platform(tail))?;
                (number.platform, rest) = (Some(platform), b"");
            }
        }
        Some(number)
    }
}

fn variant_head(text: &[u8]) -> Option<(Variant, &[u8])> {
    let suffixes: [(&[u8], Variant); 8] = [
        (b"+freethreaded", Variant::FreeThreaded),
        (b"-freethreaded", Variant::FreeThreaded),
        (b"+debug", Variant::Debug),
        (b"-debug", Variant::Debug),
        (b"+gil", Variant::Default),
        (b"+default", Variant::Default),
        (b"t", Variant::FreeThreaded),
        (b"d", Variant::Debug),
    ];
    suffixes.into_iter().find_map(|(suffix, variant)| Some((variant, text.strip_prefix(suffix)?)))
}

fn digits(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    text.split_at_checked(length).filter(|(head, _)| !head.is_empty())
}

fn is_platform(text: &[u8]) -> bool {
    [b"linux-".as_slice(), b"macos-", b"darwin-", b"windows-"]
        .into_iter()
        .any(|system| text.starts_with(system))
}

#[cfg(test)]
mod tests {
    use std::string::String;

    use super::*;

    #[test]
    fn the_first_word_counts_but_for_bounds_and_versions_after_a_name() {
        let cases = [
            ("3.12.1", "3.12.1"),
            ("  \t3.12.1 3.11 # old", "3.12.1"),
            ("3.12#x", "3.12#x"),
            ("3.12: 2.7", "3.12:"),
            ("web >=3.10", "web"),
            (">=3.10,<3.12", ">=3.10,<3.12"),
            (">=3.10, <3.12", ">=3.10,<3.12"),
            ("  >= 3.10 ,\t< 3.12  # as in CI", ">=3.10,<3.12"),
            ("~= 3.11#x", "~=3.11"),
            ("== 3.11.*", "==3.11.*"),
            ("!=3.9.1, >=3.9", "!=3.9.1,>=3.9"),
            (">=3.9 <3.11", ">=3.9 <3.11"),
            (">=3.9 <3.11 # x", ">=3.9 <3.11"),
            (">=3.9 3.11", ">=3.9 3.11"),
            ("> = 3.9", "> = 3.9"),
            (">=", ">="),
            ("python 3.11.7", "3.11.7"),
            ("Python 3.11.7", "3.11.7"),
            ("python\t3.11.7 3.10.2 # asdf", "3.11.7"),
            ("cpython 3.11", "3.11"),
            ("python 3.13t", "3.13t"),
            ("python 3.14.0rc1", "3.14.0rc1"),
            ("python 3.11.7:3.9", "3.11.7:3.9"),
            ("python >=3.10, <3.12 # x", ">=3.10,<3.12"),
            ("python >=3.10 <3.12", ">=3.10 <3.12"),
            ("pypy 3.10", "pypy3.10"),
            ("pypy3 3.10", "pypy3.10"),
            ("PyPy 3.10-7.3.17", "pypy3.10-7.3.17"),
            ("graalpy 24.1.1", "graalpy-24.1.1"),
            ("miniforge3 24.11.0-0", "miniforge3-24.11.0-0"),
            ("python", "python"),
            ("python # any", "python"),
            ("python web", "python"),
            ("python 3.11/x", "python"),
            ("web 3.11", "web"),
            ("python-3.11 3.9", "python-3.11"),
        ];
        for (text, expected) in cases {
            let line = Line::read(text.as_bytes()).unwrap();
            assert_eq!(String::from_utf8_lossy(&line.entry), expected, "{text:?}");
        }
        for nothing in ["", "  \r", "# python 3.11", "  #>=3.10"] {
            assert_eq!(Line::read(nothing.as_bytes()), None, "{nothing:?}");
        }
    }
}
