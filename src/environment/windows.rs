//! Links, copies and renames as Windows has them; where an environment keeps what.

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The directory of an environment's commands.
pub(super) const COMMANDS: &str = "Scripts";

/// Whether this is still the same file.
pub(super) fn stamp(metadata: &Metadata) -> String {
    format!("{} {}", metadata.len(), changed(metadata))
}

/// Which file this is: by its making, as nothing better is stable.
pub(super) fn identity(metadata: &Metadata) -> Option<SystemTime> {
    metadata.created().map_or(None, Some)
}

/// Volumes mounted in directories are not looked for.
#[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
pub(super) fn is_mounted(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Whether this process stands in the directory: such a one cannot be renamed.
pub(super) fn is_here(directory: &Path) -> bool {
    let canonical = |path: &Path| fs_err::canonicalize(path);
    matches!((canonical(directory), canonical(Path::new("."))), (Ok(one), Ok(other)) if one == other)
}

/// Nanoseconds of the last change, since 1970.
pub(super) fn changed(metadata: &Metadata) -> i128 {
    let since = metadata.modified().map(|time| time.duration_since(SystemTime::UNIX_EPOCH));
    match since {
        Ok(Ok(since)) => i128::try_from(since.as_nanos()).unwrap_or_default(),
        Ok(Err(_)) | Err(_) => 0,
    }
}

/// Makes a link to a directory.
pub(super) fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_dir(target, link)
}

/// This system exchanges nothing at one stroke.
#[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
pub(super) fn exchange(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Writes a new file.
pub(super) fn write_new(path: &Path, _: u32, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    fs_err::OpenOptions::new().write(true).create_new(true).open(path)?.write_all(bytes)
}

/// A directory.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

/// Ways to have a file twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Its blocks: no file system here that is usual has them.
    Reflink,
    /// The file itself.
    HardLink,
    /// Its bytes.
    Copy,
}

impl Folder {
    /// Names a directory.
    #[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(path.to_owned()))
    }

    /// Makes a directory in it.
    pub(super) fn make(&self, name: &Path) -> io::Result<()> {
        fs_err::create_dir(self.0.join(name))
    }

    /// Size and last change of a file in it.
    pub(super) fn stat(&self, name: &Path) -> io::Result<(u64, i128)> {
        let metadata = fs_err::symlink_metadata(self.0.join(name))?;
        Ok((metadata.len(), changed(&metadata)))
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
            return Err(io::Error::from(io::ErrorKind::Unsupported));
        };
        let (source, target) = (from.0.join(name), self.0.join(name));
        match way {
            Way::Reflink => self.take(from, name, others),
            Way::HardLink => match fs_err::hard_link(&source, &target) {
                Ok(()) => Ok(ways),
                Err(_) => self.take(from, name, others),
            },
            Way::Copy => fs_err::copy(source, target).map(|_| ways),
        }
    }

    /// Links `name` in this directory to `target`.
    pub(super) fn link(&self, target: &Path, name: &Path) -> io::Result<()> {
        std::os::windows::fs::symlink_file(target, self.0.join(name))
    }
}
