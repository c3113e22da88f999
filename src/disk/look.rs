//! Looking: what stands at a path, or what it leads to, asked without opening it.

use std::io;
use std::path::Path;

use super::absent::present;
use super::entry::{Entry, Found};
use super::opened::Directory;
use super::system;

impl Found {
    /// Whether it belongs to the account that this process acts for.
    pub fn is_own(&self) -> bool {
        self.owner == system::account()
    }

    /// Whether it is another account's than `made`, which this process made in the same place, and not ours to change: root
    /// may. Compared with that, as there are disks that give whatever is made to one account.
    pub fn is_anothers(&self, made: &Self) -> bool {
        self.owner != made.owner && system::account() != 0
    }

    /// Whether it belongs to an account that is neither root nor this process's, which is not root's.
    pub fn is_strangers(&self) -> bool {
        self.stranger().is_some() && system::account() != 0
    }

    /// The user it belongs to, when that is neither root nor the account that this process acts for.
    pub fn stranger(&self) -> Option<u32> {
        (self.owner != 0 && !self.is_own()).then_some(self.owner)
    }
}

/// What stands at a path, no link followed; `None` when nothing does.
pub(crate) fn look(path: &Path) -> io::Result<Option<Found>> {
    Ok(present(fs_err::symlink_metadata(path))?.as_ref().map(system::found))
}

/// What a path leads to, links followed; `None` when that is nothing.
pub(crate) fn follow(path: &Path) -> io::Result<Option<Found>> {
    Ok(present(fs_err::metadata(path))?.as_ref().map(system::found))
}

/// What was found; nothing where this user may not look.
pub(crate) fn permitted<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(None),
        found => found.map(Some),
    }
}

/// Whether a path leads to a directory that we can see.
pub(crate) fn is_directory(path: &Path) -> bool {
    follow(path).is_ok_and(|found| found.is_some_and(|found| found.is_directory()))
}

/// Whether a path leads to a regular file that we can see.
pub(crate) fn is_file(path: &Path) -> bool {
    follow(path).is_ok_and(|found| found.is_some_and(|found| found.is_file()))
}

/// The names in the directory that a path leads to, in the system's order; none where there is no directory.
pub(crate) fn entries(directory: &Path) -> io::Result<Vec<Entry>> {
    match Directory::open(directory) {
        Ok(directory) => directory.entries(),
        Err(error) if system::leads_nowhere(&error) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
