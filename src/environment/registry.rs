//! The environments that pyman made, wherever they stand: a link to each, forgotten when it leads to none.

use std::io;
use std::path::{Path, PathBuf};

use super::{Environment, Error, system};
use crate::fetch::Sha256;
use crate::inventory::Places;
use crate::world;

/// How much of a digest a link's name carries.
const DIGITS: usize = 16;

/// Remembers the environment at `directory`. A root that cannot be written is no obstacle.
pub fn register(places: &Places, directory: &Path) -> Result<(), Error> {
    let link = place(places, directory);
    let made =
        fs_err::create_dir_all(folder(places)).and_then(|()| system::symlink(directory, &link));
    match made {
        Ok(()) => Ok(()),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::AlreadyExists
                    | io::ErrorKind::PermissionDenied
                    | io::ErrorKind::ReadOnlyFilesystem
            ) =>
        {
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

/// Every environment remembered, by path; those that are gone are forgotten.
pub fn registered(places: &Places) -> Result<Vec<PathBuf>, Error> {
    let entries = match fs_err::read_dir(folder(places)) {
        Ok(entries) => entries,
        Err(error) if world::absent(&error) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut found = Vec::new();
    for entry in entries {
        let link = entry?.path();
        let Some(target) = world::link_target(&link)? else { continue };
        if Environment::at(&target)?.is_some() {
            found.push(target);
        } else {
            forget_link(&link)?;
        }
    }
    found.sort();
    Ok(found)
}

/// Forgets the environment at `directory`.
pub fn forget(places: &Places, directory: &Path) -> Result<(), Error> {
    forget_link(&place(places, directory))
}

fn forget_link(link: &Path) -> Result<(), Error> {
    match fs_err::remove_file(link) {
        Err(error)
            if !world::absent(&error)
                && !matches!(
                    error.kind(),
                    io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
                ) =>
        {
            Err(error.into())
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

fn folder(places: &Places) -> PathBuf {
    places.root().join("environments")
}

fn place(places: &Places, directory: &Path) -> PathBuf {
    let digest = Sha256::of(world::bytes(directory)).to_string();
    folder(places).join(digest.get(..DIGITS).unwrap_or(&digest))
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
        assert_eq!(fs_err::read_dir(super::folder(&places)).unwrap().count(), 0);
    }
}
