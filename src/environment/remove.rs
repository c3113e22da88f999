//! An environment goes: the links to it, then out of sight by one rename, then off the disk. No link is followed.

use std::path::Path;

use super::stage::{self, Stage};
use super::unfinished::{self, Work};
use super::{Environment, Error, named, registry};
use crate::disk::{self, Directory};
use crate::inventory::{self, Places};
use crate::progress::Silent;

/// Removes the environment at `directory`; refuses what is none, a link, and the one that is active. What a death left of
/// a removal is cleared, and counts as removed now.
pub fn remove(places: &Places, directory: &Path, active: Option<&Path>) -> Result<(), Error> {
    let found = disk::look(directory)?;
    if found.is_none() && stage::sweep(directory)? {
        detach(places, directory)?;
        return Ok(inventory::leave_no_envs(places, directory)?);
    }
    if !found.is_some_and(|found| found.is_directory()) || Environment::at(directory)?.is_none() {
        return Err(Error::NoEnvironment(directory.to_owned()));
    }
    if let Some(active) = active
        && is_same(active, directory)?
    {
        return Err(Error::Active(directory.to_owned()));
    }
    let (_tree, _hold) = stage::alone(directory, &Silent)?;
    begin_removal(directory)?;
    detach(places, directory)?;
    remove_tree(directory)?;
    Ok(inventory::leave_no_envs(places, directory)?)
}

/// Marks what is to go, so that it is found when the links to it are gone.
pub fn begin_removal(directory: &Path) -> Result<(), Error> {
    Ok(unfinished::mark(&Directory::open(directory)?, &Work::Removing)?)
}

/// Takes away the links to an environment and what is remembered of it.
fn detach(places: &Places, directory: &Path) -> Result<(), Error> {
    named::unlink(places, &named::links_to(places, directory)?)?;
    registry::forget(places, directory)?;
    named::sweep_links(places, directory.parent().unwrap_or(directory))
}

/// What is killed half-way leaves a stage, which the same command, or the next making of the same goal, clears.
pub(super) fn remove_tree(directory: &Path) -> Result<(), Error> {
    Stage::begin(directory, &Silent)?.remove_goal(directory)
}

/// Whether two paths lead to one place.
fn is_same(one: &Path, other: &Path) -> Result<bool, Error> {
    let resolved = |path: &Path| -> Result<_, Error> {
        Ok(disk::canonical(path)?.unwrap_or_else(|| path.to_owned()))
    };
    Ok(resolved(one)? == resolved(other)?)
}
