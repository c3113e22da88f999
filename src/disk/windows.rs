//! Files and directories as Windows has them: by path, each looked at before it is taken for what it should be.
#![expect(clippy::disallowed_methods, reason = "the callers name the path, as for Unix's calls")]
#![expect(
    clippy::unnecessary_wraps,
    reason = "the same signature everywhere: on Unix these can fail"
)]

use std::fs::Metadata;
use std::io;
use std::os::windows::fs::{FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::File;
use super::absent::absent;
use super::entry::{Entry, Found, Identity, Kind};
use super::opened::unheld::Unheld as Handle;
use super::opened::{Directory, Privacy, digest, temporary_name};

/// Everything that can be reached is ours as far as Windows' own rights go.
pub(super) const fn account() -> u32 {
    0
}

/// Nothing is said of room: the standard library has no call that asks Windows for it.
pub(super) const fn free(_: &Path) -> io::Result<Option<u64>> {
    Ok(None)
}

pub(super) fn found(metadata: &Metadata) -> Found {
    Found {
        kind: kind(metadata.file_type()),
        size: metadata.len(),
        mode: if metadata.permissions().readonly() { 0o555 } else { 0o755 },
        owner: account(),
        group: account(),
        // std tells it on nightly alone (`windows_by_handle`).
        names: 1,
        modified: metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH),
        // Which file it is nothing stable tells here: when it was made tells it well enough.
        identity: Identity { device: 0, inode: metadata.creation_time() },
    }
}

fn kind(file_type: std::fs::FileType) -> Kind {
    if file_type.is_symlink() || file_type.is_symlink_dir() {
        Kind::Link
    } else if file_type.is_dir() {
        Kind::Directory
    } else if file_type.is_file() {
        Kind::File
    } else {
        Kind::Other
    }
}

fn entry(entry: &fs_err::DirEntry) -> io::Result<Entry> {
    Ok(Entry { name: entry.file_name(), kind: kind(entry.file_type()?), number: 0 })
}

/// A resolved path as people write it: `\\?\` is for the system alone.
pub(super) fn plain(path: PathBuf) -> PathBuf {
    let text = path.to_str().and_then(|text| text.strip_prefix(r"\\?\"));
    match text.filter(|rest| !rest.starts_with("UNC")) {
        Some(rest) => PathBuf::from(rest),
        None => path,
    }
}

/// Whether this is a regular file whose name says that it may be executed.
pub(crate) fn executable(file: &Path) -> bool {
    let runs = ["exe", "com", "bat", "cmd"];
    let extension = file.extension().map(std::ffi::OsStr::to_ascii_lowercase);
    extension.is_some_and(|extension| runs.iter().any(|one| extension == *one))
        && fs_err::metadata(file).is_ok_and(|found| found.is_file())
}

/// Whether we may write to it.
pub(crate) fn writable(path: &Path) -> bool {
    fs_err::metadata(path).is_ok_and(|found| !found.permissions().readonly())
}

/// Whether we may list a directory, and make and remove what is in it.
pub(crate) fn usable(directory: &Path) -> bool {
    super::Directory::open(directory).is_ok_and(|directory| directory.entries().is_ok())
}

/// What may not be written in says so when it is.
#[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
pub(crate) fn require_writable(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Whether two paths stand on one volume, between which a rename leads.
pub(crate) fn is_same_file_system(one: &Directory, other: &Directory) -> io::Result<bool> {
    let volume = |directory: &Directory| -> io::Result<_> {
        let path = fs_err::canonicalize(directory.path())?;
        Ok(path.components().next().map(|first| first.as_os_str().to_owned()))
    };
    Ok(volume(one)? == volume(other)?)
}

pub(super) fn open_regular(path: &Path) -> io::Result<Option<File>> {
    match fs_err::metadata(path) {
        Ok(found) if found.is_file() => fs_err::File::open(path).map(Some),
        Ok(_) => Ok(None),
        Err(error) if absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a path names nothing that could be read.
pub(super) use super::absent::absent as leads_nowhere;

pub(super) fn open_directory(path: &Path) -> io::Result<Handle> {
    if fs_err::metadata(path)?.is_dir() {
        Ok(Handle)
    } else {
        Err(io::ErrorKind::NotADirectory.into())
    }
}

pub(super) fn open_below(directory: &Directory, name: &Path) -> io::Result<Handle> {
    match look_at(directory, name)?.kind {
        Kind::Directory => Ok(Handle),
        Kind::File | Kind::Link | Kind::Other => Err(io::ErrorKind::NotADirectory.into()),
    }
}

/// A file that stands for the directory while somebody has it: directories have no locks here, and one with an open file in
/// it cannot be renamed. It stands in the account's own place for temporary files, is opened by one process at a time, and
/// goes with its handle, whatever becomes of the process.
pub(super) fn lockable(directory: &Directory) -> io::Result<Option<std::fs::File>> {
    const READ_WRITE_DELETE: u32 = 0xC001_0000;
    const DELETE_ON_CLOSE: u32 = 0x0400_0000;
    let place = fs_err::canonicalize(directory.path())?;
    // Names have no case here.
    let number = digest(place.to_string_lossy().to_lowercase().as_bytes());
    let file = std::env::temp_dir().join(format!("pyman-{number:016x}.lock"));
    let mut options = std::fs::OpenOptions::new();
    options.access_mode(READ_WRITE_DELETE).share_mode(0).custom_flags(DELETE_ON_CLOSE);
    match options.write(true).create(true).truncate(false).open(file) {
        Err(error) if is_held(&error) => Err(io::ErrorKind::WouldBlock.into()),
        opened => opened.map(Some),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "Unix has a handle")]
pub(super) fn clone(_: &Handle) -> io::Result<Handle> {
    Ok(Handle)
}

pub(super) fn make_directories(path: &Path) -> io::Result<()> {
    fs_err::create_dir_all(path)
}

pub(super) fn found_handle(directory: &Directory) -> io::Result<Found> {
    Ok(found(&fs_err::metadata(directory.path())?))
}

pub(super) fn identity(file: &File) -> io::Result<Identity> {
    Ok(found(&file.metadata()?).identity)
}

pub(super) fn look_at(directory: &Directory, name: &Path) -> io::Result<Found> {
    Ok(found(&fs_err::symlink_metadata(directory.join(name))?))
}

pub(super) fn entries(directory: &Directory) -> io::Result<Vec<Entry>> {
    fs_err::read_dir(directory.path())?.map(|one| entry(&one?)).collect()
}

pub(super) fn open_file(directory: &Directory, name: &Path) -> io::Result<Option<std::fs::File>> {
    match look_at(directory, name)?.kind {
        Kind::File => std::fs::File::open(directory.join(name)).map(Some),
        Kind::Directory | Kind::Link | Kind::Other => Ok(None),
    }
}

pub(super) fn open_to_write(directory: &Directory, name: &Path) -> io::Result<std::fs::File> {
    std::fs::OpenOptions::new().read(true).write(true).open(directory.join(name))
}

pub(super) fn create(directory: &Directory, name: &Path, _: u32) -> io::Result<std::fs::File> {
    std::fs::OpenOptions::new().read(true).write(true).create_new(true).open(directory.join(name))
}

pub(super) fn make_directory(directory: &Directory, name: &Path, _: u32) -> io::Result<()> {
    std::fs::create_dir(directory.join(name))
}

/// A junction to a directory, a hard link to a file or, on another volume, a copy of it: symbolic links want a privilege.
pub(super) fn link(directory: &Directory, name: &Path, target: &Path) -> io::Result<()> {
    let (link, target) = (directory.join(name), leading(directory.path(), target));
    if !fs_err::metadata(&target)?.is_dir() {
        return match std::fs::hard_link(&target, &link) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                std::fs::copy(target, link).map(drop)
            }
            linked => linked,
        };
    }
    let there = std::fs::symlink_metadata(&link).is_ok();
    match junction::create(&target, &link) {
        Ok(()) if kind(std::fs::symlink_metadata(&link)?.file_type()) == Kind::Link => Ok(()),
        _ if there => Err(io::ErrorKind::AlreadyExists.into()),
        // The directory that was to become one; no file system but NTFS and `ReFS` has junctions.
        _ => Err(remove_dir(&link).err().unwrap_or_else(|| io::ErrorKind::Unsupported.into())),
    }
}

/// What a link in `directory` says that is to lead to `target`: junctions say whole paths.
pub(crate) fn leading(directory: &Path, target: &Path) -> PathBuf {
    let joined = directory.join(target);
    std::path::absolute(&joined).unwrap_or(joined)
}

pub(super) fn hard_link(
    from: &Directory,
    file: &Path,
    to: &Directory,
    name: &Path,
) -> io::Result<()> {
    std::fs::hard_link(from.join(file), to.join(name))
}

/// How long a rename waits for a scanner that has just opened the file, in milliseconds: about a second in all.
const WAITS: [u64; 6] = [10, 30, 60, 150, 250, 500];

/// Over a file that is run, and over a junction, nothing is renamed: the one is put aside, the other unlinked first.
pub(super) fn rename(from: &Directory, name: &Path, to: &Directory, new: &Path) -> io::Result<()> {
    let (source, goal) = (from.join(name), to.join(new));
    let mut waits = WAITS.into_iter();
    loop {
        let error = match std::fs::rename(&source, &goal) {
            Err(error) if is_held(&error) => error,
            renamed => return renamed,
        };
        match std::fs::symlink_metadata(&goal).map(|found| kind(found.file_type())) {
            Ok(Kind::Link) => remove_link(&goal)?,
            Ok(Kind::File) => {
                let aside = to.join(temporary_name());
                std::fs::rename(&goal, &aside)?;
                return match std::fs::rename(&source, &goal) {
                    Ok(()) => {
                        // What is run stays until its directory is swept.
                        std::fs::remove_file(&aside).unwrap_or_default();
                        Ok(())
                    }
                    Err(_) => std::fs::rename(&aside, &goal).and(Err(error)),
                };
            }
            Ok(Kind::Directory | Kind::Other) | Err(_) => match waits.next() {
                Some(pause) => std::thread::sleep(Duration::from_millis(pause)),
                None => return Err(error),
            },
        }
    }
}

/// Whether somebody has it open, or runs it: access denied, sharing violation, already there, a section mapped.
fn is_held(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(5 | 32 | 183 | 1224))
}

/// Unlinks what leads to a directory, or to a file; what it leads to stays as it is.
fn remove_link(link: &Path) -> io::Result<()> {
    if std::fs::symlink_metadata(link)?.file_type().is_symlink_dir() {
        remove_dir(link)
    } else {
        std::fs::remove_file(link)
    }
}

/// `RemoveDirectory`: an empty directory, or a junction itself.
fn remove_dir(directory: &Path) -> io::Result<()> {
    std::fs::remove_dir(directory)
}

/// A file that is run cannot be removed, but renamed: it goes when its directory is swept.
pub(super) fn unlink(directory: &Directory, name: &Path) -> io::Result<()> {
    let path = directory.join(name);
    let found = std::fs::symlink_metadata(&path)?;
    if kind(found.file_type()) == Kind::Link {
        return remove_link(&path);
    }
    // A file that nobody may write to is not removed either.
    if found.permissions().readonly() {
        let mut permissions = found.permissions();
        #[expect(clippy::permissions_set_readonly_false, reason = "Windows has no modes")]
        permissions.set_readonly(false);
        std::fs::set_permissions(&path, permissions)?;
    }
    match std::fs::remove_file(&path) {
        Err(error) if is_held(&error) && found.is_file() => {
            std::fs::rename(&path, directory.join(temporary_name())).map_err(|_| error)
        }
        removed => removed,
    }
}

pub(super) fn remove_directory(directory: &Directory, name: &Path) -> io::Result<()> {
    remove_dir(&directory.join(name))
}

/// Attributes alone, and a directory that is opened like a file.
pub(super) fn set_modified(directory: &Directory, time: SystemTime) -> io::Result<()> {
    const WRITE_ATTRIBUTES: u32 = 0x100;
    const BACKUP_SEMANTICS: u32 = 0x0200_0000;
    let mut options = std::fs::OpenOptions::new();
    options.access_mode(WRITE_ATTRIBUTES).custom_flags(BACKUP_SEMANTICS);
    options.open(directory.path())?.set_modified(time)
}

/// Windows has no modes to set.
pub(super) fn set_mode(_: &Directory, _: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

/// Nobody asks where there are locks.
pub(super) const fn instance() -> String {
    String::new()
}

/// The same.
pub(super) const fn lives(_: u32) -> bool {
    true
}

/// What is mounted in a directory is a reparse point here, which is no directory.
pub(super) fn is_mount_point(_: &Directory) -> io::Result<bool> {
    Ok(false)
}

/// The same.
pub(super) const fn mounted_below(_: &Directory) -> Option<PathBuf> {
    None
}

/// When a directory was made: its identity says it already.
pub(super) fn born(_: &Directory) -> io::Result<u128> {
    Ok(0)
}

/// The system's own copy is not to be stopped half-way.
pub(super) fn copy(
    from: &Directory,
    file: &Path,
    to: &Directory,
    name: &Path,
    _: &dyn Fn() -> bool,
) -> io::Result<()> {
    std::fs::copy(from.join(file), to.join(name)).map(|_| ())
}

/// No file system that is usual here shares blocks.
pub(super) fn reflink(_: &Directory, _: &Path, _: &Directory, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A new file has the rights of its directory.
pub(super) fn keep_owner_and_mode(_: &File, _: &Found, _: Privacy) -> io::Result<()> {
    Ok(())
}

pub(super) fn keep_owner(_: &File, _: &Found) -> io::Result<()> {
    Ok(())
}

/// This system exchanges nothing at one stroke.
pub(super) fn exchange(_: &Directory, _: &Path, _: &Directory, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Windows writes behind as it likes; there is no call for a whole volume that any account may make.
pub(crate) fn sync(_: &Directory) -> io::Result<()> {
    Ok(())
}

/// Every volume runs programs.
pub(crate) fn runs_programs(_: &Path) -> io::Result<bool> {
    Ok(true)
}
