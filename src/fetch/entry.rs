//! A file's places in the cache: the whole copy, the lock, and the part that is already here, which survives a drop, an
//! interruption and a kill. Nothing unverified bears its name.

use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Component, Path, PathBuf};

use crate::disk::{self, After, Directory, File, Lock, Privacy};
use crate::fetch::digest::Sha256;
use crate::fetch::error::Error;
use crate::fetch::wanted::{Downloaded, Outlet};
use crate::progress::Progress;

/// Where a file stands in the cache, and what stands beside it while it is fetched.
pub(super) struct Entry {
    cache: PathBuf,
    name: String,
    partial: String,
    /// Whether the partial copy is this process's own, because no lock could be had.
    pub(super) apart: bool,
}

/// The same in a cache that is there, opened.
pub(super) struct Room<'e> {
    entry: &'e Entry,
    directory: Directory,
}

impl Entry {
    pub(super) fn new(cache: &Path, name: &str) -> Result<Self, Error> {
        let mut parts = Path::new(name).components();
        let plain = matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None));
        if !plain || name.contains(['/', '\\', '\0']) {
            return Err(Error::FileName(name.chars().take(200).collect()));
        }
        let partial = format!("{name}.partial");
        Ok(Self { cache: cache.to_owned(), name: name.to_owned(), partial, apart: false })
    }

    /// The file's name, for people.
    pub(super) fn shown(&self) -> String {
        self.name.escape_debug().to_string()
    }

    /// Takes a partial copy nobody else writes to; nobody goes on with it either.
    fn keep_apart(&mut self) {
        self.partial = format!("{}.{}.partial", self.name, std::process::id());
        self.apart = true;
    }

    /// Keeps others out of the file's places, whose directory is made if need be, until the lock is dropped. Where the
    /// file system keeps no locks the partial copy is this process's own.
    pub(super) fn lock(&mut self, progress: &dyn Progress) -> Result<Lock, Error> {
        let directory =
            Directory::make_at(&self.cache).map_err(|error| refused(&self.cache, error))?;
        let (name, work) = (self.lock_name(), format!("fetching {}", self.shown()));
        let lock = Lock::take(&directory, &name, &work, After::Removed, progress);
        let lock = lock.map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => Error::Interrupted,
            _ => refused(&directory.join(&name), error),
        })?;
        if !lock.is_held() {
            self.keep_apart();
        }
        Ok(lock)
    }

    fn lock_name(&self) -> String {
        format!("{}.lock", self.name)
    }

    /// The places, where there is a cache.
    pub(super) fn open(&self) -> Result<Option<Room<'_>>, Error> {
        let opened = Directory::at(&self.cache).map_err(|error| refused(&self.cache, error))?;
        Ok(opened.map(|directory| Room { entry: self, directory }))
    }

    /// The places; the cache is made if need be.
    pub(super) fn make(&self) -> Result<Room<'_>, Error> {
        let made = Directory::make_at(&self.cache).map_err(|error| refused(&self.cache, error))?;
        Ok(Room { entry: self, directory: made })
    }

    /// Where the whole copy stands.
    pub(super) fn whole(&self) -> PathBuf {
        self.cache.join(&self.name)
    }
}

impl Room<'_> {
    /// Hands on the kept copy when it is still the one wanted, and removes it when it is not. A person may keep a link to
    /// a copy elsewhere: only the link is removed then.
    pub(super) fn reuse(
        &self,
        expected: Sha256,
        outlet: &mut Outlet<'_>,
    ) -> Result<Option<Downloaded>, Error> {
        let path = self.entry.whole();
        let opened = disk::open(&path).map_err(|error| refused(&path, error))?;
        let Some(mut file) = opened else {
            return self.evict(&self.entry.name).map(|()| None);
        };
        let read = outlet.pour(&mut file)?;
        if read.is_ok() && outlet.digest() == expected {
            let size = outlet.position();
            // Of whoever died when it was whole; one that cannot be removed harms nobody.
            Lock::sweep(&self.directory, self.entry.lock_name()).unwrap_or_default();
            return Ok(Some(Downloaded { path, sha256: expected, size, from: None }));
        }
        let name = self.entry.shown();
        outlet.progress().note(&format!("the kept copy of {name} is damaged: fetching it again"));
        self.evict(&self.entry.name)?;
        outlet.restart()?;
        Ok(None)
    }

    /// The partial copy, to read and to write. What stands there and is no regular file of one name is replaced.
    fn partial(&self) -> Result<File, Error> {
        let opened = self.directory.open_own(&self.entry.partial, Privacy::Shared);
        opened.map_err(|error| refused(&self.directory.join(&self.entry.partial), error))
    }

    fn evict(&self, name: &str) -> Result<(), Error> {
        self.directory.unlink(name).map_err(|error| refused(&self.directory.join(name), error))
    }
}

/// The disk's refusal, without the path that it names: the variant does.
pub(super) fn refused(path: &Path, error: io::Error) -> Error {
    let source = disk::number(&error).map_or(error, io::Error::from_raw_os_error);
    Error::Cache { path: path.to_path_buf(), source }
}

/// Whether to go on with what an earlier run left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Earlier {
    Continue,
    Discard,
}

/// A file being written, always as long as what its outlet has taken.
pub(super) struct Partial<'e> {
    room: Room<'e>,
    file: File,
}

impl<'e> Partial<'e> {
    /// Opens it, and lets the outlet take what is there.
    pub(super) fn open(
        room: Room<'e>,
        earlier: Earlier,
        outlet: &mut Outlet<'_>,
    ) -> Result<Self, Error> {
        let file = room.partial()?;
        let mut partial = Self { room, file };
        let read = match earlier {
            Earlier::Continue => outlet.pour(&mut partial.file)?,
            Earlier::Discard => Ok(()),
        };
        if read.is_err() || earlier == Earlier::Discard {
            partial.discard(outlet)?;
        }
        Ok(partial)
    }

    /// Writes the bytes, then hands them on.
    pub(super) fn take(&mut self, bytes: &[u8], outlet: &mut Outlet<'_>) -> Result<(), Error> {
        outlet.go_on()?;
        // The disk first: the rest is asked for from where the outlet is, and what the file lacked would be a hole in it.
        if let Err(error) = self.file.write_all(bytes) {
            let full = matches!(
                error.kind(),
                io::ErrorKind::StorageFull
                    | io::ErrorKind::QuotaExceeded
                    | io::ErrorKind::FileTooLarge
            );
            if full {
                // Others need the space more than the next try does.
                self.remove()?;
            }
            return Err(refused(self.file.path(), error));
        }
        outlet.take(bytes)
    }

    /// The bytes so far were wrong.
    pub(super) fn discard(&mut self, outlet: &mut Outlet<'_>) -> Result<(), Error> {
        let emptied = self.file.set_len(0).and_then(|()| self.file.seek(SeekFrom::Start(0)));
        emptied.map_err(|error| refused(self.file.path(), error))?;
        outlet.restart()
    }

    /// The bytes are those wanted: they get the name.
    pub(super) fn publish(&self) -> Result<(), Error> {
        let Room { entry, directory } = &self.room;
        let renamed = directory.rename(&entry.partial, directory, &entry.name);
        renamed.map_err(|error| refused(&directory.join(&entry.name), error))
    }

    /// Nobody will go on with it.
    pub(super) fn remove(&self) -> Result<(), Error> {
        self.room.evict(&self.room.entry.partial)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_have_a_place_in_the_cache() {
        for name in ["", ".", "..", "a/b", "/a", "../a", "a\\b", "a\0b", "a/"] {
            assert!(Entry::new(Path::new("/cache"), name).is_err(), "{name:?}");
        }
        let entry = Entry::new(Path::new("/cache"), "a+b.tar.gz").unwrap();
        assert_eq!(entry.whole(), Path::new("/cache/a+b.tar.gz"));
    }

    #[test]
    fn a_download_kept_apart_has_a_partial_file_of_its_own() {
        let mut entry = Entry::new(Path::new("/cache"), "a.tar.gz").unwrap();
        let shared = entry.partial.clone();
        entry.keep_apart();
        assert_ne!(entry.partial, shared);
        assert!(entry.partial.starts_with("a.tar.gz") && entry.partial.ends_with(".partial"));
    }

    #[test]
    fn refusals_keep_their_kind() {
        let error = fs_err::remove_dir("/proc/self/none").unwrap_err();
        let Error::Cache { source, .. } = refused(Path::new("/x"), error) else { panic!() };
        assert_eq!(source.kind(), io::ErrorKind::NotFound);
        assert!(!source.to_string().contains("/proc"), "{source}");
    }
}
