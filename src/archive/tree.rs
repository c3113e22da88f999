//! The directory being filled: makes what was judged, and counts it.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::archive::error::{Error, Refusal};
use crate::archive::judge::{Action, Made};
use crate::archive::names::system::path;
use crate::archive::watch::Watch;
use crate::disk::{self, Directory, Privacy};

/// One write of a small file, few of a large one.
const BUFFER: usize = 128 * 1024;

/// What a directory is made with, less the umask.
const DIRECTORY: u32 = 0o755;

/// What an archive turned into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unpacked {
    /// Regular files made; a hard link counts as one.
    pub files: u64,
    /// Directories made, named in the archive or not.
    pub directories: u64,
    /// Symbolic links made.
    pub links: u64,
    /// The sum of the sizes of the regular files, in bytes.
    pub bytes: u64,
}

/// A tree below one directory, which nobody else writes to: what the judge let through leads through no link.
pub(super) struct Tree {
    root: Directory,
    buffer: Vec<u8>,
    made: Unpacked,
}

/// What a file is filled with.
pub(super) struct Contents<R> {
    /// The bytes; more than `size` of them is not read.
    pub(super) reader: R,
    /// How many there must be.
    pub(super) size: u64,
    /// When the file was last changed, in seconds since 1970.
    pub(super) modified: Option<u64>,
}

impl Tree {
    pub(super) fn open(root: &Path) -> Result<Self, Error> {
        let root = Directory::make(root).map_err(Error::Disk)?;
        Ok(Self { root, buffer: vec![0; BUFFER], made: Unpacked::default() })
    }

    /// The directory itself.
    pub(super) fn root(&self) -> &Directory {
        &self.root
    }

    pub(super) fn made(&self) -> Unpacked {
        self.made
    }

    /// Does what was judged. `entry` is the name to put into an error.
    pub(super) fn perform(
        &mut self,
        action: &Action,
        entry: &[u8],
        contents: Contents<impl Read>,
        watch: &Watch<'_>,
    ) -> Result<(), Error> {
        for directory in &action.parents {
            self.directory(directory, entry)?;
        }
        let clash = |error| taken(entry, error);
        match &action.made {
            Made::Nothing => {}
            Made::Directory { path, mode, fresh } => {
                if *fresh {
                    self.directory(path, entry)?;
                }
                self.set_mode(&path_of(path)?, *mode).map_err(Error::Disk)?;
            }
            Made::File { path, mode } => self.file(path, *mode, entry, contents, watch)?,
            Made::Symlink { path, target } => {
                self.root.link(path_of(path)?, &path_of(target)?).map_err(clash)?;
                self.made.links += 1;
            }
            Made::HardLink { path, original } => {
                let (original, path) = (path_of(original)?, path_of(path)?);
                self.root.hard_link(&path, &self.root, original).map_err(clash)?;
                let found = self.root.look(&path).map_err(Error::Disk)?;
                self.made.files += 1;
                self.made.bytes += found.map_or(0, |found| found.size);
            }
        }
        Ok(())
    }

    /// Takes from a directory what the archive does not give it; it stays ours to write in and to remove.
    fn set_mode(&self, directory: &Path, mode: u32) -> io::Result<()> {
        let mode = mode | 0o700;
        if mode & DIRECTORY == DIRECTORY {
            return Ok(());
        }
        match self.root.look(directory)? {
            Some(found) => self.root.set_mode(directory, found.mode & mode),
            None => Ok(()),
        }
    }

    fn directory(&mut self, relative: &[u8], entry: &[u8]) -> Result<(), Error> {
        let made = self.root.make_directory(path_of(relative)?, Privacy::Program);
        made.map_err(|error| taken(entry, error))?;
        self.made.directories += 1;
        Ok(())
    }

    fn file(
        &mut self,
        relative: &[u8],
        mode: u32,
        entry: &[u8],
        mut contents: Contents<impl Read>,
        watch: &Watch<'_>,
    ) -> Result<(), Error> {
        let created = self.root.create_as(path_of(relative)?, mode);
        let mut file = created.map_err(|error| taken(entry, error))?;
        let mut left = contents.size;
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(BUFFER);
            let chunk = self.buffer.get_mut(..most).unwrap_or_default();
            fill(&mut contents.reader, chunk).map_err(|error| watch.explain(&error))?;
            file.write_all(chunk).map_err(Error::Disk)?;
            left -= most as u64;
        }
        if let Some(time) = contents.modified.and_then(time) {
            let set = file.file().set_modified(time);
            set.map_err(|error| Error::Disk(disk::failed("write", file.path(), error)))?;
        }
        self.made.files += 1;
        self.made.bytes += contents.size;
        Ok(())
    }
}

fn path_of(bytes: &[u8]) -> Result<PathBuf, Error> {
    path(bytes).map_err(Error::Disk)
}

/// As `read_exact`, naming what is missing.
fn fill(reader: &mut impl Read, chunk: &mut [u8]) -> io::Result<()> {
    reader.read_exact(chunk).map_err(|error| {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            io::Error::new(error.kind(), "it ends inside a file")
        } else {
            error
        }
    })
}

/// A file system that holds two names for one (by case or by Unicode form) says that the second is taken.
fn taken(entry: &[u8], error: io::Error) -> Error {
    if error.kind() == io::ErrorKind::AlreadyExists {
        Error::refused(entry, Refusal::Duplicate)
    } else {
        Error::Disk(error)
    }
}

fn time(seconds: u64) -> Option<SystemTime> {
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}
