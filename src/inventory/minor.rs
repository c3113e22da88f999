//! `minor/3.12`: a link to the newest installed patch of a minor, on which environments stand.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use pyman_shim::{Variant, Version};

use super::places::{Folder, Places};
use super::{Error, Installation, Inventory, lock};
use crate::disk::{self, Hindrance, Kind};
use crate::progress::Progress;
use crate::world::layout;

/// Each minor's link, and what it is to lead to.
type Links = BTreeMap<OsString, PathBuf>;

/// Points the link of every minor at its newest installed patch, and removes those of minors that are gone; `leaving` is
/// a patch about to go, which counts no more.
///
/// A final release is newer than any pre-release; a tree without an interpreter does not count, one that this user may not
/// look into only when no other has one. The links are relative, each replaced by one rename. What a process that died left undone is done here, too.
pub(crate) fn settle(
    places: &Places,
    leaving: Option<&OsStr>,
    progress: &dyn Progress,
) -> Result<(), Error> {
    // Asked first without the lock: mostly there is nothing to do.
    if present(places)? == wanted(places, leaving)? {
        return Ok(());
    }
    let _lock = lock(places, "minor", "settling which patch is the newest", progress)?;
    let folder = places.make(Folder::Minor)?;
    folder.sweep_temporaries()?;
    let (present, wanted) = (present(places)?, wanted(places, leaving)?);
    for (name, target) in &wanted {
        if present.get(name) != Some(target) {
            match folder.point(name, target) {
                // In a root that is shared: theirs to move on.
                Err(error) if disk::is_anothers(&error) => {
                    progress.note(&format!("{error}: it stays as it is"));
                }
                // No junctions, on such a disk: environments stand on the release itself.
                Err(error) if disk::cannot_link(&error) => {}
                pointed => pointed?,
            }
        }
    }
    for name in present.keys().filter(|name| !wanted.contains_key(*name)) {
        if !folder.is_strangers(name)? {
            folder.unlink(name)?;
        }
    }
    Ok(())
}

/// The minors' links that [`settle`] cannot put where they belong.
pub(crate) fn hindered(places: &Places) -> Result<Vec<(PathBuf, Hindrance)>, Error> {
    let Some(folder) = places.open(Folder::Minor)? else { return Ok(Vec::new()) };
    let (present, wanted) = (present(places)?, wanted(places, None)?);
    let mut found = Vec::new();
    for (name, target) in &wanted {
        if present.get(name) != Some(target)
            && let Some(hindrance) = disk::hindrance(&folder, name)?
        {
            found.push((folder.join(name), hindrance));
        }
    }
    Ok(found)
}

/// The links that are there under the names of minors.
fn present(places: &Places) -> Result<Links, Error> {
    let Some(folder) = places.open(Folder::Minor)? else { return Ok(Links::new()) };
    let mut links = Links::new();
    for entry in folder.entries()? {
        if entry.kind == Kind::Link
            && is_minor(&entry.name)
            && let Some(target) = disk::link_target(&folder.join(&entry.name))?
        {
            links.insert(entry.name, target);
        }
    }
    Ok(links)
}

fn wanted(places: &Places, leaving: Option<&OsStr>) -> Result<Links, Error> {
    let inventory = Inventory::read(places)?;
    let mut newest: BTreeMap<OsString, (Rank, &Installation)> = BTreeMap::new();
    for installation in inventory.iter().filter(|one| one.is_usable()) {
        let Some((version, variant)) = installation.tag() else { continue };
        if leaving == Some(&installation.name) {
            continue;
        }
        let Some(interpreter) = interpreter(installation)? else { continue };
        let name = OsString::from(minor(version, variant));
        let rank = (interpreter, version.is_final(), version);
        if newest.get(&name).is_none_or(|(best, _)| *best < rank) {
            newest.insert(name, (rank, installation));
        }
    }
    let target = |one: &Installation| {
        disk::leading(&places.minor(), &Path::new("../versions").join(&one.name))
    };
    Ok(newest.into_iter().map(|(name, (_, one))| (name, target(one))).collect())
}

/// Whether its interpreter is seen, whether it is final, its version.
type Rank = (Interpreter, bool, Version);

/// What is seen of an interpreter; the more the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Interpreter {
    /// It is where this user may not look: others may.
    Hidden,
    /// It is there.
    Seen,
}

fn interpreter(installation: &Installation) -> Result<Option<Interpreter>, Error> {
    let directory = layout::interpreters(&installation.path);
    let names = ["python", "python3", "python2"];
    for name in names {
        match disk::permitted(disk::follow(&layout::program(&directory, name)))? {
            Some(Some(found)) if found.is_file() => return Ok(Some(Interpreter::Seen)),
            None => return Ok(Some(Interpreter::Hidden)),
            Some(_) => {}
        }
    }
    Ok(None)
}

/// The name of a minor's link: `3.12`, `3.13t`.
pub(crate) fn minor(version: Version, variant: Variant) -> String {
    format!("{}.{}{}", version.major, version.minor, variant.suffix())
}

fn is_minor(name: &OsStr) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    name.to_str().and_then(|name| name.split_once('.')).is_some_and(|(major, minor)| {
        digits(major) && digits(minor.trim_end_matches(|letter: char| letter.is_ascii_alphabetic()))
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn the_link_follows_the_newest_patch_of_its_own_variant() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path());
        let install = |name: &str| {
            fs_err::create_dir_all(places.version(name).join("bin")).unwrap();
            fs_err::write(places.version(name).join("bin/python"), "").unwrap();
        };
        let target = |name: &str| Some(Path::new("../versions").join(name));
        let settled = |name: &str| {
            settle(&places, None, &Silent).unwrap();
            fs_err::read_link(places.minor().join(name)).ok()
        };

        assert_eq!(settled("3.12"), None);
        install("3.12.0rc1");
        assert_eq!(settled("3.12"), target("3.12.0rc1"));
        for name in ["3.12.9", "3.12.10", "3.12.11t", "3.13.1", "3.12.12rc1"] {
            install(name);
        }
        assert_eq!(settled("3.12"), target("3.12.10"));
        assert_eq!(settled("3.12t"), target("3.12.11t"));
        settle(&places, Some(OsStr::new("3.12.10")), &Silent).unwrap();
        assert_eq!(fs_err::read_link(places.minor().join("3.12")).ok(), target("3.12.9"));
        fs_err::remove_dir_all(places.version("3.12.10")).unwrap();
        assert_eq!(settled("3.12"), target("3.12.9"));
        install("3.12.8");
        fs_err::remove_file(places.version("3.12.9/bin/python")).unwrap();
        assert_eq!(settled("3.12"), target("3.12.8"));
        fs_err::remove_dir_all(places.version("3.13.1/bin")).unwrap();
        assert_eq!(settled("3.13"), None);
        fs_err::remove_dir_all(places.versions()).unwrap();
        assert_eq!(settled("3.12"), None);
    }

    #[test]
    fn what_is_not_a_minors_link_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path());
        fs_err::create_dir_all(places.minor().join("3.9")).unwrap();
        fs_err::write(places.minor().join("3.9/mine"), "").unwrap();
        fs_err::os::unix::fs::symlink("/elsewhere", places.minor().join("mine")).unwrap();
        settle(&places, None, &Silent).unwrap();
        assert_eq!(fs_err::read_dir(places.minor()).unwrap().count(), 2);
    }
}
