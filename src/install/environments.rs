//! The environments inside a version outlive the tree that is replaced: the new tree has them before it takes its place.
//!
//! They are there twice for a moment, as other names of the same files; so there is none at which they are nowhere.

use std::io;
use std::path::Path;

use super::Error;
use crate::disk::{self, Directory, Way};
use crate::progress::Progress;

/// Gives `tree` the `envs/` of the version at `prefix`. A link to a tree of somebody else's has nothing of ours.
pub(super) fn carry(prefix: &Path, tree: &Path, progress: &dyn Progress) -> Result<(), Error> {
    if !disk::look(prefix)?.is_some_and(|found| found.is_directory()) {
        return Ok(());
    }
    let (former, tree) = (Directory::open(prefix)?, Directory::open(tree)?);
    if !former.has_directory("envs")? {
        return Ok(());
    }
    let Some(from) = former.below("envs")? else { return Ok(()) };
    let to = tree.make_below("envs")?;
    let ways = [Way::HardLink, Way::Reflink, Way::Copy];
    match disk::copy_tree(&from, &to, &ways, &|target| target, &|| progress.interrupted()) {
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(Error::Interrupted),
        result => Ok(result?),
    }
}
