//! The tree of an environment for 2.7, which knows no `pyvenv.cfg`: it finds its library from where its
//! binary stands, so the binary is copied and the library is linked beside it.

use std::path::{Path, PathBuf};

use super::order::{Order, Programs};
use super::stage::{self, Stage};
use super::{Base, Error, Layout, named, probe_cache, skeleton};
use crate::disk::{self, Directory, Entry, Kind, Privacy, Way};
use crate::fetch::Sha256;
use crate::inventory::{Folder, Places};
use crate::progress::Progress;
use crate::{quote, world};

/// Run by `site.py` at every start.
const SITECUSTOMIZE: &str = include_str!("sitecustomize.py");

/// The entries of the base's library that an environment has of its own.
const OWN: [&str; 5] = [
    "site-packages",
    "dist-packages",
    "sitecustomize.py",
    "sitecustomize.pyc",
    "sitecustomize.pyo",
];

/// Makes everything but packages and activation scripts below `layout`, as it will be at `goal`.
pub(super) fn make(
    layout: &Layout,
    goal: &Path,
    order: &Order<'_>,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let base = order.base;
    let tree = Directory::open(layout.directory())?;
    tree.make_within(&layout.packages_within())?;
    skeleton::name_interpreter(&tree, order)?;
    match order.making.programs {
        Programs::Links => {
            let shelf = match shelf(order.places, base, progress) {
                Ok(shelf) => Some(shelf),
                // A cache that cannot be written is no obstacle.
                Err(Error::Disk(error)) if named::is_unwritable(&error) => None,
                Err(error) => return Err(error),
            };
            link_library(layout, base, shelf.as_ref())?;
        }
        Programs::Copies => copy_library(layout, base, progress)?,
    }
    bring_headers(&tree, base, order.making.programs, progress)?;
    let library = Directory::open(&layout.library())?;
    library.write_new("sitecustomize.py", &sitecustomize(base), Privacy::Shared)?;
    tree.write_new(".gitignore", b"*\n", Privacy::Shared)?;
    skeleton::configure(layout, goal, order)
}

/// Links the library and the headers of another base, in the place of the former's.
pub(super) fn relink(layout: &Layout, base: &Base) -> Result<(), Error> {
    let tree = Directory::open(layout.directory())?;
    for path in [layout.library(), layout.directory().join("lib")] {
        let directory = Directory::open(&path)?;
        for Entry { name, .. } in directory.entries()? {
            let target = disk::link_target(&directory.join(&name))?;
            if target.is_some_and(|target| target.is_absolute()) {
                directory.unlink(&name)?;
            }
        }
    }
    skeleton::shared_libraries(&tree, base, Programs::Links)?;
    link_library(layout, base, None)?;
    tree.remove("include")?;
    bring_headers(&tree, base, Programs::Links, &crate::progress::Silent)?;
    let library = Directory::open(&layout.library())?;
    Ok(library.replace("sitecustomize.py", &sitecustomize(base), Privacy::Shared)?)
}

/// Links every entry of the base's library, by the links on a shelf where they can be shared: a hard link to a link
/// needs no inode of its own, and 650 of those cost ext4 20 ms, 400 when as many were just deleted (2026-11-20).
fn link_library(layout: &Layout, base: &Base, shelf: Option<&Directory>) -> Result<(), Error> {
    let from = library_of(base);
    let to = Directory::open(&layout.library())?;
    for Entry { name, .. } in entries(&from)? {
        if to.look(&name)?.is_some() {
            continue; // what a repair found there is the environment's own
        }
        match shelf.map(|shelf| to.hard_link(&name, shelf, &name)) {
            Some(Ok(())) => {}
            // Another file system, or a link of another user's.
            Some(Err(_)) | None => to.link(&name, &from.join(&name))?,
        }
    }
    Ok(())
}

/// Copies the base's library, for a file system without links.
fn copy_library(layout: &Layout, base: &Base, progress: &dyn Progress) -> Result<(), Error> {
    let from = Directory::open(&library_of(base))?;
    let to = Directory::open(&layout.library())?;
    for entry in entries(from.path())? {
        copy(&from, &entry, &to, progress)?;
    }
    Ok(())
}

fn copy(
    from: &Directory,
    entry: &Entry,
    to: &Directory,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let name = Path::new(&entry.name);
    let ways: &[Way] = &skeleton::COPIES;
    match entry.kind {
        Kind::Directory => {
            let Some(inner) = from.below(name)? else { return Ok(()) };
            let (to, kept) = (to.make_below(name)?, |target| target);
            Ok(disk::copy_tree(&inner, &to, ways, &kept, &|| progress.interrupted())?)
        }
        Kind::File => Ok(disk::copy_file(from, name, to, name, ways).map(drop)?),
        Kind::Link | Kind::Other => Ok(()),
    }
}

/// What is in the base's library that an environment has of it.
fn entries(library: &Path) -> Result<Vec<Entry>, Error> {
    if !disk::is_directory(library) {
        return Err(Error::NoPython(library.to_owned()));
    }
    let mut entries = disk::entries(library)?;
    entries.retain(|entry| !OWN.iter().any(|own| entry.name == *own));
    Ok(entries)
}

/// A directory in the cache with the links to this library, made anew when the library has changed.
fn shelf(places: &Places, base: &Base, progress: &dyn Progress) -> Result<Directory, Error> {
    let from = library_of(base);
    let found = disk::follow(&from)?.ok_or_else(|| Error::NoPython(from.clone()))?;
    let stamp = probe_cache::stamp(&found);
    let key = [world::bytes(&from), b"\0", stamp.as_bytes()].concat();
    let name = Sha256::of(&key).to_string();
    let shelves = places.make(Folder::Cache)?.make_below("links")?;
    if let Some(shelf) = stage::published(&shelves, name.as_ref())? {
        return Ok(shelf);
    }
    let stage = Stage::begin_in(&shelves, name.as_ref(), progress)?;
    // Another process may have been quicker.
    if shelves.below(&name)?.is_none() {
        for entry in entries(&from)? {
            stage.directory().link(&entry.name, &from.join(&entry.name))?;
        }
        stage.publish()?;
    }
    Ok(shelves.make_below(&name)?)
}

fn bring_headers(
    tree: &Directory,
    base: &Base,
    programs: Programs,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let include = tree.make_below("include")?;
    let headers = base.prefix.join("include/python2.7");
    if !disk::is_directory(&headers) {
        return Ok(());
    }
    match programs {
        Programs::Links => Ok(include.link("python2.7", &headers)?),
        Programs::Copies => {
            let (from, to) = (Directory::open(&headers)?, include.make_below("python2.7")?);
            let stop = || progress.interrupted();
            Ok(disk::copy_tree(&from, &to, &skeleton::COPIES, &|target| target, &stop)?)
        }
    }
}

fn library_of(base: &Base) -> PathBuf {
    base.prefix.join("lib/python2.7")
}

fn sitecustomize(base: &Base) -> Vec<u8> {
    let library = library_of(base);
    let mut seen = vec![library.join("site-packages"), library.join("dist-packages")];
    if base.prefix == Path::new("/usr") {
        seen.insert(0, "/usr/local/lib/python2.7/dist-packages".into());
    }
    let literal = |path: &PathBuf| [b"'", &quote::python(world::bytes(path))[..], b"'"].concat();
    let seen: Vec<Vec<u8>> = seen.iter().map(literal).collect();
    let values =
        [("base", quote::python(world::bytes(&base.prefix))), ("packages", seen.join(&b", "[..]))];
    let mut text = Vec::new();
    quote::fill(SITECUSTOMIZE, &values, &mut text);
    text
}
