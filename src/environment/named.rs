//! `versions/NAME`: a link by which a named environment can be asked for like a version. A convenience.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use super::{Error, system};
use crate::inventory::Places;
use crate::world;

/// What became of a name under `versions/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// It leads to the environment now, or did before.
    Made,
    /// Something living has the name.
    Taken,
}

/// Links `versions/NAME` to the environment. One that leads nowhere is replaced, what lives is left.
///
/// A root that cannot be written has no such links.
pub fn link(places: &Places, name: &OsStr, target: &Path) -> Result<Link, Error> {
    match try_link(places, name, target) {
        Err(Error::Disk(error))
            if matches!(
                error.kind(),
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
            ) =>
        {
            Ok(Link::Made)
        }
        linked => linked,
    }
}

fn try_link(places: &Places, name: &OsStr, target: &Path) -> Result<Link, Error> {
    let link = places.version(name);
    fs_err::create_dir_all(places.versions())?;
    match fs_err::symlink_metadata(&link) {
        Ok(metadata) if metadata.is_symlink() => {
            let leads_there = |found: PathBuf| world::bytes(&found) == world::bytes(target);
            if world::link_target(&link)?.is_some_and(leads_there) {
                return Ok(Link::Made);
            }
            if link.try_exists()? {
                return Ok(Link::Taken);
            }
        }
        Ok(_) => return Ok(Link::Taken),
        Err(error) if world::absent(&error) => {}
        Err(error) => return Err(error.into()),
    }
    // Beside and renamed: a link is replaced at one stroke.
    let aside = places.root().join(format!(".link.{}", std::process::id()));
    remove(&aside)?;
    system::symlink(target, &aside)?;
    fs_err::rename(&aside, &link)?;
    Ok(Link::Made)
}

/// Removes the links of `versions/` that lead nowhere and into `within` or an `envs/`.
pub fn sweep_links(places: &Places, within: &Path) -> Result<(), Error> {
    let entries = match fs_err::read_dir(places.versions()) {
        Ok(entries) => entries,
        Err(error) if world::absent(&error) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    for entry in entries {
        let entry = entry?;
        let Some(target) = world::link_target(&entry.path())? else { continue };
        let of_environment = target.starts_with(within)
            || target.parent().is_some_and(|folder| folder.ends_with("envs"));
        if of_environment && !entry.path().try_exists()? {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

fn remove(path: &Path) -> io::Result<()> {
    match fs_err::remove_file(path) {
        Err(error) if !world::absent(&error) => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
