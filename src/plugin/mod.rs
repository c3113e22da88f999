//! What pyman was taught: commands that are programs of their own, and hooks; and which of its folders fit this pyman.
//!
//! Plugins are directories under `$PYMAN_ROOT/plugins`; nothing of theirs is ever sourced. They are what a person
//! installed, and pyman only reads them: `plugins/`, a plugin and what is in it may be links, to a checkout say.
//!
//! `plugin.toml` says which pyman a folder needs; one without it fits every pyman, as pyenv's plugins do. What stands under
//! `[family]` is read where the families are; what a later pyman may add is passed over here.

mod external;
mod hook;

use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::{fmt, io};

use serde::Deserialize;

use crate::compatibility::Requirement;
use crate::disk;
use crate::quote::deceives;

pub(crate) use external::{Documentation, External, commands, find, programs};
pub(crate) use hook::{Event, Told, hooks, run};

/// A plugin that cannot be found, started or heard.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk.
    #[error(transparent)]
    Disk(#[from] io::Error),
    /// A hook cannot be started, or did not listen.
    #[error("the hook {} cannot be run: {source}", file.display())]
    Hook {
        /// The hook.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A hook ended badly.
    #[error("the hook {} ended with {status}", file.display())]
    Refused {
        /// The hook.
        file: PathBuf,
        /// How it ended.
        status: ExitStatus,
    },
}

/// The plugins that this pyman does not use, by name, each with its reason.
pub(crate) fn misfits(root: &Path) -> Result<Vec<Misfit>, Error> {
    Ok(folders(root)?.iter().filter_map(|folder| misfit(root, folder)).collect())
}

/// The directories of the plugins that fit, by name; none when there are none.
fn plugins(root: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut folders = folders(root)?;
    folders.retain(|folder| misfit(root, folder).is_none());
    Ok(folders)
}

/// The account that something of a plugin belongs to, when that is neither this one, root, nor the one whose root it is: where
/// others can write, what they put there would run as whoever says `install`.
fn stranger(root: &Path, path: &Path) -> io::Result<Option<u32>> {
    let Some(owner) = disk::follow(path)?.and_then(|found| found.stranger()) else {
        return Ok(None);
    };
    let host = disk::follow(root)?.map(|found| found.owner);
    Ok((host != Some(owner)).then_some(owner))
}

fn folders(root: &Path) -> Result<Vec<PathBuf>, Error> {
    entries(&root.join("plugins"))
}

/// What stands in a directory, by name, but hidden entries; nothing when there is no such directory.
fn entries(directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let names = disk::entries(directory)?.into_iter().map(|entry| entry.name);
    let shown = names.filter(|name| !name.as_encoded_bytes().starts_with(b"."));
    let mut found: Vec<PathBuf> = shown.map(|name| directory.join(name)).collect();
    found.sort();
    Ok(found)
}

/// The manifest's name.
const NAME: &str = "plugin.toml";

/// No manifest is longer, in bytes.
const LONGEST: u64 = 1 << 20;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Manifest {
    requires: Option<String>,
}

/// A plugin that is not used, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// Its folder.
    pub folder: PathBuf,
    /// Why: `needs pyman ^0.2, this is 0.1.0`.
    pub why: String,
}

impl fmt::Display for Misfit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.folder.file_name().unwrap_or_default().to_string_lossy();
        write!(out, "the plugin {} is not used: it {}", name.escape_debug(), self.why)
    }
}

/// Why the plugin in a folder is not used; none when it is.
fn misfit(root: &Path, folder: &Path) -> Option<Misfit> {
    let why = match judge(root, folder) {
        Ok(None) => return None,
        Ok(Some(requirement)) => requirement.to_string(),
        Err(why) => why,
    };
    Some(Misfit { folder: folder.to_owned(), why })
}

/// The requirement that this pyman does not fit.
fn judge(root: &Path, folder: &Path) -> Result<Option<Requirement>, String> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    if name.chars().any(deceives) {
        return Err("has a name that a terminal cannot show".to_owned());
    }
    match stranger(root, folder) {
        Ok(None) => {}
        Ok(Some(owner)) => return Err(format!("belongs to another account (user {owner})")),
        Err(error) => return Err(format!("cannot be looked at: {error}")),
    }
    let text = disk::read_at_most(&folder.join(NAME), LONGEST);
    let text = match text.map(|text| text.map(String::from_utf8).transpose()) {
        Ok(Ok(Some(text))) => text,
        Ok(Ok(None)) => return Ok(None),
        Ok(Err(_)) => return Err(format!("has a {NAME} that is no text")),
        Err(error) => return Err(format!("has a {NAME} that cannot be read: {error}")),
    };
    let read = toml::from_str::<Manifest>(&text);
    let manifest = read.map_err(|error| format!("has a damaged {NAME}: {}", error.message()))?;
    let Some(requires) = manifest.requires else { return Ok(None) };
    let requirement =
        Requirement::parse(&requires).map_err(|error| format!("has a damaged {NAME}: {error}"))?;
    Ok((!requirement.fits()).then_some(requirement))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compatibility::OWN;

    #[test]
    fn what_does_not_fit_is_named_with_its_reason() {
        let cases = [
            ("", None),
            ("[family]\nhosts = {}\n", None),
            ("requires = \">=0.1\"\nlater = \"x\"\n", None),
            ("requires = \"^99.1\"\n", Some(format!("needs pyman ^99.1, this is {OWN}"))),
        ];
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("hello");
        fs_err::create_dir(&folder).unwrap();
        assert_eq!(misfit(root.path(), &folder), None);
        for (text, expected) in cases {
            fs_err::write(folder.join(NAME), text).unwrap();
            assert_eq!(misfit(root.path(), &folder).map(|misfit| misfit.why), expected, "{text}");
        }
        for damaged in ["requires = [", "requires = 2", "requires = \"soon\""] {
            fs_err::write(folder.join(NAME), damaged).unwrap();
            let why = misfit(root.path(), &folder).unwrap().why;
            assert!(why.starts_with("has a damaged plugin.toml: "), "{why}");
        }
    }
}
