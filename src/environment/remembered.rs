//! What an interpreter outside `versions/` said of itself, remembered as long as the file is the same.

use std::io;
use std::path::{Path, PathBuf};

use pyman_shim::{Variant, Version};

use super::{Error, system};
use crate::fetch::Sha256;
use crate::interpreter::{self, Interpreter};
use crate::progress::Silent;
use crate::world;

/// Begins every remembered answer; another one is another time's.
const FORMAT: &str = "pyman interpreter 1";

/// What is kept of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) implementation: String,
    pub(super) version: Version,
    pub(super) variant: Variant,
    pub(super) executable: PathBuf,
    pub(super) base_prefix: PathBuf,
}

/// Asks the interpreter at `path`, or remembers what it answered: the same inode, time and size is the same file.
pub(super) fn ask(cache: &Path, path: &Path) -> Result<Answer, Error> {
    let stamp = system::stamp(&fs_err::metadata(path)?);
    let folder = cache.join("interpreters");
    let file = folder.join(Sha256::of(world::bytes(path)).to_string());
    match fs_err::read(&file) {
        Ok(text) => {
            if let Some(answer) = Answer::parse(&text, &stamp) {
                return Ok(answer);
            }
        }
        Err(error) if world::absent(&error) => {}
        Err(error) => return Err(error.into()),
    }
    let answer = Answer::from(interpreter::probe(path, &Silent)?);
    if let Some(text) = answer.text(&stamp) {
        remember(&folder, &file, &text)?;
    }
    Ok(answer)
}

/// Writes beside and renames. A cache that cannot be written is no obstacle.
fn remember(folder: &Path, file: &Path, text: &[u8]) -> io::Result<()> {
    let aside = file.with_extension(std::process::id().to_string());
    let written = fs_err::create_dir_all(folder)
        .and_then(|()| fs_err::write(&aside, text))
        .and_then(|()| fs_err::rename(&aside, file));
    match written {
        Err(error)
            if !matches!(
                error.kind(),
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
            ) =>
        {
            Err(error)
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

impl Answer {
    fn parse(text: &[u8], stamp: &str) -> Option<Self> {
        let mut lines = text.strip_suffix(b"\n")?.split(|byte| *byte == b'\n');
        let mut line = || lines.next();
        (line()? == FORMAT.as_bytes() && line()? == stamp.as_bytes()).then_some(())?;
        let word = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Some(Self {
            implementation: word(line()?),
            version: word(line()?).parse().ok()?,
            variant: match line()? {
                b"freethreaded" => Variant::FreeThreaded,
                b"debug" => Variant::Debug,
                b"default" => Variant::Default,
                _ => return None,
            },
            executable: world::path(line()?).into_owned(),
            base_prefix: world::path(line()?).into_owned(),
        })
    }

    /// None when a path would not be read again.
    fn text(&self, stamp: &str) -> Option<Vec<u8>> {
        let paths = [&self.executable, &self.base_prefix].map(|path| world::bytes(path));
        if paths.iter().any(|path| path.contains(&b'\n')) {
            return None;
        }
        let variant = match self.variant {
            Variant::Default => "default",
            Variant::FreeThreaded => "freethreaded",
            Variant::Debug => "debug",
        };
        let head =
            format!("{FORMAT}\n{stamp}\n{}\n{}\n{variant}\n", self.implementation, self.version);
        let [executable, base_prefix] = paths;
        Some([head.as_bytes(), executable, b"\n", base_prefix, b"\n"].concat())
    }
}

impl From<Interpreter> for Answer {
    fn from(interpreter: Interpreter) -> Self {
        Self {
            implementation: interpreter.implementation,
            version: interpreter.version,
            variant: interpreter.variant,
            executable: interpreter.executable,
            base_prefix: interpreter.base_prefix,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_remembered_for_the_same_file_only() {
        let answer = Answer {
            implementation: "cpython".into(),
            version: "3.13.0rc2".parse().unwrap(),
            variant: Variant::FreeThreaded,
            executable: world::path(b"/opt/\xff/bin/python3").into_owned(),
            base_prefix: "/opt/x y".into(),
        };
        let text = answer.text("1 2 3").unwrap();
        assert_eq!(Answer::parse(&text, "1 2 3"), Some(answer.clone()));
        assert_eq!(Answer::parse(&text, "1 2 4"), None);
        assert_eq!(Answer::parse(&text[..20], "1 2 3"), None);
        assert_eq!(Answer { base_prefix: "/a\nb".into(), ..answer }.text("1 2 3"), None);
    }
}
