//! Write beside, then rename: whoever reads sees the old or the new, whole.
//!
//! What is written beside has a name of this process's own, and is locked by the kernel while it is written: what
//! nobody locks was left by a process that died, and the next that writes in the same directory sweeps it.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write as _};
use std::path::Path;

use super::absent::{absent, failed, has_no_locks};
use super::directory::parts;
use super::entry::Kind;
use super::opened::{BESIDE, temporary_name};
use super::{Directory, File, Found, Privacy, lock, system};

/// What all names begin with that stand for something unfinished.
const OURS: &str = ".pyman-";
/// How often a link is made anew that another process swept away under our hands.
const ATTEMPTS: usize = 64;

/// Whether it is a name that [`temporary_name`] gives, in whichever process. The process is not asked for: in another
/// container another one has its number.
fn is_given(name: &OsStr) -> bool {
    let number = |text: &str| {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty();
        plain && (text == "0" || !text.starts_with('0'))
    };
    let numbers = name.to_str().and_then(|name| name.strip_prefix(BESIDE)?.split_once('-'));
    numbers.is_some_and(|(process, count)| {
        // A process's number is a pid_t: 32 bits, signed.
        number(process) && number(count) && process.parse::<i32>().is_ok()
    })
}

/// What file systems make for themselves in their top directory, root's and shut.
const LOST: &str = "lost+found";

/// Whether something of this name is no version, no environment and nobody's: unfinished work of ours, or the file system's.
pub(crate) fn is_nobodys(name: &OsStr) -> bool {
    is_temporary(name) || name == LOST
}

/// Whether something of this name is unfinished work of ours, and stands for nothing.
pub(crate) fn is_temporary(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(OURS.as_bytes())
}

impl Directory {
    /// Puts a file of these bytes under a name, over what file or link stands there.
    pub fn replace(
        &self,
        name: impl AsRef<OsStr>,
        bytes: &[u8],
        privacy: Privacy,
    ) -> io::Result<()> {
        self.replace_by(name, privacy, |file| file.write_all(bytes))
    }

    /// Puts a file under a name that `fill` fills, over what file or link of our account stands there.
    pub fn replace_by(
        &self,
        name: impl AsRef<OsStr>,
        privacy: Privacy,
        fill: impl FnOnce(&mut File) -> io::Result<()>,
    ) -> io::Result<()> {
        let name = name.as_ref();
        let (beside, mut new) = self.create_beside(privacy)?;
        let done = self
            .clear_for(&beside, name)
            .and_then(|()| fill(&mut new))
            .and_then(|()| self.rename(&beside, self, name));
        // What failed first is what is told; what cannot be unlinked now the next writer sweeps.
        done.inspect_err(|_| self.unlink(&beside).unwrap_or_default())
    }

    /// The same over whosever file stands there: a person's, in a directory that people share.
    pub(super) fn replace_whosever(
        &self,
        name: &OsStr,
        privacy: Privacy,
        fill: impl FnOnce(&mut File) -> io::Result<()>,
    ) -> io::Result<()> {
        let (beside, mut new) = self.create_beside(privacy)?;
        let done = fill(&mut new).and_then(|()| self.rename(&beside, self, name));
        done.inspect_err(|_| self.unlink(&beside).unwrap_or_default())
    }

    /// Makes way for what was just made beside: an empty directory goes. An error where what stands under the name is another
    /// account's, or a directory that holds something: just what [`hindrance`](super::hindrance) tells before.
    fn clear_for(&self, beside: &OsStr, name: &OsStr) -> io::Result<()> {
        match self.look(name)? {
            // What root left is replaced, as whoever has the directory may.
            Some(found) if found.is_strangers() => match self.look(beside)? {
                Some(made) => self.refuse_anothers(name, &made),
                None => Ok(()),
            },
            Some(found) if found.is_directory() => self.make_way(name),
            Some(_) | None => Ok(()),
        }
    }

    /// What whatever this process makes here is.
    pub(super) fn made_here(&self) -> io::Result<Found> {
        let (beside, _file) = self.create_beside(Privacy::Secret)?;
        let found = self.look(&beside);
        self.unlink(&beside)?;
        found?.ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// A file of its own name, locked until it is dropped.
    fn create_beside(&self, privacy: Privacy) -> io::Result<(OsString, File)> {
        loop {
            let beside = temporary_name();
            match self.create(&beside, privacy) {
                Ok(file) => {
                    match lock::try_lock(&file) {
                        // Between making and locking, a sweep has taken it for a dead one's: it removes it.
                        Ok(false) => continue,
                        Err(error) if !has_no_locks(&error) => return Err(error),
                        Ok(true) | Err(_) => {}
                    }
                    // Or has removed it already.
                    if self.look(&beside)?.is_some() {
                        return Ok((beside, file));
                    }
                }
                // Left by a process that had our number: the next name counts on.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// A file without a name, gone when it is closed.
    pub fn nameless(&self) -> io::Result<File> {
        let (beside, file) = self.create_beside(Privacy::Secret)?;
        self.unlink(beside)?;
        Ok(file)
    }

    /// Makes a name lead to `target`, over what file or link stands there.
    pub fn point(&self, name: impl AsRef<OsStr>, target: &Path) -> io::Result<()> {
        self.put_over(name.as_ref(), |beside| self.link(beside, target))
    }

    /// Makes a name a hard link to a file of `from`, over what file or link stands there.
    pub fn point_hard(
        &self,
        name: impl AsRef<OsStr>,
        from: &Self,
        file: impl AsRef<Path>,
    ) -> io::Result<()> {
        self.put_over(name.as_ref(), |beside| self.hard_link(beside, from, file.as_ref()))
    }

    fn put_over(&self, name: &OsStr, make: impl Fn(&OsStr) -> io::Result<()>) -> io::Result<()> {
        let mut result = Ok(());
        for _ in 0..ATTEMPTS {
            let beside = temporary_name();
            match make(&beside) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                result => result?,
            }
            result = self.clear_for(&beside, name).and_then(|()| self.rename(&beside, self, name));
            match &result {
                // Two links to one file: the rename did nothing, and leaves both.
                Ok(()) => return self.unlink(&beside),
                Err(error) if absent(error) => {}
                Err(_) => self.unlink(&beside)?,
            }
        }
        result
    }

    /// Removes what writers that died left beside: files and links of our account whose names are just such as we give, and
    /// that nobody locks. Any other name is somebody's.
    ///
    /// A link cannot be locked, and lasts no longer than two calls: a living one's is removed now and then, and made anew.
    pub fn sweep_temporaries(&self) -> io::Result<()> {
        for entry in self.entries()? {
            if !is_given(&entry.name) {
                continue;
            }
            if !self.look(&entry.name)?.is_some_and(|found| found.is_own()) {
                continue;
            }
            match entry.kind {
                Kind::Link => self.unlink(&entry.name)?,
                Kind::File => {
                    // Its lock is held until it is gone: its maker may be just about to take it.
                    if let Some(_abandoned) = self.open_abandoned(&entry.name)? {
                        self.unlink(&entry.name)?;
                    }
                }
                Kind::Directory | Kind::Other => {}
            }
        }
        Ok(())
    }

    /// What a writer left beside that died, locked.
    fn open_abandoned(&self, name: &OsStr) -> io::Result<Option<File>> {
        let Some(file) = self.open_file(name)? else { return Ok(None) };
        match lock::try_lock(&file) {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            // Without locks nothing tells the living from the dead.
            Err(error) if has_no_locks(&error) => return Ok(None),
            Err(error) => return Err(error),
        }
        // Renamed to its goal since it was opened, it was given back whole.
        let standing = self.look(name)?.map(|found| found.identity);
        Ok((standing == Some(system::identity(&file)?)).then_some(file))
    }
}

/// Puts a file of these bytes at a path of ours, whose directory is made if need be.
pub(crate) fn replace(path: &Path, bytes: &[u8], privacy: Privacy) -> io::Result<()> {
    replace_by(path, privacy, |file| file.write_all(bytes))
}

/// Puts a file that `fill` fills at a path of ours, whose directory is made if need be.
pub(crate) fn replace_by(
    path: &Path,
    privacy: Privacy,
    fill: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    let (folder, name) = parts(path, "write")?;
    let folder = Directory::make(folder)?;
    folder.sweep_temporaries()?;
    folder.replace_by(name, privacy, fill)
}

/// A file of ours to write to the end of, made if need be; what stands there and is no regular file is replaced.
pub(crate) fn append(path: &Path) -> io::Result<File> {
    use io::Seek as _;
    let (folder, name) = parts(path, "write")?;
    let mut file = Directory::open(folder)?.open_own(name, Privacy::Shared)?;
    file.seek(io::SeekFrom::End(0))?;
    Ok(file)
}

/// Changes bytes within a file of a tree that nobody else sees yet, so that all its names have them; its permissions and
/// the date by which compiled modules know their source stay.
pub(crate) fn patch(
    path: &Path,
    change: &mut dyn FnMut(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    let (folder, name) = parts(path, "write")?;
    let folder = Directory::open(folder)?;
    let Some(former) = folder.look(name)?.filter(Found::is_file) else { return Ok(()) };
    // Archives bring files that nobody may write to, which open(2) refuses to their owner, too.
    let shut = former.mode & 0o200 == 0;
    if shut {
        folder.set_mode(name, former.mode | 0o200)?;
    }
    let file = system::open_to_write(&folder, Path::new(name));
    let mut file = File::from_parts(file.map_err(|error| failed("open", path, error))?, path);
    change(&mut file)?;
    file.file().set_modified(former.modified)?;
    if shut { folder.set_mode(name, former.mode) } else { Ok(()) }
}

/// Puts other bytes in place of a file's, whose permissions stay; other names of the old file keep its bytes.
pub(crate) fn rewrite(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (folder, name) = parts(path, "write")?;
    let folder = Directory::open(folder)?;
    let former = folder.look(name)?.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound));
    let former = former.map_err(|error| failed("write", path, error))?;
    folder.replace_by(name, Privacy::Shared, |file| {
        file.write_all(bytes)?;
        system::keep_owner_and_mode(file, &former, Privacy::Shared)
    })
}

#[cfg(all(test, unix))]
mod tests {
    use std::path::PathBuf;
    use std::sync::atomic::Ordering;

    use super::*;

    #[test]
    fn what_is_replaced_is_never_written_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let victim = at("victim");
        fs_err::write(&victim, "precious").unwrap();
        fs_err::os::unix::fs::symlink(&victim, at("link")).unwrap();
        fs_err::hard_link(&victim, at("hard")).unwrap();
        let directory = Directory::open(folder.path()).unwrap();
        for name in ["link", "hard", "fresh"] {
            directory.replace(name, b"new", Privacy::Shared).unwrap();
            assert_eq!(fs_err::read_to_string(at(name)).unwrap(), "new", "{name}");
        }
        directory.point("link", Path::new("fresh")).unwrap();
        directory.point_hard("hard", &directory, "fresh").unwrap();
        directory.point_hard("hard", &directory, "fresh").unwrap();
        assert_eq!(fs_err::read_link(at("link")).unwrap(), Path::new("fresh"));
        assert_eq!(fs_err::read_to_string(&victim).unwrap(), "precious");
        let mut names: Vec<_> = directory.entries().unwrap().into_iter().map(|e| e.name).collect();
        names.sort();
        assert_eq!(names, ["fresh", "hard", "link", "victim"]);
    }

    #[test]
    fn the_dead_are_swept_and_the_living_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let directory = Directory::open(folder.path()).unwrap();
        let (living, _file) = directory.create_beside(Privacy::Shared).unwrap();
        let (dead, file) = directory.create_beside(Privacy::Shared).unwrap();
        drop(file);
        directory.link(".pyman-new-4194999-1", Path::new("/")).unwrap();
        fs_err::create_dir(folder.path().join(".pyman-new-4194999-2")).unwrap();
        // Process 1 is there, and another than died over these in its container.
        directory.link(".pyman-new-1-1", Path::new("/")).unwrap();
        directory.write_new(".pyman-new-1-2", b"half", Privacy::Shared).unwrap();
        directory.sweep_temporaries().unwrap();
        assert!(directory.look(&living).unwrap().is_some());
        assert_eq!(directory.look(&dead).unwrap(), None);
        assert_eq!(directory.entries().unwrap().len(), 2, "no directory is taken for a file");
    }

    #[test]
    fn nobody_sweeps_what_another_writes() {
        let folder = tempfile::tempdir().unwrap();
        let directory = Directory::open(folder.path()).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for number in 0..500_u32 {
                        directory.sweep_temporaries().unwrap();
                        let text = number.to_string();
                        directory.replace("file", text.as_bytes(), Privacy::Shared).unwrap();
                    }
                });
            }
        });
        assert_eq!(directory.read("file").unwrap().as_deref(), Some(b"499".as_slice()));
        assert_eq!(directory.entries().unwrap().len(), 1);
    }

    #[test]
    fn a_link_that_another_sweeps_away_is_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let directory = Directory::open(folder.path()).unwrap();
        directory.write_new("file", b"whole", Privacy::Shared).unwrap();
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    directory.sweep_temporaries().unwrap();
                }
            });
            for number in 0..500 {
                let target = PathBuf::from(number.to_string());
                directory.point("link", &target).unwrap();
                directory.point_hard("hard", &directory, "file").unwrap();
                assert_eq!(fs_err::read_link(folder.path().join("link")).unwrap(), target);
            }
            done.store(true, Ordering::Relaxed);
        });
        assert_eq!(fs_err::read_to_string(folder.path().join("hard")).unwrap(), "whole");
    }

    #[test]
    fn a_name_that_we_do_not_give_is_somebodys() {
        assert!(is_given(&temporary_name()));
        for other in [
            ".pyman-new-notes",
            ".pyman-new-",
            ".pyman-new-1",
            ".pyman-new-1-",
            ".pyman-new--1",
            ".pyman-new-1-1.txt",
            ".pyman-new-1-1-1",
            ".pyman-new-+1-1",
            ".pyman-new-01-1",
            ".pyman-new-99999999999-1",
        ] {
            assert!(!is_given(OsStr::new(other)), "{other}");
        }
    }
}
