//! Links, copies and renames as a Unix kernel has them; where an environment keeps what.

use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use fs_err::File;
use fs_err::os::unix::fs::OpenOptionsExt as _;
use rustix::fs::{AtFlags, CWD, RenameFlags};
use rustix::io::Errno;

/// The directory of an environment's commands.
pub(super) const COMMANDS: &str = "bin";

/// Which file this is, and whether it is still the same.
pub(super) fn stamp(metadata: &Metadata) -> String {
    let (device, inode, size) = (metadata.dev(), metadata.ino(), metadata.size());
    format!("{device} {inode} {size} {}.{:09}", metadata.mtime(), metadata.mtime_nsec())
}

/// Which file this is.
pub(super) fn identity(metadata: &Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}

/// Whether a directory is on another file system than the one it stands in.
pub(super) fn is_mounted(directory: &Path, parent: &Path) -> io::Result<bool> {
    Ok(fs_err::metadata(directory)?.dev() != fs_err::metadata(parent)?.dev())
}

/// Whether this process stands in the directory.
pub(super) fn is_here(directory: &Path) -> bool {
    let identity = |path: &Path| fs_err::metadata(path).map(|metadata| identity(&metadata));
    matches!((identity(directory), identity(Path::new("."))), (Ok(one), Ok(other)) if one == other)
}

/// Nanoseconds of the last change, since 1970.
pub(super) fn changed(metadata: &Metadata) -> i128 {
    i128::from(metadata.mtime()) * 1_000_000_000 + i128::from(metadata.mtime_nsec())
}

/// Makes a link.
pub(super) fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    fs_err::os::unix::fs::symlink(target, link)
}

/// Exchanges two directories at one stroke; false when this system or file system cannot.
pub(super) fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    match rustix::fs::renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Writes a new file with these permissions, less the umask.
pub(super) fn write_new(path: &Path, mode: u32, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    let mut options = fs_err::OpenOptions::new();
    options.write(true).create_new(true).mode(mode);
    options.open(path)?.write_all(bytes)
}

/// A directory held open, so that what is in it is reached without walking its path again.
#[derive(Debug)]
pub(super) struct Folder(File);

/// Ways to have a file twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Its blocks, until one of the two is written to.
    Reflink,
    /// The file itself.
    HardLink,
    /// Its bytes.
    Copy,
}

impl Folder {
    /// Opens a directory.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        File::open(path).map(Self)
    }

    /// Makes a directory in it.
    pub(super) fn make(&self, name: &Path) -> io::Result<()> {
        rustix::fs::mkdirat(&self.0, name, 0o777.into()).map_err(|error| self.named(name, error))
    }

    /// Size and last change of a file in it.
    pub(super) fn stat(&self, name: &Path) -> io::Result<(u64, i128)> {
        let stat = rustix::fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)
            .map_err(|error| self.named(name, error))?;
        let size = u64::try_from(stat.st_size).unwrap_or_default();
        let nanoseconds = i128::from(stat.st_mtime_nsec);
        Ok((size, i128::from(stat.st_mtime) * 1_000_000_000 + nanoseconds))
    }

    /// Puts a file of `from` into this directory by the first of `ways` that works here; gives those that may
    /// still be tried for the next file.
    pub(super) fn take<'w>(
        &self,
        from: &Self,
        name: &Path,
        ways: &'w [Way],
    ) -> io::Result<&'w [Way]> {
        let Some((way, others)) = ways.split_first() else {
            return Err(self.named(name, Errno::NOTSUP));
        };
        let taken = match way {
            Way::Reflink => self.reflink(from, name),
            Way::HardLink => rustix::fs::linkat(&from.0, name, &self.0, name, AtFlags::empty()),
            Way::Copy => {
                let copied = self.copy(from, name).map(|()| ways);
                return copied.map_err(|error| named(self.0.path(), name, &error));
            }
        };
        match taken {
            Ok(()) => Ok(ways),
            Err(
                Errno::NOTSUP
                | Errno::XDEV
                | Errno::INVAL
                | Errno::NOTTY
                | Errno::NOSYS
                | Errno::PERM
                | Errno::MLINK,
            ) => match rustix::fs::unlinkat(&self.0, name, AtFlags::empty()) {
                Ok(()) | Err(Errno::NOENT) => self.take(from, name, others),
                Err(error) => Err(self.named(name, error)),
            },
            Err(error) => Err(self.named(name, error)),
        }
    }

    /// Links `name` in this directory to `target`.
    pub(super) fn link(&self, target: &Path, name: &Path) -> io::Result<()> {
        rustix::fs::symlinkat(target, &self.0, name).map_err(|error| self.named(name, error))
    }

    fn named(&self, name: &Path, error: Errno) -> io::Error {
        named(self.0.path(), name, &error.into())
    }

    fn copy(&self, from: &Self, name: &Path) -> io::Result<()> {
        let (mut source, mut target) = self.both(from, name)?;
        io::copy(&mut source, &mut target)?;
        target.set_modified(source.metadata()?.modified()?)
    }

    fn reflink(&self, from: &Self, name: &Path) -> Result<(), Errno> {
        let (source, target) = self.both(from, name)?;
        rustix::fs::ioctl_ficlone(&target, &source)?;
        let stat = rustix::fs::fstat(&source)?;
        let time = rustix::fs::Timespec {
            tv_sec: stat.st_mtime,
            tv_nsec: stat.st_mtime_nsec.try_into().unwrap_or_default(),
        };
        let times = rustix::fs::Timestamps { last_access: time, last_modification: time };
        rustix::fs::futimens(&target, &times)
    }

    /// A file of `from`, and a new one of the same name and permissions.
    fn both(&self, from: &Self, name: &Path) -> Result<(std::fs::File, std::fs::File), Errno> {
        use rustix::fs::{Mode, OFlags};
        let source =
            rustix::fs::openat(&from.0, name, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
        let mode = Mode::from_raw_mode(rustix::fs::fstat(&source)?.st_mode);
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let target = rustix::fs::openat(&self.0, name, flags, mode)?;
        Ok((source.into(), target.into()))
    }
}

/// An error that says where.
fn named(directory: &Path, name: &Path, error: &io::Error) -> io::Error {
    let path = directory.join(name);
    io::Error::new(error.kind(), format!("cannot make `{}': {error}", path.display()))
}
