//! `versions/NAME`: a link by which a named environment can be asked for like a version. A convenience.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use super::Error;
use crate::disk::{self, Directory, Kind};
use crate::inventory::{Folder, Places};
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
/// A root that cannot be written, or a file system without links, has none.
pub fn link(places: &Places, name: &OsStr, target: &Path) -> Result<Link, Error> {
    match try_link(places, name, target) {
        Err(Error::Disk(error)) if is_unwritable(&error) || disk::cannot_link(&error) => {
            Ok(Link::Made)
        }
        linked => linked,
    }
}

/// Makes `versions/NAME` lead to the environment, over whatever other link stands there.
pub fn link_over(places: &Places, name: &OsStr, target: &Path) -> Result<Link, Error> {
    let versions = places.make(Folder::Versions)?;
    versions.sweep_temporaries()?;
    if versions.look(name)?.is_some_and(|found| !found.is_link()) {
        return Ok(Link::Taken);
    }
    versions.point(name, target)?;
    Ok(Link::Made)
}

fn try_link(places: &Places, name: &OsStr, target: &Path) -> Result<Link, Error> {
    let versions = places.make(Folder::Versions)?;
    versions.sweep_temporaries()?;
    let link = versions.join(name);
    match versions.look(name)? {
        None => {}
        Some(found) if !found.is_link() => return Ok(Link::Taken),
        Some(_) => {
            let leads_there = |found: PathBuf| world::bytes(&found) == world::bytes(target);
            if disk::link_target(&link)?.is_some_and(leads_there) {
                return Ok(Link::Made);
            }
            if disk::follow(&link)?.is_some() {
                return Ok(Link::Taken);
            }
        }
    }
    versions.point(name, target)?;
    Ok(Link::Made)
}

/// Makes each of the links, which lead to another place of the same environment, lead to `target`.
pub(super) fn lead(places: &Places, names: &[PathBuf], target: &Path) -> Result<(), Error> {
    let Some(versions) = versions(places)? else { return Ok(()) };
    versions.sweep_temporaries()?;
    for name in names.iter().filter_map(|link| link.file_name()) {
        versions.point(name, target)?;
    }
    Ok(())
}

/// The links of `versions/` that lead to the directory.
pub(super) fn links_to(places: &Places, directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let Some(versions) = versions(places)? else { return Ok(Vec::new()) };
    let Some(target) = disk::canonical(directory)? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for entry in versions.entries()?.into_iter().filter(|entry| entry.kind == Kind::Link) {
        let link = versions.join(&entry.name);
        // One in a circle, or into what may not be read, does not lead there.
        if disk::canonical(&link).is_ok_and(|leads| leads.as_ref() == Some(&target)) {
            found.push(link);
        }
    }
    found.sort();
    Ok(found)
}

/// An error where one of these links of `versions/` is another account's.
pub(super) fn refuse_anothers(places: &Places, links: &[PathBuf]) -> Result<(), Error> {
    let Some(versions) = versions(places)? else { return Ok(()) };
    for name in links.iter().filter_map(|link| link.file_name()) {
        versions.refuse_strangers(name)?;
    }
    Ok(())
}

/// An error where the link of this name is another account's, who alone replaces it.
pub fn refuse_anothers_link(places: &Places, name: &OsStr) -> Result<(), Error> {
    refuse_anothers(places, &[places.version(name)])
}

/// Removes links of `versions/`; what is none is left.
pub(super) fn unlink(places: &Places, links: &[PathBuf]) -> Result<(), Error> {
    let Some(versions) = versions(places)? else { return Ok(()) };
    for name in links.iter().filter_map(|link| link.file_name()) {
        if versions.look(name)?.is_some_and(|found| found.is_link()) {
            versions.unlink(name)?;
        }
    }
    Ok(())
}

/// Where an environment of this path would stand below this root's `versions/`, if it ends as those do:
/// `…/3.12.1/envs/web`.
pub fn inside_version(places: &Places, path: &Path) -> Option<PathBuf> {
    let (name, envs) = (path.file_name()?, path.parent()?);
    let version = envs.ends_with("envs").then(|| envs.parent()?.file_name())??;
    Some(places.version(version).join("envs").join(name))
}

/// Makes the links of `versions/` to an environment inside a version lead there again, from where it stood when the root
/// was elsewhere; its own name too, where it is free.
pub fn lead_again(places: &Places, directory: &Path) -> Result<(), Error> {
    let own = inside_version(places, directory).filter(|inside| inside == directory);
    let Some(name) = own.as_deref().and_then(Path::file_name) else { return Ok(()) };
    for entry in
        versions(places)?.map(|versions| versions.entries()).transpose()?.unwrap_or_default()
    {
        let target = disk::link_target(&places.version(&entry.name))?;
        let led_here = target.and_then(|target| inside_version(places, &target)) == own;
        if entry.kind == Kind::Link && led_here {
            link(places, &entry.name, directory)?;
        }
    }
    link(places, name, directory)?;
    Ok(())
}

/// Removes the links of `versions/` that lead nowhere and into `within` or the `envs/` of a version: any other may lead to a
/// disk that is not there today.
pub fn sweep_links(places: &Places, within: &Path) -> Result<(), Error> {
    let Some(versions) = versions(places)? else { return Ok(()) };
    for entry in versions.entries()?.into_iter().filter(|entry| entry.kind == Kind::Link) {
        let link = versions.join(&entry.name);
        let Some(target) = disk::link_target(&link)? else { continue };
        let target = versions.join(&target);
        let in_version = target.starts_with(versions.path())
            && target.parent().is_some_and(|folder| folder.ends_with("envs"));
        let of_environment = target.starts_with(within) || in_version;
        let is_gone = of_environment && matches!(disk::follow(&link), Ok(None));
        if is_gone && !versions.is_strangers(&entry.name)? {
            match versions.unlink(&entry.name) {
                Err(error) if !is_unwritable(&error) => return Err(error.into()),
                Ok(()) | Err(_) => {}
            }
        }
    }
    Ok(())
}

fn versions(places: &Places) -> io::Result<Option<Directory>> {
    places.open(Folder::Versions)
}

/// A root that cannot be written is no obstacle to what is a convenience.
pub(super) fn is_unwritable(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}
