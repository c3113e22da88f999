//! Where an installation is made unseen, and the strokes by which it appears and goes: [`disk::Stage`] in the places of a
//! root.
//!
//! # The way of a tree
//!
//! *Made* in the stage, with its receipt and what it carries over from the tree that it replaces; *published* by one stroke;
//! then the minor's link is settled. A tree that goes loses the links to it first, then is renamed into the stage, and
//! is deleted there. Whoever is killed on either way leaves a stage that nobody locks, which the next run sweeps.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use super::checkpoint::{Checkpoints, Moment};
use crate::disk::{self, Begun, Directory, Existing, Kind, Left, Way};
use crate::inventory::{Folder, Places, Spot};

/// A directory of this process's own, removed when dropped.
#[derive(Debug)]
pub(crate) struct Stage {
    own: disk::Stage,
    checkpoints: Checkpoints,
    _around: Around,
}

/// The directory around a stage, dropped after it.
#[derive(Debug)]
struct Around(Places);

impl Drop for Around {
    fn drop(&mut self) {
        // What cannot be removed now is the next sweep's.
        self.0.leave_stage().unwrap_or_default();
    }
}

impl Stage {
    /// Sweeps what the dead left, and begins a stage for `label`.
    pub(crate) fn begin(
        places: &Places,
        label: &str,
        checkpoints: &Checkpoints,
    ) -> io::Result<Self> {
        sweep(places)?;
        let own = disk::Stage::begin(places.make_stage()?, label)?;
        checkpoints.reach(Moment::Staged);
        let around = Around(places.clone());
        Ok(Self { own, checkpoints: checkpoints.clone(), _around: around })
    }

    /// A path within the stage.
    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.own.join(name)
    }

    /// The stage itself.
    pub(crate) const fn directory(&self) -> &Directory {
        self.own.directory()
    }

    /// Where a tree is made that `publish` will move.
    pub(crate) fn tree(&self) -> PathBuf {
        self.path("tree")
    }

    /// This moment has come.
    pub(crate) fn reach(&self, moment: Moment) {
        self.checkpoints.reach(moment);
    }

    /// Moves `tree` to `target` by one stroke; what stood there goes with the directory that `tree` was made in.
    ///
    /// Where no rename leads there (`--target` on another disk), a copy is made beside the target first.
    pub(crate) fn publish(
        &self,
        tree: &Path,
        target: &Place<'_>,
        existing: Existing,
    ) -> io::Result<()> {
        let (folder, name) = parts(tree)?;
        let folder = Directory::open(folder)?;
        if disk::is_same_file_system(&folder, &target.folder)? {
            match existing {
                Existing::Keep => folder.rename(name, &target.folder, target.name)?,
                Existing::Replace => folder.supersede(name, &target.folder, target.name)?,
            }
        } else {
            let beside = disk::Stage::begin_beside(target.folder.try_clone()?, target.name)?;
            let Begun::Here(beside) = beside else {
                let said = format!("{} is being made by another", target.path().display());
                return Err(io::Error::new(io::ErrorKind::ResourceBusy, said));
            };
            let Some(tree) = folder.below(name)? else {
                return Err(io::ErrorKind::NotFound.into());
            };
            disk::copy_tree(&tree, beside.directory(), &[Way::Copy], &|target| target, &|| false)?;
            beside.become_goal(target.name, existing)?;
        }
        self.reach(Moment::Published);
        Ok(())
    }

    /// An error where what stands at a place is another account's: said before anything is changed.
    pub(crate) fn refuse_anothers(&self, place: &Place<'_>) -> io::Result<()> {
        self.own.refuse_anothers(&place.folder, place.name)
    }

    /// Takes what stands at a place out of sight; it is deleted with the stage.
    pub(crate) fn take_away(&self, place: &Place<'_>) -> io::Result<()> {
        self.own.take_away(&place.folder, place.name)?;
        self.reach(Moment::Removed);
        Ok(())
    }
}

/// A name in an opened directory: where a tree is published, or goes from.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    folder: Directory,
    name: &'a OsStr,
}

impl<'a> Place<'a> {
    /// The place of an installation: in `versions/`, opened without following a link.
    pub(crate) fn of_version(places: &Places, name: &'a OsStr) -> io::Result<Self> {
        Ok(Self { folder: places.make(Folder::Versions)?, name })
    }

    /// The place at a path of the user's own, whose folder is made if need be; links on the way to it are followed.
    pub(crate) fn at(path: &'a Path) -> io::Result<Self> {
        let (folder, name) = parts(path)?;
        Ok(Self { folder: Directory::make(folder)?, name })
    }

    /// That of a spot.
    pub(crate) fn of(spot: &'a Spot) -> io::Result<Self> {
        Ok(Self { folder: spot.make()?, name: spot.name()? })
    }

    /// Removes the mark of a stage that became what stands there just before its maker died.
    pub(crate) fn forget_stage(&self) -> io::Result<()> {
        if self.folder.look(self.name)?.is_some_and(|found| found.is_directory() && found.is_own())
            && let Some(made) = self.folder.below(self.name)?
        {
            disk::forget_stage(&made)?;
        }
        Ok(())
    }

    /// Removes the file or the link there.
    pub(crate) fn unlink(&self) -> io::Result<()> {
        self.folder.unlink(self.name)
    }

    fn path(&self) -> PathBuf {
        self.folder.join(self.name)
    }
}

fn parts(path: &Path) -> io::Result<(&Path, &OsStr)> {
    let none = || {
        let said = format!("{} has no name of its own", path.display());
        io::Error::new(io::ErrorKind::InvalidInput, said)
    };
    Ok((path.parent().ok_or_else(none)?, path.file_name().ok_or_else(none)?))
}

/// Removes the stages whose makers are dead, and finishes what they could not: a tree that was to take another's place
/// takes it. Nothing that stands in a stage is read. What could not be removed is told.
pub(crate) fn sweep(places: &Places) -> io::Result<Vec<Left>> {
    let stages = places.stages()?;
    let mut left = Vec::new();
    if let Some(versions) = places.open(Folder::Versions)? {
        left.extend(versions.succeed()?.into_iter().map(Left::aside));
        versions.sweep_temporaries()?;
        let mut abandoned = false;
        for stage in &stages {
            abandoned = abandoned || !disk::abandoned(stage)?.is_empty();
        }
        // Whoever dies over a tree leaves a stage, too.
        if abandoned {
            sweep_where_they_stand(&versions, &mut left)?;
        }
    }
    for stage in stages {
        left.extend(disk::sweep(&stage)?);
    }
    if let Some(minor) = places.open(Folder::Minor)? {
        minor.sweep_temporaries()?;
    }
    sweep_former(places)?;
    places.leave_stage()?;
    Ok(left)
}

/// Removes the versions, and the environments inside them, that a process died over which removed them where they stand; and
/// the mark of a successor that has its name.
fn sweep_where_they_stand(versions: &Directory, left: &mut Vec<Left>) -> io::Result<()> {
    for entry in versions.entries()?.iter().filter(|entry| entry.kind == Kind::Directory) {
        left.extend(disk::sweep_in_place(versions, &entry.name)?);
        // Its mark goes just before it does.
        if versions.look(&entry.name)?.is_some_and(|found| found.is_own())
            && versions.remove_empty(&entry.name)?
        {
            continue;
        }
        let Some(version) = versions.below(&entry.name)? else { continue };
        if !version.found()?.is_own() {
            continue;
        }
        disk::forget_stage(&version)?;
        if version.has_directory("envs")?
            && let Some(envs) = version.below("envs")?
        {
            for environment in envs.entries()? {
                left.extend(disk::sweep_in_place(&envs, &environment.name)?);
            }
        }
    }
    Ok(())
}

/// Removes the links of our account that pyman 0.1.0 wrote beside and died over: `.link.PID` in the root, `.3.12.new` in
/// `minor/`.
fn sweep_former(places: &Places) -> io::Result<()> {
    let process = |name: &str| {
        let process = name.strip_prefix(".link.");
        process.is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if disk::is_directory(places.root()) {
        unlink_own(&Directory::open(places.root())?, process)?;
    }
    match places.open(Folder::Minor)? {
        Some(minor) => {
            unlink_own(&minor, |name| name.starts_with('.') && name.strip_suffix(".new").is_some())
        }
        None => Ok(()),
    }
}

fn unlink_own(folder: &Directory, is_former: impl Fn(&str) -> bool) -> io::Result<()> {
    for entry in folder.entries()?.into_iter().filter(|entry| entry.kind == Kind::Link) {
        let named = entry.name.to_str().is_some_and(&is_former);
        if named && folder.look(&entry.name)?.is_some_and(|found| found.is_own()) {
            folder.unlink(&entry.name)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(tree: &Path, text: &str) {
        fs_err::create_dir_all(tree).unwrap();
        fs_err::write(tree.join("file"), text).unwrap();
    }

    #[test]
    fn a_tree_is_published_replaced_and_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path());
        let entries = |path: &Path| fs_err::read_dir(path).map_or(0, Iterator::count);
        let begin = || Stage::begin(&places, "3.12.7", &Checkpoints::default()).unwrap();
        let place = || Place::of_version(&places, OsStr::new("3.12.7")).unwrap();
        for (text, existing) in [("first", Existing::Keep), ("second", Existing::Replace)] {
            let stage = begin();
            fill(&stage.tree(), text);
            stage.publish(&stage.tree(), &place(), existing).unwrap();
            let file = places.version("3.12.7").join("file");
            assert_eq!(fs_err::read_to_string(file).unwrap(), text);
        }
        let stage = begin();
        fill(&stage.tree(), "third");
        stage.publish(&stage.tree(), &place(), Existing::Keep).unwrap_err();
        stage.take_away(&place()).unwrap();
        drop(stage);
        assert_eq!((entries(&places.folder(Folder::Stage)), entries(&places.versions())), (0, 0));
    }
}
