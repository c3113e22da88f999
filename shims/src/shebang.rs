//! The `#!` line of a script given to `py`: what it asks for. Whether that exists is not asked here.

use alloc::vec::Vec;

use crate::path;

/// How much of a script is read for its first lines and its inline metadata.
pub const HEAD: usize = 16 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const ENV: &[u8] = b"/usr/bin/env";

/// Where virtual commands stand, those without a directory aside.
const DIRECTORIES: [&[u8]; 2] = [b"/usr/bin/", b"/usr/local/bin/"];

/// What the first line of a script asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shebang {
    /// The command as written; after `env`, what `env` is to run. py.ini's `[commands]` may know it.
    pub written: Vec<u8>,
    /// What that means when `[commands]` does not know it.
    pub command: Command,
    /// The rest of the line, which goes before the script.
    pub arguments: Vec<Vec<u8>>,
    /// The line it stands on, 1 or 2.
    pub line: usize,
}

/// The meaning of a shebang's command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A virtual command: some Python, for all that `/usr/bin/python3.9` looks like a path.
    Python {
        /// Its last name, `python3.9`.
        name: Vec<u8>,
        /// What follows `python`; empty for any Python.
        tag: Vec<u8>,
    },
    /// `/usr/bin/env NAME` with a name that is no Python's: to be found on PATH.
    Named(Vec<u8>),
    /// An absolute path, to be run as written.
    Path(Vec<u8>),
    /// A relative path or a bare name: nothing, unless `[commands]` knows it.
    Relative,
}

impl Shebang {
    /// Reads the head of a script. Line 2 counts for a virtual command below a blank line or a plain comment (pywin).
    pub fn parse(head: &[u8]) -> Option<Self> {
        let (first, rest) = line(head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head));
        if first.starts_with(b"#!") {
            return Self::read(first, 1);
        }
        let first = first.trim_ascii_start();
        if !first.is_empty() && !first.starts_with(b"#") {
            return None;
        }
        let (second, _) = line(rest);
        Self::read(second, 2).filter(|shebang| matches!(shebang.command, Command::Python { .. }))
    }

    /// The names under which `[commands]` is asked for this, in order.
    pub fn names(&self) -> impl Iterator<Item = &[u8]> {
        let last = match &self.command {
            Command::Python { name, .. } | Command::Named(name) => Some(name.as_slice()),
            // PEP 397's launcher takes a path in these as it takes Python's.
            Command::Path(path) => DIRECTORIES.into_iter().find_map(|bin| path.strip_prefix(bin)),
            Command::Relative => None,
        };
        let last = last.filter(|name| *name != self.written);
        core::iter::once(self.written.as_slice()).chain(last)
    }

    fn read(line: &[u8], number: usize) -> Option<Self> {
        let text = line.strip_prefix(b"#!")?.trim_ascii();
        let mut words = words(text);
        if words.is_empty() {
            return None;
        }
        let written = words.remove(0);
        if written == ENV {
            return Some(Self::environment(text, words, number));
        }
        let command = virtual_command(&written).unwrap_or_else(|| {
            if is_absolute(&written) { Command::Path(written.clone()) } else { Command::Relative }
        });
        Some(Self { written, command, arguments: words, line: number })
    }

    /// `env` with a name, perhaps behind `-S`. Its other options and its assignments are its own business:
    /// then it is a program like any other, and gets what `-S` is to split as it stands, as from a kernel.
    fn environment(text: &[u8], plain: Vec<Vec<u8>>, number: usize) -> Self {
        let after = text.strip_prefix(ENV).unwrap_or_default().trim_ascii();
        let to_split = split_string(after);
        let mut arguments =
            to_split.map_or_else(|| plain.clone(), |text| split(text).unwrap_or_default());
        let name = match arguments.first() {
            Some(name) if !name.starts_with(b"-") && !name.contains(&b'=') && !name.is_empty() => {
                arguments.remove(0)
            }
            Some(_) | None => {
                return Self {
                    written: ENV.to_vec(),
                    command: Command::Path(ENV.to_vec()),
                    arguments: to_split.map_or(plain, |_| alloc::vec![after.to_vec()]),
                    line: number,
                };
            }
        };
        let command = Command::named(&name, &mut arguments);
        Self { written: name, command, arguments, line: number }
    }
}

impl Command {
    /// What a bare name means, and a path where a name would do; for `py` the first argument may be a tag.
    pub(crate) fn named(name: &[u8], arguments: &mut Vec<Vec<u8>>) -> Self {
        if let Some(command) = launcher(name, arguments) {
            command
        } else if is_absolute(name) {
            Self::Path(name.to_vec())
        } else if is_path(name) {
            Self::Relative
        } else {
            python(name).unwrap_or_else(|| Self::Named(name.to_vec()))
        }
    }
}

/// `py` after `env` is ourselves, and `-3.9` or `-V:TAG` after that is for us.
fn launcher(name: &[u8], arguments: &mut Vec<Vec<u8>>) -> Option<Command> {
    (without_exe(name) == b"py").then(|| {
        let tag = arguments.first().and_then(|first| tag(first)).map(<[u8]>::to_vec);
        if tag.is_some() {
            arguments.remove(0);
        }
        Command::Python { name: name.to_vec(), tag: tag.unwrap_or_default() }
    })
}

/// The tag in an argument that only a launcher understands: `-3…` or `-V:…`.
pub(crate) fn tag(argument: &[u8]) -> Option<&[u8]> {
    let rest = argument.strip_prefix(b"-")?;
    match rest.first()? {
        b'1'..=b'9' => Some(rest),
        _ => rest.strip_prefix(b"V:"),
    }
}

fn virtual_command(written: &[u8]) -> Option<Command> {
    let mut names = DIRECTORIES.into_iter().filter_map(|bin| written.strip_prefix(bin));
    names.find_map(python).or_else(|| python(written))
}

/// A virtual command by its last name; none if `name` is some path or no Python's.
fn python(name: &[u8]) -> Option<Command> {
    let tag = without_exe(name).strip_prefix(b"python")?;
    // Windows' Python without a console is Python all the same: `pythonw`, `pythonw3`.
    let tag = match tag.strip_prefix(b"w") {
        Some(rest) if rest.first().is_none_or(u8::is_ascii_digit) => rest,
        Some(_) | None => tag,
    };
    (!is_path(tag)).then(|| Command::Python { name: name.to_vec(), tag: tag.to_vec() })
}

fn without_exe(name: &[u8]) -> &[u8] {
    match name.split_last_chunk::<4>() {
        Some((stem, extension)) if extension.eq_ignore_ascii_case(b".exe") => stem,
        Some(_) | None => name,
    }
}

/// What follows `-S` or `--split-string`, joined or not.
fn split_string(text: &[u8]) -> Option<&[u8]> {
    let short = text.strip_prefix(b"-S");
    short.or_else(|| {
        let rest = text.strip_prefix(b"--split-string")?;
        Some(rest.strip_prefix(b"=").unwrap_or(rest))
    })
}

/// Splits on blanks; `"…"` groups, and an unclosed one reaches to the end.
pub(crate) fn words(text: &[u8]) -> Vec<Vec<u8>> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut quoted = false;
    for &byte in text {
        if byte == b'"' {
            quoted = !quoted;
            word.get_or_insert_default();
        } else if !quoted && is_blank(byte) {
            words.extend(word.take());
        } else {
            word.get_or_insert_default().push(byte);
        }
    }
    words.extend(word);
    words
}

/// Splits as GNU's `env -S` does: both quotes, escapes, comments. None for what is left to `env` itself: variables,
/// and what it refuses.
fn split(text: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut open = None;
    let mut bytes = text.iter().copied();
    while let Some(byte) = bytes.next() {
        let letter = match (byte, open) {
            (b'\\', _) => match escape(bytes.next()?, open)? {
                Escape::Letter(letter) => letter,
                Escape::Literal(letter) => {
                    word.get_or_insert_default().push(byte);
                    letter
                }
                Escape::Blank => {
                    words.extend(word.take());
                    continue;
                }
                Escape::End => break,
            },
            (b'\'' | b'"', None) => {
                open = Some(byte);
                word.get_or_insert_default();
                continue;
            }
            (_, Some(quote)) if byte == quote => {
                open = None;
                continue;
            }
            (b'#', None) if word.is_none() => break,
            (b'$', None | Some(b'"')) => return None,
            (_, None) if is_blank(byte) => {
                words.extend(word.take());
                continue;
            }
            _ => byte,
        };
        word.get_or_insert_default().push(letter);
    }
    words.extend(word);
    open.is_none().then_some(words)
}

/// What a backslash and the byte behind it mean to `env -S`.
enum Escape {
    /// This byte.
    Letter(u8),
    /// The backslash and this byte.
    Literal(u8),
    /// The end of a word.
    Blank,
    /// The end of everything.
    End,
}

fn escape(byte: u8, open: Option<u8>) -> Option<Escape> {
    Some(match (byte, open) {
        (b'\\' | b'\'', _) => Escape::Letter(byte),
        (_, Some(b'\'')) => Escape::Literal(byte),
        (b'"' | b'#' | b'$', _) => Escape::Letter(byte),
        (b'_', None) => Escape::Blank,
        (b'_', Some(_)) => Escape::Letter(b' '),
        (b'c', None) => Escape::End,
        (b'f', _) => Escape::Letter(b'\x0c'),
        (b'n', _) => Escape::Letter(b'\n'),
        (b'r', _) => Escape::Letter(b'\r'),
        (b't', _) => Escape::Letter(b'\t'),
        (b'v', _) => Escape::Letter(b'\x0b'),
        _ => return None,
    })
}

/// The first line without its end (`\n`, `\r` or both), and what follows.
pub(crate) fn line(text: &[u8]) -> (&[u8], &[u8]) {
    let length = text.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(text.len());
    let (line, rest) = text.split_at_checked(length).unwrap_or((text, b""));
    let rest = rest
        .strip_prefix(b"\r\n")
        .or_else(|| rest.strip_prefix(b"\r"))
        .or_else(|| rest.strip_prefix(b"\n"))
        .unwrap_or(rest);
    (line, rest)
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\x0b' | b'\x0c')
}

fn is_path(name: &[u8]) -> bool {
    name.iter().any(|byte| path::is_separator(*byte))
}

/// On Windows too a path that begins with `/` is meant for somewhere else.
fn is_absolute(written: &[u8]) -> bool {
    written.starts_with(b"/") || path::is_absolute(written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    /// What a command means, as text.
    #[derive(Clone, Copy)]
    enum Meant {
        Python(&'static str, &'static str),
        Named(&'static str),
        Path(&'static str),
        Relative,
    }
    use Meant::{Named, Path, Python, Relative};

    impl From<Meant> for Command {
        fn from(meant: Meant) -> Self {
            match meant {
                Python(tag, name) => some(tag, name),
                Named(name) => Self::Named(name.into()),
                Path(path) => Self::Path(path.into()),
                Relative => Self::Relative,
            }
        }
    }

    /// (head, what is written, what it means, arguments joined with `|`, line)
    type Row = (&'static [u8], &'static str, Meant, &'static str, usize);

    const FORMS: &[Row] = &[
        (b"#!/usr/bin/env python\n", "python", Python("", "python"), "", 1),
        (b"#! /usr/bin/env  python3.9 -u\r\nx", "python3.9", Python("3.9", "python3.9"), "-u", 1),
        (b"#!\t/usr/bin/env\tpython3\t-E  -s", "python3", Python("3", "python3"), "-E|-s", 1),
        (b"#!/usr/bin/python2.7", "/usr/bin/python2.7", Python("2.7", "python2.7"), "", 1),
        (
            b"#!/usr/local/bin/python3.13t\n",
            "/usr/local/bin/python3.13t",
            Python("3.13t", "python3.13t"),
            "",
            1,
        ),
        (b"#!python3.9-64\r", "python3.9-64", Python("3.9-64", "python3.9-64"), "", 1),
        (b"#!python", "python", Python("", "python"), "", 1),
        (b"#!python3.EXE", "python3.EXE", Python("3", "python3.EXE"), "", 1),
        (b"#!/usr/bin/env python-foo", "python-foo", Python("-foo", "python-foo"), "", 1),
        (b"#! /usr/bin/env pythonw", "pythonw", Python("", "pythonw"), "", 1),
        (b"#!/usr/bin/pythonw3.9", "/usr/bin/pythonw3.9", Python("3.9", "pythonw3.9"), "", 1),
        (b"#!/usr/bin/env pythonwhat", "pythonwhat", Python("what", "pythonwhat"), "", 1),
        (b"\xef\xbb\xbf#!/usr/bin/env python3", "python3", Python("3", "python3"), "", 1),
        (b"#!/usr/bin/env py", "py", Python("", "py"), "", 1),
        (b"#!/usr/bin/env -S py -3.9 -u", "py", Python("3.9", "py"), "-u", 1),
        (b"#!/usr/bin/env -S py -V:3.9-64", "py", Python("3.9-64", "py"), "", 1),
        (
            b"#!/usr/bin/env -S python3 -X 'a b' \"c d\"e",
            "python3",
            Python("3", "python3"),
            "-X|a b|c de",
            1,
        ),
        (b"#!/usr/bin/env -Spython3 -u", "python3", Python("3", "python3"), "-u", 1),
        (b"#!/usr/bin/env --split-string=python3 -u", "python3", Python("3", "python3"), "-u", 1),
        (b"#!/usr/bin/env --split-string python3", "python3", Python("3", "python3"), "", 1),
        (b"#!/usr/bin/env perl -w", "perl", Named("perl"), "-w", 1),
        (b"#!/usr/bin/env Python3", "Python3", Named("Python3"), "", 1),
        (b"#!/usr/bin/env /opt/p/python3", "/opt/p/python3", Path("/opt/p/python3"), "", 1),
        (b"#!/usr/bin/env bin/python3", "bin/python3", Relative, "", 1),
        (
            b"#!/usr/bin/env -S A=1 python3",
            "/usr/bin/env",
            Path("/usr/bin/env"),
            "-S A=1 python3",
            1,
        ),
        (
            b"#!/usr/bin/env -S python3 -c \"p(\\\"a\\_b\\\")\" 'c\\d\\'' e\\_f\\t# #g\\c h",
            "python3",
            Python("3", "python3"),
            "-c|p(\"a b\")|c\\d'|e|f\t#",
            1,
        ),
        (b"#!/usr/bin/env -S python3 -u\\c \"x", "python3", Python("3", "python3"), "-u", 1),
        (
            b"#!/usr/bin/env -S ${HOME}/python3 \"a b\"",
            "/usr/bin/env",
            Path("/usr/bin/env"),
            "-S ${HOME}/python3 \"a b\"",
            1,
        ),
        (
            b"#!/usr/bin/env -S python3 \"a",
            "/usr/bin/env",
            Path("/usr/bin/env"),
            "-S python3 \"a",
            1,
        ),
        (b"#!/usr/bin/env -i python3", "/usr/bin/env", Path("/usr/bin/env"), "-i|python3", 1),
        (b"#!/usr/bin/env", "/usr/bin/env", Path("/usr/bin/env"), "", 1),
        (b"#!/usr/bin/env -S", "/usr/bin/env", Path("/usr/bin/env"), "-S", 1),
        (b"#!/opt/a/python3 -u", "/opt/a/python3", Path("/opt/a/python3"), "-u", 1),
        (
            b"#!/usr/local/bin/python-x/bin/python",
            "/usr/local/bin/python-x/bin/python",
            Path("/usr/local/bin/python-x/bin/python"),
            "",
            1,
        ),
        (b"#!/USR/bin/python3", "/USR/bin/python3", Path("/USR/bin/python3"), "", 1),
        (
            b"#!\"/opt/my python/bin/python\" -u",
            "/opt/my python/bin/python",
            Path("/opt/my python/bin/python"),
            "-u",
            1,
        ),
        (b"#!xpython -c \"a b", "xpython", Relative, "-c|a b", 1),
        (b"#!../bin/python3", "../bin/python3", Relative, "", 1),
        (
            b"# -*- coding: utf-8 -*-\n#! /usr/bin/python2.7\n",
            "/usr/bin/python2.7",
            Python("2.7", "python2.7"),
            "",
            2,
        ),
        (b" \t\r\n#!python3", "python3", Python("3", "python3"), "", 2),
        (b"\n#!python3", "python3", Python("3", "python3"), "", 2),
        (b"  # plain\r#!python3", "python3", Python("3", "python3"), "", 2),
    ];

    fn some(tag: &str, name: &str) -> Command {
        Command::Python { name: name.into(), tag: tag.into() }
    }

    #[test]
    fn every_form_means_what_the_windows_launcher_and_env_mean() {
        for (head, written, command, arguments, number) in FORMS {
            let shebang = Shebang::parse(head).unwrap();
            assert_eq!(shebang.written, written.as_bytes(), "{}", head.escape_ascii());
            assert_eq!(shebang.command, Command::from(*command), "{}", head.escape_ascii());
            assert_eq!(
                shebang.arguments.join(&b'|'),
                arguments.as_bytes(),
                "{}",
                head.escape_ascii()
            );
            assert_eq!(shebang.line, *number, "{}", head.escape_ascii());
        }
    }

    #[test]
    fn what_asks_for_nothing_is_none() {
        let rows: &[&[u8]] = &[
            b"",
            b"#!",
            b"#!  \t\nprint()",
            b"#!\n#!/usr/bin/python3",
            b" #!/usr/bin/python3",
            b"# !/usr/bin/python3",
            b"import sys\n#!/usr/bin/python3",
            b"# one\n# two\n#!/usr/bin/python3",
            b"# one\n#!/opt/python3",
            b"# one\n#!/usr/bin/env perl",
            b"# one\n #!python3",
            b"\xff\xfe#\0!\0p\0y\0t\0h\0o\0n\0\n\0",
            b"\xfe\xff\0#\0!\0p\0y",
            b"#\0!\0p\0y\0t\0h\0o\0n\0\n\0#\0!\0p\0",
        ];
        for head in rows {
            assert_eq!(Shebang::parse(head), None, "{}", head.escape_ascii());
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_kept() {
        let shebang = Shebang::parse(b"#!/opt/\xff\xe9/python \x80\n").unwrap();
        assert_eq!(shebang.command, Command::Path(b"/opt/\xff\xe9/python".to_vec()));
        assert_eq!(shebang.arguments, vec![vec![0x80]]);
    }

    #[test]
    fn a_line_as_long_as_what_is_read_counts_whole() {
        let head = [b"#!/usr/bin/env python3.9 ".as_slice(), &[b'x'; HEAD - 25]].concat();
        let shebang = Shebang::parse(&head).unwrap();
        assert_eq!(shebang.command, some("3.9", "python3.9"));
        assert_eq!(shebang.arguments.concat().len(), HEAD - 25);
    }

    #[test]
    fn commands_are_asked_as_written_then_by_the_last_name() {
        let names = |head: &[u8]| {
            let shebang = Shebang::parse(head).unwrap();
            shebang.names().map(<[u8]>::to_vec).collect::<Vec<_>>().join(&b'|')
        };
        assert_eq!(names(b"#!/usr/bin/python3.9"), b"/usr/bin/python3.9|python3.9");
        assert_eq!(names(b"#!/usr/bin/env python3.9"), b"python3.9");
        assert_eq!(names(b"#!/usr/bin/env xp"), b"xp");
        assert_eq!(names(b"#!/bin/xp -u"), b"/bin/xp");
        assert_eq!(names(b"#!/usr/local/bin/xp"), b"/usr/local/bin/xp|xp");
        assert_eq!(names(b"#!xpython"), b"xpython");
    }
}
