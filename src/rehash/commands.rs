//! Which commands are installed: the executables of every version and of every environment in it.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use fs_err as fs;

use super::system;
use crate::world;

/// What one look at `versions/` found.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// The names of all shims there should be, the launcher's among them.
    pub(super) commands: BTreeSet<OsString>,
    /// When a directory that was looked at last changed.
    pub(super) newest: Option<SystemTime>,
}

impl Scan {
    /// Looks at `versions/*/bin` and `versions/*/envs/*/bin`. What was a command in an `earlier`
    /// look, a moment ago, is not asked again.
    pub(super) fn of(versions: &Path, earlier: &Self) -> io::Result<Self> {
        let mut scan = Self::default();
        scan.commands.insert(OsString::from(system::LAUNCHER));
        for directory in directories(versions)? {
            scan.newest = scan.newest.max(changed(&directory)?);
        }
        for directory in holders(versions)? {
            for commands in system::COMMANDS {
                scan.add(&directory.join(commands), earlier)?;
            }
        }
        Ok(scan)
    }

    fn add(&mut self, directory: &Path, earlier: &Self) -> io::Result<()> {
        let Some(entries) = present(fs::read_dir(directory))? else {
            return Ok(());
        };
        for entry in entries {
            let entry = entry?;
            let Some(name) = system::shim_name(&entry.file_name()) else {
                continue;
            };
            // Asking the file costs most: not again for the same command of the next version.
            let never = system::NEVER.iter().any(|word| name == *word);
            let is_command =
                || earlier.commands.contains(&name) || system::is_command(&entry.path());
            if !never && !self.commands.contains(&name) && is_command() {
                self.commands.insert(name);
            }
        }
        Ok(())
    }
}

/// Every directory whose change may mean a new command, or one less.
pub(super) fn directories(versions: &Path) -> io::Result<Vec<PathBuf>> {
    let mut all = vec![versions.to_owned()];
    for holder in holders(versions)? {
        all.push(holder.join("envs"));
        all.extend(system::COMMANDS.iter().map(|commands| holder.join(commands)));
    }
    Ok(all)
}

/// When a directory last changed; never, if there is none.
pub(super) fn changed(directory: &Path) -> io::Result<Option<SystemTime>> {
    present(fs::metadata(directory))?.map(|metadata| metadata.modified()).transpose()
}

/// Versions, links to versions, and environments inside versions.
fn holders(versions: &Path) -> io::Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for version in children(versions)? {
        all.extend(children(&version.join("envs"))?);
        all.push(version);
    }
    Ok(all)
}

fn children(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let Some(entries) = present(fs::read_dir(directory))? else {
        return Ok(Vec::new());
    };
    entries.map(|entry| Ok(entry?.path())).collect()
}

/// What is not there, is no directory, or may not be read holds no command.
fn present<T>(answer: io::Result<T>) -> io::Result<Option<T>> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(error) if world::absent(&error) || error.kind() == io::ErrorKind::PermissionDenied => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
