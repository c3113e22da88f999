//! Files and directories as Windows has them: by path, each looked at before it is taken for what it should be.
#![expect(clippy::disallowed_methods, reason = "the callers name the path, as for Unix's calls")]

use std::fs::Metadata;
use std::io;
use std::os::windows::fs::{FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::File;
use super::absent::absent;
use super::entry::{Entry, Found, Identity, Kind};
use super::opened::unheld::Unheld as Handle;
use super::opened::{Directory, Privacy};

/// Everything that can be reached is ours as far as Windows' own rights go.
pub(super) const fn account() -> u32 {
    0
}

/// Nothing is said of room: the standard library has no call that asks Windows for it.
#[expect(clippy::unnecessary_wraps, reason = "Unix's call can fail")]
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

/// Directories have no locks here.
#[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
pub(super) fn lockable(_: &Directory) -> io::Result<Option<std::fs::File>> {
    Ok(None)
}

#[expect(
    clippy::unnecessary_wraps,
    clippy::trivially_copy_pass_by_ref,
    reason = "the same signature everywhere"
)]
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

pub(super) fn link(directory: &Directory, name: &Path, target: &Path) -> io::Result<()> {
    let link = directory.join(name);
    if fs_err::metadata(directory.join(target)).is_ok_and(|found| found.is_dir()) {
        std::os::windows::fs::symlink_dir(target, link)
    } else {
        std::os::windows::fs::symlink_file(target, link)
    }
}

pub(super) fn hard_link(
    from: &Directory,
    file: &Path,
    to: &Directory,
    name: &Path,
) -> io::Result<()> {
    std::fs::hard_link(from.join(file), to.join(name))
}

pub(super) fn rename(from: &Directory, name: &Path, to: &Directory, new: &Path) -> io::Result<()> {
    std::fs::rename(from.join(name), to.join(new))
}

pub(super) fn unlink(directory: &Directory, name: &Path) -> io::Result<()> {
    let path = directory.join(name);
    if std::fs::symlink_metadata(&path)?.file_type().is_symlink_dir() {
        return std::fs::remove_dir(path);
    }
    std::fs::remove_file(path)
}

pub(super) fn remove_directory(directory: &Directory, name: &Path) -> io::Result<()> {
    std::fs::remove_dir(directory.join(name))
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
#[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
pub(super) fn set_mode(_: &Directory, _: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

/// What is mounted in a directory is a reparse point here, which is no directory.
#[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
pub(super) fn is_mount_point(_: &Directory) -> io::Result<bool> {
    Ok(false)
}

/// The same.
pub(super) const fn mounted_below(_: &Directory) -> Option<PathBuf> {
    None
}

/// When a directory was made: its identity says it already.
#[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
pub(super) fn born(_: &Directory) -> io::Result<u128> {
    Ok(0)
}

pub(super) fn copy(from: &Directory, file: &Path, to: &Directory, name: &Path) -> io::Result<()> {
    std::fs::copy(from.join(file), to.join(name)).map(|_| ())
}

/// No file system that is usual here shares blocks.
pub(super) fn reflink(_: &Directory, _: &Path, _: &Directory, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A new file has the rights of its directory.
#[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
pub(super) fn keep_owner_and_mode(_: &File, _: &Found, _: Privacy) -> io::Result<()> {
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
pub(super) fn keep_owner(_: &File, _: &Found) -> io::Result<()> {
    Ok(())
}

/// This system exchanges nothing at one stroke.
#[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
pub(super) fn exchange(_: &Directory, _: &Path, _: &Directory, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Windows writes behind as it likes; there is no call for a whole volume that any account may make.
#[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
pub(crate) fn sync(_: &Directory) -> io::Result<()> {
    Ok(())
}

/// Every volume runs programs.
#[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
pub(crate) fn runs_programs(_: &Path) -> io::Result<bool> {
    Ok(true)
}
