//! A tree takes another's place.
//!
//! Where the system exchanges two directories at one stroke, that is all. Elsewhere (NFS, a lower layer of an overlay,
//! Windows) the new tree, which is whole, is first renamed beside the old one, to a name that says whose successor it
//! is; then the old one goes, renamed away or removed where it stands; then the successor gets the name. A process
//! that dies on this way leaves the successor, and whoever comes next goes on: see [`Directory::succeed`].
//!
//! Both are sealed under the successor's name before that, and the old one is to the last: whatever else stands at the
//! goal was put there since, and stays.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Component, Path, PathBuf};

use super::absent::{absent, anothers, failed};
use super::entry::Kind;
use super::seal::{add_mark, has_mark, remove_mark};
use super::sweep::{clear, put_aside};
use super::{Directory, Found, lock, system};

/// What to do about something that already stands where a tree is to be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Existing {
    /// Leave it: an error of kind `AlreadyExists`, or `DirectoryNotEmpty`.
    Keep,
    /// Put the new one in its place.
    Replace,
}

/// What the name of a successor begins with; the name it is to have follows.
const NEXT: &str = ".pyman-next-";

fn next(name: &OsStr) -> OsString {
    let mut next = OsString::from(NEXT);
    next.push(name);
    next
}

/// The name that a successor is to have: one name, and neither the directory itself nor that around it.
fn goal(successor: &OsStr) -> Option<OsString> {
    let bytes = successor.as_encoded_bytes().strip_prefix(NEXT.as_bytes())?;
    let goal = Path::new(std::str::from_utf8(bytes).ok()?);
    let mut parts = goal.components();
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(name)), None) if name == goal.as_os_str() => Some(name.to_owned()),
        _ => None,
    }
}

impl Directory {
    /// Exchanges two directories at one stroke; false where system or file system cannot.
    pub fn exchange(
        &self,
        name: impl AsRef<Path>,
        other: &Self,
        its: impl AsRef<Path>,
    ) -> io::Result<bool> {
        let done = system::exchange(self, name.as_ref(), other, its.as_ref());
        done.map_err(|error| super::absent::failed("replace", &other.join(its.as_ref()), error))
    }

    /// Moves the whole tree `name` to `goal` in `to`, over what stands there. What stood there is afterwards under `name`,
    /// or gone.
    pub fn supersede(&self, name: &OsStr, to: &Self, goal: &OsStr) -> io::Result<()> {
        if let Some(made) = self.look(name)? {
            to.refuse_anothers(goal, &made)?;
        }
        match to.look(goal)? {
            None => return self.rename(name, to, goal),
            Some(found) if !found.is_directory() => {
                to.unlink(goal)?;
                return self.rename(name, to, goal);
            }
            Some(_) => {}
        }
        to.refuse_mounts(goal)?;
        if self.exchange(name, to, goal)? {
            return Ok(());
        }
        let next = next(goal);
        clear_former(to, &next)?;
        let successor = self.below(name)?;
        for sealed in [&to.open_up(goal)?, &successor].into_iter().flatten() {
            add_mark(sealed, &next)?;
        }
        // From here on whoever dies is succeeded: both trees say what was to become of them.
        self.rename(name, to, &next)?;
        // Whoever comes by meanwhile takes a successor that nobody holds for a dead one's.
        let _lock = successor.as_ref().map(lock::hold).transpose()?;
        // Away at once where it can be renamed, else where it stands.
        if to.rename(goal, self, name).is_err() {
            clear(to, goal)?;
        }
        to.rename(&next, to, goal)?;
        successor.as_ref().map_or(Ok(()), remove_mark)
    }

    /// An error where what stands under a name is another account's than what this process made.
    pub(super) fn refuse_anothers(&self, name: &OsStr, made: &Found) -> io::Result<()> {
        match self.look(name)? {
            Some(found) if found.is_anothers(made) => Err(anothers(&self.join(name), found.owner)),
            Some(_) | None => Ok(()),
        }
    }

    /// An error where what stands under a name is another account's than what this process makes here.
    pub fn refuse_strangers(&self, name: &OsStr) -> io::Result<()> {
        if self.look(name)?.is_some_and(|found| found.is_strangers()) {
            return self.refuse_anothers(name, &self.made_here()?);
        }
        Ok(())
    }

    /// Whether what stands under a name is another account's than what this process makes here, or would be.
    pub fn is_strangers(&self, name: &OsStr) -> io::Result<bool> {
        match self.refuse_strangers(name) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(true),
            judged => judged.map(|()| false),
        }
    }

    /// Gives each successor the name that its maker died over. What was put aside, as [`Self::succeed_at`] does.
    pub fn succeed(&self) -> io::Result<Vec<PathBuf>> {
        let mut aside = Vec::new();
        for entry in self.entries()?.iter().filter(|entry| entry.kind == Kind::Directory) {
            if let Some(goal) = goal(&entry.name) {
                aside.extend(self.succeed_at(&goal)?);
            }
        }
        Ok(aside)
    }

    /// The same for one name. A successor that lives, is another account's, no directory, or not sealed as the successor of
    /// just this goal is left alone. Where something else has come to stand at the goal than what it was to replace, that
    /// stays, and the successor is put aside: where to.
    pub fn succeed_at(&self, goal: &OsStr) -> io::Result<Option<PathBuf>> {
        let next = next(goal);
        let own = self.look(&next)?.is_some_and(|found| found.is_directory() && found.is_own());
        let Some(successor) = (if own { self.below(&next)? } else { None }) else {
            return Ok(None);
        };
        if !has_mark(&successor, &next)? {
            return Ok(None);
        }
        let Some(_lock) = lock::hold(&successor)? else { return Ok(None) };
        if self.is_strangers(goal)? {
            return Ok(None);
        }
        if !self.remove_former(goal, &next)? {
            return put_aside(self, &next).map(Some);
        }
        match self.rename(&next, self, goal) {
            // Another finished it between our look and our lock.
            Err(error) if absent(&error) => return Ok(None),
            result => result?,
        }
        remove_mark(&successor).map(|()| None)
    }

    /// Removes what a successor was to replace; whether nothing stands there now.
    fn remove_former(&self, goal: &OsStr, next: &OsStr) -> io::Result<bool> {
        match self.look(goal)? {
            None => return Ok(true),
            // A tree is replaced, never a file: this was put there since.
            Some(found) if !found.is_directory() => return Ok(false),
            Some(_) => {}
        }
        // Its mark is the last that goes of it.
        if self.remove_empty(goal)? {
            return Ok(true);
        }
        let former = match self.below(goal) {
            Ok(Some(former)) => has_mark(&former, next)?,
            Ok(None) => return Ok(true),
            // Before it was sealed it was given every right.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => false,
            Err(error) => return Err(error),
        };
        if former {
            clear(self, goal)?;
        }
        Ok(former)
    }
}

/// What a process died over under the name of a successor goes; anything else there is somebody's.
fn clear_former(to: &Directory, next: &OsStr) -> io::Result<()> {
    let Some(found) = to.look(next)? else { return Ok(()) };
    if found.is_directory()
        && found.is_own()
        && let Some(former) = to.below(next)?
        && (has_mark(&former, next)? || former.entries()?.is_empty())
    {
        return to.remove(next);
    }
    Err(failed("write", &to.join(next), io::ErrorKind::AlreadyExists.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(directory: &Directory, name: &str, text: &str) {
        let tree = directory.make_below(name).unwrap();
        tree.replace("file", text.as_bytes(), super::super::Privacy::Shared).unwrap();
    }

    #[test]
    fn a_tree_takes_anothers_place() {
        let folder = tempfile::tempdir().unwrap();
        let top = Directory::open(folder.path()).unwrap();
        let stage = top.make_below("stage").unwrap();
        for round in ["first", "second"] {
            fill(&stage, "tree", round);
            stage.supersede(OsStr::new("tree"), &top, OsStr::new("goal")).unwrap();
            let text = fs_err::read_to_string(folder.path().join("goal/file")).unwrap();
            assert_eq!(text, round);
            stage.remove("tree").unwrap();
        }
    }

    #[test]
    fn a_successor_whose_maker_died_gets_the_name() {
        let folder = tempfile::tempdir().unwrap();
        let top = Directory::open(folder.path()).unwrap();
        fill(&top, "3.12.1", "half removed");
        fill(&top, ".pyman-next-3.12.1", "whole");
        let successor = top.below(".pyman-next-3.12.1").unwrap().unwrap();
        for tree in [&successor, &top.below("3.12.1").unwrap().unwrap()] {
            add_mark(tree, OsStr::new(".pyman-next-3.12.1")).unwrap();
        }
        assert_eq!(top.succeed().unwrap(), [] as [PathBuf; 0]);
        let text = fs_err::read_to_string(folder.path().join("3.12.1/file")).unwrap();
        assert_eq!(text, "whole");
        assert_eq!(top.entries().unwrap().len(), 1);
        assert_eq!(successor.entries().unwrap().len(), 1);
    }

    #[test]
    fn what_was_put_at_the_goal_since_stays_and_so_does_the_successor() {
        let next = OsStr::new(".pyman-next-3.12.1");
        for goal in ["directory", "marked as another", "file", "empty"] {
            let folder = tempfile::tempdir().unwrap();
            let top = Directory::open(folder.path()).unwrap();
            fill(&top, ".pyman-next-3.12.1", "whole");
            add_mark(&top.below(".pyman-next-3.12.1").unwrap().unwrap(), next).unwrap();
            match goal {
                "file" => top.write_new("3.12.1", b"precious", super::super::Privacy::Shared),
                "empty" => top.make_below("3.12.1").map(|_| ()),
                _ => {
                    fill(&top, "3.12.1", "precious");
                    let mark = folder.path().join("3.12.1/.pyman-stage");
                    let its = folder.path().join(".pyman-next-3.12.1/.pyman-stage");
                    if goal != "directory" {
                        fs_err::copy(its, mark).unwrap();
                    }
                    Ok(())
                }
            }
            .unwrap();
            let aside = top.succeed().unwrap();
            if goal == "empty" {
                assert!(aside.is_empty() && folder.path().join("3.12.1/file").is_file());
                continue;
            }
            let file = if goal == "file" { "3.12.1" } else { "3.12.1/file" };
            let text = |file: &str| fs_err::read_to_string(folder.path().join(file)).unwrap();
            assert_eq!(text(file), "precious", "{goal}");
            assert_eq!(aside, [folder.path().join(".pyman-next-3.12.1.left-1")]);
            assert_eq!(text(".pyman-next-3.12.1.left-1/file"), "whole");
            assert_eq!(top.succeed().unwrap(), [] as [PathBuf; 0], "it is nobody's successor now");
        }
    }

    #[test]
    fn what_is_named_as_a_successor_is_none_without_its_seal() {
        let folder = tempfile::tempdir().unwrap();
        let outside = Directory::open(folder.path()).unwrap();
        fill(&outside, "photos", "precious");
        let top = outside.make_below("top").unwrap();
        fill(&top, "3.12.1", "living");
        fill(&top, "sealed", "another");
        add_mark(&top.below("sealed").unwrap().unwrap(), OsStr::new(".pyman-next-3.11.5")).unwrap();
        for planted in ["..", ".", "", "3.12.1", "../photos", "sealed"] {
            let name = format!(".pyman-next-{}", planted.replace('/', "\u{2044}"));
            top.make_below(&name).unwrap();
        }
        top.rename("sealed", &top, ".pyman-next-3.12.1").unwrap_or_default();
        let before = top.entries().unwrap().len();
        top.succeed().unwrap();
        for goal in ["..", ".", "3.12.1", "sealed"] {
            top.succeed_at(OsStr::new(goal)).unwrap();
        }
        assert_eq!(top.entries().unwrap().len(), before);
        for (tree, text) in [("photos", "precious"), ("top/3.12.1", "living")] {
            let file = folder.path().join(tree).join("file");
            assert_eq!(fs_err::read_to_string(file).unwrap(), text);
        }
    }
}
