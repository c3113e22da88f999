//! A mark inside an environment while a command is not through with it: after a kill the same command finds it, and goes on.
//!
//! # Its life
//!
//! * A tree is published with the mark inside; who made it then makes the links to it and the shims, and takes the mark
//!   away last ([`finish`]). The same command, begun again, takes what has its own mark for its own work.
//! * A repair has its mark while the files of the environment name two places: it says which, as they do no more.
//! * An environment that is to go gets the mark before the links to it go, so that it is found without them.
//!
//! The mark removes and moves nothing by itself: it is only compared with what a person has just asked for. It is sealed, as
//! a stage's is: what a repository or an archive brings counts for nothing, whatever it says.

use std::ffi::OsStr;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{Environment, Error, Plot, known};
use crate::disk::{self, Directory, Privacy};
use crate::inventory::{Form, Inventory, Places};
use crate::world;

/// The name of the mark.
pub(super) const MARK: &str = disk::UNFINISHED;

/// How the mark of a move begins.
const MOVING: &[u8] = b"moving ";

/// How the mark of a repair begins.
const REPAIRING: &[u8] = b"repairing ";

/// What a command is not through with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// The environment is new.
    Making,
    /// It is to take the place of the one that stands there.
    Moving(PathBuf),
    /// It is to be like the one that stands there.
    Cloning(PathBuf),
    /// It came out of a bundle.
    Unbundling,
    /// It is told where it stands, which some of its files have wrong: they name one of these places.
    Repairing(Vec<PathBuf>),
    /// It goes.
    Removing,
}

impl Work {
    fn text(&self) -> Vec<u8> {
        match self {
            Self::Making => b"making".to_vec(),
            Self::Moving(from) => [MOVING, world::bytes(from)].concat(),
            Self::Cloning(from) => [b"cloning ", world::bytes(from)].concat(),
            Self::Unbundling => b"unbundling".to_vec(),
            Self::Repairing(former) => {
                let former: Vec<&[u8]> = former.iter().map(|path| world::bytes(path)).collect();
                [REPAIRING, &former.join(&0)].concat()
            }
            Self::Removing => b"removing".to_vec(),
        }
    }
}

/// Marks the tree.
pub(super) fn mark(tree: &Directory, work: &Work) -> io::Result<()> {
    mark_for(tree, tree, work)
}

/// Marks a tree whose parts are to stand in `goal`.
pub(super) fn mark_for(goal: &Directory, tree: &Directory, work: &Work) -> io::Result<()> {
    let write = |mark: &mut disk::File| mark.write_all(&disk::sealed(goal, &work.text())?);
    tree.replace_by(MARK, Privacy::Shared, write)
}

/// Whether this very work on the environment at `directory` was begun, by our account, and not finished.
pub fn is_unfinished(directory: &Path, work: &Work) -> io::Result<bool> {
    Ok(read(directory)?.is_some_and(|text| text == work.text()))
}

/// Where the environment at `directory` is being moved from, by a command that is not through.
pub(super) fn moved_from(directory: &Path) -> io::Result<Option<PathBuf>> {
    let text = read(directory)?;
    let path = text.as_deref().and_then(|text| text.strip_prefix(MOVING));
    Ok(path.map(|path| world::path(path).into_owned()))
}

/// What the files of the environment at `directory` may still name, by a repair that died.
pub(super) fn repaired_from(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let text = read(directory)?;
    let Some(former) = text.as_deref().and_then(|text| text.strip_prefix(REPAIRING)) else {
        return Ok(Vec::new());
    };
    let paths = former.split(|byte| *byte == 0).map(|path| world::path(path).into_owned());
    Ok(paths.filter(|path| path.is_absolute()).collect())
}

/// The repair of the environment is done.
pub(super) fn repaired(tree: &Directory) -> io::Result<()> {
    tree.unlink(MARK)
}

/// What the mark says, if our account made it, for this directory: what somebody brings along says nothing.
fn read(directory: &Path) -> io::Result<Option<Vec<u8>>> {
    if disk::look(&directory.join(MARK))?.is_none() {
        return Ok(None);
    }
    disk::unsealed(&Directory::open(directory)?, MARK)
}

/// The work on the environment of a plot is done; of a stage that became it nothing is left to be seen. Only a repair
/// ends a repair.
pub fn finish(plot: &Plot) -> Result<(), Error> {
    let gone = || Error::NoEnvironment(plot.path().to_owned());
    let tree = plot.spot().directory()?.ok_or_else(gone)?;
    disk::forget_stage(&tree)?;
    if repaired_from(plot.path())?.is_empty() {
        tree.unlink(MARK)?;
    }
    Ok(())
}

/// The environment of this name whose removal was begun when its links were gone: inside a version of ours, or one that
/// is remembered as made by us, in a linked version or in `workon_home`. Anywhere else the mark is somebody's file. One
/// whose tree is gone already is found while it is remembered, which it is to the last.
pub fn half_removed(
    places: &Places,
    workon_home: Option<&Path>,
    name: &OsStr,
) -> Result<Option<PathBuf>, Error> {
    let remembered = known::remembered(places)?;
    let mut candidates = Vec::new();
    for installation in Inventory::read(places)?.iter() {
        let envs = installation.path.join("envs");
        // Nor is anything of ours where we may not look.
        if !matches!(disk::look(&envs), Ok(found) if found.is_none_or(|one| one.is_directory())) {
            continue;
        }
        let directory = envs.join(name);
        match &installation.form {
            Form::Tree => candidates.push(directory),
            Form::Link(_) if remembered.contains(&directory) => candidates.push(directory),
            Form::Shut | Form::Link(_) | Form::Dangling(_) => {}
        }
    }
    let named = workon_home.map(|home| home.join(name));
    candidates.extend(named.filter(|directory| remembered.contains(directory)));
    for directory in candidates {
        let left = match disk::look(&directory)? {
            Some(found) => {
                found.is_directory()
                    && (known::is_condemned(&directory)?
                        || remembered.contains(&directory) && known::is_emptied(&directory)?
                        || is_unfinished(&directory, &Work::Removing)?
                            && Environment::at(&directory)?.is_some())
            }
            None => remembered.contains(&directory),
        };
        if left {
            return Ok(Some(directory));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(path: &Path) -> Plot {
        Plot::at(&Places::new("/nowhere"), path).unwrap()
    }

    #[test]
    fn a_mark_counts_for_its_own_work_alone() {
        let folder = tempfile::tempdir().unwrap();
        let tree = Directory::open(folder.path()).unwrap();
        let moving = |from: &str| Work::Moving(from.into());
        assert!(!is_unfinished(folder.path(), &Work::Making).unwrap());
        mark(&tree, &moving("/a")).unwrap();
        assert!(is_unfinished(folder.path(), &moving("/a")).unwrap());
        let repairing = Work::Repairing(vec!["/a".into(), "/b c".into()]);
        for other in
            [Work::Making, Work::Removing, Work::Cloning("/a".into()), moving("/b"), repairing]
        {
            assert!(!is_unfinished(folder.path(), &other).unwrap(), "{other:?}");
        }
        finish(&plot(folder.path())).unwrap();
        assert_eq!(tree.entries().unwrap(), []);
    }

    #[test]
    fn only_a_repair_ends_a_repair() {
        let folder = tempfile::tempdir().unwrap();
        let tree = Directory::open(folder.path()).unwrap();
        let former = vec![folder.path().join("a"), folder.path().join("b c")];
        mark(&tree, &Work::Repairing(former.clone())).unwrap();
        finish(&plot(folder.path())).unwrap();
        assert_eq!(repaired_from(folder.path()).unwrap(), former);
        repaired(&tree).unwrap();
        assert_eq!(repaired_from(folder.path()).unwrap(), [] as [PathBuf; 0]);
        assert_eq!(tree.entries().unwrap(), []);
    }
}
