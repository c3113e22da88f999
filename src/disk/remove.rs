//! Removing: whatever stands under a name, links as links, absent is well.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use super::absent::{absent, failed};
use super::directory::parts;
use super::entry::Kind;
use super::{Directory, kernel, opened, system};

/// How many directories are held open at once; what lies deeper is brought up first.
const DEEPEST: usize = 100;

impl Directory {
    /// Removes what stands under a name, a directory with all that is in it. No link is followed; what is gone already
    /// is well, and directories made unwritable by their own permissions are no obstacle.
    pub fn remove(&self, name: impl AsRef<OsStr>) -> io::Result<()> {
        self.remove_until(name.as_ref(), &|| false)
    }

    /// The same, until `stop` says so: an error of kind `Interrupted`, and the rest stands.
    pub(super) fn remove_until(&self, name: &OsStr, stop: &dyn Fn() -> bool) -> io::Result<()> {
        match self.look(name)? {
            None => return Ok(()),
            Some(found) if !found.is_directory() => return self.unlink(name),
            Some(_) => {}
        }
        let Some(top) = self.open_up(name)? else { return Ok(()) };
        top.refuse_mount(self.found()?.identity.device)?;
        // What was brought up from below the deepest is cleared by another round.
        let device = top.found()?.identity.device;
        while !top.entries()?.is_empty() {
            clear(&Clearing { top: &top, device, stop }, &top, 0)?;
        }
        self.remove_empty(name).map(|_| ())
    }

    /// Removes a file or a link; what is gone already is well, a directory is an error.
    pub fn unlink(&self, name: impl AsRef<OsStr>) -> io::Result<()> {
        match system::unlink(self, Path::new(name.as_ref())) {
            Err(error) if !absent(&error) && !self.never_had(name.as_ref(), &error)? => {
                Err(failed("remove", &self.join(Path::new(name.as_ref())), error))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Removes a directory if nothing is in it; whether it is gone.
    pub fn remove_empty(&self, name: impl AsRef<OsStr>) -> io::Result<bool> {
        match system::remove_directory(self, Path::new(name.as_ref())) {
            Ok(()) => Ok(true),
            Err(error) if absent(&error) || self.never_had(name.as_ref(), &error)? => Ok(true),
            // Nor is one that something is mounted at.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::ResourceBusy
                ) =>
            {
                Ok(false)
            }
            Err(error) => Err(failed("remove", &self.join(Path::new(name.as_ref())), error)),
        }
    }

    /// Whether nothing was there to be removed: a file system that is read-only says first that it is.
    fn never_had(&self, name: &OsStr, error: &io::Error) -> io::Result<bool> {
        Ok(error.kind() == io::ErrorKind::ReadOnlyFilesystem && self.look(name)?.is_none())
    }

    /// Removes what stands where a file of ours is to: a file, a link, a device, an empty directory. One that holds something
    /// is an error: what is in it is somebody's.
    pub(crate) fn make_way(&self, name: impl AsRef<Path>) -> io::Result<()> {
        let name = name.as_ref();
        if !self.has_directory(name)? {
            return self.unlink(name);
        }
        if self.remove_empty(name)? {
            return Ok(());
        }
        Err(failed("write", &self.join(name), io::ErrorKind::IsADirectory.into()))
    }

    /// An error where another file system, or another part of this one, is mounted at the directory of this name or below it,
    /// however deep: what is there is on its own, and neither goes with what is around it nor moves with that. Asked before
    /// anything is done: the system says so only when the directory itself is to go, and then it is empty already.
    pub(crate) fn refuse_mounts(&self, name: &OsStr) -> io::Result<()> {
        if !self.has_directory(name)? {
            return Ok(());
        }
        let Some(tree) = self.below(name)? else { return Ok(()) };
        if tree.is_mount_in(self)? {
            return Err(mounted(tree.path()));
        }
        tree.mount()?.map_or(Ok(()), |point| Err(mounted(&point)))
    }

    /// Where that is; where the system does not say what is mounted, the names directly in it are looked at.
    pub(super) fn mount(&self) -> io::Result<Option<PathBuf>> {
        if let Some(point) = kernel::mounted_below(self) {
            return Ok(Some(point));
        }
        let device = self.found()?.identity.device;
        for entry in self.entries()?.iter().filter(|entry| entry.kind == Kind::Directory) {
            if self.look(&entry.name)?.is_some_and(|found| found.identity.device != device) {
                return Ok(Some(self.join(Path::new(&entry.name))));
            }
        }
        Ok(None)
    }

    /// An error where this directory is a mount point; `device` is that around it.
    fn refuse_mount(&self, device: u64) -> io::Result<()> {
        if self.is_mount(device)? { Err(mounted(self.path())) } else { Ok(()) }
    }

    /// Whether something is mounted at this directory, which stands in `folder`.
    pub(crate) fn is_mount_in(&self, folder: &Self) -> io::Result<bool> {
        self.is_mount(folder.found()?.identity.device)
    }

    fn is_mount(&self, device: u64) -> io::Result<bool> {
        Ok(kernel::is_mount_point(self)? || self.found()?.identity.device != device)
    }

    /// A directory in this one, given every right of its owner where it lacks one.
    pub(super) fn open_up(&self, name: &OsStr) -> io::Result<Option<Self>> {
        let Some(found) = self.look(name)? else { return Ok(None) };
        if found.mode & 0o700 != 0o700 && found.is_directory() {
            self.set_mode(name, found.mode & 0o777 | 0o700)?;
        }
        self.below(name)
    }
}

/// A tree that is removed.
struct Clearing<'a> {
    top: &'a Directory,
    /// Of the file system that it is on.
    device: u64,
    /// Whether to leave the rest.
    stop: &'a dyn Fn() -> bool,
}

/// Removes what is in a directory of the tree; what lies too deep is moved to its top.
fn clear(tree: &Clearing<'_>, directory: &Directory, depth: usize) -> io::Result<()> {
    for entry in directory.entries()? {
        if (tree.stop)() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        if entry.kind != Kind::Directory {
            directory.unlink(&entry.name)?;
        } else if depth == DEEPEST {
            directory.rename(&entry.name, tree.top, opened::temporary_name())?;
        } else if let Some(below) = directory.open_up(&entry.name)? {
            below.refuse_mount(tree.device)?;
            clear(tree, &below, depth + 1)?;
            directory.remove_empty(&entry.name)?;
        }
    }
    Ok(())
}

fn mounted(point: &Path) -> io::Error {
    let said = "another file system is mounted there: unmount it first";
    failed("remove", point, io::Error::new(io::ErrorKind::ResourceBusy, said))
}

/// Removes what stands at a path, as [`Directory::remove`]. The path to it may lead through links.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    in_folder(path, |folder, name| folder.remove(name))
}

/// Removes a file or a link, as [`Directory::unlink`]. The path to it may lead through links.
pub(crate) fn unlink(path: &Path) -> io::Result<()> {
    in_folder(path, |folder, name| folder.unlink(name))
}

fn in_folder(
    path: &Path,
    act: impl FnOnce(&Directory, &OsStr) -> io::Result<()>,
) -> io::Result<()> {
    let (folder, name) = parts(path, "remove")?;
    match Directory::open(folder) {
        Ok(folder) => act(&folder, name),
        Err(error) if absent(&error) => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_a_link_leads_to_stays() {
        let folder = tempfile::tempdir().unwrap();
        let canary = folder.path().join("canary");
        fs_err::create_dir_all(&canary).unwrap();
        fs_err::write(canary.join("file"), "precious").unwrap();
        let tree = folder.path().join("tree");
        fs_err::create_dir_all(tree.join("deep")).unwrap();
        for link in [tree.join("deep/link"), folder.path().join("itself")] {
            fs_err::os::unix::fs::symlink(&canary, link).unwrap();
        }
        remove(&tree).unwrap();
        remove(&folder.path().join("itself")).unwrap();
        remove(&folder.path().join("missing/below")).unwrap();
        assert_eq!(fs_err::read_to_string(canary.join("file")).unwrap(), "precious");
        assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn permissions_are_never_those_of_what_a_link_leads_to() {
        let folder = tempfile::tempdir().unwrap();
        let top = Directory::open(folder.path()).unwrap();
        let key = folder.path().join("key");
        fs_err::write(&key, "").unwrap();
        fs_err::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
        fs_err::os::unix::fs::symlink("key", folder.path().join("link")).unwrap();
        top.set_mode("link", 0o777).unwrap_err();
        assert_eq!(fs_err::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
        top.set_mode("key", 0o640).unwrap();
        assert_eq!(fs_err::metadata(&key).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn neither_depth_nor_permissions_keep_a_tree() {
        let folder = tempfile::tempdir().unwrap();
        let top = Directory::open(folder.path()).unwrap();
        let mut below = top.make_below("deep").unwrap();
        for _ in 0..600 {
            below = below.make_below("d").unwrap();
        }
        drop(below);
        fs_err::create_dir_all(folder.path().join("shut/below")).unwrap();
        let shut = folder.path().join("shut");
        fs_err::set_permissions(&shut, std::fs::Permissions::from_mode(0o500)).unwrap();
        for name in ["deep", "shut"] {
            top.remove(name).unwrap();
        }
        assert_eq!(top.entries().unwrap(), []);
    }
}
