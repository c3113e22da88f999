//! `minor/3.12`: a link to the newest installed patch of a minor, on which environments stand.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use pyman_shim::{Variant, Version};

use super::{Error, Installation, Inventory, Places, system};

/// Points the link of this minor and variant at the newest installed patch, or removes it when there is none.
///
/// A final release is newer than any pre-release. The link is relative and replaced by one rename.
pub fn settle(
    places: &Places,
    inventory: &Inventory,
    (major, minor): (u32, u32),
    variant: Variant,
) -> Result<(), Error> {
    let link = places.minor().join(format!("{major}.{minor}{}", variant.suffix()));
    match newest(inventory, (major, minor), variant) {
        Some(installation) => point(&link, &Path::new("../versions").join(&installation.name)),
        None => remove(&link),
    }
}

fn newest(inventory: &Inventory, minor: (u32, u32), variant: Variant) -> Option<&Installation> {
    let rank = |version: &Version| (version.is_final(), *version);
    inventory
        .iter()
        .filter(|one| one.is_usable())
        .filter_map(|one| one.tag().map(|tag| (tag, one)))
        .filter(|((version, its), _)| (version.major, version.minor) == minor && *its == variant)
        .max_by_key(|((version, _), _)| rank(version))
        .map(|(_, one)| one)
}

fn point(link: &Path, target: &Path) -> Result<(), Error> {
    match fs_err::read_link(link) {
        Ok(current) if current == target => return Ok(()),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    let aside = aside(link);
    if let Some(folder) = link.parent() {
        fs_err::create_dir_all(folder)?;
    }
    remove(&aside)?;
    system::symlink(target, &aside)?;
    Ok(fs_err::rename(&aside, link)?)
}

fn remove(link: &Path) -> Result<(), Error> {
    match fs_err::remove_file(link) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// A sibling of the link; one process at a time settles, so a name left by a killed one is used again.
fn aside(link: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(link.file_name().unwrap_or_default());
    name.push(".new");
    link.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(places: &Places, variant: Variant) -> Option<PathBuf> {
        let inventory = Inventory::read(places).unwrap();
        settle(places, &inventory, (3, 12), variant).unwrap();
        let link = places.minor().join(format!("3.12{}", variant.suffix()));
        fs_err::read_link(link).ok()
    }

    #[cfg(unix)]
    #[test]
    fn the_link_follows_the_newest_patch_of_its_own_variant() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path());
        let install = |name: &str| fs_err::create_dir_all(places.version(name)).unwrap();
        let target = |name: &str| Some(Path::new("../versions").join(name));

        assert_eq!(settled(&places, Variant::Default), None);
        install("3.12.0rc1");
        assert_eq!(settled(&places, Variant::Default), target("3.12.0rc1"));
        install("3.12.9");
        install("3.12.10");
        install("3.12.11t");
        install("3.13.1");
        install("3.12.12rc1");
        assert_eq!(settled(&places, Variant::Default), target("3.12.10"));
        assert_eq!(settled(&places, Variant::FreeThreaded), target("3.12.11t"));
        fs_err::remove_dir(places.version("3.12.10")).unwrap();
        assert_eq!(settled(&places, Variant::Default), target("3.12.9"));
        for name in ["3.12.0rc1", "3.12.9", "3.12.12rc1"] {
            fs_err::remove_dir(places.version(name)).unwrap();
        }
        assert_eq!(settled(&places, Variant::Default), None);
    }
}
