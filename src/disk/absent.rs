//! What an error of the system says: that there is nothing, that a link stands where none may, that it cannot be done here.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A link where a directory or file of ours belongs.
#[derive(Debug)]
struct Linked(PathBuf);

impl fmt::Display for Linked {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} is a link: pyman writes and removes nothing through one", self.0.display())
    }
}

impl Error for Linked {}

/// What could not be done to a path, and what the system said.
#[derive(Debug)]
struct Failed {
    act: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl fmt::Display for Failed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "cannot {} `{}'", self.act, self.path.display())
    }
}

impl Error for Failed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}

/// What belongs to another account, and is not replaced or removed.
#[derive(Debug)]
struct Anothers {
    path: PathBuf,
    owner: u32,
}

impl fmt::Display for Anothers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, owner } = self;
        write!(
            out,
            "`{}' belongs to user {owner}, who alone replaces or removes it",
            path.display()
        )
    }
}

impl Error for Anothers {}

/// The error of what belongs to another account: of the kind that a system gives which asks for permission itself.
pub(crate) fn anothers(path: &Path, owner: u32) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, Anothers { path: path.to_owned(), owner })
}

/// Whether the error says that something belongs to another account.
pub(crate) fn is_anothers(error: &io::Error) -> bool {
    error.get_ref().is_some_and(<dyn Error + Send + Sync>::is::<Anothers>)
}

/// The error, naming the path and what was to be done to it.
pub(crate) fn failed(act: &'static str, path: &Path, source: io::Error) -> io::Error {
    io::Error::new(source.kind(), Failed { act, path: path.to_owned(), source })
}

/// The error of a link that stands where a directory or file of ours belongs.
pub(crate) fn refused_link(path: &Path) -> io::Error {
    io::Error::new(io::ErrorKind::NotADirectory, Linked(path.to_owned()))
}

/// The link that stands where a directory or file of ours belongs, when that is the error.
pub(crate) fn linked(error: &io::Error) -> Option<&Path> {
    error.get_ref()?.downcast_ref::<Linked>().map(|linked| linked.0.as_path())
}

/// Whether the error is that of a link where a directory or file of ours belongs.
pub(crate) fn is_linked(error: &io::Error) -> bool {
    linked(error).is_some()
}

/// Whether the error says no more than that there is nothing there; links in a circle lead to nothing, too.
pub(crate) fn absent(error: &io::Error) -> bool {
    !is_linked(error)
        && (matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
            || number(error) == Some(system::ENDLESS))
}

/// The system's number, also of an error that was wrapped to name its path.
pub(crate) fn number(error: &io::Error) -> Option<i32> {
    let inner = error.get_ref().and_then(|wrapped| wrapped.source()?.downcast_ref::<io::Error>());
    inner.unwrap_or(error).raw_os_error()
}

/// Whether the error says that this file system, or its server, keeps no locks.
pub(crate) fn has_no_locks(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::Unsupported || is_one_of(error, system::NO_LOCKS)
}

/// Whether the error says that there is no room.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Whether the error says that no link of this sort can be made here: another way has to be taken.
pub(crate) fn cannot_link(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::CrossesDevices)
        || is_one_of(error, system::NO_LINKS)
}

fn is_one_of(error: &io::Error, numbers: &[i32]) -> bool {
    number(error).is_some_and(|number| numbers.contains(&number))
}

/// `None` for what is not there.
pub(super) fn present<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What POSIX's errors mean, by their numbers.
#[cfg(unix)]
mod system {
    use rustix::io::Errno;

    /// A link that leads round in a circle.
    pub(super) const ENDLESS: i32 = Errno::LOOP.raw_os_error();

    /// This file system, or its server, keeps no locks; EPERM is what a sandbox says that forbids them.
    pub(super) const NO_LOCKS: &[i32] = &[
        Errno::PERM.raw_os_error(),
        Errno::NOLCK.raw_os_error(),
        Errno::NOSYS.raw_os_error(),
        Errno::OPNOTSUPP.raw_os_error(),
        Errno::NOTSUP.raw_os_error(),
    ];

    /// No link of this sort can be made here.
    // EPERM: a file system without hard links (FAT), or one to another's file (protected_hardlinks); EMLINK: it has as many
    // names as it can have; EINVAL, ENOTTY: a file system that cannot share blocks.
    pub(super) const NO_LINKS: &[i32] = &[
        Errno::NOTSUP.raw_os_error(),
        Errno::OPNOTSUPP.raw_os_error(),
        Errno::XDEV.raw_os_error(),
        Errno::INVAL.raw_os_error(),
        Errno::NOTTY.raw_os_error(),
        Errno::NOSYS.raw_os_error(),
        Errno::PERM.raw_os_error(),
        Errno::MLINK.raw_os_error(),
    ];
}

/// What Windows' errors mean, by their numbers.
#[cfg(windows)]
mod system {
    /// A link that leads round in a circle (`ERROR_CANT_RESOLVE_FILENAME`).
    pub(super) const ENDLESS: i32 = 1921;

    /// Every file system has locks.
    pub(super) const NO_LOCKS: &[i32] = &[];

    /// Links that may not be made (`ERROR_PRIVILEGE_NOT_HELD`), or not here (`ERROR_INVALID_FUNCTION`).
    pub(super) const NO_LINKS: &[i32] = &[1314, 1];
}
