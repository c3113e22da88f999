//! A goal that has to stay itself, as a mount point or the directory a person stands in: the stage stands in it.
//!
//! # Its life
//!
//! * What is made is moved out of the stage beside it, name by name; the last name is the one by which the goal counts as
//!   made. Every directory has the mark of stages inside before it is moved, and loses it when all is done.
//! * *Refused* (a full disk): what was moved goes back; where it cannot, the stage stays.
//! * *Dead before the last name*: whoever begins again clears the stage and those directories that have the mark of our
//!   account; what has none is not ours, and the goal is occupied.
//! * *Dead after it*: the marks and the stage are all that is left to be taken away.

use std::ffi::OsStr;
use std::io;

use super::seal::{has_mark, is_marked, is_stage, put_mark, remove_mark};
use super::{Begun, Directory, Stage};

impl Stage {
    /// Begins a stage in the directory `goal` itself, into which `names` will be moved. What a process moved there that
    /// died is cleared.
    pub(crate) fn begin_within(goal: Directory, names: &[&str]) -> io::Result<Begun> {
        let place = goal.try_clone()?;
        let name = place.path().file_name().unwrap_or_default().to_owned();
        let begun = Self::begin_beside(goal, &name)?;
        if let Begun::Here(_) = begun {
            let made = is_made(&place, names)?;
            for name in names {
                let Some(directory) = marked(&place, name)? else { continue };
                if made { remove_mark(&directory)? } else { place.remove(name)? }
            }
        }
        Ok(begun)
    }

    /// Moves `names` to the goal that the stage stands in, in this order; one that the stage lacks is passed over. Where that
    /// cannot be, what was moved goes back.
    pub(crate) fn fill_goal(mut self, goal: &Directory, names: &[&str]) -> io::Result<()> {
        let mut moved = Vec::new();
        let filled = self.mark_parts(names).and_then(|()| self.move_parts(goal, names, &mut moved));
        if filled.is_err() && !self.move_back(goal, names, &moved) {
            // Whoever begins again knows what is left by the stage.
            self.leave();
        }
        filled
    }

    /// Whether nothing of what was moved is left: not where it was made.
    fn move_back(&self, goal: &Directory, names: &[&str], moved: &[&str]) -> bool {
        let stage = self.directory();
        // In doubt it is made: nothing is taken out of an environment that may be in use.
        let made = is_made(goal, names).unwrap_or(true);
        !made && moved.iter().rev().all(|name| goal.rename(name, stage, name).is_ok())
    }

    fn mark_parts(&self, names: &[&str]) -> io::Result<()> {
        let stage = self.directory();
        for name in names {
            if stage.has_directory(name)?
                && let Some(directory) = stage.below(name)?
            {
                put_mark(&directory, OsStr::new(name))?;
            }
        }
        Ok(())
    }

    fn move_parts<'a>(
        &self,
        goal: &Directory,
        names: &[&'a str],
        moved: &mut Vec<&'a str>,
    ) -> io::Result<()> {
        let stage = self.directory();
        for name in names {
            if stage.look(name)?.is_some() {
                stage.rename(name, goal, name)?;
                moved.push(name);
            }
        }
        for name in names {
            if let Some(directory) = marked(goal, name)? {
                remove_mark(&directory)?;
            }
        }
        Ok(())
    }
}

/// Whether all that stands in the directory is a stage and what a dead process moved out of it.
pub(crate) fn is_half_filled(goal: &Directory, names: &[&str]) -> io::Result<bool> {
    if is_made(goal, names)? {
        return Ok(false);
    }
    let (mut staged, mut filled) = (false, false);
    for entry in goal.entries()? {
        if is_stage(&entry.name) && goal.has_directory(&entry.name)? {
            let Some(stage) = goal.below(&entry.name)? else { continue };
            if !is_marked(&stage, &entry.name)? {
                return Ok(false);
            }
            // Whose maker died before it was sealed, nothing was moved out of.
            staged |= has_mark(&stage, &entry.name)?;
            continue;
        }
        filled = true;
        let Some(name) = names.iter().find(|name| entry.name == **name) else { return Ok(false) };
        // A file or a link of these names is replaced by the same again.
        if goal.has_directory(name)? && marked(goal, name)?.is_none() {
            return Ok(false);
        }
    }
    Ok(staged || !filled)
}

/// Whether the last of the names stands there, by which the goal is known.
fn is_made(goal: &Directory, names: &[&str]) -> io::Result<bool> {
    names.last().map_or(Ok(false), |last| Ok(goal.look(last)?.is_some()))
}

/// The directory of this name, if it has the mark of our account.
fn marked(goal: &Directory, name: &str) -> io::Result<Option<Directory>> {
    if !goal.has_directory(OsStr::new(name))? {
        return Ok(None);
    }
    let Some(directory) = goal.below(name)? else { return Ok(None) };
    let ours = directory.found()?.is_own() && has_mark(&directory, OsStr::new(name))?;
    Ok(ours.then_some(directory))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["bin", "lib", "ignored", "last"];

    fn begun(goal: &Directory) -> Stage {
        match Stage::begin_within(goal.try_clone().unwrap(), &NAMES).unwrap() {
            Begun::Here(stage) => stage,
            other => panic!("{other:?}"),
        }
    }

    fn names(goal: &Directory) -> Vec<String> {
        let names = goal.entries().unwrap().into_iter();
        let mut names: Vec<_> = names.map(|one| one.name.into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_goal_is_filled_and_stays_itself() {
        let folder = tempfile::tempdir().unwrap();
        let goal = Directory::open(folder.path()).unwrap();
        let stage = begun(&goal);
        stage.directory().make_below("bin").unwrap();
        for file in ["ignored", "last"] {
            stage.directory().write_new(file, b"", super::super::Privacy::Shared).unwrap();
        }
        stage.fill_goal(&goal, &NAMES).unwrap();
        assert_eq!(names(&goal), ["bin", "ignored", "last"]);
        assert_eq!(goal.below("bin").unwrap().unwrap().entries().unwrap(), []);
    }

    #[test]
    fn what_was_moved_goes_back_where_the_rest_cannot_follow() {
        let folder = tempfile::tempdir().unwrap();
        let goal = Directory::open(folder.path()).unwrap();
        let stage = begun(&goal);
        for name in ["bin", "lib"] {
            stage.directory().make_below(name).unwrap();
        }
        fs_err::create_dir_all(folder.path().join("lib/precious")).unwrap();
        stage.fill_goal(&goal, &NAMES).unwrap_err();
        assert_eq!(names(&goal), ["lib"]);
        assert!(folder.path().join("lib/precious").is_dir());
    }

    #[test]
    fn a_stage_whose_mark_was_not_written_is_a_dead_one() {
        let folder = tempfile::tempdir().unwrap();
        let goal = Directory::open(folder.path()).unwrap();
        let name = begun(&goal).directory().path().file_name().unwrap().to_owned();
        fs_err::create_dir(folder.path().join(&name)).unwrap();
        fs_err::write(folder.path().join(&name).join(".pyman-stage"), "").unwrap();
        assert!(is_half_filled(&goal, &NAMES).unwrap());
        drop(begun(&goal));
        assert_eq!(names(&goal), [""; 0]);
    }

    #[test]
    fn what_a_dead_process_moved_is_cleared_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let goal = Directory::open(folder.path()).unwrap();
        let name = begun(&goal).directory().path().file_name().unwrap().to_owned();
        put_mark(&goal.make_below(&name).unwrap(), &name).unwrap();
        put_mark(&goal.make_below("bin").unwrap(), OsStr::new("bin")).unwrap();
        assert!(is_half_filled(&goal, &NAMES).unwrap());
        let precious = goal.make_below("lib").unwrap();
        assert!(!is_half_filled(&goal, &NAMES).unwrap());
        let stage = begun(&goal);
        assert!(goal.look("bin").unwrap().is_none() && goal.look("lib").unwrap().is_some());
        drop((stage, precious));
        assert_eq!(names(&goal), ["lib"]);
    }

    #[test]
    fn a_death_after_the_last_name_leaves_marks_that_go() {
        let folder = tempfile::tempdir().unwrap();
        let goal = Directory::open(folder.path()).unwrap();
        let bin = goal.make_below("bin").unwrap();
        put_mark(&bin, OsStr::new("bin")).unwrap();
        goal.write_new("last", b"", super::super::Privacy::Shared).unwrap();
        assert!(!is_half_filled(&goal, &NAMES).unwrap());
        drop(begun(&goal));
        assert_eq!(
            (names(&goal), bin.entries().unwrap().len()),
            (vec!["bin".into(), "last".into()], 0)
        );
    }
}
