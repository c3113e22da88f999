//! An environment goes: the links to it, then out of sight by one rename, then off the disk. No link is followed.

use std::path::Path;

use super::stage::{self, Stage};
use super::unfinished::{self, Work};
use super::{Error, Plot, known, layout, named, relocation};
use crate::disk::{self, Directory, Kind};
use crate::inventory::{self, Places};
use crate::progress::Progress;

/// Removes the environment of the plot; refuses what is none, what is another account's, and the one that is active. What a
/// death left of a removal is cleared, and counts as removed now.
pub fn remove(
    places: &Places,
    plot: &Plot,
    active: Option<&Path>,
    progress: &dyn Progress,
) -> Result<(), Error> {
    match remove_marked(places, plot, active, progress) {
        Err(Error::Disk(error)) if disk::is_full(&error) => {
            make_room(plot.path())?;
            remove_marked(places, plot, active, progress)
        }
        removed => removed,
    }
}

/// Frees a little of what a tree that is to go takes: what it runs without, and is listed without. Its marks find room so.
pub fn make_room(tree: &Path) -> Result<(), Error> {
    let Some(tree) = Directory::at(tree)? else { return Ok(()) };
    for name in ["share", "include"] {
        if tree.has_directory(name)? {
            tree.remove(name)?;
        }
    }
    leave_compiled(&tree)?;
    if let Some(commands) = tree.below(layout::COMMANDS)? {
        for entry in commands.entries()?.iter().filter(|entry| entry.kind == Kind::File) {
            if relocation::is_activation(&entry.name) {
                commands.unlink(&entry.name)?;
            }
        }
    }
    Ok(())
}

/// What Python compiled it compiles again.
fn leave_compiled(directory: &Directory) -> Result<(), Error> {
    for entry in directory.entries()?.iter().filter(|entry| entry.kind == Kind::Directory) {
        if entry.name == "__pycache__" {
            directory.remove(&entry.name)?;
        } else if let Some(below) = directory.below(&entry.name)? {
            leave_compiled(&below)?;
        }
    }
    Ok(())
}

fn remove_marked(
    places: &Places,
    plot: &Plot,
    active: Option<&Path>,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let directory = plot.path();
    let settled = stage::settle(plot, progress)?;
    let remembered = known::remembers(places, directory)?;
    if remembered {
        stage::sweep_empty(plot)?;
    }
    if plot.look()?.is_none() && (stage::sweep(plot)? || settled || remembered) {
        return conclude(places, plot);
    }
    if plot.look()?.is_some_and(|found| !found.is_directory()) || plot.environment()?.is_none() {
        return Err(Error::NoEnvironment(directory.to_owned()));
    }
    if let Some(active) = active
        && is_same(active, directory)?
    {
        return Err(Error::Active(directory.to_owned()));
    }
    let (tree, _hold) = stage::alone(plot, progress)?;
    refuse_anothers(places, plot)?;
    plot.spot().refuse_mounts()?;
    unfinished::mark(&tree, &Work::Removing)?;
    named::unlink(places, &named::links_to(places, directory)?)?;
    remove_tree(plot, progress)?;
    conclude(places, plot)
}

/// Marks what is to go, so that it is found when the links to it are gone.
pub fn begin_removal(plot: &Plot) -> Result<(), Error> {
    let gone = || Error::NoEnvironment(plot.path().to_owned());
    let tree = plot.spot().directory()?.ok_or_else(gone)?;
    plot.spot().refuse_mounts()?;
    Ok(unfinished::mark(&tree, &Work::Removing)?)
}

/// An error where the environment or a link to it is another account's: said before anything is changed.
pub(super) fn refuse_anothers(places: &Places, plot: &Plot) -> Result<(), Error> {
    plot.spot().refuse_anothers()?;
    named::refuse_anothers(places, &named::links_to(places, plot.path())?)
}

/// What is left when the tree is gone: the environment is forgotten last, as it is found again by that.
fn conclude(places: &Places, plot: &Plot) -> Result<(), Error> {
    let directory = plot.path();
    named::sweep_links(places, directory.parent().unwrap_or(directory))?;
    inventory::leave_no_envs(places, directory)?;
    known::forget(places, directory)
}

/// What is killed half-way leaves a stage, which the same command, or the next making of the same goal, clears.
pub(super) fn remove_tree(plot: &Plot, progress: &dyn Progress) -> Result<(), Error> {
    Stage::begin(plot, progress)?.remove_goal(progress)
}

/// Whether two paths lead to one place.
fn is_same(one: &Path, other: &Path) -> Result<bool, Error> {
    let resolved = |path: &Path| -> Result<_, Error> {
        Ok(disk::canonical(path)?.unwrap_or_else(|| path.to_owned()))
    };
    Ok(resolved(one)? == resolved(other)?)
}
