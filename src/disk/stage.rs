//! A directory in which a tree is made, and the one rename that publishes it.
//!
//! # Its life
//!
//! * A stage is a directory of our account, 0700, that the kernel locks while its maker lives. Its name tells nobody anything but
//!   that it is a stage; what is in it is read by nobody but its maker.
//! * *Published*: the tree in it is renamed to its goal ([`Stage::publish`]), or the stage itself is ([`Stage::become_goal`]).
//! * *Dropped*: it is removed, as a courtesy.
//! * *Dead*: nobody locks it. [`sweep`] removes it, and nothing else, whatever stands in it: a link is unlinked.
//!
//! Where the directory around it is not ours alone (beside an environment's goal), a dead stage is known again by its
//! name, its owner and a seal inside: a file that says which directory it was put into, when that was made, and under
//! which name it stood. What a repository or an archive brings cannot say that, and what is renamed loses it; a directory
//! without it is left alone. The same seal tells a successor that a process died over (`exchange`), and a tree that one
//! died over while it removed it where it stands.

use std::ffi::{OsStr, OsString};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io;
use std::path::{Path, PathBuf};

use super::absent::absent;
use super::lock::{self, Hold};
use super::seal::{beside, has_mark, is_marked, kept, put_mark, remove_mark};
use super::sweep::{clear, clear_in_time, empty, is_obstinate, put_aside, settle_at, sweep_marked};
use super::{Directory, Existing, Privacy};

/// A directory of this process's own, removed when dropped unless it was published.
#[derive(Debug)]
pub(crate) struct Stage {
    folder: Directory,
    name: OsString,
    directory: Directory,
    published: bool,
    _hold: Hold,
}

/// What came of beginning a stage for a goal.
#[derive(Debug)]
pub(crate) enum Begun {
    /// It is ours, and empty.
    Here(Stage),
    /// Another process makes the same.
    Elsewhere,
    /// What stands there under the stage's name is not ours.
    Occupied(PathBuf),
}

impl Stage {
    /// Begins a stage in `folder`, a directory of ours alone, under a name of this process's own.
    pub(crate) fn begin(folder: Directory, label: &str) -> io::Result<Self> {
        // Another of our number, before a restart or in another container, may have left one.
        let mut attempts = 0_u32..;
        Self::begin_under(folder, || {
            format!("{label}.{}.{}", std::process::id(), attempts.next().unwrap_or_default())
        })
    }

    /// Begins a stage in a directory that may be anybody's (`TMPDIR`), under a name that nobody can foretell, which begins
    /// with `prefix`. What processes left there that died is removed first.
    pub(crate) fn begin_among_others(folder: Directory, prefix: &str) -> io::Result<Self> {
        sweep_marked(&folder, prefix)?;
        Self::begin_under(folder, || {
            // The hasher's seeds are the system's random numbers: a name needs no crate for that.
            format!("{prefix}{:016x}", RandomState::new().build_hasher().finish())
        })
    }

    /// Begins a stage under the first of the names that is free.
    fn begin_under(folder: Directory, mut name: impl FnMut() -> String) -> io::Result<Self> {
        loop {
            let name = OsString::from(name());
            match folder.make_directory(&name, Privacy::Secret) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                made => made?,
            }
            let Some((directory, hold)) = enter(&folder, &name)? else { continue };
            put_mark(&directory, &name)?;
            return Ok(Self { folder, name, directory, published: false, _hold: hold });
        }
    }

    /// Begins a stage beside `goal`, in a directory that may be anybody's. What a process left that died making the same
    /// goal is cleared.
    pub(crate) fn begin_beside(folder: Directory, goal: &OsStr) -> io::Result<Begun> {
        settle_at(&folder, goal)?;
        Self::begin_named(folder, beside(goal))
    }

    /// Begins a stage of exactly this name, in a directory that may be anybody's. What a process left there that died is
    /// cleared.
    pub(crate) fn begin_named(folder: Directory, name: OsString) -> io::Result<Begun> {
        loop {
            // Not 0700: this directory itself becomes the goal.
            match folder.make_directory(&name, Privacy::Program) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                Ok(()) | Err(_) => {}
            }
            match folder.look(&name)? {
                None => continue,
                Some(found) if found.is_link() && found.is_own() => {
                    folder.unlink(&name)?;
                    continue;
                }
                Some(found) if !found.is_directory() || !found.is_own() => {
                    return Ok(Begun::Occupied(folder.join(&name)));
                }
                Some(_) => {}
            }
            let Some(directory) = folder.below(&name)? else { continue };
            let hold = lock::hold(&directory)?;
            // While we looked it may have been renamed, or cleared away.
            let standing = folder.look(&name)?.map(|found| found.identity);
            if standing != Some(directory.found()?.identity) {
                continue;
            }
            let Some(hold) = hold else { return Ok(Begun::Elsewhere) };
            // Looked at under the lock: a living maker has its directory empty for a moment, then marked.
            if !is_marked(&directory, &name)? {
                return Ok(Begun::Occupied(folder.join(&name)));
            }
            put_mark(&directory, &name)?;
            match empty(&directory) {
                Err(error) if is_obstinate(&error) => {
                    // What only root can remove stands aside, for doctor to name.
                    drop(hold);
                    put_aside(&folder, &name)?;
                    continue;
                }
                emptied => emptied?,
            }
            return Ok(Begun::Here(Self {
                folder,
                name,
                directory,
                published: false,
                _hold: hold,
            }));
        }
    }

    /// Begins a stage of exactly this name that stays when it is dropped, with its mark. What an earlier one left under the
    /// name `part` in it goes, and nothing else; without a mark it is somebody's.
    pub(crate) fn begin_kept(folder: Directory, name: &OsStr, part: &OsStr) -> io::Result<Begun> {
        let directory = folder.make_below(name)?;
        let Some(hold) = lock::hold(&directory)? else { return Ok(Begun::Elsewhere) };
        if !directory.found()?.is_own() {
            return Ok(Begun::Occupied(folder.join(name)));
        }
        // Sealed itself, or within what is, where its maker died.
        let sealed = match directory.below(part) {
            Ok(Some(standing)) => has_mark(&standing, &kept(part))? || has_mark(&directory, name)?,
            Ok(None) => true,
            Err(_) => false,
        };
        if !sealed {
            return Ok(Begun::Occupied(directory.join(part)));
        }
        put_mark(&directory, name)?;
        directory.remove(part)?;
        let name = name.to_owned();
        // As if it were published: dropping it removes nothing.
        Ok(Begun::Here(Self { folder, name, directory, published: true, _hold: hold }))
    }

    /// Ends one begun by [`Stage::begin_kept`]: from now on `part` in it is known by a seal of its own, and nothing else there
    /// is ours.
    pub(crate) fn keep(self, part: &OsStr) -> io::Result<()> {
        if let Some(tree) = self.directory.below(part)? {
            put_mark(&tree, &kept(part))?;
        }
        remove_mark(&self.directory)
    }

    /// The stage itself.
    pub(crate) const fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Removes it, as dropping it does, and says what it could not.
    pub(crate) fn clear(mut self) -> io::Result<()> {
        self.published = true;
        clear_in_time(&self.folder, &self.name)
    }

    /// Leaves it to whoever begins the next, who clears it.
    pub(super) const fn leave(&mut self) {
        self.published = true;
    }

    /// Where something of this name in it is.
    pub(crate) fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.directory.join(name)
    }

    /// An error where what stands under a name in `from` is another account's than this stage.
    pub(crate) fn refuse_anothers(&self, from: &Directory, name: &OsStr) -> io::Result<()> {
        from.refuse_anothers(name, &self.directory.found()?)
    }

    /// Takes what stands under a name in `from` out of sight; it is deleted with the stage. Where it cannot be renamed it
    /// is removed where it stands.
    pub(crate) fn take_away(&self, from: &Directory, name: &OsStr) -> io::Result<()> {
        self.refuse_anothers(from, name)?;
        from.refuse_mounts(name)?;
        match from.rename(name, &self.directory, "removed") {
            Err(error) if absent(&error) => Ok(()),
            Err(error) if is_immovable(&error) => {
                if let Some(directory) = from.below(name)? {
                    put_mark(&directory, name)?;
                    // Without these it runs no more, and is no environment: nobody takes half of it for a whole.
                    for first in ["pyvenv.cfg", "bin"] {
                        directory.remove(first)?;
                    }
                }
                clear(from, name)
            }
            result => result,
        }
    }

    /// Takes what it was begun beside out of sight, as [`Stage::take_away`].
    pub(crate) fn take_away_goal(&self, goal: &OsStr) -> io::Result<()> {
        self.take_away(&self.folder, goal)
    }

    /// Renames the stage itself, begun beside `goal`, to it.
    pub(crate) fn become_goal(mut self, goal: &OsStr, existing: Existing) -> io::Result<()> {
        // Whoever makes the same next finds what was replaced under the stage's name: not before it is cleared.
        let mut former_hold = None;
        match existing {
            Existing::Keep => {
                self.folder.rename(&self.name, &self.folder, goal)?;
                self.published = true;
            }
            Existing::Replace => {
                self.refuse_anothers(&self.folder, goal)?;
                self.folder.refuse_mounts(goal)?;
                // What is replaced is marked first: a process that dies clearing it leaves a stage as any other.
                if let Some(former) = self.folder.below(goal)? {
                    former_hold = lock::hold(&former)?;
                    put_mark(&former, &self.name)?;
                }
                let (folder, name) = (self.folder.try_clone()?, self.name.clone());
                folder.supersede(&name, &folder, goal)?;
            }
        }
        let unmarked = match self.folder.below(goal)? {
            Some(made) => remove_mark(&made),
            None => Ok(()),
        };
        drop(self);
        drop(former_hold);
        unmarked
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if !self.published {
            // What cannot be removed now is the next sweep's.
            clear_in_time(&self.folder, &self.name).unwrap_or_default();
        }
    }
}

/// Opens and locks a stage that was just made; `None` when a sweep took it for a dead one's.
fn enter(folder: &Directory, name: &OsStr) -> io::Result<Option<(Directory, Hold)>> {
    let Some(directory) = folder.below(name)? else { return Ok(None) };
    let Some(hold) = lock::hold(&directory)? else { return Ok(None) };
    let standing = folder.look(name)?.map(|found| found.identity);
    let same = standing == Some(directory.found()?.identity);
    Ok(same.then_some((directory, hold)))
}

fn is_immovable(error: &io::Error) -> bool {
    // rename(2): EXDEV of a directory of an overlay's lower layer, EBUSY of a mount point.
    matches!(error.kind(), io::ErrorKind::CrossesDevices | io::ErrorKind::ResourceBusy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::{forget_stage, sweep};

    fn entries(path: &Path) -> usize {
        fs_err::read_dir(path).map_or(0, Iterator::count)
    }

    fn fill(tree: &Path, text: &str) {
        fs_err::create_dir_all(tree).unwrap();
        fs_err::write(tree.join("file"), text).unwrap();
    }

    fn begun(folder: &Path, goal: &str) -> Stage {
        match Stage::begin_beside(Directory::open(folder).unwrap(), OsStr::new(goal)).unwrap() {
            Begun::Here(stage) => stage,
            other => panic!("{other:?}"),
        }
    }

    /// What a killed process leaves: everything but its lock.
    fn abandon(stage: Stage) {
        let Stage { folder, name, .. } = &stage;
        let (path, left) = (folder.join(name), folder.join("left"));
        fs_err::rename(&path, &left).unwrap();
        drop(stage);
        fs_err::rename(left, path).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn the_dead_are_swept_the_living_are_not_and_a_stage_tells_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let canary = folder.path().join("canary");
        fill(&canary, "precious");
        let stages = Directory::make(&folder.path().join("stage")).unwrap();
        let living = Stage::begin(stages.try_clone().unwrap(), "3.12.7").unwrap();
        let dead = Stage::begin(stages.try_clone().unwrap(), "3.13.5").unwrap();
        fill(&living.join("tree"), "x");
        for name in ["elsewhere.0", "carried.to", "displaced"] {
            fs_err::os::unix::fs::symlink(&canary, dead.join(name)).unwrap();
        }
        abandon(dead);
        fs_err::os::unix::fs::symlink(&canary, stages.join("link")).unwrap();
        fs_err::os::unix::fs::symlink(&canary, stages.join("x.lock")).unwrap();
        sweep(&stages).unwrap();
        assert!(living.join("tree/file").is_file());
        assert_eq!(entries(stages.path()), 1);
        drop(living);
        assert_eq!(entries(stages.path()), 0);
        assert_eq!(fs_err::read_to_string(canary.join("file")).unwrap(), "precious");
    }

    #[test]
    fn among_others_only_what_bears_our_name_and_mark_is_swept() {
        let folder = tempfile::tempdir().unwrap();
        let begin = || {
            let opened = Directory::open(folder.path()).unwrap();
            Stage::begin_among_others(opened, "build.").unwrap()
        };
        for (name, marked) in [
            ("build.0000000000000000", false),
            ("build.0000000000000001.kept", true),
            ("build.", true),
            ("build.0000000000000G00", true),
            ("other.0000000000000000", true),
        ] {
            fill(&folder.path().join(name), "precious");
            if marked {
                put_mark(&Directory::open(&folder.path().join(name)).unwrap(), OsStr::new(name))
                    .unwrap();
            }
        }
        let (living, dead) = (begin(), begin());
        fill(&dead.join("tree"), "x");
        abandon(dead);
        assert_eq!(entries(folder.path()), 7);
        drop(begin());
        assert_eq!(entries(folder.path()), 6);
        assert!(living.directory().path().is_dir());
        drop(living);
        assert_eq!(entries(folder.path()), 5);
    }

    #[test]
    fn what_is_kept_is_known_and_never_taken_for_what_is_being_removed() {
        let folder = tempfile::tempdir().unwrap();
        let top = || Directory::open(folder.path()).unwrap();
        let (name, part) = (OsStr::new("3.13.5"), OsStr::new("Python-3.13.5"));
        let begin = || Stage::begin_kept(top(), name, part).unwrap();
        for _ in 0..2 {
            let Begun::Here(stage) = begin() else { panic!("what was kept is not known") };
            fill(&stage.join(part), "kept");
            stage.keep(part).unwrap();
            let around = top().below(name).unwrap().unwrap();
            assert!(!settle_at(&around, part).unwrap());
            let file = folder.path().join("3.13.5/Python-3.13.5/file");
            assert_eq!(fs_err::read_to_string(file).unwrap(), "kept");
        }
        // Somebody's own, under the same name.
        fs_err::remove_dir_all(folder.path().join("3.13.5/Python-3.13.5")).unwrap();
        fill(&folder.path().join("3.13.5/Python-3.13.5"), "precious");
        assert!(matches!(begin(), Begun::Occupied(_)));
    }

    #[test]
    fn a_mark_is_forgotten_but_where_it_says_that_the_goal_is_being_removed() {
        let folder = tempfile::tempdir().unwrap();
        let top = Directory::open(folder.path()).unwrap();
        let goal = top.make_below("web").unwrap();
        for (name, marks) in [(".pyman-stage-0", 0), ("web", 1)] {
            put_mark(&goal, OsStr::new(name)).unwrap();
            forget_stage(&goal).unwrap();
            assert_eq!(goal.entries().unwrap().len(), marks, "{name}");
        }
        fs_err::write(folder.path().join("web/lib"), "").unwrap();
        assert!(settle_at(&top, OsStr::new("web")).unwrap());
        assert_eq!(entries(folder.path()), 0);
    }

    #[test]
    fn a_stage_becomes_its_goal_and_what_stood_there_goes() {
        let folder = tempfile::tempdir().unwrap();
        for (round, existing) in [("first", Existing::Keep), ("second", Existing::Replace)] {
            let stage = begun(folder.path(), "web");
            fs_err::write(stage.join("file"), round).unwrap();
            stage.become_goal(OsStr::new("web"), existing).unwrap();
            let goal = folder.path().join("web");
            assert_eq!(fs_err::read_to_string(goal.join("file")).unwrap(), round);
            assert_eq!((entries(&goal), entries(folder.path())), (1, 1));
        }
    }

    #[test]
    fn what_the_dead_left_is_cleared_and_what_is_not_ours_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let dead = begun(folder.path(), "web");
        fs_err::write(dead.join("half"), "").unwrap();
        let again = Stage::begin_beside(Directory::open(folder.path()).unwrap(), OsStr::new("web"));
        assert!(matches!(again.unwrap(), Begun::Elsewhere));
        abandon(dead);
        let stage = begun(folder.path(), "web");
        assert_eq!(entries(stage.directory().path()), 1, "its mark");
        drop(stage);

        let planted = folder.path().join(beside(OsStr::new("api")));
        fill(&planted, "precious");
        let refused =
            Stage::begin_beside(Directory::open(folder.path()).unwrap(), OsStr::new("api"));
        assert!(matches!(refused.unwrap(), Begun::Occupied(_)));
        assert_eq!(fs_err::read_to_string(planted.join("file")).unwrap(), "precious");
    }
}
