//! Whether there is room for what an installation will write: looked at before anything is fetched or built.
//!
//! Too little is asked for rather than too much: a disk that fills later is still said by who writes, and nothing is left.

use std::path::Path;

use super::Error;
use super::compile::{Keep, Variables};
use super::plan::Making;
use crate::catalogue::{Build, Kind};
use crate::disk;

/// A tree takes at least so many times the room of its archive (3.13.5 of python-build-standalone: 28 MB, 107 MB).
const UNPACKED: u64 = 3;
/// The smallest tree of a Python that is published, where the catalogue knows no size.
const TREE: u64 = 60_000_000;
/// What an installer script writes: the smallest Miniforge.
const INSTALLER: u64 = 250_000_000;
/// What the sources take and what compiling them makes of that, without optimising.
const COMPILING: u64 = 250_000_000;
/// What `make install` writes.
const COMPILED: u64 = 150_000_000;

/// An error where the file system of the stage cannot hold the tree of this build.
pub(super) fn check(build: &Build, stage: &Path) -> Result<(), Error> {
    let name = build.release.name();
    match build.kind {
        Kind::Prebuilt => {
            let tree = build.size.map_or(TREE, |size| size.saturating_mul(UNPACKED));
            fits(&name, stage, tree)
        }
        Kind::Installer => fits(&name, stage, INSTALLER),
        Kind::Source => fits(&name, stage, COMPILED),
    }
}

/// The same of the place where sources are compiled.
pub(super) fn check_workplace(
    name: &str,
    stage: &Path,
    variables: &Variables,
    making: &Making,
) -> Result<(), Error> {
    fits(name, workplace(stage, variables, making), COMPILING)
}

/// Where a build works.
fn workplace<'a>(stage: &'a Path, variables: &'a Variables, making: &Making) -> &'a Path {
    let kept = making.keep == Keep::Yes;
    let named = variables.build_root.as_deref();
    let passing = variables.build_path.as_deref().or(variables.temporary.as_deref());
    named.or(passing.filter(|_| !kept)).unwrap_or(stage)
}

fn fits(name: &str, place: &Path, needed: u64) -> Result<(), Error> {
    match disk::free(place)? {
        Some(free) if free < needed => {
            Err(Error::Room { name: name.to_owned(), place: place.to_owned(), needed, free })
        }
        Some(_) | None => Ok(()),
    }
}
