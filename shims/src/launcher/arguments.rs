//! The launcher's own words in a command line, and where among Python's the script is. Nothing is opened here.

use crate::shebang;

/// What a command line asks of `py`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Invocation<'a> {
    /// Run some Python with these arguments.
    Run {
        /// The tag typed, as after `-V:`.
        tag: Option<&'a [u8]>,
        /// What Python is given.
        arguments: &'a [&'a [u8]],
        /// Whether the version typed may be installed: `py exec`.
        may_install: bool,
    },
    /// `-0`, `--list` and those with `p`: what is installed, in lines.
    List(Shown),
    /// `-h`, `--help`: the launcher's help, then that of the Python which these arguments run.
    Help(&'a [&'a [u8]]),
    /// A sub-command of the manager.
    Manager {
        /// Its name, and what else stands before the words given, if that is not among them.
        leading: &'static [&'static [u8]],
        /// The words given.
        arguments: &'a [&'a [u8]],
    },
}

/// What a line of `py -0` shows beside the tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The version's name.
    Names,
    /// The path of its executable.
    Paths,
}

impl<'a> Invocation<'a> {
    /// Reads the words after `py`. Only the first can be the launcher's.
    pub(super) fn parse(arguments: &'a [&'a [u8]]) -> Self {
        let run = |tag, arguments| Self::Run { tag, arguments, may_install: false };
        let Some((first, rest)) = arguments.split_first() else {
            return run(None, arguments);
        };
        match *first {
            b"-0" | b"--list" => Self::list(Shown::Names, rest),
            b"-0p" | b"--list-paths" => Self::list(Shown::Paths, rest),
            b"-h" | b"--help" => Self::Help(arguments),
            b"install" | b"uninstall" | b"list" | b"help" => {
                Self::Manager { leading: &[], arguments }
            }
            b"exec" => match Self::parse(rest) {
                Self::Run { tag, arguments, .. } => Self::Run { tag, arguments, may_install: true },
                other => other,
            },
            word => match shebang::tag(word) {
                Some(tag) => run(Some(tag), rest),
                None => run(None, arguments),
            },
        }
    }

    /// The plain lists are the launcher's own; with a format or a filter they are the manager's `list`.
    fn list(shown: Shown, arguments: &'a [&'a [u8]]) -> Self {
        if arguments.is_empty() {
            return Self::List(shown);
        }
        let leading: &[&[u8]] = match shown {
            Shown::Names => &[b"list"],
            Shown::Paths => &[b"list", b"--format=legacy-paths"],
        };
        Self::Manager { leading, arguments }
    }
}

/// The script among Python's arguments: the first that is no option. None behind `-c`, `-m` and `-`.
pub(super) fn script<'a>(arguments: &[&'a [u8]]) -> Option<&'a [u8]> {
    let mut words = arguments.iter().copied();
    loop {
        let word = words.next()?;
        match word {
            b"-" | b"" => return None,
            b"--" => return words.next().filter(|word| *word != b"-"),
            b"--check-hash-based-pycs" => {
                words.next()?;
            }
            _ if word.starts_with(b"--") => {}
            _ => match word.strip_prefix(b"-") {
                None => return Some(word),
                Some(letters) => match cluster(letters) {
                    Letters::Flags => {}
                    Letters::WantValue => {
                        words.next()?;
                    }
                    Letters::Program => return None,
                },
            },
        }
    }
}

/// What a word of one-letter options means for the words behind it.
enum Letters {
    Flags,
    /// The next word is the last option's value.
    WantValue,
    /// `-c` or `-m`: the rest is the program's.
    Program,
}

fn cluster(letters: &[u8]) -> Letters {
    let mut rest = letters;
    while let Some((letter, after)) = rest.split_first() {
        match letter {
            b'c' | b'm' => return Letters::Program,
            // -Q is Python 2's.
            b'W' | b'X' | b'Q' if after.is_empty() => return Letters::WantValue,
            b'W' | b'X' | b'Q' => return Letters::Flags,
            _ => rest = after,
        }
    }
    Letters::Flags
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn words(line: &str) -> Vec<&[u8]> {
        line.split_ascii_whitespace().map(str::as_bytes).collect()
    }

    #[test]
    fn only_the_first_argument_is_the_launchers() {
        let rows: &[(&str, Option<&str>, &str, bool)] = &[
            ("", None, "", false),
            ("-3", Some("3"), "", false),
            ("-3.12 -V x", Some("3.12"), "-V x", false),
            ("-3.13t-arm64 s.py", Some("3.13t-arm64"), "s.py", false),
            ("-9banana", Some("9banana"), "", false),
            ("-V:PythonCore/3.9 s.py", Some("PythonCore/3.9"), "s.py", false),
            ("-V:", Some(""), "", false),
            ("-V", None, "-V", false),
            ("-VV -3", None, "-VV -3", false),
            ("--version", None, "--version", false),
            ("-", None, "-", false),
            ("- a", None, "- a", false),
            ("s.py -3.9 install", None, "s.py -3.9 install", false),
            ("-u -3.9", None, "-u -3.9", false),
            ("-00", None, "-00", false),
            ("./list", None, "./list", false),
            ("listing", None, "listing", false),
            ("exec -V:3.12 s.py", Some("3.12"), "s.py", true),
            ("exec s.py", None, "s.py", true),
            ("exec", None, "", true),
        ];
        for (line, tag, rest, may_install) in rows {
            let line = words(line);
            let expected = Invocation::Run {
                tag: tag.map(str::as_bytes),
                arguments: &words(rest),
                may_install: *may_install,
            };
            assert_eq!(Invocation::parse(&line), expected);
        }
    }

    #[test]
    fn lists_help_and_sub_commands_are_known() {
        let manager = |line: &str, expected: &str| match Invocation::parse(&words(line)) {
            Invocation::Manager { leading, arguments } => {
                assert_eq!([leading, arguments].concat(), words(expected), "{line}");
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(Invocation::parse(&words("-0")), Invocation::List(Shown::Names));
        assert_eq!(Invocation::parse(&words("--list")), Invocation::List(Shown::Names));
        assert_eq!(Invocation::parse(&words("-0p")), Invocation::List(Shown::Paths));
        assert_eq!(Invocation::parse(&words("--list-paths")), Invocation::List(Shown::Paths));
        assert_eq!(Invocation::parse(&words("exec -0p")), Invocation::List(Shown::Paths));
        manager("--list -f json", "list -f json");
        manager("-0p 3", "list --format=legacy-paths 3");
        manager("list --one", "list --one");
        manager("install 3.12", "install 3.12");
        manager("help", "help");
        assert_eq!(Invocation::parse(&words("--help")), Invocation::Help(&words("--help")));
    }

    #[test]
    fn the_script_is_the_first_word_that_is_no_option() {
        let rows: &[(&str, Option<&str>)] = &[
            ("", None),
            ("s.py -c", Some("s.py")),
            ("-u -B s.py", Some("s.py")),
            ("-X dev s.py", Some("s.py")),
            ("-Xdev s.py", Some("s.py")),
            ("-W ignore -Q new s.py", Some("s.py")),
            ("-uX dev s.py", Some("s.py")),
            ("-uXc s.py", Some("s.py")),
            ("-c s.py", None),
            ("-Ic s.py", None),
            ("-cprint() s.py", None),
            ("-m s.py", None),
            ("-Bm pip s.py", None),
            ("- s.py", None),
            ("-u - s.py", None),
            ("-- s.py", Some("s.py")),
            ("-- -s.py", Some("-s.py")),
            ("-- -", None),
            ("--check-hash-based-pycs never s.py", Some("s.py")),
            ("--check-hash-based-pycs", None),
            ("-X", None),
            ("-V", None),
        ];
        for (line, expected) in rows {
            assert_eq!(script(&words(line)), expected.map(str::as_bytes), "{line}");
        }
        assert_eq!(script(&[b"\xff"]), Some(b"\xff".as_slice()));
        assert_eq!(script(&[b"", b"s"]), None);
    }
}
