//! The first lines of a Python script in `bin/`, naming the interpreter beside it. Pure.

use std::path::{Path, PathBuf};

use crate::world;

/// Linux passes at most 127 bytes of a `#!` line (`BINPRM_BUF_SIZE` was 128 before 5.1, and others still have it).
const LONGEST: usize = 127;

/// The same script run by the interpreter of its name in `bin`; none when no interpreter of the tree runs it.
///
/// Two heads are known: `#!/former/bin/python3.12`, and pip's way round blanks and long paths. One that finds
/// its interpreter beside the script, as published archives have them, is left: it still does so when the whole
/// root is moved or copied.
pub(super) fn headed(text: &[u8], bin: &Path, former: &[PathBuf]) -> Option<Vec<u8>> {
    let (first, rest) = line(text);
    let command = first.strip_prefix(b"#!")?.trim_ascii();
    let (interpreter, arguments, body) = if command == b"/bin/sh" {
        let (second, rest) = line(rest);
        let (third, body) = line(rest);
        let word = second.strip_prefix(b"'''exec' ")?.strip_suffix(b" \"$0\" \"$@\"")?;
        (third == b"' '''").then_some(())?;
        (!word.windows(4).any(|four| four == b"\"$0\"")).then_some(())?;
        (last_component(word)?, &b""[..], body)
    } else {
        let end = command.iter().position(u8::is_ascii_whitespace).unwrap_or(command.len());
        let (path, arguments) = command.split_at_checked(end)?;
        let folder = Path::new(world::path(path).as_ref()).parent()?.to_owned();
        let ours = folder == bin || former.iter().any(|prefix| folder == prefix.join("bin"));
        ours.then_some(())?;
        (last_component(path)?, arguments, rest)
    };
    is_interpreter(interpreter).then_some(())?;
    let mut head = head(bin, interpreter, arguments);
    head.extend_from_slice(body);
    Some(head)
}

fn head(bin: &Path, interpreter: &[u8], arguments: &[u8]) -> Vec<u8> {
    let path = bin.join(world::path(interpreter));
    let path = world::bytes(&path);
    let blank = path.iter().any(u8::is_ascii_whitespace);
    if !blank && path.len() + arguments.len() + 2 <= LONGEST {
        return [b"#!", path, arguments, b"\n"].concat();
    }
    // Read by sh as `exec`, by Python as a string: the same trick as pip's. In single quotes, where sh takes
    // all but a quote as it is; with one in double quotes there are never three in a row to end the string.
    let quoted: Vec<u8> = path
        .iter()
        .flat_map(|byte| match byte {
            b'\'' => b"'\"'\"'".as_slice(),
            other => std::slice::from_ref(other),
        })
        .copied()
        .collect();
    [b"#!/bin/sh\n'''exec' '", quoted.as_slice(), b"'", arguments, b" \"$0\" \"$@\"\n' '''\n"]
        .concat()
}

/// The file name at the end of a shell word made of quoted and unquoted parts.
fn last_component(word: &[u8]) -> Option<&[u8]> {
    let word = word.trim_ascii();
    let bare = word.strip_suffix(b"\"").or_else(|| word.strip_suffix(b"'")).unwrap_or(word);
    let name = bare.rsplit(|byte| b"/\"'".contains(byte)).next()?;
    (!name.is_empty()).then_some(name)
}

fn is_interpreter(name: &[u8]) -> bool {
    [&b"python"[..], b"pypy", b"graalpy"].iter().any(|stem| name.starts_with(stem))
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

    fn headed_in(text: &str, bin: &str) -> Option<String> {
        let former = [PathBuf::from("/install"), PathBuf::from("/stage/tree")];
        let text = headed(text.as_bytes(), Path::new(bin), &former)?;
        Some(String::from_utf8(text).unwrap())
    }

    #[test]
    fn every_head_that_names_the_trees_interpreter_becomes_its_new_path() {
        let expected = "#!/r/v/3.12.7/bin/python3.12\nimport sys\n";
        for head in [
            "#!/install/bin/python3.12\n",
            "#! /stage/tree/bin/python3.12\n",
            "#!/r/v/3.12.7/bin/python3.12\n",
            "#!/bin/sh\n'''exec' \"/install/bin/python3.12\" \"$0\" \"$@\"\n' '''\n",
        ] {
            let text = format!("{head}import sys\n");
            let got = headed_in(&text, "/r/v/3.12.7/bin");
            assert_eq!(got.as_deref(), Some(expected), "{head}");
        }
        let flag = headed_in("#!/install/bin/python2.7 -E\nx", "/r/bin");
        assert_eq!(flag.as_deref(), Some("#!/r/bin/python2.7 -E\nx"));
    }

    #[test]
    fn blanks_and_long_paths_take_the_shell_form_which_is_stable() {
        let long = format!("/{}/bin", "d".repeat(120));
        for bin in ["/my root/it's $x/bin", &long] {
            let once = headed_in("#!/install/bin/python3\nx\n", bin).unwrap();
            assert!(once.starts_with("#!/bin/sh\n'''exec' '/"), "{once}");
            assert_eq!(headed_in(&once, bin), Some(once.clone()));
        }
    }

    #[test]
    fn other_scripts_are_left_alone() {
        for text in [
            "#!/usr/bin/env python3\n",
            "#!/bin/sh\nexit 0\n",
            "#!/bin/sh\n'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")/python3.12\" \"$0\" \"$@\"\n' '''\n",
            "#!/bin/sh\n'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")/\"'python3.12' \"$0\" \"$@\"\n' '''\n",
            "#!/usr/bin/python3\n",
            "#!/install/bin/perl\n",
            "\x7fELF",
            "",
        ] {
            assert_eq!(headed_in(text, "/r/bin"), None, "{text}");
        }
    }
}
