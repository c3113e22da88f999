//! A directory held open: what is in it is reached without walking its path again, and never through a link.
//!
//! What leads to a root, to `$WORKON_HOME` or to a project may be links: they are resolved once, by [`Directory::open`].
//! From there down [`Directory::below`] and [`Directory::make_below`] refuse them.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use super::absent::{failed, present, refused_link};
use super::entry::{Entry, Found, Kind};
use super::opened::{Directory, Privacy};
use super::{File, system};

impl Directory {
    /// Opens the directory that `path` leads to, links followed; an error when there is none.
    pub fn open(path: &Path) -> io::Result<Self> {
        let handle = system::open_directory(path).map_err(|error| failed("open", path, error))?;
        Ok(Self { handle, path: path.to_owned() })
    }

    /// Opens the directory that `path` leads to, links followed; it and those above it are made if need be.
    pub fn make(path: &Path) -> io::Result<Self> {
        match Self::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                system::make_directories(path)?;
                Self::open(path)
            }
            result => result,
        }
    }

    /// Opens a directory of ours at a path: what leads to it may be links, itself it is none. `None` when nothing is
    /// there.
    pub fn at(path: &Path) -> io::Result<Option<Self>> {
        // `/' and `..' have no name of their own, and so no link to refuse.
        let Some((folder, name)) = split(path) else { return Self::open(path).map(Some) };
        match present(Self::open(folder))? {
            Some(folder) => folder.below(name),
            None => Ok(None),
        }
    }

    /// Opens a directory of ours at a path, as [`Directory::at`]; it and those above it are made if need be.
    pub fn make_at(path: &Path) -> io::Result<Self> {
        let Some((folder, name)) = split(path) else { return Self::make(path) };
        Self::make(folder)?.make_below(name)
    }

    /// Opens a directory in this one; `None` when nothing is there, an error when that is a link or no directory.
    pub fn below(&self, name: impl AsRef<Path>) -> io::Result<Option<Self>> {
        let path = self.path.join(name.as_ref());
        loop {
            match present(system::open_below(self, name.as_ref())) {
                Ok(Some(handle)) => return Ok(Some(Self { handle, path })),
                // A link is refused in the words for a file (ENOTDIR; ELOOP on macOS): which it is, a look tells.
                Ok(None) => match self.look(name.as_ref())? {
                    None => return Ok(None),
                    Some(found) if found.is_link() => return Err(refused_link(&path)),
                    // Made by another while we looked.
                    Some(found) if found.is_directory() => {}
                    Some(_) => {
                        return Err(failed("open", &path, io::ErrorKind::NotADirectory.into()));
                    }
                },
                Err(error) => return Err(failed("open", &path, error)),
            }
        }
    }

    /// Opens a directory in this one, made if need be; an error when a link or no directory stands there.
    pub fn make_below(&self, name: impl AsRef<Path>) -> io::Result<Self> {
        let name = name.as_ref();
        // Twice: what was there may have been swept between looking and opening.
        for _ in 0..2 {
            if let Some(directory) = self.below(name)? {
                return Ok(directory);
            }
            match self.make_directory(name, Privacy::Program) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        let path = self.path.join(name);
        self.below(name)?.ok_or_else(|| failed("open", &path, io::ErrorKind::NotFound.into()))
    }

    /// Opens the directory at a path of names in it, as [`Directory::make_below`].
    pub fn make_within(&self, path: &Path) -> io::Result<Self> {
        let mut reached = self.try_clone()?;
        for name in path {
            reached = reached.make_below(name)?;
        }
        Ok(reached)
    }

    /// Another handle of it.
    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(Self { handle: system::clone(&self.handle)?, path: self.path.clone() })
    }

    /// What the directory itself is.
    pub fn found(&self) -> io::Result<Found> {
        system::found_handle(self).map_err(|error| failed("look at", &self.path, error))
    }

    /// What stands under a name, no link followed.
    pub fn look(&self, name: impl AsRef<Path>) -> io::Result<Option<Found>> {
        let name = name.as_ref();
        let found = present(system::look_at(self, name));
        found.map_err(|error| failed("look at", &self.join(name), error))
    }

    /// The names in it, in the system's order.
    pub fn entries(&self) -> io::Result<Vec<Entry>> {
        system::entries(self).map_err(|error| failed("read", &self.path, error))
    }

    /// A regular file in it, no link followed; `None` when there is none.
    pub fn open_file(&self, name: impl AsRef<Path>) -> io::Result<Option<File>> {
        let path = self.join(name.as_ref());
        let opened = present(system::open_file(self, name.as_ref()));
        let opened = opened.map_err(|error| failed("open", &path, error))?;
        Ok(opened.flatten().map(|file| File::from_parts(file, path)))
    }

    /// The bytes of a regular file in it, no link followed; `None` when there is none.
    pub fn read(&self, name: impl AsRef<Path>) -> io::Result<Option<Vec<u8>>> {
        use io::Read as _;
        let Some(mut file) = self.open_file(name)? else { return Ok(None) };
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// A new file in it; an error when the name is taken, be it by a link.
    pub fn create(&self, name: impl AsRef<Path>, privacy: Privacy) -> io::Result<File> {
        self.create_as(name, privacy.mode())
    }

    /// A new file in it with this mode, less the umask, 0755 at most.
    pub fn create_as(&self, name: impl AsRef<Path>, mode: u32) -> io::Result<File> {
        let path = self.join(name.as_ref());
        match system::create(self, name.as_ref(), mode & 0o755) {
            Ok(file) => Ok(File::from_parts(file, path)),
            Err(error) => Err(failed("make", &path, error)),
        }
    }

    /// A new file of these bytes in it; an error when the name is taken.
    pub fn write_new(
        &self,
        name: impl AsRef<Path>,
        bytes: &[u8],
        privacy: Privacy,
    ) -> io::Result<()> {
        use io::Write as _;
        self.create(name, privacy)?.write_all(bytes)
    }

    /// A file of ours in it, to read and to write, made if need be. What stands there and is no regular file, or has
    /// other names elsewhere, is replaced: nothing is ever written through it, and nothing waits for it.
    pub fn open_own(&self, name: impl AsRef<Path>, privacy: Privacy) -> io::Result<File> {
        let name = name.as_ref();
        let path = self.join(name);
        loop {
            match self.look(name)? {
                Some(found) if found.is_file() && found.names <= 1 => {
                    match system::open_to_write(self, name) {
                        Ok(file) => return Ok(File::from_parts(file, path)),
                        // Removed by another since it was looked at.
                        Err(error) if super::absent(&error) => {}
                        Err(error) => return Err(failed("open", &path, error)),
                    }
                }
                Some(_) => self.make_way(name)?,
                None => match self.create(name, privacy) {
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                    result => return result,
                },
            }
        }
    }

    /// A new directory in it.
    pub fn make_directory(&self, name: impl AsRef<Path>, privacy: Privacy) -> io::Result<()> {
        let mode = match privacy {
            Privacy::Shared | Privacy::Program | Privacy::Sealed => 0o755,
            Privacy::Secret => 0o700,
        };
        self.make_directory_as(name, mode)
    }

    /// A new directory in it with this mode, less the umask, 0755 at most.
    pub fn make_directory_as(&self, name: impl AsRef<Path>, mode: u32) -> io::Result<()> {
        let path = self.join(name.as_ref());
        system::make_directory(self, name.as_ref(), mode & 0o755)
            .map_err(|error| failed("make directory", &path, error))
    }

    /// A new symbolic link in it, or a junction where those are not to be had.
    pub fn link(&self, name: impl AsRef<Path>, target: &Path) -> io::Result<()> {
        let path = self.join(name.as_ref());
        system::link(self, name.as_ref(), target).map_err(|error| failed("make link", &path, error))
    }

    /// A new hard link in it to `from`'s file.
    pub fn hard_link(
        &self,
        name: impl AsRef<Path>,
        from: &Self,
        file: impl AsRef<Path>,
    ) -> io::Result<()> {
        let path = self.join(name.as_ref());
        system::hard_link(from, file.as_ref(), self, name.as_ref())
            .map_err(|error| failed("make link", &path, error))
    }

    /// Renames what is in it to a name in `to`, over what file, link or empty directory stands there.
    pub fn rename(
        &self,
        name: impl AsRef<Path>,
        to: &Self,
        new: impl AsRef<Path>,
    ) -> io::Result<()> {
        let path = self.join(name.as_ref());
        system::rename(self, name.as_ref(), to, new.as_ref())
            .map_err(|error| failed("rename", &path, error))
    }

    /// Sets the permissions of a file or directory in it, which is no link.
    pub fn set_mode(&self, name: impl AsRef<Path>, mode: u32) -> io::Result<()> {
        let path = self.join(name.as_ref());
        system::set_mode(self, name.as_ref(), mode)
            .map_err(|error| failed("set permissions of", &path, error))
    }

    /// Says of the directory itself that it last changed then.
    pub fn set_modified(&self, time: SystemTime) -> io::Result<()> {
        system::set_modified(self, time).map_err(|error| failed("date", &self.path, error))
    }

    /// Whether its entry of this name is a directory.
    pub fn has_directory(&self, name: impl AsRef<Path>) -> io::Result<bool> {
        Ok(self.look(name)?.is_some_and(|found| found.kind == Kind::Directory))
    }

    /// Whether another handle is of this same directory.
    pub fn is(&self, other: &Self) -> io::Result<bool> {
        Ok(self.found()?.identity == other.found()?.identity)
    }
}

/// The directory around what a path leads to, and its name there; none for `/` and for what ends in `..`.
fn split(path: &Path) -> Option<(&Path, &OsStr)> {
    let (folder, name) = (path.parent()?, path.file_name()?);
    // Around a name alone is the empty path, which no call takes.
    Some((if folder.as_os_str().is_empty() { Path::new(".") } else { folder }, name))
}

/// The same; an error for what has no name of its own, to which `act` was to be done.
pub(crate) fn parts<'p>(path: &'p Path, act: &'static str) -> io::Result<(&'p Path, &'p OsStr)> {
    split(path).ok_or_else(|| failed(act, path, io::ErrorKind::InvalidInput.into()))
}
