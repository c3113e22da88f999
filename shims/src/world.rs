//! What the resolver may ask of the machine: one small trait, so that every rule is a table test.
//!
//! Three implement it: the shim program over system calls, the manager over std, and
//! [`Memory`](crate::Memory) for tests. Paths are bytes (on Windows std's encoded bytes), `/` works everywhere.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

use crate::platform::REASONS;

/// The machine as the resolver sees it; nothing in here changes it, blocks or waits.
pub trait World {
    /// The first `limit` bytes of a regular file, links followed. None when nothing is there, or what is
    /// there is no regular file (a FIFO, a device, a directory: opened without blocking, never read).
    fn read(&self, path: &[u8], limit: usize) -> Result<Option<Vec<u8>>, Fault>;

    /// The names in a directory but `.` and `..`, in no order. A directory that is not there has none.
    fn list(&self, directory: &[u8]) -> Result<Vec<Vec<u8>>, Fault>;

    /// A variable exactly as the process has it; ask [`World::variable`] instead.
    fn raw_variable(&self, name: &[u8]) -> Option<Cow<'_, [u8]>>;

    /// A regular file, links followed, that this process may execute.
    fn executable(&self, path: &[u8]) -> Option<File>;

    /// Which directory this is, links followed; none when it is no directory.
    fn directory(&self, path: &[u8]) -> Option<FileId>;

    /// The path with every link resolved.
    fn canonical(&self, path: &[u8]) -> Option<Vec<u8>>;

    /// The working directory as the kernel names it; none when it was deleted.
    fn working_directory(&self) -> Option<Vec<u8>>;

    /// The id of this process, which an exec keeps.
    fn process(&self) -> u32;

    /// Whether the file or directory belongs to the user this process acts for.
    fn owned(&self, path: &[u8]) -> bool;

    /// A variable's value. An empty variable, here and everywhere, is an unset one.
    fn variable(&self, name: &[u8]) -> Option<Cow<'_, [u8]>> {
        self.raw_variable(name).filter(|value| !value.is_empty())
    }

    /// Whether somebody wants to know how it is decided: `PYMAN_DEBUG`, unless it says no, or the launcher's
    /// `PYLAUNCHER_DEBUG`, whatever it says.
    fn is_debugged(&self) -> bool {
        self.variable(b"PYMAN_DEBUG").is_some_and(|value| is_yes(&value))
            || self.variable(b"PYLAUNCHER_DEBUG").is_some()
    }

    /// Whether this is a directory, or a link to one.
    fn is_directory(&self, path: &[u8]) -> bool {
        self.directory(path).is_some()
    }

    /// Whether this is a regular file that this process may execute.
    fn is_executable(&self, path: &[u8]) -> bool {
        self.executable(path).is_some()
    }
}

/// Whether a setting that is there is meant.
pub(crate) fn is_yes(value: &[u8]) -> bool {
    !["0", "no", "false", "off"].iter().any(|no| value.eq_ignore_ascii_case(no.as_bytes()))
}

/// Which file this is, whatever it is called: hard links and bind mounts share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileId {
    /// The file system.
    pub device: u64,
    /// The file on it.
    pub inode: u64,
}

/// A regular file that could be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File {
    /// Which one.
    pub id: FileId,
    /// In bytes.
    pub size: u64,
}

/// The system's error number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault(pub i32);

/// In the system's words where they are known, else by its number.
impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(number) = self;
        match REASONS.into_iter().find(|(known, _)| known == number) {
            Some((_, reason)) => formatter.write_str(reason),
            None => write!(formatter, "error {number}"),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn a_reason_is_told_in_words_where_it_has_some() {
        assert_eq!(Fault(13).to_string(), "Permission denied");
        assert_eq!(Fault(121).to_string(), "error 121");
    }
}
