//! The tree of an environment for 2.7, which knows no `pyvenv.cfg`: it finds its library from where its
//! binary stands, so the binary is copied and the library is linked beside it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::create::Order;
use super::stage::{self, Stage};
use super::system::{self, Folder, Way};
use super::{Base, Error, Layout, skeleton};
use crate::fetch::Sha256;
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
    let shelf = match shelf(order, progress) {
        Ok(shelf) => Some(shelf),
        Err(Error::Disk(_)) => None, // a cache that cannot be written is no obstacle
        Err(error) => return Err(error),
    };
    fs_err::create_dir_all(layout.site_packages())?;
    fs_err::create_dir(layout.commands())?;
    if cfg!(target_pointer_width = "64") {
        system::symlink(Path::new("lib"), &layout.directory().join("lib64"))?;
    }
    skeleton::copy_interpreter(layout, base)?;
    for name in skeleton::other_names(base) {
        system::symlink(Path::new("python"), &layout.commands().join(name))?;
    }
    link_library(layout, base, shelf.as_deref())?;
    link_headers(layout, base)?;
    let customize = layout.library().join("sitecustomize.py");
    system::write_new(&customize, 0o666, &sitecustomize(base))?;
    system::write_new(&layout.directory().join(".gitignore"), 0o666, b"*\n")?;
    skeleton::configure(layout, goal, order)
}

/// Links the library and the headers of another base, in the place of the former's.
pub(super) fn relink(layout: &Layout, base: &Base) -> Result<(), Error> {
    let library = layout.library();
    for directory in [library.clone(), layout.directory().join("lib")] {
        for entry in fs_err::read_dir(&directory)? {
            let entry = entry?;
            if entry.file_type()?.is_symlink() && fs_err::read_link(entry.path())?.is_absolute() {
                fs_err::remove_file(entry.path())?;
            }
        }
    }
    skeleton::link_shared_libraries(layout, base)?;
    link_library(layout, base, None)?;
    stage::remove(&layout.directory().join("include"))?;
    link_headers(layout, base)?;
    let customize = library.join("sitecustomize.py");
    stage::remove(&customize)?;
    Ok(system::write_new(&customize, 0o666, &sitecustomize(base))?)
}

/// Links every entry of the base's library, by the links on a shelf where they can be shared: a hard link to a link
/// needs no inode of its own, and 650 of those cost ext4 20 ms, 400 when as many were just deleted (2026-11-20).
fn link_library(layout: &Layout, base: &Base, shelf: Option<&Path>) -> Result<(), Error> {
    let from = library_of(base);
    let to = Folder::open(&layout.library())?;
    let shelf = shelf.map(Folder::open).transpose()?;
    for name in entries(&from)? {
        let name = Path::new(&name);
        let shared = shelf.as_ref().map(|shelf| to.take(shelf, name, &[Way::HardLink]));
        match shared {
            Some(Ok(_)) => {}
            // Another file system, or a link of another user's.
            Some(Err(_)) | None => to.link(&from.join(name), name)?,
        }
    }
    Ok(())
}

/// The names in the base's library that an environment has links to.
fn entries(library: &Path) -> Result<Vec<OsString>, Error> {
    let entries = match fs_err::read_dir(library) {
        Ok(entries) => entries,
        Err(error) if world::absent(&error) => return Err(Error::NoPython(library.to_owned())),
        Err(error) => return Err(error.into()),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        if !OWN.iter().any(|own| name == *own) {
            names.push(name);
        }
    }
    Ok(names)
}

/// A directory in the cache with the links to this library, made anew when the library has changed.
fn shelf(order: &Order<'_>, progress: &dyn Progress) -> Result<PathBuf, Error> {
    let from = library_of(order.base);
    let stamp = system::stamp(&fs_err::metadata(&from)?);
    let key = [world::bytes(&from), b"\0", stamp.as_bytes()].concat();
    let shelf = order.places.cache().join("links").join(Sha256::of(&key).to_string());
    if shelf.is_dir() {
        return Ok(shelf);
    }
    let stage = Stage::begin(&shelf, progress)?;
    if !shelf.is_dir() {
        let to = Folder::open(stage.tree())?;
        for name in entries(&from)? {
            to.link(&from.join(&name), Path::new(&name))?;
        }
        stage.publish()?;
    }
    Ok(shelf)
}

fn link_headers(layout: &Layout, base: &Base) -> Result<(), Error> {
    let headers = base.prefix.join("include/python2.7");
    let include = layout.directory().join("include");
    fs_err::create_dir(&include)?;
    if headers.is_dir() {
        system::symlink(&headers, &include.join("python2.7"))?;
    }
    Ok(())
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
