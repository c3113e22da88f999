//! A file's places in the cache: the whole copy, the partial one, the lock. Nothing unverified bears its name.

use std::ffi::OsStr;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::fetch::digest::Sha256;
use crate::fetch::download::Downloaded;
use crate::fetch::error::Error;
use crate::fetch::outlet::Outlet;
use crate::world;

/// Where a file stands in the cache, and what stands beside it while it is fetched.
pub(super) struct Entry {
    pub(super) whole: PathBuf,
    pub(super) partial: PathBuf,
    pub(super) lock: PathBuf,
    /// Whether the partial copy is this process's own, because no lock could be had.
    pub(super) apart: bool,
}

impl Entry {
    pub(super) fn new(cache: &Path, name: &str) -> Result<Self, Error> {
        let mut parts = Path::new(name).components();
        let plain = matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None));
        if !plain || name.contains(['/', '\\', '\0']) {
            return Err(Error::FileName(name.chars().take(200).collect()));
        }
        let beside = |suffix: &str| cache.join(format!("{name}.{suffix}"));
        let (partial, lock) = (beside("partial"), beside("lock"));
        Ok(Self { whole: cache.join(name), partial, lock, apart: false })
    }

    /// Takes a partial copy nobody else writes to; nobody goes on with it either.
    pub(super) fn keep_apart(&mut self) {
        self.partial.set_extension(format!("{}.partial", std::process::id()));
        self.apart = true;
    }

    pub(super) fn make_room(&self) -> Result<(), Error> {
        let cache = self.whole.parent().unwrap_or(&self.whole);
        fs_err::create_dir_all(cache).map_err(|source| refused(cache, source))
    }

    /// Hands on the kept copy when it is still the one wanted, and removes it when it is not.
    pub(super) fn reuse(
        &self,
        expected: Sha256,
        outlet: &mut Outlet<'_>,
    ) -> Result<Option<Downloaded>, Error> {
        match fs_err::metadata(&self.whole) {
            Ok(found) if found.is_file() => {}
            Ok(_) => return evict(&self.whole).map(|()| None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(refused(&self.whole, error)),
        }
        let mut file =
            fs_err::File::open(&self.whole).map_err(|error| refused(&self.whole, error))?;
        let read = outlet.pour(&mut file)?;
        if read.is_ok() && outlet.digest() == expected {
            let size = outlet.position();
            return Ok(Some(Downloaded {
                path: self.whole.clone(),
                sha256: expected,
                size,
                from: None,
            }));
        }
        outlet
            .progress()
            .note(&format!("the kept copy of {} is damaged: fetching it again", self.name()));
        evict(&self.whole)?;
        outlet.restart()?;
        Ok(None)
    }

    /// The file's name, for people.
    pub(super) fn name(&self) -> String {
        let name = self.whole.file_name().unwrap_or_default();
        name.display().to_string().escape_debug().to_string()
    }
}

/// Whether a file of this name in the cache is what a download needs beside it, not a download.
pub fn is_unfinished(name: &OsStr) -> bool {
    let extension = Path::new(name).extension();
    extension.is_some_and(|extension| extension == "partial" || extension == "lock")
}

/// Removes what stands there unless it is a regular file: nothing is ever written through a link.
pub(super) fn clear_way(path: &Path) -> Result<(), Error> {
    match fs_err::symlink_metadata(path) {
        Ok(found) if found.is_file() => Ok(()),
        Ok(_) => evict(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(refused(path, error)),
    }
}

pub(super) fn evict(path: &Path) -> Result<(), Error> {
    match fs_err::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(refused(path, error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The disk's refusal, without the path that `fs_err` adds: the variant names it.
pub(super) fn refused(path: &Path, error: io::Error) -> Error {
    let source = world::number(&error).map_or(error, io::Error::from_raw_os_error);
    Error::Cache { path: path.to_path_buf(), source }
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
        assert_eq!(entry.partial, Path::new("/cache/a+b.tar.gz.partial"));
    }

    #[test]
    fn what_stands_beside_a_download_is_told_from_it() {
        let mut entry = Entry::new(Path::new("/cache"), "a.tar.gz").unwrap();
        let unfinished = |path: &Path| is_unfinished(path.file_name().unwrap());
        assert!(!unfinished(&entry.whole));
        assert!(unfinished(&entry.partial) && unfinished(&entry.lock));

        let shared = entry.partial.clone();
        entry.keep_apart();
        assert_ne!(entry.partial, shared);
        assert!(unfinished(&entry.partial));
    }

    #[test]
    fn refusals_keep_their_kind() {
        let error = fs_err::remove_dir("/proc/self/none").unwrap_err();
        let Error::Cache { source, .. } = refused(Path::new("/x"), error) else { panic!() };
        assert_eq!(source.kind(), io::ErrorKind::NotFound);
        assert!(!source.to_string().contains("/proc"), "{source}");
    }
}
