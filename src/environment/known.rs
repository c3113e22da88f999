//! Every environment pyman knows of: named ones, those inside versions, and those it made anywhere else, remembered by a link
//! to each; and conda's inside versions, seen and stood on, but made, changed and removed by conda alone.
//!
//! A link says what exists: it is forgotten when it leads to none, and nothing is removed because one names it.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::{self, Directory, Kind};
use crate::environment::named::is_unwritable;
use crate::environment::{Environment, Error};
use crate::fetch::Sha256;
use crate::inventory::{self, Folder, Inventory, Places};
use crate::world::{self, Machine};

/// All of them that this user may read, each once, whatever links lead to it: the named first, then those in
/// `versions/*/envs`, then the others by path.
pub fn survey(places: &Places, workon_home: Option<&Path>) -> Result<Vec<Environment>, Error> {
    let mut directories = workon_home.map(within).transpose()?.unwrap_or_default();
    for installation in Inventory::read(places)?.iter() {
        let inside = disk::permitted(within(&installation.path.join("envs")))?;
        directories.extend(inside.unwrap_or_default());
    }
    directories.extend(registered(places)?);
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
        entries.filter(|entry| entry.kind == Kind::Directory && !disk::is_nobodys(&entry.name));
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
            if !disk::permitted(Machine.is_condas(&directory))?.unwrap_or_default() {
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

/// How much of a digest a link's name carries.
const DIGITS: usize = 16;

/// Remembers the environment at `directory`. A root that cannot be written is no obstacle.
pub fn register(places: &Places, directory: &Path) -> Result<(), Error> {
    match try_register(places, directory) {
        Err(error)
            if error.kind() == io::ErrorKind::AlreadyExists
                || is_unwritable(&error)
                || disk::cannot_link(&error) =>
        {
            Ok(())
        }
        result => Ok(result?),
    }
}

fn try_register(places: &Places, directory: &Path) -> io::Result<()> {
    let folder = places.make(Folder::Environments)?;
    folder.link(name(places, directory)?, directory)
}

/// Every environment remembered, by path; those that are gone are forgotten, those that may not be read are not.
pub fn registered(places: &Places) -> Result<Vec<PathBuf>, Error> {
    let Some(folder) = places.open(Folder::Environments)? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for entry in folder.entries()? {
        let Some(target) = disk::link_target(&folder.join(&entry.name))? else { continue };
        if is_elsewhere(places, &entry.name, &target)? {
            continue;
        }
        match disk::permitted(Environment::at(&target))? {
            Some(Some(_)) | None => found.push(target),
            // It is found again by this, to be removed to the end.
            Some(None) if is_condemned(&target)? || is_emptied(&target)? => {}
            Some(None) => forget_link(&folder, &entry.name)?,
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a process died over an environment while it removed it where it stands.
pub(super) fn is_condemned(directory: &Path) -> io::Result<bool> {
    match (directory.parent(), directory.file_name()) {
        (Some(folder), Some(name)) if disk::is_directory(directory) => {
            disk::is_condemned(&Directory::open(folder)?, name)
        }
        _ => Ok(false),
    }
}

/// Whether nothing is left in it: the mark of what is removed where it stands goes just before that does.
pub(super) fn is_emptied(directory: &Path) -> io::Result<bool> {
    Ok(disk::is_directory(directory) && disk::entries(directory)?.is_empty())
}

/// What is remembered, whether it is still there or not.
pub(super) fn remembered(places: &Places) -> Result<Vec<PathBuf>, Error> {
    let Some(folder) = places.open(Folder::Environments)? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for entry in folder.entries()? {
        let Some(target) = disk::link_target(&folder.join(&entry.name))? else { continue };
        if !is_elsewhere(places, &entry.name, &target)? {
            found.push(target);
        }
    }
    Ok(found)
}

/// Where an environment inside a version stands, if that version is only linked here and pyman did not make it there.
pub fn adopted(places: &Places, directory: &Path) -> Result<Option<PathBuf>, Error> {
    Ok(match behind_link(places, directory)? {
        Some(standing) if !remembers(places, directory)? => Some(standing),
        Some(_) | None => None,
    })
}

/// Whether an environment at `directory` is remembered, be it gone.
pub(super) fn remembers(places: &Places, directory: &Path) -> Result<bool, Error> {
    match places.open(Folder::Environments)? {
        Some(folder) => {
            Ok(folder.look(name(places, directory)?)?.is_some_and(|found| found.is_link()))
        }
        None => Ok(false),
    }
}

/// Forgets the environment at `directory`.
pub fn forget(places: &Places, directory: &Path) -> Result<(), Error> {
    match places.open(Folder::Environments)? {
        Some(folder) => forget_link(&folder, &name(places, directory)?),
        None => Ok(()),
    }
}

fn forget_link(folder: &Directory, name: &OsStr) -> Result<(), Error> {
    if !folder.look(name)?.is_some_and(|found| found.is_link()) || folder.is_strangers(name)? {
        return Ok(());
    }
    match folder.unlink(name) {
        Err(error) if !is_unwritable(&error) => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// What the link to an environment is called: so that each has one, and one in a linked version is known by its place.
fn name(places: &Places, directory: &Path) -> io::Result<OsString> {
    let standing = behind_link(places, directory)?;
    let path = standing.as_deref().unwrap_or(directory);
    let digest = Sha256::of(world::bytes(path)).to_string();
    Ok(digest.get(..DIGITS).unwrap_or(&digest).into())
}

/// Whether what is remembered under this name stood where another tree is now.
fn is_elsewhere(places: &Places, name: &OsStr, directory: &Path) -> io::Result<bool> {
    Ok(behind_link(places, directory)?.is_some() && self::name(places, directory)? != name)
}

/// Where a path inside a version is, if that is only linked here and leads somewhere.
fn behind_link(places: &Places, directory: &Path) -> io::Result<Option<PathBuf>> {
    let Ok(below) = directory.strip_prefix(places.versions()) else { return Ok(None) };
    let mut parts = below.components();
    let Some(version) = parts.next().map(|part| places.version(part)) else { return Ok(None) };
    if !disk::look(&version)?.is_some_and(|found| found.is_link()) {
        return Ok(None);
    }
    Ok(disk::canonical(&version)?.map(|tree| tree.join(parts.as_path())))
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

    #[test]
    fn what_is_gone_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path().join("root"));
        let environment = folder.path().join("it's one");
        fs_err::create_dir(&environment).unwrap();
        fs_err::write(environment.join("pyvenv.cfg"), "home = /usr/bin\n").unwrap();
        for _ in 0..2 {
            register(&places, &environment).unwrap();
        }
        assert_eq!(registered(&places).unwrap(), std::slice::from_ref(&environment));
        fs_err::remove_dir_all(&environment).unwrap();
        assert!(registered(&places).unwrap().is_empty());
        assert_eq!(fs_err::read_dir(places.root().join("environments")).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_registry_that_is_a_link_is_refused_and_what_it_leads_to_stays() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path().join("root"));
        let foreign = folder.path().join("foreign");
        for directory in [places.root(), &foreign] {
            fs_err::create_dir(directory).unwrap();
        }
        fs_err::os::unix::fs::symlink("gone", foreign.join("theirs")).unwrap();
        fs_err::os::unix::fs::symlink(&foreign, places.root().join("environments")).unwrap();
        for result in [
            registered(&places).map(drop),
            register(&places, Path::new("/e")),
            forget(&places, Path::new("/e")),
        ] {
            let Err(Error::Disk(error)) = result else { panic!("{result:?}") };
            assert!(disk::is_linked(&error), "{error}");
        }
        assert_eq!(fs_err::read_dir(&foreign).unwrap().count(), 1);
    }
}
