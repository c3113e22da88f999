//! What pyman was taught: commands that are programs of their own, and hooks.
//!
//! Plugins are directories under `$PYMAN_ROOT/plugins`; nothing of theirs is ever sourced. They are what a person
//! installed, and pyman only reads them: `plugins/`, a plugin and what is in it may be links, to a checkout say.

mod external;
mod hook;
mod manifest;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use crate::disk;

pub(crate) use external::{Documentation, External, commands, find, programs};
pub(crate) use hook::{Event, Told, hooks, run};
pub(crate) use manifest::Misfit;

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
    Ok(folders(root)?.iter().filter_map(|folder| manifest::misfit(folder)).collect())
}

/// The directories of the plugins that fit, by name; none when there are none.
fn plugins(root: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut folders = folders(root)?;
    folders.retain(|folder| manifest::misfit(folder).is_none());
    Ok(folders)
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
