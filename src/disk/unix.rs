//! Files and directories as POSIX has them.

use std::fs::{File as Handle, Metadata, Permissions};
use std::io::{self, Read as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use fs_err::os::unix::fs::OpenOptionsExt as _;
use rustix::fs::{Access, AtFlags, FileType, Mode, OFlags, RawMode, RenameFlags, Stat};
use rustix::io::Errno;

use super::File;
use super::absent::{absent, number};
use super::entry::{Entry, Found, Identity, Kind};
use super::opened::{Directory, Privacy};

const DIRECTORY: OFlags =
    OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC).union(OFlags::NOCTTY);
// A FIFO without NONBLOCK waits for its other end; a terminal without NOCTTY may become this process's own.
const FILE: OFlags =
    OFlags::CLOEXEC.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::NOCTTY);

/// The account this process acts for, by number.
pub(super) fn account() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// Whether a process of this number runs.
pub(super) fn lives(process: u32) -> bool {
    let process = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw);
    // One of another account's answers that it may not be sent anything.
    process.is_some_and(|process| rustix::process::test_kill_process(process) != Err(Errno::SRCH))
}

/// The bytes that are free for this account on the file system of `directory`.
pub(super) fn free(directory: &Path) -> io::Result<Option<u64>> {
    let found = rustix::fs::statvfs(directory)?;
    // One without blocks says nothing of room.
    // Not f_bfree, which counts what is reserved for root.
    let free = wide(found.f_bavail).saturating_mul(wide(found.f_frsize));
    Ok((found.f_blocks != 0).then_some(free))
}

fn wide<T: TryInto<u64>>(value: T) -> u64 {
    value.try_into().unwrap_or_default()
}

fn time<S: TryInto<i64>, N: TryInto<u64>>(seconds: S, nanoseconds: N) -> SystemTime {
    let seconds: i64 = seconds.try_into().unwrap_or_default();
    let whole = Duration::from_secs(seconds.unsigned_abs());
    let moment = if seconds < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(whole)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(whole)
    };
    let part = Duration::from_nanos(wide(nanoseconds));
    moment.and_then(|moment| moment.checked_add(part)).unwrap_or(SystemTime::UNIX_EPOCH)
}

pub(super) fn found(metadata: &Metadata) -> Found {
    Found {
        kind: kind(metadata.file_type()),
        size: metadata.len(),
        mode: metadata.mode(),
        owner: metadata.uid(),
        group: metadata.gid(),
        names: metadata.nlink(),
        modified: time(metadata.mtime(), metadata.mtime_nsec()),
        identity: Identity { device: metadata.dev(), inode: metadata.ino() },
    }
}

fn found_stat(stat: &Stat) -> Found {
    Found {
        kind: kind_of(FileType::from_raw_mode(stat.st_mode as RawMode)),
        size: wide(stat.st_size),
        mode: mode_of(stat),
        owner: stat.st_uid,
        group: stat.st_gid,
        names: wide(stat.st_nlink),
        modified: time(stat.st_mtime, stat.st_mtime_nsec),
        identity: Identity { device: wide(stat.st_dev), inode: wide(stat.st_ino) },
    }
}

/// The permissions, in the one width that every system's fit in.
fn mode_of(stat: &Stat) -> u32 {
    u32::try_from(wide(stat.st_mode)).unwrap_or_default()
}

fn kind(file_type: std::fs::FileType) -> Kind {
    if file_type.is_file() {
        Kind::File
    } else if file_type.is_dir() {
        Kind::Directory
    } else if file_type.is_symlink() {
        Kind::Link
    } else {
        Kind::Other
    }
}

fn kind_of(file_type: FileType) -> Kind {
    match file_type {
        FileType::RegularFile => Kind::File,
        FileType::Directory => Kind::Directory,
        FileType::Symlink => Kind::Link,
        FileType::Fifo
        | FileType::Socket
        | FileType::CharacterDevice
        | FileType::BlockDevice
        | FileType::Unknown => Kind::Other,
    }
}

/// Whether this is a regular file (links followed) that we may execute.
pub(crate) fn executable(file: &Path) -> bool {
    // Asked of the kernel: what a mode says, access lists and mount options may take back.
    fs_err::metadata(file).is_ok_and(|found| found.is_file())
        && rustix::fs::access(file, Access::EXEC_OK).is_ok()
}

/// Whether we may write to it.
pub(crate) fn writable(path: &Path) -> bool {
    rustix::fs::access(path, Access::WRITE_OK).is_ok()
}

/// Whether we may list a directory, and make and remove what is in it.
pub(crate) fn usable(directory: &Path) -> bool {
    let all = Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK;
    rustix::fs::access(directory, all).is_ok()
}

/// An error where we may not make and remove what is in a directory.
pub(crate) fn require_writable(directory: &Path) -> io::Result<()> {
    let all = Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK;
    let allowed = rustix::fs::access(directory, all);
    allowed.map_err(|error| super::absent::failed("write in", directory, error.into()))
}

/// Whether two paths stand on one file system, between which a rename leads.
pub(crate) fn is_same_file_system(one: &Directory, other: &Directory) -> io::Result<bool> {
    Ok(one.found()?.identity.device == other.found()?.identity.device)
}

/// A regular file, opened without waiting for anybody; none when there is no regular file. Whoever writes to a FIFO
/// must not see it opened and closed again, so it is looked at first.
pub(super) fn open_regular(path: &Path) -> io::Result<Option<File>> {
    match fs_err::metadata(path) {
        Ok(found) if found.is_file() => {}
        Ok(_) => return Ok(None),
        Err(error) if leads_nowhere(&error) => return Ok(None),
        Err(error) => return Err(error),
    }
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
    let file = match fs_err::OpenOptions::new().read(true).custom_flags(flags).open(path) {
        Ok(file) => file,
        Err(error) if leads_nowhere(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    // Looked at again: between the two calls it may have been exchanged for a FIFO.
    Ok(file.metadata()?.is_file().then_some(file))
}

/// What a link in a directory says that is to lead to `target`: just that.
pub(crate) fn leading(_: &Path, target: &Path) -> PathBuf {
    target.to_owned()
}

/// A resolved path as people write it.
pub(super) fn plain(path: PathBuf) -> PathBuf {
    path
}

/// Whether a path names nothing that could be read: nothing there, a name longer than names are; a FIFO, a socket or a
/// device that nobody serves.
pub(super) fn leads_nowhere(error: &io::Error) -> bool {
    let codes = [Errno::NAMETOOLONG, Errno::NXIO];
    absent(error) || codes.iter().any(|code| number(error) == Some(code.raw_os_error()))
}

pub(super) fn open_directory(path: &Path) -> io::Result<Handle> {
    Ok(rustix::fs::open(path, DIRECTORY, Mode::empty())?.into())
}

pub(super) fn open_below(directory: &Directory, name: &Path) -> io::Result<Handle> {
    let flags = DIRECTORY | OFlags::NOFOLLOW;
    Ok(rustix::fs::openat(&directory.handle, name, flags, Mode::empty())?.into())
}

/// A handle of the same directory, opened anew, for a lock of its own.
pub(super) fn lockable(directory: &Directory) -> io::Result<Option<Handle>> {
    open_below(directory, Path::new(".")).map(Some)
}

pub(super) fn clone(handle: &Handle) -> io::Result<Handle> {
    handle.try_clone()
}

/// Makes a directory, and those above it that are missing.
pub(super) fn make_directories(path: &Path) -> io::Result<()> {
    if let Some(parent) = path.parent()
        && !parent.as_os_str().is_empty()
        && !fs_err::metadata(parent).is_ok_and(|found| found.is_dir())
    {
        make_directories(parent)?;
    }
    match std::fs::DirBuilder::new().mode(0o755).create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(super::absent::failed("make directory", path, error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

pub(super) fn found_handle(directory: &Directory) -> io::Result<Found> {
    Ok(found_stat(&rustix::fs::fstat(&directory.handle)?))
}

pub(super) fn identity(file: &File) -> io::Result<Identity> {
    Ok(found_stat(&rustix::fs::fstat(file)?).identity)
}

pub(super) fn look_at(directory: &Directory, name: &Path) -> io::Result<Found> {
    let stat = rustix::fs::statat(&directory.handle, name, AtFlags::SYMLINK_NOFOLLOW)?;
    Ok(found_stat(&stat))
}

/// Read by the kernel's own call: std panics where a directory's `close` fails.
pub(super) fn entries(directory: &Directory) -> io::Result<Vec<Entry>> {
    let mut found = Vec::new();
    for entry in rustix::fs::Dir::read_from(&directory.handle)? {
        let entry = entry?;
        let name = entry.file_name();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        let path = super::system::path(name.to_bytes());
        let kind = match entry.file_type() {
            // Some file systems do not say the kind with the name (readdir(3): d_type).
            FileType::Unknown => match look_at(directory, path) {
                Ok(found) => found.kind,
                Err(error) if absent(&error) => continue,
                Err(error) => return Err(error),
            },
            known => kind_of(known),
        };
        found.push(Entry { name: path.as_os_str().to_owned(), kind, number: entry.ino() });
    }
    Ok(found)
}

/// The path these bytes name.
pub(super) fn path(bytes: &[u8]) -> &Path {
    use std::os::unix::ffi::OsStrExt as _;
    Path::new(std::ffi::OsStr::from_bytes(bytes))
}

/// A regular file, no link followed; none when it is none.
pub(super) fn open_file(directory: &Directory, name: &Path) -> io::Result<Option<Handle>> {
    let opened = rustix::fs::openat(&directory.handle, name, OFlags::RDONLY | FILE, Mode::empty());
    let file: Handle = match opened {
        Ok(file) => file.into(),
        // A link; a FIFO, a socket or a device that nobody serves.
        Err(Errno::LOOP | Errno::NXIO) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    Ok(file.metadata()?.is_file().then_some(file))
}

pub(super) fn open_to_write(directory: &Directory, name: &Path) -> io::Result<Handle> {
    Ok(rustix::fs::openat(&directory.handle, name, OFlags::RDWR | FILE, Mode::empty())?.into())
}

pub(super) fn create(directory: &Directory, name: &Path, mode: u32) -> io::Result<Handle> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | FILE;
    Ok(rustix::fs::openat(&directory.handle, name, flags, raw(mode))?.into())
}

fn raw(mode: u32) -> Mode {
    Mode::from_bits_truncate((mode & 0o7777) as RawMode)
}

pub(super) fn make_directory(directory: &Directory, name: &Path, mode: u32) -> io::Result<()> {
    Ok(rustix::fs::mkdirat(&directory.handle, name, raw(mode))?)
}

pub(super) fn link(directory: &Directory, name: &Path, target: &Path) -> io::Result<()> {
    Ok(rustix::fs::symlinkat(target, &directory.handle, name)?)
}

pub(super) fn hard_link(
    from: &Directory,
    file: &Path,
    to: &Directory,
    name: &Path,
) -> io::Result<()> {
    Ok(rustix::fs::linkat(&from.handle, file, &to.handle, name, AtFlags::empty())?)
}

pub(super) fn rename(from: &Directory, name: &Path, to: &Directory, new: &Path) -> io::Result<()> {
    Ok(rustix::fs::renameat(&from.handle, name, &to.handle, new)?)
}

/// Exchanges two directories at one stroke (on macOS APFS can); false where the system or the file system cannot.
pub(super) fn exchange(
    one: &Directory,
    name: &Path,
    other: &Directory,
    its: &Path,
) -> io::Result<bool> {
    let flags = RenameFlags::EXCHANGE;
    match rustix::fs::renameat_with(&one.handle, name, &other.handle, its, flags) {
        Ok(()) => Ok(true),
        // rename(2): EINVAL of a file system that cannot (NFS), ENOSYS of a kernel before 3.15, EBUSY of a mount point.
        // A lower layer of an overlay is on another device as far as renames go.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP | Errno::XDEV | Errno::BUSY) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn unlink(directory: &Directory, name: &Path) -> io::Result<()> {
    Ok(rustix::fs::unlinkat(&directory.handle, name, AtFlags::empty())?)
}

pub(super) fn remove_directory(directory: &Directory, name: &Path) -> io::Result<()> {
    Ok(rustix::fs::unlinkat(&directory.handle, name, AtFlags::REMOVEDIR)?)
}

pub(super) fn set_modified(directory: &Directory, time: SystemTime) -> io::Result<()> {
    directory.handle.set_modified(time)
}

/// Sets the permissions of a file or a directory, never of what a link of this name leads to.
pub(super) fn set_mode(directory: &Directory, name: &Path, mode: u32) -> io::Result<()> {
    super::kernel::set_mode(directory, name, raw(mode))
}

/// When a directory was made, in nanoseconds; 0 where the file system does not say.
pub(super) fn born(directory: &Directory) -> io::Result<u128> {
    let made = directory.handle.metadata()?.created();
    let since = made.ok().and_then(|made| made.duration_since(SystemTime::UNIX_EPOCH).ok());
    Ok(since.map_or(0, |since| since.as_nanos()))
}

/// A file of `from`, and a new one in `to` with its permissions.
pub(super) fn both(
    from: &Directory,
    file: &Path,
    to: &Directory,
    name: &Path,
) -> io::Result<(Handle, Handle)> {
    let source = rustix::fs::openat(&from.handle, file, OFlags::RDONLY | FILE, Mode::empty())?;
    let mode = mode_of(&rustix::fs::fstat(&source)?);
    Ok((source.into(), create(to, name, mode)?))
}

/// Bytes copied between two looks at whether to stop.
const PIECE: u64 = 8 << 20;

/// An error of kind `Interrupted` when `stop` says so meanwhile.
pub(super) fn copy(
    from: &Directory,
    file: &Path,
    to: &Directory,
    name: &Path,
    stop: &dyn Fn() -> bool,
) -> io::Result<()> {
    let (mut source, mut target) = both(from, file, to, name)?;
    while io::copy(&mut (&mut source).take(PIECE), &mut target)? == PIECE {
        if stop() {
            return Err(io::ErrorKind::Interrupted.into());
        }
    }
    target.set_modified(source.metadata()?.modified()?)
}

/// Gives a file written beside what the one has that it replaces.
pub(super) fn keep_owner_and_mode(file: &File, former: &Found, privacy: Privacy) -> io::Result<()> {
    let mode = match privacy {
        // Who let a group read it knows whom; what everybody could read never was a secret's place.
        Privacy::Secret if former.mode & 0o006 == 0 => former.mode & 0o7777,
        Privacy::Secret => former.mode & 0o600,
        Privacy::Shared | Privacy::Program | Privacy::Sealed => former.mode & 0o7777,
    };
    file.set_permissions(Permissions::from_mode(mode))?;
    keep_owner(file, former)
}

/// Gives a file the owner of what it replaces, or of the directory it stands in: under sudo it stays a person's.
pub(super) fn keep_owner(file: &File, like: &Found) -> io::Result<()> {
    // Only root may, and only root has another's file to replace.
    if like.owner != account() && account() == 0 {
        std::os::unix::fs::fchown(file.file(), Some(like.owner), Some(like.group))?;
    }
    Ok(())
}
