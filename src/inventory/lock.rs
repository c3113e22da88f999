//! One process at a time changes an installation: locks that the kernel keeps, named when waited for.
//!
//! The lock dies with its holder, so none is ever stale; what the file says only serves the message.

use std::fs::TryLockError;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;
use std::thread;
use std::time::Duration;

use fs_err::{File, OpenOptions};

use super::{Error, Places, system};
use crate::progress::Progress;
use crate::world;

/// How often a waiting process asks again; a person does not notice, a processor neither.
const PAUSE: Duration = Duration::from_millis(40);

/// A lock held until dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
    waited: Waited,
}

/// Whether somebody else was at work when the lock was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waited {
    /// It was free.
    No,
    /// Another process finished (or died) first: look again at what it did.
    Yes,
}

impl Lock {
    /// Takes the lock called `name`, waiting as long as it takes, and says whom for.
    ///
    /// `work` completes the sentence that others read meanwhile: `installing 3.12.7`. A file system
    /// without locks is no obstacle: the rename that publishes an installation is atomic anyway.
    pub fn take(
        places: &Places,
        name: &str,
        work: &str,
        progress: &dyn Progress,
    ) -> Result<Self, Error> {
        fs_err::create_dir_all(places.locks())?;
        let path = places.locks().join(format!("{name}.lock"));
        let mut file = open(&path)?;
        let mut waited = Waited::No;
        loop {
            match try_lock(&file) {
                Ok(true) => break,
                Ok(false) => {
                    if waited == Waited::No {
                        progress.note(&wait(&mut file, work));
                        waited = Waited::Yes;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Unsupported => break,
                Err(error) => return Err(error.into()),
            }
            if progress.interrupted() {
                return Err(Error::Interrupted);
            }
            thread::sleep(PAUSE);
        }
        file.set_len(0)?;
        file.rewind()?;
        write!(file, "{} {work}", std::process::id())?;
        Ok(Self { _file: file, waited })
    }

    /// Whether another process held the lock when it was asked for.
    pub const fn waited(&self) -> Waited {
        self.waited
    }
}

/// Whether the lock on `file` was free and is ours now. A file system without locks is an error of the kind
/// `Unsupported`.
pub fn try_lock(file: &File) -> io::Result<bool> {
    match file.file().try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {
            try_lock(file)
        }
        Err(TryLockError::Error(error)) if world::has_no_locks(&error) => {
            Err(io::ErrorKind::Unsupported.into())
        }
        Err(TryLockError::Error(error)) => {
            let place = file.path().display();
            Err(io::Error::new(error.kind(), format!("cannot lock {place}: {error}")))
        }
    }
}

/// Opens a lock file, made if need be, without following a link planted in its place.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    system::follow_no_link(&mut options);
    options.open(path)
}

/// The sentence about whoever holds the lock. What the file holds is only shown, and only if it reads well.
fn wait(file: &mut File, work: &str) -> String {
    let mut text = String::new();
    let read = file.rewind().and_then(|()| file.take(512).read_to_string(&mut text));
    let holder = text.split_once(' ').filter(|(pid, _)| {
        read.is_ok() && !pid.is_empty() && pid.bytes().all(|b| b.is_ascii_digit())
    });
    match holder {
        Some((pid, theirs)) => format!("waiting for another pyman (pid {pid}) to finish {theirs}"),
        None => format!("waiting for another pyman to finish {work}"),
    }
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
        let places = Places::new(folder.path());
        let held = Lock::take(&places, "3.12.7", "installing 3.12.7", &Silent).unwrap();
        assert_eq!(held.waited(), Waited::No);

        let listener = Listener::default();
        let second = Lock::take(&places, "3.12.7", "removing 3.12.7", &listener);
        assert!(matches!(second, Err(Error::Interrupted)));
        let expected = format!(
            "waiting for another pyman (pid {}) to finish installing 3.12.7",
            std::process::id()
        );
        assert_eq!(*listener.said.lock().unwrap(), [expected]);

        drop(held);
        // Perhaps not at once: a child of another test may still have the file open.
        Lock::take(&places, "3.12.7", "removing 3.12.7", &Silent).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_link_planted_where_the_lock_belongs_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path().join("root"));
        let victim = folder.path().join("victim");
        fs_err::write(&victim, "precious").unwrap();
        fs_err::create_dir_all(places.locks()).unwrap();
        fs_err::os::unix::fs::symlink(&victim, places.locks().join("3.12.7.lock")).unwrap();
        let taken = Lock::take(&places, "3.12.7", "installing 3.12.7", &Silent);
        assert!(matches!(taken, Err(Error::Disk(_))));
        assert_eq!(fs_err::read_to_string(victim).unwrap(), "precious");
    }
}
