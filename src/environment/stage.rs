//! A directory beside the goal in which it is made, and the one rename that makes it seen.
//!
//! The kernel locks the directory while its maker lives, and the lock goes with it when it is renamed. One that
//! is not locked was left by a process that died, and is cleared by the next that wants the same goal.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use fs_err::File;
use pyman_shim::World as _;

use super::{Error, system};
use crate::disk::try_lock;
use crate::fetch::Sha256;
use crate::progress::Progress;
use crate::world::{self, Machine};

/// What the names of stages begin with.
const PREFIX: &str = ".pyman-stage-";

/// How often a waiting process asks again.
const PAUSE: Duration = Duration::from_millis(10);

/// A directory of this process's own; cleared when dropped unless it was published.
#[derive(Debug)]
pub(super) struct Stage {
    directory: PathBuf,
    goal: PathBuf,
    place: Place,
    published: bool,
    _lock: File,
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
const MOVED: [&str; 6] = ["bin", "lib", "lib64", "include", ".gitignore", super::config::FILE];

impl Stage {
    /// Begins to make `goal`, whose folder is made if need be. Waits while another process makes the same.
    ///
    /// What stands at the goal may have changed by then: look again.
    pub(super) fn begin(goal: &Path, progress: &dyn Progress) -> Result<Self, Error> {
        Self::begin_at(goal, Place::Beside, progress)
    }

    /// The same, beside the goal or within it.
    pub(super) fn begin_at(
        goal: &Path,
        place: Place,
        progress: &dyn Progress,
    ) -> Result<Self, Error> {
        let folder = match place {
            Place::Beside => goal.parent().unwrap_or(goal),
            Place::Within => goal,
        };
        fs_err::create_dir_all(folder)?;
        let directory = folder.join(name(goal));
        let mut said = false;
        loop {
            if progress.interrupted() {
                return Err(Error::Interrupted);
            }
            let fresh = match fs_err::create_dir(&directory) {
                Ok(()) => true,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
                Err(error) => return Err(error.into()),
            };
            let Some(lock) = open(&directory)? else {
                continue;
            };
            if !fresh && !is_ours(&directory)? {
                continue;
            }
            match try_lock(&lock) {
                Ok(true) => {}
                Ok(false) => {
                    if !said {
                        let goal = goal.display();
                        progress
                            .note(&format!("waiting for another pyman to finish making {goal}"));
                        said = true;
                    }
                    thread::sleep(PAUSE);
                    continue;
                }
                // Without locks nothing tells the living from the dead: the dead are likelier.
                Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
                Err(error) => return Err(error.into()),
            }
            // While we waited it may have been renamed, or cleared away.
            if !is_same(&lock, &directory)? {
                continue;
            }
            let goal = goal.to_owned();
            let stage = Self { directory, goal, place, published: false, _lock: lock };
            if !fresh {
                stage.clear()?;
            }
            return Ok(stage);
        }
    }

    /// Where the tree is made.
    pub(super) fn tree(&self) -> &Path {
        &self.directory
    }

    /// Removes what the dead left: in the stage, and, while it stood in its goal, what had been moved there.
    fn clear(&self) -> Result<(), Error> {
        for entry in fs_err::read_dir(&self.directory)? {
            remove(&entry?.path())?;
        }
        if self.place == Place::Within && !self.goal.join(super::config::FILE).is_file() {
            for name in MOVED {
                remove(&self.goal.join(name))?;
            }
        }
        Ok(())
    }

    /// Moves the tree to the goal, where nothing or an empty directory stands.
    pub(super) fn publish(mut self) -> Result<(), Error> {
        if self.place == Place::Within {
            for name in MOVED {
                match fs_err::rename(self.directory.join(name), self.goal.join(name)) {
                    Err(error) if !world::absent(&error) => return Err(error.into()),
                    Ok(()) | Err(_) => {}
                }
            }
            return Ok(());
        }
        fs_err::rename(&self.directory, &self.goal)?;
        self.published = true;
        Ok(())
    }

    /// Moves the tree to the goal in exchange for what stands there, which is removed.
    pub(super) fn replace(mut self) -> Result<(), Error> {
        if system::exchange(&self.directory, &self.goal)? {
            return Ok(()); // what stood there is the stage now, and goes with it
        }
        let aside = self.directory.with_extension("old");
        remove(&aside)?;
        fs_err::rename(&self.goal, &aside)?;
        if let Err(error) = fs_err::rename(&self.directory, &self.goal) {
            fs_err::rename(&aside, &self.goal)?;
            return Err(error.into());
        }
        self.published = true;
        Ok(remove(&aside)?)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if !self.published {
            // What cannot be removed now is cleared by the next who wants the same goal.
            remove(&self.directory).unwrap_or_default();
        }
    }
}

/// Whether this is the name of a stage, of whatever goal.
pub(super) fn is_stage(name: &std::ffi::OsStr) -> bool {
    name.as_encoded_bytes().starts_with(PREFIX.as_bytes())
}

/// Short, whatever the goal's name.
fn name(goal: &Path) -> OsString {
    const DIGITS: usize = 16;
    let name = goal.file_name().unwrap_or_default();
    let digest = Sha256::of(name.as_encoded_bytes()).to_string();
    OsString::from(format!("{PREFIX}{}", digest.get(..DIGITS).unwrap_or(&digest)))
}

fn open(directory: &Path) -> io::Result<Option<File>> {
    match File::open(directory) {
        Ok(file) => Ok(Some(file)),
        Err(error) if world::absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether the directory that stood there may be used. A link planted there is taken away, another user's
/// directory is not touched.
fn is_ours(directory: &Path) -> Result<bool, Error> {
    match fs_err::symlink_metadata(directory) {
        Ok(metadata) if !metadata.is_dir() => {
            remove(directory)?;
            Ok(false)
        }
        Ok(_) if Machine.owned(world::bytes(directory)) => Ok(true),
        Ok(_) => Err(Error::Occupied(directory.to_owned())),
        Err(error) if world::absent(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn is_same(lock: &File, directory: &Path) -> io::Result<bool> {
    match fs_err::symlink_metadata(directory) {
        Ok(metadata) => Ok(system::identity(&metadata) == system::identity(&lock.metadata()?)),
        Err(error) if world::absent(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether every entry of a directory is of a stage that stands in it.
pub(super) fn is_of_stage(names: &[OsString]) -> bool {
    names.iter().any(|name| is_stage(name))
        && names.iter().all(|name| is_stage(name) || MOVED.iter().any(|moved| name == *moved))
        && !names.iter().any(|name| name == super::config::FILE)
}

/// Removes whatever stands at `path`; no link is followed.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    let removed = match fs_err::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs_err::remove_dir_all(path),
        Ok(_) => fs_err::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if world::absent(&error) => Ok(()),
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    fn entries(path: &Path) -> usize {
        fs_err::read_dir(path).map_or(0, Iterator::count)
    }

    #[test]
    fn what_is_staged_is_published_by_a_rename_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let goal = folder.path().join("deep/web");
        let stage = Stage::begin(&goal, &Silent).unwrap();
        fs_err::write(stage.tree().join("file"), "new").unwrap();
        stage.publish().unwrap();
        assert_eq!(fs_err::read_to_string(goal.join("file")).unwrap(), "new");
        assert_eq!(entries(goal.parent().unwrap()), 1);
    }

    #[test]
    fn what_stands_is_replaced_at_once_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let goal = folder.path().join("web");
        fs_err::create_dir(&goal).unwrap();
        fs_err::write(goal.join("old"), "").unwrap();
        let stage = Stage::begin(&goal, &Silent).unwrap();
        fs_err::write(stage.tree().join("new"), "").unwrap();
        stage.replace().unwrap();
        assert!(goal.join("new").is_file());
        assert_eq!((entries(&goal), entries(folder.path())), (1, 1));
    }

    #[test]
    fn a_goal_that_has_to_stay_itself_is_filled() {
        let folder = tempfile::tempdir().unwrap();
        let goal = folder.path();
        let dead = goal.join(name(goal));
        fs_err::create_dir(&dead).unwrap();
        fs_err::write(dead.join("half"), "").unwrap();
        fs_err::create_dir(goal.join("bin")).unwrap();

        let stage = Stage::begin_at(goal, Place::Within, &Silent).unwrap();
        assert_eq!((entries(stage.tree()), entries(goal)), (0, 1));
        fs_err::create_dir(stage.tree().join("lib")).unwrap();
        fs_err::write(stage.tree().join("pyvenv.cfg"), "").unwrap();
        stage.publish().unwrap();
        assert!(goal.join("lib").is_dir() && goal.join("pyvenv.cfg").is_file());
        assert_eq!(entries(goal), 2);
    }

    #[test]
    fn what_the_dead_left_is_cleared_and_the_living_are_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let goal = folder.path().join("web");
        let dead = folder.path().join(name(&goal));
        fs_err::create_dir(&dead).unwrap();
        fs_err::write(dead.join("half"), "").unwrap();
        let stage = Stage::begin(&goal, &Silent).unwrap();
        assert_eq!(entries(stage.tree()), 0);

        let second = thread::scope(|scope| {
            let goal = &goal;
            let second = scope.spawn(move || Stage::begin(goal, &Silent));
            fs_err::write(stage.tree().join("whole"), "").unwrap();
            stage.publish().unwrap();
            second.join().unwrap().unwrap()
        });
        assert_eq!(entries(second.tree()), 0);
        assert!(goal.join("whole").is_file());
        drop(second);
        assert_eq!(entries(folder.path()), 1);
    }
}
