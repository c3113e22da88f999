//! The stage of an environment: beside its goal, or within a goal that has to stay itself. Another process that makes
//! the same is waited for.
//!
//! What a kill leaves, and who clears it, is told in `disk/stage.rs` and `disk/within.rs`.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::layout;
use super::named;
use super::unfinished::{self, Work};
use super::{Error, Plot, config};
use crate::disk::{self, Begun, Directory, Existing, Hold};
use crate::progress::Progress;

/// How often a waiting process asks again.
const PAUSE: Duration = Duration::from_millis(10);

/// A directory of this process's own; cleared when dropped unless it was published.
#[derive(Debug)]
pub(super) struct Stage {
    stage: disk::Stage,
    goal: Goal,
}

/// What becomes of the tree.
#[derive(Debug)]
enum Goal {
    /// The stage itself gets this name.
    Beside(OsString),
    /// Its parts are moved into this directory.
    Within(Directory),
}

/// Where a stage stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Beside the goal, which is then made by one rename.
    Beside,
    /// In the goal, an empty directory that has to stay itself: a mount point, or where the caller stands.
    Within,
}

/// What a stage within its goal moves there, the last by which an environment is known.
const MOVED: [&str; 7] = [
    layout::COMMANDS,
    layout::LIBRARIES,
    "lib64",
    "include",
    ".gitignore",
    unfinished::MARK,
    config::FILE,
];

impl Stage {
    /// Begins to make `goal`, whose folder is made if need be. Waits while another process makes the same.
    ///
    /// What stands at the goal may have changed by then: look again.
    pub(super) fn begin(goal: &Plot, progress: &dyn Progress) -> Result<Self, Error> {
        Self::begin_at(goal, Place::Beside, progress)
    }

    /// The same, beside the goal or within it.
    pub(super) fn begin_at(
        goal: &Plot,
        place: Place,
        progress: &dyn Progress,
    ) -> Result<Self, Error> {
        match place {
            Place::Beside => loop {
                let folder = goal.spot().make()?;
                // Whatever goal its maker died over: nobody may ask for that again.
                disk::sweep_stages(&folder)?;
                match Self::begin_in(&folder, goal.spot().name()?, progress) {
                    // Its last environment was just removed, and the folder with it.
                    Err(Error::Disk(error))
                        if disk::absent(&error) && goal.spot().open()?.is_none() => {}
                    // Within the root nobody else gives such names: it was made in a root that this is a copy of.
                    Err(Error::Occupied(path)) if goal.spot().is_below_root() => {
                        let aside = disk::put_aside(&folder, path.file_name().unwrap_or_default())?;
                        let aside = aside.display();
                        progress.note(&format!("what another pyman left half made is `{aside}'"));
                    }
                    begun => return begun,
                }
            },
            Place::Within => {
                let gone = || Error::NoEnvironment(goal.path().to_owned());
                let directory = goal.spot().directory()?.ok_or_else(gone)?;
                let begin = || disk::Stage::begin_within(directory.try_clone()?, &MOVED);
                let stage = wait(begin, goal.path(), progress)?;
                Ok(Self { stage, goal: Goal::Within(directory) })
            }
        }
    }

    /// The same for what is to have this name in a directory.
    pub(super) fn begin_in(
        folder: &Directory,
        name: &OsStr,
        progress: &dyn Progress,
    ) -> Result<Self, Error> {
        let begin = || disk::Stage::begin_beside(folder.try_clone()?, name);
        let stage = wait(begin, &folder.join(name), progress)?;
        Ok(Self { stage, goal: Goal::Beside(name.to_owned()) })
    }

    /// The directory in which the tree is made.
    pub(super) const fn directory(&self) -> &Directory {
        self.stage.directory()
    }

    /// Marks the tree for where it is to stand.
    pub(super) fn mark(&self, work: &Work) -> Result<(), Error> {
        let goal = match &self.goal {
            Goal::Beside(_) => self.directory(),
            Goal::Within(goal) => goal,
        };
        Ok(unfinished::mark_for(goal, self.directory(), work)?)
    }

    /// Where that is.
    pub(super) fn tree(&self) -> &Path {
        self.directory().path()
    }

    /// Moves the tree to the goal, where nothing or an empty directory stands.
    pub(super) fn publish(self) -> Result<(), Error> {
        match self.goal {
            Goal::Beside(name) => Ok(self.stage.become_goal(&name, Existing::Keep)?),
            Goal::Within(directory) => Ok(self.stage.fill_goal(&directory, &MOVED)?),
        }
    }

    /// Moves the tree to the goal in exchange for what stands there, which is removed.
    pub(super) fn replace(self) -> Result<(), Error> {
        match self.goal {
            Goal::Beside(name) => Ok(self.stage.become_goal(&name, Existing::Replace)?),
            Goal::Within(directory) => Err(Error::Occupied(directory.path().to_owned())),
        }
    }

    /// Takes the goal, beside which it was begun, out of sight; it is gone when this returns. What of it could not be removed
    /// is named, and left to the next.
    pub(super) fn remove_goal(self, progress: &dyn Progress) -> Result<(), Error> {
        match &self.goal {
            Goal::Beside(name) => self.stage.take_away_goal(name)?,
            Goal::Within(directory) => return Err(Error::Occupied(directory.path().to_owned())),
        }
        let left = self.tree().to_owned();
        if let Err(error) = self.stage.clear() {
            progress.note(&format!("{error}: `{}' is left of it", left.display()));
        }
        Ok(())
    }
}

/// Begins, and says whom for while another process makes the same.
fn wait(
    begin: impl Fn() -> io::Result<Begun>,
    goal: &Path,
    progress: &dyn Progress,
) -> Result<disk::Stage, Error> {
    let mut said = false;
    loop {
        if progress.interrupted() {
            return Err(Error::Interrupted);
        }
        match begin()? {
            Begun::Here(stage) => return Ok(stage),
            Begun::Occupied(path) => return Err(Error::Occupied(path)),
            Begun::Elsewhere => {}
        }
        if !said {
            let goal = goal.display();
            progress.note(&format!("waiting for another pyman to finish making {goal}"));
            said = true;
        }
        thread::sleep(PAUSE);
    }
}

/// What was made in a stage and stands under this name in a folder of ours alone. The mark of a maker that died over its last
/// step goes, where it can.
pub(super) fn published(folder: &Directory, name: &OsStr) -> Result<Option<Directory>, Error> {
    let Some(made) = folder.below(name)? else { return Ok(None) };
    match disk::forget_stage(&made) {
        Err(error) if !named::is_unwritable(&error) => Err(error.into()),
        Ok(()) | Err(_) => Ok(Some(made)),
    }
}

/// The environment of a plot, while no other process moves, mends or removes it: one that does is waited for.
pub(super) fn alone(plot: &Plot, progress: &dyn Progress) -> Result<(Directory, Hold), Error> {
    let mut said = false;
    loop {
        let Some(directory) = plot.spot().directory()? else {
            return Err(Error::NoEnvironment(plot.path().to_owned()));
        };
        if let Some(hold) = disk::hold(&directory)? {
            // While it was waited for, it may have gone.
            if stands(&directory, plot)? {
                return Ok((directory, hold));
            }
            continue;
        }
        if progress.interrupted() {
            return Err(Error::Interrupted);
        }
        if !said {
            let shown = plot.path().display();
            progress.note(&format!("waiting for another pyman to finish with {shown}"));
            said = true;
        }
        thread::sleep(PAUSE);
    }
}

/// Whether this directory still has its place: what is removed loses it before anything in it goes.
pub(super) fn stands(directory: &Directory, plot: &Plot) -> Result<bool, Error> {
    match plot.spot().directory()? {
        Some(now) => Ok(directory.is(&now)?),
        None => Ok(false),
    }
}

/// Whether nothing is in the directory but what a process left there that died.
pub(super) fn is_half_filled(directory: &Directory) -> Result<bool, Error> {
    Ok(disk::is_half_filled(directory, &MOVED)?)
}

/// Goes on where a process died that replaced what stood at this goal, or removed it where it stood.
/// Whether there was something to remove. What was made for it, and put aside for what somebody put there, is named.
pub fn settle(goal: &Plot, progress: &dyn Progress) -> Result<bool, Error> {
    let Some(folder) = goal.spot().open()? else { return Ok(false) };
    let name = goal.spot().name()?;
    if let Some(aside) = folder.succeed_at(name)? {
        let (goal, aside) = (goal.path().display(), aside.display());
        progress
            .note(&format!("what was to stand at `{goal}' before something else did is `{aside}'"));
    }
    Ok(disk::settle_at(&folder, name)?)
}

/// Removes what a death left of a stage for this goal: beside it or within it, a mark on it. Whether a stage was left.
pub(super) fn sweep(goal: &Plot) -> Result<bool, Error> {
    let Some(folder) = goal.spot().open()? else { return Ok(false) };
    let mut swept = disk::sweep_beside(&folder, goal.spot().name()?)?;
    let Some(directory) = goal.spot().directory()? else { return Ok(swept) };
    disk::forget_stage(&directory)?;
    let staged = directory.entries()?.iter().any(|entry| disk::is_stage(&entry.name));
    if staged && let Begun::Here(stage) = disk::Stage::begin_within(directory, &MOVED)? {
        drop(stage);
        swept = true;
    }
    Ok(swept)
}

/// Removes a directory with nothing in it where an environment stood that a process died over: its mark goes before it does.
pub(super) fn sweep_empty(goal: &Plot) -> Result<(), Error> {
    if goal.look()?.is_some_and(|found| found.is_directory())
        && let Some(folder) = goal.spot().open()?
    {
        folder.remove_empty(goal.spot().name()?)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::Places;
    use crate::progress::Silent;

    fn plot(path: &Path) -> Plot {
        Plot::at(&Places::new("/nowhere"), path).unwrap()
    }

    fn entries(path: &Path) -> usize {
        fs_err::read_dir(path).map_or(0, Iterator::count)
    }

    #[test]
    fn what_is_staged_is_published_by_a_rename_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let goal = folder.path().join("deep/web");
        let stage = Stage::begin(&plot(&goal), &Silent).unwrap();
        fs_err::write(stage.tree().join("file"), "new").unwrap();
        stage.publish().unwrap();
        assert_eq!(fs_err::read_to_string(goal.join("file")).unwrap(), "new");
        assert_eq!((entries(&goal), entries(goal.parent().unwrap())), (1, 1));
    }

    #[test]
    fn what_stands_is_replaced_at_once_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let goal = folder.path().join("web");
        fs_err::create_dir(&goal).unwrap();
        fs_err::write(goal.join("old"), "").unwrap();
        let stage = Stage::begin(&plot(&goal), &Silent).unwrap();
        fs_err::write(stage.tree().join("new"), "").unwrap();
        stage.replace().unwrap();
        assert!(goal.join("new").is_file());
        assert_eq!((entries(&goal), entries(folder.path())), (1, 1));
    }

    #[test]
    fn what_is_made_elsewhere_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let goal = folder.path().join("web");
        let stage = Stage::begin(&plot(&goal), &Silent).unwrap();
        let second = thread::scope(|scope| {
            let goal = &goal;
            let second = scope.spawn(move || Stage::begin(&plot(goal), &Silent));
            fs_err::write(stage.tree().join("whole"), "").unwrap();
            stage.publish().unwrap();
            second.join().unwrap().unwrap()
        });
        assert!(goal.join("whole").is_file());
        drop(second);
        assert_eq!(entries(folder.path()), 1);
    }
}
