//! The environments that pyman made, wherever they stand: a link to each, forgotten when it leads to none.
//!
//! They name what exists; nothing is removed because one of them names it. One that was made in a version that is only
//! linked here is known by where that version's tree stands: a link that leads elsewhere by now names nothing of ours.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use super::named::is_unwritable;
use super::{Environment, Error};
use crate::disk::{self, Directory};
use crate::fetch::Sha256;
use crate::inventory::{Folder, Places};
use crate::world;

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
            Some(None) => forget_link(&folder, &entry.name)?,
        }
    }
    found.sort();
    Ok(found)
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
