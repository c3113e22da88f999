//! Every environment pyman knows of: named ones, those inside versions, and those it made anywhere else.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use super::{Environment, Error, registry};
use crate::disk::{self, Kind};
use crate::inventory::{self, Inventory, Places};

/// All of them that this user may read, each once, whatever links lead to it: the named first, then those in
/// `versions/*/envs`, then the others by path.
pub fn survey(places: &Places, workon_home: Option<&Path>) -> Result<Vec<Environment>, Error> {
    let mut directories = workon_home.map(within).transpose()?.unwrap_or_default();
    for installation in Inventory::read(places)?.iter() {
        let inside = disk::permitted(within(&installation.path.join("envs")))?;
        directories.extend(inside.unwrap_or_default());
    }
    directories.extend(registry::registered(places)?);
    let mut found = Vec::new();
    let mut known = HashSet::new();
    for directory in directories {
        let environment = disk::permitted(Environment::at(&directory))?.flatten();
        let Some(environment) = environment else { continue };
        // Removed since, by another process.
        let Some(place) = disk::canonical(&directory)? else { continue };
        if known.insert(place) {
            found.push(environment);
        }
    }
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
    if home.starts_with(prefix) || stood_on(environment, places, &home, prefix) {
        return true;
    }
    // By way of its minor.
    let Some(link) = home.parent().filter(|link| link.parent() == Some(&places.minor())) else {
        return false;
    };
    let target = disk::link_target(link);
    target.is_ok_and(|target| target.is_some_and(|target| target.file_name() == prefix.file_name()))
}

/// Whether it was made on the patch at `prefix` by way of its minor, whose link leads to a newer one since.
fn stood_on(environment: &Environment, places: &Places, home: &Path, prefix: &Path) -> bool {
    let patch = prefix.file_name().and_then(inventory::tag);
    patch.is_some_and(|(version, variant)| {
        let link = places.minor().join(inventory::minor(version, variant));
        home.starts_with(link) && environment.version() == Some(version.to_string())
    })
}

/// The directories in a directory, sorted; links to some are not followed.
pub fn within(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = disk::entries(directory)?.into_iter();
    let directories =
        entries.filter(|entry| entry.kind == Kind::Directory && !disk::is_temporary(&entry.name));
    let mut found: Vec<PathBuf> = directories.map(|entry| directory.join(entry.name)).collect();
    found.sort();
    Ok(found)
}
