//! The first lines of a Python script, by which the system finds the interpreter that runs it; or, on Windows, the launcher
//! that the script is in. Pure.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::world;

/// What every kernel passes on of a `#!` line, with its end: 127 bytes before Linux 5.1 (`BINPRM_BUF_SIZE`).
const LONGEST: usize = 127;

/// The header that makes `interpreter`, with these arguments (empty, or a blank first), run the rest of the script;
/// its newline included.
///
/// A path that a `#!` line cannot carry takes three lines that the shell reads as `exec` and Python as a string, as pip
/// and its kin write them.
pub(crate) fn header(interpreter: &Path, arguments: &[u8]) -> Vec<u8> {
    let path = world::bytes(interpreter);
    // To the kernel the path ends at the first blank.
    let plain = path.iter().all(u8::is_ascii_graphic);
    if plain && path.len() + arguments.len() + b"#!".len() < LONGEST {
        return [b"#!", path, arguments, b"\n"].concat();
    }
    let word = match std::str::from_utf8(path) {
        Ok(text) if !text.contains(|letter: char| letter == '\\' || letter.is_control()) => {
            quoted(text)
        }
        // No string of Python's has such bytes as they are, so the script looks beside itself.
        Ok(_) | Err(_) => beside(interpreter.file_name().unwrap_or_default()),
    };
    [b"#!/bin/sh\n'''exec' ", word.as_bytes(), arguments, b" \"$0\" \"$@\"\n' '''\n"].concat()
}

/// A script for Windows, as pip writes one: the launcher's own program, the line by which that finds the interpreter, and an
/// archive in which Python finds the script.
pub(crate) fn launched(program: &[u8], interpreter: &Path, archive: &[u8]) -> Vec<u8> {
    [program, &launchers_line(interpreter, b""), archive].concat()
}

fn launchers_line(interpreter: &Path, arguments: &[u8]) -> Vec<u8> {
    let path = world::bytes(interpreter);
    let quote: &[u8] = if path.contains(&b' ') { b"\"" } else { b"" };
    [b"#!", quote, path, quote, arguments, b"\n"].concat()
}

/// The program, the line and the archive of a launched script.
fn parts(file: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    // PKWARE's APPNOTE 4.3.16, without a comment: how long the directory is, and where it begins, counted from the archive.
    const END: usize = 22;
    file.starts_with(b"MZ").then_some(())?;
    let directory = file.len().checked_sub(END)?;
    let end = file.get(directory..)?;
    end.starts_with(b"PK\x05\x06").then_some(())?;
    let number = |at: usize| {
        let bytes = end.get(at..)?.first_chunk::<4>()?;
        usize::try_from(u32::from_le_bytes(*bytes)).ok()
    };
    let archive = directory.checked_sub(number(12)?)?.checked_sub(number(16)?)?;
    let (front, archive) = file.split_at_checked(archive)?;
    let line = memchr::memmem::rfind(front, b"#!")?;
    let (program, line) = front.split_at_checked(line)?;
    line.ends_with(b"\n").then_some((program, line, archive))
}

/// The path as a word of the shell's in double quotes, with what counts in those in single ones; never three single
/// quotes in a row, which would end Python's string.
fn quoted(path: &str) -> String {
    let mut word = String::from("\"");
    let mut before = None;
    for letter in path.chars() {
        match letter {
            '"' | '$' | '`' => word.extend(["\"'", letter.encode_utf8(&mut [0; 4]), "'\""]),
            '\'' if before == Some('\'') => {
                word.push_str("'\"\"");
                before = None;
                continue;
            }
            _ => word.push(letter),
        }
        before = Some(letter);
    }
    word.push('"');
    word
}

fn beside(interpreter: &OsStr) -> String {
    format!("\"$(dirname -- \"$(realpath -- \"$0\")\")/{}\"", interpreter.to_string_lossy())
}

/// The header of a script, taken apart.
#[derive(Debug)]
pub(crate) struct Header<'t> {
    /// The launcher's program; empty before a script of text.
    program: &'t [u8],
    interpreter: PathBuf,
    /// Empty, or a blank first.
    arguments: &'t [u8],
    /// What follows it.
    body: &'t [u8],
}

impl<'t> Header<'t> {
    /// Reads `#!/e/bin/python3 -x`, or the three lines for the shell; none of a script that no Python runs, nor of one that
    /// finds its interpreter beside itself: it still does when the tree stands elsewhere.
    pub(crate) fn of(text: &'t [u8]) -> Option<Self> {
        if let Some((program, line, body)) = parts(text) {
            let words = line.strip_prefix(b"#!")?.trim_ascii();
            let (path, arguments) = if let Some(quoted) = words.strip_prefix(b"\"") {
                let end = quoted.iter().position(|byte| *byte == b'"')?;
                (quoted.get(..end)?, quoted.get(end + 1..)?)
            } else {
                let end = words.iter().position(u8::is_ascii_whitespace);
                words.split_at_checked(end.unwrap_or(words.len()))?
            };
            let interpreter = world::path(path).into_owned();
            return is_python(&interpreter).then_some(Self {
                program,
                interpreter,
                arguments,
                body,
            });
        }
        let (first, rest) = line(text);
        let command = first.strip_prefix(b"#!")?.trim_ascii();
        let (path, arguments, body) = if command == b"/bin/sh" {
            let (second, rest) = line(rest);
            let (third, body) = line(rest);
            let words = second.strip_prefix(b"'''exec' ")?.strip_suffix(b" \"$0\" \"$@\"")?;
            (third == b"' '''").then_some(())?;
            let (path, arguments) = unquoted(words)?;
            (path, arguments, body)
        } else {
            let end = command.iter().position(u8::is_ascii_whitespace).unwrap_or(command.len());
            let (path, arguments) = command.split_at_checked(end)?;
            (path.to_vec(), arguments, rest)
        };
        let interpreter = world::path(&path).into_owned();
        is_python(&interpreter).then_some(Self { program: b"", interpreter, arguments, body })
    }

    /// The directory its interpreter stands in.
    pub(crate) fn directory(&self) -> Option<&Path> {
        self.interpreter.parent()
    }

    /// Whether its interpreter stands in `directory`.
    pub(crate) fn is_in(&self, directory: &Path) -> bool {
        self.directory() == Some(directory)
    }

    /// The whole script, run by the interpreter of the same name in `directory`.
    pub(crate) fn script_in(&self, directory: &Path) -> Vec<u8> {
        let interpreter = directory.join(self.interpreter.file_name().unwrap_or_default());
        let line = match self.program {
            b"" => header(&interpreter, self.arguments),
            _ => launchers_line(&interpreter, self.arguments),
        };
        [self.program, &line, self.body].concat()
    }
}

/// The first word of a line of the shell's without its quotes, and what follows it; none where something would be put in.
fn unquoted(words: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut word = Vec::new();
    let mut quote = None;
    for (at, &byte) in words.iter().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b' ') => return Some((word, words.get(at..).unwrap_or_default())),
            (None | Some(b'"'), b'$' | b'`' | b'\\') => return None,
            (_, _) => word.push(byte),
        }
    }
    quote.is_none().then_some((word, b""))
}

fn is_python(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    path.is_absolute()
        && [&b"python"[..], b"pypy", b"graalpy"].iter().any(|stem| name.starts_with(stem))
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'.')
}

/// The first line without its end, and what follows it.
fn line(text: &[u8]) -> (&[u8], &[u8]) {
    let mut parts = text.splitn(2, |&byte| byte == b'\n');
    let first = parts.next().unwrap_or_default();
    (first.strip_suffix(b"\r").unwrap_or(first), parts.next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headed(path: &str) -> String {
        String::from_utf8(header(Path::new(path), b"")).unwrap()
    }

    #[test]
    fn a_plain_short_path_is_a_plain_line() {
        assert_eq!(headed("/w/it's;a!b/bin/python"), "#!/w/it's;a!b/bin/python\n");
        let longest = format!("/{}", "d".repeat(123));
        assert_eq!(headed(&longest), format!("#!{longest}\n"));
    }

    #[test]
    fn what_a_line_cannot_carry_takes_the_shell() {
        for path in [&format!("/{}", "d".repeat(124)), "/a b/bin/python", "/é/bin/python"] {
            let expected = format!("#!/bin/sh\n'''exec' \"{path}\" \"$0\" \"$@\"\n' '''\n");
            assert_eq!(headed(path), expected);
        }
        let quotes = headed("/a'''' b/bin/python");
        assert!(quotes.contains("\"/a''\"\"''\"\" b/bin/python\""), "{quotes}");
        let variable = headed("/a $x`/bin/python");
        assert!(variable.contains("\"/a \"'$'\"x\"'`'\"/bin/python\""), "{variable}");
        for odd in ["/a \\N/bin/python3", "/a \n/bin/python3"] {
            let beside = "\"$(dirname -- \"$(realpath -- \"$0\")\")/python3\"";
            assert!(headed(odd).contains(beside), "{odd:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_shell_and_python_read_what_was_written() {
        use std::fs::Permissions;
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        let folder = tempfile::tempdir().unwrap();
        for name in ["a b", "it''' s", "$x `y` \"z\"", "é", "\\N new\nline"] {
            let bin = folder.path().join(name);
            fs_err::create_dir(&bin).unwrap();
            symlink("/usr/bin/python3", bin.join("python3")).unwrap();
            let script = bin.join("run");
            let text = [&header(&bin.join("python3"), b" -E")[..], b"print('ran')\n"].concat();
            fs_err::write(&script, text).unwrap();
            fs_err::set_permissions(&script, Permissions::from_mode(0o755)).unwrap();
            let output = std::process::Command::new(&script).output().unwrap();
            assert_eq!(output.stdout, b"ran\n", "{name:?}: {output:?}");
            assert_eq!(output.stderr, b"", "{name:?}");
        }
    }

    fn moved(text: &str, from: &str, to: &str) -> Option<String> {
        let header = Header::of(text.as_bytes()).filter(|header| header.is_in(Path::new(from)))?;
        Some(String::from_utf8(header.script_in(Path::new(to))).unwrap())
    }

    #[test]
    fn every_header_of_an_interpreter_is_read_whoever_wrote_it() {
        for header in [
            "#!/old/e/bin/python3.12\n",
            "#! /old/e/bin/python3.12\r\n",
            "#!/bin/sh\n'''exec' /old/e/bin/python3.12 \"$0\" \"$@\"\n' '''\n",
            "#!/bin/sh\n'''exec' \"/old/e/bin/python3.12\" \"$0\" \"$@\"\n' '''\n",
            "#!/bin/sh\n'''exec' '/old/e/bin/python3.12' \"$0\" \"$@\"\n' '''\n",
        ] {
            let text = format!("{header}x = 1\n");
            let got = moved(&text, "/old/e/bin", "/new/bin");
            assert_eq!(got.as_deref(), Some("#!/new/bin/python3.12\nx = 1\n"), "{header}");
        }
        let spaced = moved("#!/old/e/bin/python -E\nx\n", "/old/e/bin", "/new one/bin").unwrap();
        assert_eq!(
            spaced,
            "#!/bin/sh\n'''exec' \"/new one/bin/python\" -E \"$0\" \"$@\"\n' '''\nx\n"
        );
    }

    #[test]
    fn what_was_written_reads_back() {
        let long = format!("/{}/bin", "d".repeat(120));
        for bin in ["/my root/it's $x/bin", "/a'''b \"`c/bin", &long] {
            let once = moved("#!/install/bin/python3 -s\nx\n", "/install/bin", bin).unwrap();
            assert!(once.starts_with("#!/bin/sh\n'''exec' \"/"), "{once}");
            assert_eq!(moved(&once, bin, bin), Some(once.clone()));
            let former =
                "#!/bin/sh\n'''exec' '/my root/it'\"'\"'s $x/bin/python3' \"$0\" \"$@\"\n' '''\n";
            assert!(moved(former, "/my root/it's $x/bin", bin).is_some(), "as 0.1.0 wrote it");
        }
    }

    #[test]
    fn other_scripts_are_left_alone() {
        for text in [
            "#!/usr/bin/env python3\n",
            "#!/bin/sh\nexit 0\n",
            "#!/bin/sh\n'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")/python3.12\" \"$0\" \"$@\"\n' '''\n",
            "#!/bin/sh\n'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")/\"'python3.12' \"$0\" \"$@\"\n' '''\n",
            "#!/install/bin/perl\n",
            "\x7fELF",
            "",
        ] {
            assert!(Header::of(text.as_bytes()).is_none(), "{text}");
        }
        assert_eq!(moved("#!/usr/bin/python3\n", "/install/bin", "/r/bin"), None);
    }

    #[test]
    fn a_launched_script_is_told_where_its_interpreter_stands_now() {
        let archive = crate::archive::zip_of_one("__main__.py", b"import sys #!\n").unwrap();
        let of = |interpreter: &str| launched(b"MZ#! program", Path::new(interpreter), &archive);
        let line = |bytes: &[u8]| bytes[12..bytes.len() - archive.len()].to_vec();
        assert_eq!(line(&of("/e/bin/python.exe")), b"#!/e/bin/python.exe\n");
        for (before, after) in [("/e/bin", "/f g/bin"), ("/a b/bin", "/c/bin")] {
            let script = of(&format!("{before}/python.exe"));
            let header = Header::of(&script).unwrap();
            assert_eq!(header.directory(), Some(Path::new(before)));
            assert_eq!(header.script_in(Path::new(after)), of(&format!("{after}/python.exe")));
        }
        let whole = of("/e/bin/python.exe");
        for other in [&whole[1..], &whole[..whole.len() - 1], b"MZ", b"", &of("/bin/sh")] {
            assert!(Header::of(other).is_none());
        }
        // What pip's vendored distlib writes with arguments, and with an end of Windows'.
        let flags = [b"MZ".as_slice(), b"#!\"/a b/bin/python3.exe\" -E\r\n", &archive].concat();
        let expected = [b"MZ".as_slice(), b"#!/c/python3.exe -E\n", &archive].concat();
        assert_eq!(Header::of(&flags).unwrap().script_in(Path::new("/c")), expected);
    }
}
