//! The environments that pyman made, wherever they stand: a link to each, forgotten when it leads to none.
//!
//! They name what exists; nothing is removed because one of them names it.

use std::ffi::OsString;
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
    folder.link(name(directory), directory)
}

/// Every environment remembered, by path; those that are gone are forgotten, those that may not be read are not.
pub fn registered(places: &Places) -> Result<Vec<PathBuf>, Error> {
    let Some(folder) = places.open(Folder::Environments)? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for entry in folder.entries()? {
        let Some(target) = disk::link_target(&folder.join(&entry.name))? else { continue };
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
        found.extend(disk::link_target(&folder.join(&entry.name))?);
    }
    Ok(found)
}

/// Whether an environment at `directory` is remembered, be it gone.
pub(super) fn remembers(places: &Places, directory: &Path) -> Result<bool, Error> {
    match places.open(Folder::Environments)? {
        Some(folder) => Ok(folder.look(name(directory))?.is_some_and(|found| found.is_link())),
        None => Ok(false),
    }
}

/// Forgets the environment at `directory`.
pub fn forget(places: &Places, directory: &Path) -> Result<(), Error> {
    match places.open(Folder::Environments)? {
        Some(folder) => forget_link(&folder, &name(directory)),
        None => Ok(()),
    }
}

fn forget_link(folder: &Directory, name: &std::ffi::OsStr) -> Result<(), Error> {
    if !folder.look(name)?.is_some_and(|found| found.is_link()) || folder.is_strangers(name)? {
        return Ok(());
    }
    match folder.unlink(name) {
        Err(error) if !is_unwritable(&error) => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn name(directory: &Path) -> OsString {
    let digest = Sha256::of(world::bytes(directory)).to_string();
    digest.get(..DIGITS).unwrap_or(&digest).into()
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
