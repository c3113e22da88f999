//! One process at a time: locks that the kernel keeps, named when waited for.
//!
//! A lock dies with its holder, so none is ever stale; what the file says only serves the message. A file system that
//! keeps no locks is no obstacle: what is published is published by one rename anyway, and a stage's mark names its maker.

use std::ffi::{OsStr, OsString};
use std::fs::TryLockError;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::thread;
use std::time::Duration;

use super::absent::{failed, has_no_locks, is_full};
use super::seal::is_made_by_the_living;
use super::{Directory, File, Privacy, system};
use crate::progress::Progress;

/// How often a waiting process asks again; a person does not notice, a processor neither.
const PAUSE: Duration = Duration::from_millis(20);

/// What becomes of a lock's file when the lock is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    /// It stays, for the next.
    Kept,
    /// It goes, before the lock does: whoever waits on it notices that it has no name any more.
    Removed,
}

/// Held until dropped, or until this process ends in whatever way.
#[derive(Debug)]
pub(crate) struct Lock {
    /// None where the file system keeps no locks.
    file: Option<File>,
    removed: Option<(Directory, OsString)>,
    waited: Waited,
}

/// Whether somebody else was at work when the lock was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waited {
    /// It was free.
    No,
    /// Another process finished (or died) first: look again at what it did.
    Yes,
}

/// What came of asking for a lock without waiting.
#[derive(Debug)]
enum Taken {
    Here(Lock),
    /// By somebody whom the sentence names: `another pyman (pid 4711) to finish installing 3.12.7`.
    Elsewhere(String),
    /// The file lost its name meanwhile: ask again.
    Gone,
}

impl Lock {
    /// Takes the lock called `name` in `directory`, waiting as long as it takes, and says whom for. An error of kind
    /// `Interrupted` when the user asks to stop meanwhile.
    ///
    /// `work` completes the sentence that others read meanwhile: `installing 3.12.7`.
    pub(crate) fn take(
        directory: &Directory,
        name: impl AsRef<OsStr>,
        work: &str,
        after: After,
        progress: &dyn Progress,
    ) -> io::Result<Self> {
        let mut waited = Waited::No;
        loop {
            match attempt(directory, name.as_ref(), work, after)? {
                Taken::Here(mut lock) => {
                    lock.waited = waited;
                    return Ok(lock);
                }
                Taken::Gone => {}
                Taken::Elsewhere(sentence) => {
                    if waited == Waited::No {
                        progress.note(&format!("waiting for {sentence}"));
                        waited = Waited::Yes;
                    }
                    // Not left to the kernel, which waits without looking up whether the user asks to stop.
                    thread::sleep(PAUSE);
                }
            }
            if progress.interrupted() {
                return Err(io::ErrorKind::Interrupted.into());
            }
        }
    }

    /// Whether somebody holds the lock called `name` in `directory` just now.
    pub(crate) fn is_taken(directory: &Directory, name: impl AsRef<OsStr>) -> io::Result<bool> {
        let Some(file) = directory.open_file(name.as_ref())? else { return Ok(false) };
        match try_lock(&file) {
            Ok(free) => Ok(!free),
            Err(error) if has_no_locks(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Removes the file of the lock called `name` that a process left which died over it; one that is held stays.
    pub(crate) fn sweep(directory: &Directory, name: impl AsRef<OsStr>) -> io::Result<()> {
        let name = name.as_ref();
        if directory.look(name)?.is_some_and(|found| found.is_file() && found.is_own()) {
            attempt(directory, name, "", After::Removed)?;
        }
        Ok(())
    }

    /// Whether another process held the lock when it was asked for.
    pub(crate) const fn waited(&self) -> Waited {
        self.waited
    }

    /// Whether it keeps anybody out: not where the file system keeps no locks.
    pub(crate) const fn is_held(&self) -> bool {
        self.file.is_some()
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let (Some(_), Some((directory, name))) = (&self.file, &self.removed) {
            // What cannot be removed is a lock's file that nobody holds, which harms nobody.
            directory.unlink(name).unwrap_or_default();
        }
    }
}

fn attempt(directory: &Directory, name: &OsStr, work: &str, after: After) -> io::Result<Taken> {
    let mut file = directory.open_own(name, Privacy::Shared)?;
    let file = match try_lock(&file) {
        Ok(true) => {
            // Whoever gives a lock back may unlink its file between our open and our lock: what has no name keeps nobody out.
            let named = directory.look(name)?.map(|found| found.identity);
            if named != Some(system::identity(&file)?) {
                return Ok(Taken::Gone);
            }
            // In place: a file put over it would be another, with a lock of its own.
            file.set_len(0)?;
            file.rewind()?;
            match write!(file, "{} {work}", std::process::id()) {
                // It only serves the message, and who frees room takes a lock, too.
                Err(error) if is_full(&error) => {}
                written => written?,
            }
            Some(file)
        }
        Ok(false) => return Ok(Taken::Elsewhere(sentence(&mut file, work))),
        Err(error) if has_no_locks(&error) => None,
        Err(error) => return Err(error),
    };
    let removed = match after {
        After::Kept => None,
        After::Removed => Some((directory.try_clone()?, name.to_owned())),
    };
    Ok(Taken::Here(Lock { file, removed, waited: Waited::No }))
}

/// The sentence about whoever holds the lock. What the file holds is only shown, and only if it reads well.
fn sentence(file: &mut File, work: &str) -> String {
    let mut text = String::new();
    let read = file.rewind().and_then(|()| file.take(512).read_to_string(&mut text));
    let holder = text.split_once(' ').filter(|(process, _)| {
        read.is_ok() && !process.is_empty() && process.bytes().all(|byte| byte.is_ascii_digit())
    });
    match holder {
        Some((process, theirs)) => {
            format!("another pyman (pid {process}) to finish {}", theirs.escape_debug())
        }
        None => format!("another pyman to finish {work}"),
    }
}

/// Whether the lock on `file` was free and is ours now, until it is closed. A file system without locks is an error of
/// the kind `Unsupported`.
pub(crate) fn try_lock(file: &File) -> io::Result<bool> {
    let locked = try_lock_handle(file.file());
    locked.map_err(|error| failed("lock", file.path(), error))
}

fn try_lock_handle(file: &std::fs::File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {
            try_lock_handle(file)
        }
        Err(TryLockError::Error(error)) if has_no_locks(&error) => {
            Err(io::ErrorKind::Unsupported.into())
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The lock of a directory, held by its handle; `None` while somebody else has it.
#[derive(Debug)]
pub(crate) struct Hold {
    _handle: Option<std::fs::File>,
}

/// Takes the lock of a directory itself, if it is free. Where there are none to be had it is free when the maker that its
/// mark names is dead.
pub(crate) fn hold(directory: &Directory) -> io::Result<Option<Hold>> {
    // Opened anew: a lock belongs to what was opened, not to its copies.
    let handle = match system::lockable(directory) {
        // Where a lock can only be had by who opens it alone.
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
        handle => handle?,
    };
    match handle.as_ref().map(try_lock_handle) {
        Some(Ok(false)) => return Ok(None),
        Some(Err(error)) if !has_no_locks(&error) => {
            return Err(failed("lock", directory.path(), error));
        }
        Some(Err(_)) if is_made_by_the_living(directory)? => return Ok(None),
        None | Some(Ok(true) | Err(_)) => {}
    }
    Ok(Some(Hold { _handle: handle }))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::progress::{Silent, Task};

    /// Remembers what was said, and asks to stop once something was.
    #[derive(Default)]
    struct Listener {
        said: Mutex<Vec<String>>,
        stop: AtomicBool,
    }

    impl Progress for Listener {
        fn begin(&self, _: &str, _: Option<u64>) -> Box<dyn Task> {
            Box::new(Silent)
        }
        fn note(&self, line: &str) {
            self.said.lock().unwrap().push(line.to_owned());
            self.stop.store(true, Ordering::SeqCst);
        }
        fn interrupted(&self) -> bool {
            self.stop.load(Ordering::SeqCst)
        }
    }

    #[test]
    fn a_held_lock_is_waited_for_by_name_and_can_be_interrupted() {
        let folder = tempfile::tempdir().unwrap();
        let locks = Directory::open(folder.path()).unwrap();
        let take = |work: &str, progress: &dyn Progress| {
            Lock::take(&locks, "3.12.7.lock", work, After::Kept, progress)
        };
        let held = take("installing 3.12.7", &Silent).unwrap();
        assert_eq!(held.waited(), Waited::No);

        let listener = Listener::default();
        let second = take("removing 3.12.7", &listener);
        assert_eq!(second.unwrap_err().kind(), io::ErrorKind::Interrupted);
        let expected = format!(
            "waiting for another pyman (pid {}) to finish installing 3.12.7",
            std::process::id()
        );
        assert_eq!(*listener.said.lock().unwrap(), [expected]);

        drop(held);
        // Perhaps not at once: a child of another test may still have the file open.
        take("removing 3.12.7", &Silent).unwrap();
    }

    #[test]
    fn a_lock_that_leaves_nothing_takes_its_file_along() {
        let folder = tempfile::tempdir().unwrap();
        let locks = Directory::open(folder.path()).unwrap();
        drop(Lock::take(&locks, "a", "fetching", After::Removed, &Silent).unwrap());
        assert_eq!(locks.entries().unwrap(), []);
        fs_err::write(folder.path().join("a"), "4711 fetching").unwrap();
        let held = Lock::take(&locks, "b", "fetching", After::Removed, &Silent).unwrap();
        for name in ["a", "b", "c"] {
            Lock::sweep(&locks, name).unwrap();
        }
        assert_eq!(locks.entries().unwrap().len(), 1, "what is held stays");
        drop(held);
    }

    #[cfg(unix)]
    #[test]
    fn what_was_planted_where_the_lock_belongs_is_neither_followed_nor_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let victim = folder.path().join("victim");
        fs_err::write(&victim, "precious").unwrap();
        fs_err::os::unix::fs::symlink(&victim, folder.path().join("link")).unwrap();
        let pipe = folder.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, 0o600.into()).unwrap();
        let locks = Directory::open(folder.path()).unwrap();
        for name in ["link", "pipe"] {
            Lock::take(&locks, name, "installing", After::Kept, &Silent).unwrap();
        }
        assert_eq!(fs_err::read_to_string(victim).unwrap(), "precious");
    }
}
