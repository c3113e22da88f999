//! Every environment pyman knows of: named ones, those inside versions, and those it made anywhere else.

use std::io;
use std::path::{Path, PathBuf};

use super::{Environment, Error, registry};
use crate::inventory::{Inventory, Places};
use crate::world;

/// All of them, each once: the named first, then those in `versions/*/envs`, then the others by path.
pub fn survey(places: &Places, workon_home: Option<&Path>) -> Result<Vec<Environment>, Error> {
    let mut found: Vec<Environment> = Vec::new();
    if let Some(workon_home) = workon_home {
        collect(&within(workon_home)?, &mut found)?;
    }
    for installation in Inventory::read(places)?.iter() {
        collect(&within(&installation.path.join("envs"))?, &mut found)?;
    }
    collect(&registry::registered(places)?, &mut found)?;
    Ok(found)
}

/// The environments that would break if the installation at `prefix`, an entry of `versions/`, went.
pub fn standing_on(
    places: &Places,
    workon_home: Option<&Path>,
    prefix: &Path,
) -> Result<Vec<Environment>, Error> {
    let mut found = survey(places, workon_home)?;
    found.retain(|environment| stands_on(environment, places, prefix));
    Ok(found)
}

fn stands_on(environment: &Environment, places: &Places, prefix: &Path) -> bool {
    let Some(home) = environment.home() else {
        return false;
    };
    if home.starts_with(prefix) {
        return true;
    }
    // By way of its minor.
    let Some(link) = home.parent().filter(|link| link.parent() == Some(&places.minor())) else {
        return false;
    };
    fs_err::read_link(link).is_ok_and(|target| target.file_name() == prefix.file_name())
}

fn collect(directories: &[PathBuf], found: &mut Vec<Environment>) -> Result<(), Error> {
    for directory in directories {
        let known = found.iter().any(|environment| environment.directory == *directory);
        if !known && let Some(environment) = Environment::at(directory)? {
            found.push(environment);
        }
    }
    Ok(())
}

/// The directories in a directory, sorted; links to some are not followed.
pub(super) fn within(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs_err::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if world::absent(&error) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() && !super::stage::is_stage(&entry.file_name()) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}
