//! What the dead left is removed: stages that nobody holds, and trees that one died over while it removed them where they
//! stand. What cannot be removed stays, and hinders nothing else.

use std::cell::Cell;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use super::Directory;
use super::entry::{Entry, Kind};
use super::lock::{self, Hold};
use super::look::permitted;
use super::seal::{MARK, beside, has_mark, is_marked};

/// Goes on where a process died at this goal: a successor gets its name, and what was being removed where it stood goes.
/// Whether something was.
pub(crate) fn settle_at(folder: &Directory, goal: &OsStr) -> io::Result<bool> {
    folder.succeed_at(goal)?;
    sweep_condemned(folder, goal)
}

/// Whether what stands under this name is what a process died over while it removed it where it stands.
pub(crate) fn is_condemned(folder: &Directory, name: &OsStr) -> io::Result<bool> {
    match folder.look(name)? {
        Some(found) if found.is_directory() && found.is_own() => match folder.below(name)? {
            Some(directory) => has_mark(&directory, name),
            None => Ok(false),
        },
        Some(_) | None => Ok(false),
    }
}

/// As [`sweep_condemned`], where what cannot be removed hinders nothing else.
pub(crate) fn sweep_in_place(folder: &Directory, name: &OsStr) -> io::Result<Option<Left>> {
    Left::of(folder, name, sweep_condemned(folder, name).map(|_| ()))
}

/// Removes a tree of our account that a process died over while it removed it where it stands; whether it was one.
fn sweep_condemned(folder: &Directory, name: &OsStr) -> io::Result<bool> {
    if !is_condemned(folder, name)? {
        return Ok(false);
    }
    let Some(directory) = folder.below(name)? else { return Ok(false) };
    let Some(_hold) = lock::hold(&directory)? else { return Ok(false) };
    clear(folder, name)?;
    Ok(true)
}

/// What a sweep of a directory of ours alone removes.
enum Condemned {
    /// A stage whose maker is dead, held until it is gone.
    Stage(Hold),
    /// Whatever else of our account stands there.
    Stray,
}

impl Condemned {
    fn of(folder: &Directory, entry: &Entry) -> io::Result<Option<Self>> {
        if !folder.look(&entry.name)?.is_some_and(|found| found.is_own()) {
            return Ok(None);
        }
        if entry.kind == Kind::Directory
            && let Some(directory) = folder.below(&entry.name)?
            && !is_marked(&directory, &entry.name)?
        {
            // Of before there were seals. It has a tree in it, and is none.
            for whole in ["bin", "lib", "pyvenv.cfg", "python.exe", ".pyman"] {
                if directory.look(whole)?.is_some() {
                    return Ok(None);
                }
            }
            if is_shared(folder)? {
                return Ok(None);
            }
        } else if entry.kind != Kind::Directory && is_shared(folder)? {
            return Ok(None);
        }
        match entry.kind {
            Kind::Directory => Ok(dead(folder, &entry.name)?.map(Self::Stage)),
            Kind::File | Kind::Link | Kind::Other => Ok(Some(Self::Stray)),
        }
    }
}

/// Whether others can move something of ours here from elsewhere: nothing but a seal says then that it was made here.
fn is_shared(folder: &Directory) -> io::Result<bool> {
    let above = match folder.path().parent() {
        Some(above) => super::follow(above)?.is_some_and(|found| found.is_open_to_all()),
        None => false,
    };
    Ok(above || folder.found()?.is_open_to_all())
}

/// Removes the stages in `folder`, a directory of ours alone, whose makers are dead, and whatever else of our account stands
/// there: a link is unlinked, and nothing in a stage is read.
///
/// What cannot be removed (root's files in it, another file system) hinders nothing else, and stays.
pub(crate) fn sweep(folder: &Directory) -> io::Result<Vec<Left>> {
    let mut left = Vec::new();
    for entry in folder.entries()? {
        let removed = match Condemned::of(folder, &entry) {
            Ok(Some(Condemned::Stage(_hold))) => clear_in_time(folder, &entry.name),
            Ok(Some(Condemned::Stray)) => folder.unlink(&entry.name),
            Ok(None) => Ok(()),
            // What its owner shut says nothing of itself.
            Err(error) => Err(error),
        };
        left.extend(Left::of(folder, &entry.name, removed)?);
    }
    Ok(left)
}

/// What could not be removed, and why.
#[derive(Debug)]
pub(crate) struct Left {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// What the system said.
    pub(crate) error: io::Error,
}

impl Left {
    /// Nothing, when it was removed; any other error than that nobody can remove it is one.
    fn of(folder: &Directory, name: &OsStr, removed: io::Result<()>) -> io::Result<Option<Self>> {
        match removed {
            Err(error) if is_obstinate(&error) => Ok(Some(Self { path: folder.join(name), error })),
            removed => removed.map(|()| None),
        }
    }

    /// A successor for whose goal somebody put something else there.
    pub(crate) fn aside(path: PathBuf) -> Self {
        Self { path, error: io::ErrorKind::AlreadyExists.into() }
    }

    /// Whether it was put aside, and is whole.
    pub(crate) fn is_aside(&self) -> bool {
        self.error.kind() == io::ErrorKind::AlreadyExists
    }

    /// Whether something is mounted in it, which is not to go with it.
    pub(crate) fn is_mounted(&self) -> bool {
        self.error.kind() == io::ErrorKind::ResourceBusy
    }
}

/// The names of what [`sweep`] would remove.
pub(crate) fn abandoned(folder: &Directory) -> io::Result<Vec<OsString>> {
    let mut names = Vec::new();
    for entry in folder.entries()? {
        if permitted(Condemned::of(folder, &entry))?.flatten().is_some() {
            names.push(entry.name);
        }
    }
    Ok(names)
}

/// What keeps a file or link of ours from being put under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hindrance {
    /// What stands there is another account's.
    Anothers,
    /// A directory that holds something.
    Holding,
    /// Something is mounted there.
    Mount,
}

/// The question that whoever writes there asks ([`Directory::replace`], [`Directory::point`], [`Directory::open_own`]), without
/// writing. In another account's directory nothing is ours to clear, and nothing is told.
pub(crate) fn hindrance(folder: &Directory, name: &OsStr) -> io::Result<Option<Hindrance>> {
    if folder.found()?.is_strangers() {
        return Ok(None);
    }
    match folder.look(name)? {
        Some(found) if found.is_strangers() => Ok(Some(Hindrance::Anothers)),
        Some(found) if found.is_directory() => {
            let Some(directory) = permitted(folder.below(name))? else {
                return Ok(Some(Hindrance::Holding));
            };
            Ok(match directory {
                Some(directory) if directory.is_mount_in(folder)? => Some(Hindrance::Mount),
                Some(directory) if !directory.entries()?.is_empty() => Some(Hindrance::Holding),
                Some(_) | None => None,
            })
        }
        Some(_) | None => Ok(None),
    }
}

/// What is in the way of removing a directory.
#[derive(Debug)]
pub(crate) enum Obstacle {
    /// A directory of another account's in it that holds something.
    Anothers(PathBuf),
    /// Something is mounted there.
    Mount(PathBuf),
}

/// What in a directory is in the way of removing it.
pub(crate) fn obstacle(folder: &Directory, name: &OsStr) -> io::Result<Option<Obstacle>> {
    let Some(directory) = folder.below(name)? else { return Ok(None) };
    if directory.is_mount_in(folder)? {
        return Ok(Some(Obstacle::Mount(directory.path().to_owned())));
    }
    match directory.mount()? {
        Some(point) => Ok(Some(Obstacle::Mount(point))),
        None => Ok(anothers(&directory)?.map(Obstacle::Anothers)),
    }
}

fn anothers(directory: &Directory) -> io::Result<Option<PathBuf>> {
    let entries = match directory.entries() {
        Err(error) if is_obstinate(&error) => return Ok(Some(directory.path().to_owned())),
        entries => entries?,
    };
    // An empty one goes with rmdir(2), which asks for rights on the directory around it alone.
    if !entries.is_empty() && !directory.found()?.is_own() {
        return Ok(Some(directory.path().to_owned()));
    }
    for entry in entries.iter().filter(|entry| entry.kind == Kind::Directory) {
        if let Some(below) = directory.below(&entry.name)?
            && let Some(found) = anothers(&below)?
        {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Removes the stages in `folder`, a directory that may be anybody's, whose names are just such as are given after `prefix`,
/// that bear the mark of our account, and whose makers are dead. One whose maker died before it was marked stays: that empty
/// directory may be anybody's.
pub(super) fn sweep_marked(folder: &Directory, prefix: &str) -> io::Result<()> {
    for entry in folder.entries()? {
        if entry.kind != Kind::Directory || !is_random(&entry.name, prefix) {
            continue;
        }
        // What is another's may not even be opened.
        if folder.look(&entry.name)?.is_some_and(|found| found.is_own())
            && let Some(directory) = folder.below(&entry.name)?
            && has_mark(&directory, &entry.name)?
        {
            match sweep_one(folder, &entry.name) {
                Err(error) if is_obstinate(&error) => {}
                result => result.map(|_| ())?,
            }
        }
    }
    Ok(())
}

/// Whether it is a name that [`Stage::begin_among_others`] gives.
fn is_random(name: &OsStr, prefix: &str) -> bool {
    let random = name.as_encoded_bytes().strip_prefix(prefix.as_bytes());
    random.is_some_and(|random| {
        random.len() == 16 && random.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// Removes the stage beside `goal` that a process left which died; whether there was one. One whose maker lives, or that is
/// not ours, is left alone.
pub(crate) fn sweep_beside(folder: &Directory, goal: &OsStr) -> io::Result<bool> {
    let condemned = settle_at(folder, goal)?;
    Ok(sweep_one(folder, &beside(goal))? || condemned)
}

/// Removes a stage of our account that nobody holds; whether it did.
fn sweep_one(folder: &Directory, name: &OsStr) -> io::Result<bool> {
    if !folder.look(name)?.is_some_and(|found| found.is_directory() && found.is_own()) {
        return Ok(false);
    }
    let Some(directory) = folder.below(name)? else { return Ok(false) };
    if !is_marked(&directory, name)? {
        return Ok(false);
    }
    let Some(_hold) = lock::hold(&directory)? else { return Ok(false) };
    match clear_in_time(folder, name) {
        Err(error) if is_obstinate(&error) => drop(put_aside(folder, name)?),
        cleared => cleared?,
    }
    Ok(true)
}

/// Gives what cannot be removed, or put where it belongs, a name that nothing waits for: where it is then.
pub(crate) fn put_aside(folder: &Directory, name: &OsStr) -> io::Result<PathBuf> {
    for number in 1_u32.. {
        let mut aside = name.to_owned();
        aside.push(format!(".left-{number}"));
        if folder.look(&aside)?.is_none() {
            folder.rename(name, folder, &aside)?;
            return Ok(folder.join(&aside));
        }
    }
    Err(io::Error::other("no name is free for what is left"))
}

/// Removes a stage, its mark last: who dies here leaves one that is still known.
pub(super) fn clear(folder: &Directory, name: &OsStr) -> io::Result<()> {
    if folder.has_directory(name)?
        && let Some(directory) = folder.open_up(name)?
    {
        empty(&directory)?;
    }
    folder.remove(name)
}

/// Removes everything in a stage but its mark.
pub(super) fn empty(directory: &Directory) -> io::Result<()> {
    empty_until(directory, &|| false)
}

fn empty_until(directory: &Directory, stop: &dyn Fn() -> bool) -> io::Result<()> {
    for entry in directory.entries()?.into_iter().filter(|entry| entry.name != MARK) {
        directory.remove_until(&entry.name, stop)?;
    }
    Ok(())
}

/// The signal that asked to stop, if one did.
static STOPPED: OnceLock<Arc<AtomicUsize>> = OnceLock::new();

/// What was not cleared because of that.
static LEFT_BEHIND: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// How long clearing goes on when the user asked to stop.
const GRACE: Duration = Duration::from_millis(500);

/// From now on, what is cleared as a courtesy is left to the next sweep once a signal is noted here and some time passed.
pub(crate) fn heed(signal: &Arc<AtomicUsize>) {
    STOPPED.get_or_init(|| Arc::clone(signal));
}

/// Where it was left, each told once.
pub(crate) fn left_behind() -> Vec<PathBuf> {
    LEFT_BEHIND.lock().map(|mut left| std::mem::take(&mut *left)).unwrap_or_default()
}

/// Removes a stage as [`clear`]; a large one is left to the next sweep when the user asked to stop.
pub(super) fn clear_in_time(folder: &Directory, name: &OsStr) -> io::Result<()> {
    let asked = Cell::new(None::<Instant>);
    let stop = || {
        let signal = STOPPED.get().is_some_and(|signal| signal.load(Ordering::Relaxed) != 0);
        if signal && asked.get().is_none() {
            asked.set(Some(Instant::now()));
        }
        asked.get().is_some_and(|asked| asked.elapsed() > GRACE)
    };
    let emptied = if folder.has_directory(name)?
        && let Some(directory) = folder.open_up(name)?
    {
        empty_until(&directory, &stop)
    } else {
        Ok(())
    };
    match emptied {
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {
            if let Ok(mut left) = LEFT_BEHIND.lock() {
                left.push(folder.join(name));
            }
            Ok(())
        }
        emptied => emptied.and_then(|()| folder.remove(name)),
    }
}

/// Removes the stages in a directory that may be anybody's whose makers died over whatever goal, as [`sweep_marked`].
pub(crate) fn sweep_stages(folder: &Directory) -> io::Result<()> {
    sweep_marked(folder, super::seal::BESIDE)
}

/// Whether a stage is dead: its lock, which is ours then.
fn dead(folder: &Directory, name: &OsStr) -> io::Result<Option<Hold>> {
    let Some(directory) = folder.below(name)? else { return Ok(None) };
    lock::hold(&directory)
}

/// Whether nobody can remove it but its owner, or who unmounts it.
pub(super) fn is_obstinate(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::PermissionDenied
            | io::ErrorKind::ResourceBusy
            | io::ErrorKind::ReadOnlyFilesystem
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::Privacy;
    use crate::disk::seal::put_mark;

    #[test]
    fn what_is_left_when_the_user_asks_to_stop_is_still_known_and_swept() {
        let folder = tempfile::tempdir().unwrap();
        let top = Directory::open(folder.path()).unwrap();
        let name = OsStr::new("x.1.0");
        let stage = top.make_below(name).unwrap();
        put_mark(&stage, name).unwrap();
        for number in 0..20 {
            let below = stage.make_below(format!("d{number}")).unwrap();
            below.replace("file", b"x", Privacy::Shared).unwrap();
        }
        let asked = Cell::new(0);
        let stop = || {
            asked.set(asked.get() + 1);
            asked.get() > 10
        };
        let stopped = empty_until(&stage, &stop).unwrap_err();
        assert_eq!(stopped.kind(), io::ErrorKind::Interrupted);
        assert!(has_mark(&stage, name).unwrap());
        assert_eq!(stage.entries().unwrap().len(), 11);
    }
}
