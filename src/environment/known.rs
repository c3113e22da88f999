//! Every environment pyman knows of: named ones, those inside versions, and those it made anywhere else; and conda's inside
//! versions, seen and stood on, but made, changed and removed by conda alone.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::{self, Kind};
use crate::environment::{Environment, Error, registry};
use crate::inventory::{self, Inventory, Places};
use crate::world::{self, Machine};

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

/// An environment of conda's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conda {
    /// Its name as a version: `miniforge3-24.11.0-0/envs/web`.
    pub name: String,
    /// Where it stands.
    pub directory: PathBuf,
    /// The installation it is in.
    pub base: PathBuf,
    /// Its Python's version; conda's environments need not have one.
    pub version: Option<String>,
}

/// All of them, each in an `envs/` below `versions/`.
pub fn of_conda(places: &Places) -> Result<Vec<Conda>, Error> {
    let mut found = Vec::new();
    for installation in Inventory::read(places)?.iter() {
        let inside = disk::permitted(within(&installation.path.join("envs")))?;
        for directory in inside.unwrap_or_default() {
            let is = pyman_shim::environment::is_conda(&Machine, world::bytes(&directory));
            let is = disk::permitted(is.map_err(super::fault(&directory)))?;
            if !is.unwrap_or_default() {
                continue;
            }
            let records = directory.join("conda-meta");
            let own = directory.file_name().unwrap_or_default().to_string_lossy();
            found.push(Conda {
                name: format!("{}/envs/{own}", installation.name.to_string_lossy()),
                base: installation.path.clone(),
                version: python(&records)?,
                directory,
            });
        }
    }
    Ok(found)
}

/// The version in the name of Python's own record: `python-3.12.8-h9e4cc4f_1_cpython.json`.
fn python(records: &Path) -> io::Result<Option<String>> {
    Ok(disk::entries(records)?.iter().find_map(|entry| recorded(&entry.name)))
}

fn recorded(file: &OsStr) -> Option<String> {
    let mut parts = file.to_str()?.strip_suffix(".json")?.rsplitn(3, '-');
    let (_build, version, package) = (parts.next()?, parts.next()?, parts.next()?);
    (package == "python").then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environments_are_told_by_condas_records_and_their_version_by_pythons() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path());
        let version = places.version("miniforge3-24.11.0-0");
        let write = |name: &str| {
            let path = version.join("envs").join(name);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, "").unwrap();
        };
        write("web/conda-meta/python-dateutil-2.9.0-py312_0.json");
        write("web/conda-meta/python-3.12.8-h9e4cc4f_1_cpython.json");
        write("tools/conda-meta/history");
        write("venv/pyvenv.cfg");
        let found = of_conda(&places).unwrap();
        let shown: Vec<_> =
            found.iter().map(|one| (one.name.as_str(), one.version.as_deref())).collect();
        let expected = [
            ("miniforge3-24.11.0-0/envs/tools", None),
            ("miniforge3-24.11.0-0/envs/web", Some("3.12.8")),
        ];
        assert_eq!(shown, expected);
        assert!(found.iter().all(|one| one.base == version));
    }
}
