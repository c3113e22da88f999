//! What an interpreter outside `versions/` said of itself, remembered as long as the file is the same.

use std::io;
use std::path::{Path, PathBuf};

use pyman_shim::{Variant, Version};

use super::{Error, named};
use crate::disk::{self, Found, Privacy};
use crate::fetch::Sha256;
use crate::interpreter::{self, Interpreter};
use crate::inventory::{Folder, Places};
use crate::progress::Progress;
use crate::world;

/// Begins every remembered answer; another one is another time's.
const FORMAT: &str = "pyman interpreter 1";

/// Where answers are kept, in the cache.
const FOLDER: &str = "interpreters";

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
pub(super) fn ask(places: &Places, path: &Path, progress: &dyn Progress) -> Result<Answer, Error> {
    let found = disk::follow(path)?.ok_or_else(|| Error::NoPython(path.to_owned()))?;
    let stamp = stamp(&found);
    let name = Sha256::of(world::bytes(path)).to_string();
    if let Some(folder) = places.open(Folder::Cache)?.map(|cache| cache.below(FOLDER))
        && let Some(folder) = folder?
        && let Some(text) = folder.read(&name)?
        && let Some(answer) = Answer::parse(&text, &stamp)
    {
        return Ok(answer);
    }
    let answer = Answer::from(interpreter::probe(path, progress)?);
    if let Some(text) = answer.text(&stamp) {
        // A cache that cannot be written is no obstacle.
        match remember(places, &name, &text) {
            Err(error) if !named::is_unwritable(&error) => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(answer)
}

fn remember(places: &Places, name: &str, text: &[u8]) -> io::Result<()> {
    let folder = places.make(Folder::Cache)?.make_below(FOLDER)?;
    folder.sweep_temporaries()?;
    folder.replace(name, text, Privacy::Shared)
}

/// Which file this is, and whether it is still the same.
pub(super) fn stamp(found: &Found) -> String {
    let Found { size, identity, .. } = found;
    let changed = nanoseconds(found);
    format!("{} {} {size} {changed}", identity.device, identity.inode)
}

/// When it was last changed, in nanoseconds since 1970.
pub(super) fn nanoseconds(found: &Found) -> i128 {
    let since = |duration: std::time::Duration| i128::try_from(duration.as_nanos());
    match found.modified.duration_since(std::time::SystemTime::UNIX_EPOCH) {
        Ok(after) => since(after).unwrap_or(i128::MAX),
        Err(before) => since(before.duration()).map_or(i128::MIN, |nanoseconds| -nanoseconds),
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
