//! The heads of scripts that an environment's interpreter runs, whoever wrote them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::super::{Error, layout, script};
use crate::disk::{self, Directory};
use crate::world;

/// The same script for the interpreter of its name at `goal`; none when no former interpreter runs it.
pub(super) fn headed(text: &[u8], former: &[PathBuf], goal: &Path) -> Option<Vec<u8>> {
    let Head { interpreter, arguments, body } = Head::of(text)?;
    let place = prefix(&interpreter)?;
    let ours = former.contains(&place) || place == goal;
    let name = interpreter.file_name().filter(|_| ours)?;
    let interpreter = goal.join(layout::COMMANDS).join(name);
    Some([&script::head(&interpreter, arguments)[..], body].concat())
}

/// Where an environment stood when its scripts were written: what most of their heads name.
pub(super) fn former(commands: &Path) -> Result<Option<PathBuf>, Error> {
    let mut named: BTreeMap<PathBuf, usize> = BTreeMap::new();
    if !disk::is_directory(commands) {
        return Ok(None);
    }
    let commands = Directory::open(commands)?;
    for name in super::files(&commands)? {
        let Some(text) = super::read(&commands, &name)? else { continue };
        if let Some(prefix) = Head::of(&text).and_then(|head| prefix(&head.interpreter)) {
            *named.entry(prefix).or_default() += 1;
        }
    }
    Ok(named.into_iter().max_by_key(|(_, count)| *count).map(|(prefix, _)| prefix))
}

/// A head taken apart.
struct Head<'t> {
    interpreter: PathBuf,
    arguments: &'t [u8],
    body: &'t [u8],
}

impl<'t> Head<'t> {
    /// `#!/e/bin/python3 -x`, or three lines that `/bin/sh` reads as `exec`.
    fn of(text: &'t [u8]) -> Option<Self> {
        let (first, rest) = line(text);
        let command = first.strip_prefix(b"#!")?.trim_ascii();
        if command != b"/bin/sh" {
            let end = command.iter().position(u8::is_ascii_whitespace).unwrap_or(command.len());
            let (path, arguments) = command.split_at_checked(end)?;
            let interpreter = world::path(path).into_owned();
            return is_python(&interpreter).then_some(Self { interpreter, arguments, body: rest });
        }
        let (second, rest) = line(rest);
        let (third, body) = line(rest);
        let word = second.strip_prefix(b"'''exec' ")?.strip_suffix(b" \"$0\" \"$@\"")?;
        (third == b"' '''").then_some(())?;
        // Every quote of ours and of pip's encloses; none is part of the path.
        let path: Vec<u8> = if word.starts_with(b"\"") {
            word.iter().copied().filter(|byte| *byte != b'"').collect()
        } else {
            word.to_vec()
        };
        let interpreter = world::path(&path).into_owned();
        is_python(&interpreter).then_some(Self { interpreter, arguments: b"", body })
    }
}

/// `/e` of `/e/bin/python`.
fn prefix(interpreter: &Path) -> Option<PathBuf> {
    let commands = interpreter.parent()?;
    (commands.ends_with(layout::COMMANDS)).then(|| commands.parent().map(Path::to_owned))?
}

fn is_python(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    path.is_absolute() && [&b"python"[..], b"pypy"].iter().any(|stem| name.starts_with(stem))
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

    fn moved(text: &str, goal: &str) -> Option<String> {
        let former = [PathBuf::from("/old/e"), PathBuf::from("/a b/it's")];
        let text = headed(text.as_bytes(), &former, Path::new(goal))?;
        Some(String::from_utf8(text).unwrap())
    }

    #[test]
    fn every_head_of_the_environment_names_the_new_place() {
        for head in [
            "#!/old/e/bin/python3.12\n",
            "#! /old/e/bin/python3.12\r\n",
            "#!/bin/sh\n'''exec' /old/e/bin/python3.12 \"$0\" \"$@\"\n' '''\n",
            "#!/bin/sh\n'''exec' \"/old/e/bin/python3.12\" \"$0\" \"$@\"\n' '''\n",
            "#!/bin/sh\n'''exec' \"/a b/it's/bin/python3.12\" \"$0\" \"$@\"\n' '''\n",
        ] {
            let text = format!("{head}x = 1\n");
            let got = moved(&text, "/new").unwrap();
            assert_eq!(got, "#!/new/bin/python3.12\nx = 1\n", "{head}");
        }
        let spaced = moved("#!/old/e/bin/python -E\nx\n", "/new one").unwrap();
        assert_eq!(
            spaced,
            "#!/bin/sh\n'''exec' \"/new one/bin/python\" -E \"$0\" \"$@\"\n' '''\nx\n"
        );
    }

    #[test]
    fn other_scripts_are_left_alone() {
        for text in [
            "#!/usr/bin/python3\n",
            "#!/old/e2/bin/python\n",
            "#!/bin/sh\nexit\n",
            "#!/old/e/bin/perl\n",
        ] {
            assert_eq!(moved(text, "/new"), None, "{text}");
        }
    }
}
