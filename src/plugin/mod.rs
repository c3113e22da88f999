//! What pyman was taught: commands that are programs of their own, and hooks.
//!
//! Plugins are directories under `$PYMAN_ROOT/plugins`; nothing of theirs is ever sourced.

mod documentation;
mod error;
mod external;
mod hook;

use std::io;
use std::path::{Path, PathBuf};

pub use documentation::Documentation;
pub use error::Error;
pub use external::{External, commands, find, programs};
pub use hook::{Event, Told, hooks, run};

/// The plugins' directories, by name; none when there are none.
fn plugins(root: &Path) -> Result<Vec<PathBuf>, Error> {
    entries(&root.join("plugins"))
}

/// What stands in a directory, by name, but hidden entries; nothing when there is no such directory.
fn entries(directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let listing = match fs_err::read_dir(directory) {
        Ok(listing) => listing,
        Err(error) if absent(&error) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut found = Vec::new();
    for entry in listing {
        let entry = entry?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Whether the error says no more than that there is nothing there.
fn absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
