//! One fetch of a file at a time: a kernel lock on a file beside it, named when waited for.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::fetch::entry::{Entry, clear_way, refused};
use crate::fetch::error::Error;
use crate::progress::Progress;
use crate::world;

/// How often a waiting process asks again. The kernel's own waiting could not be interrupted.
const TICK: Duration = Duration::from_millis(50);

/// Tells apart the locks this process ever took.
static TAKEN: AtomicU64 = AtomicU64::new(0);

/// Held until dropped, or until this process ends in whatever way.
pub(super) struct Lock {
    path: PathBuf,
    /// None where the file system knows no locks.
    held: Option<File>,
}

impl Lock {
    pub(super) fn take(entry: &Entry, progress: &dyn Progress) -> Result<Self, Error> {
        let path = &entry.lock;
        let mut waited = false;
        loop {
            clear_way(path)?;
            let mut file = open(path).map_err(|error| refused(path, error))?;
            match file.try_lock() {
                Ok(()) if sign(path, &mut file).map_err(|error| refused(path, error))? => {
                    return Ok(Self { path: path.clone(), held: Some(file) });
                }
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    if !waited {
                        let holder = holder(&mut file);
                        let name = entry.name();
                        progress.note(&format!("waiting for {holder} to finish fetching {name}"));
                    }
                    waited = true;
                    if progress.interrupted() {
                        return Err(Error::Interrupted);
                    }
                    std::thread::sleep(TICK);
                }
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(TryLockError::Error(error)) if world::has_no_locks(&error) => {
                    return Ok(Self { path: path.clone(), held: None });
                }
                Err(TryLockError::Error(error)) => return Err(refused(path, error)),
            }
        }
    }
}

impl Lock {
    pub(super) fn is_held(&self) -> bool {
        self.held.is_some()
    }
}

impl Drop for Lock {
    /// The file goes before the lock does; whoever waits on it notices that it has no name any more.
    fn drop(&mut self) {
        if self.held.is_some() {
            // What cannot be removed is a lock file nobody holds, which harms nobody.
            drop(fs_err::remove_file(&self.path));
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

/// Writes who holds it; whether the name still leads to the locked file.
fn sign(path: &Path, file: &mut File) -> io::Result<bool> {
    let taken = TAKEN.fetch_add(1, Ordering::Relaxed);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let signature = format!("{} {taken} {now}\n", std::process::id());
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(signature.as_bytes())?;
    match fs_err::read_to_string(path) {
        Ok(found) => Ok(found == signature),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// `another pyman (pid 4711)`, or without the number where the lock hides it.
fn holder(file: &mut File) -> String {
    let mut text = String::new();
    let read = file.read_to_string(&mut text);
    match (read, text.split(' ').next().and_then(|pid| pid.parse::<u32>().ok())) {
        (Ok(_), Some(pid)) => format!("another pyman (pid {pid})"),
        _ => "another pyman".to_owned(),
    }
}
