//! An environment goes: out of sight by one rename, then off the disk. No link is followed.

use std::path::{Path, PathBuf};

use super::stage::{self, Stage};
use super::{Environment, Error};
use crate::progress::Silent;

/// Removes the environment at `directory`; refuses what is none, a link, and the one that is active.
pub fn remove(directory: &Path, active: Option<&Path>) -> Result<(), Error> {
    let is_directory = fs_err::symlink_metadata(directory).is_ok_and(|found| found.is_dir());
    if !is_directory || Environment::at(directory)?.is_none() {
        return Err(Error::NoEnvironment(directory.to_owned()));
    }
    let resolved = |path: &Path| fs_err::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if active.is_some_and(|active| resolved(active) == resolved(directory)) {
        return Err(Error::Active(directory.to_owned()));
    }
    remove_tree(directory)
}

/// What is killed half-way leaves a stage, which the next making of the same goal clears.
pub(super) fn remove_tree(directory: &Path) -> Result<(), Error> {
    let stage = Stage::begin(directory, &Silent)?;
    let aside: PathBuf = stage.tree().join("removed");
    fs_err::rename(directory, &aside)?;
    Ok(stage::remove(&aside)?)
}
