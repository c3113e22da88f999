//! What only Linux does this way.

use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use std::os::fd::AsRawFd as _;

use rustix::fs::{
    AtFlags, FileType, Mode, OFlags, StatVfsMountFlags, StatxAttributes, StatxFlags, Timespec,
    Timestamps,
};
use rustix::io::Errno;

use super::Directory;
use super::system::both;

/// Sets the permissions of what has this name, no link followed. The kernel's own call for that is of 2023 (6.6); before it
/// the way leads by a handle, which is of a link itself where one is.
pub(super) fn set_mode(directory: &Directory, name: &Path, mode: Mode) -> io::Result<()> {
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let handle = rustix::fs::openat(&directory.handle, name, flags, Mode::empty())?;
    let kind = FileType::from_raw_mode(rustix::fs::fstat(&handle)?.st_mode);
    if !matches!(kind, FileType::RegularFile | FileType::Directory) {
        return Err(Errno::LOOP.into());
    }
    // fchmod(2) refuses such a handle (open(2), O_PATH); its name in /proc leads to just what it is of.
    match rustix::fs::chmod(format!("/proc/self/fd/{}", handle.as_raw_fd()), mode) {
        Err(Errno::NOENT) => {}
        result => return Ok(result?),
    }
    // No /proc here: what may be read is changed by its own handle.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let handle = rustix::fs::openat(&directory.handle, name, flags, Mode::empty())?;
    Ok(rustix::fs::fchmod(&handle, mode)?)
}

/// Where the numbers of processes mean one process each: until the next start of the system, in one container.
pub(super) fn instance() -> String {
    let boot = fs_err::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let container = fs_err::read_link("/proc/self/ns/pid").unwrap_or_default();
    format!("{} {}", boot.trim_end(), container.display())
}

/// Whether a file system, or a part of one, is mounted at this directory. Linux before 5.8 does not say.
pub(super) fn is_mount_point(directory: &Directory) -> io::Result<bool> {
    let flags = AtFlags::EMPTY_PATH;
    match rustix::fs::statx(&directory.handle, "", flags, StatxFlags::empty()) {
        Ok(found) => Ok(found.stx_attributes.contains(StatxAttributes::MOUNT_ROOT)),
        // Containers' sandboxes that are older than the call forbid it instead of not knowing it.
        Err(Errno::NOSYS | Errno::PERM) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The place where something is mounted below this directory, however deep; none where there is no `/proc`.
pub(super) fn mounted_below(directory: &Directory) -> Option<PathBuf> {
    let handle = format!("/proc/self/fd/{}", directory.handle.as_raw_fd());
    // As the kernel calls it: the directory may have been opened through links, and mount points are told without any.
    let place = fs_err::read_link(handle).ok()?;
    let mounts = fs_err::read("/proc/self/mountinfo").ok()?;
    // proc(5): the fifth field is the mount point, in which blanks, tabs, line breaks and backslashes are octal.
    let mut points = mounts.split(|byte| *byte == b'\n').filter_map(|line| {
        let point = line.split(|byte| *byte == b' ').nth(4)?;
        Some(PathBuf::from(OsString::from_vec(unescaped(point))))
    });
    points.find(|point| *point != place && point.starts_with(&place))
}

fn unescaped(field: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        let octal = after.first_chunk::<3>().filter(|_| *byte == b'\\');
        let octal = octal.and_then(|digits| std::str::from_utf8(digits).ok());
        match octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(meant) => {
                plain.push(meant);
                rest = after.get(3..).unwrap_or_default();
            }
            None => plain.push(*byte),
        }
    }
    plain
}

/// A file that shares its blocks with another, until one of them is written to.
pub(super) fn reflink(
    from: &Directory,
    file: &Path,
    to: &Directory,
    name: &Path,
) -> io::Result<()> {
    let (source, target) = both(from, file, to, name)?;
    rustix::fs::ioctl_ficlone(&target, &source)?;
    // FICLONE brings the bytes alone.
    let stat = rustix::fs::fstat(&source)?;
    let time = Timespec {
        tv_sec: stat.st_mtime,
        tv_nsec: stat.st_mtime_nsec.try_into().unwrap_or_default(),
    };
    let times = Timestamps { last_access: time, last_modification: time };
    Ok(rustix::fs::futimens(&target, &times)?)
}

/// Waits until the file system that `directory` is on has everything.
pub(crate) fn sync(directory: &Directory) -> io::Result<()> {
    Ok(rustix::fs::syncfs(&directory.handle)?)
}

/// Whether programs on this file system may be run.
pub(crate) fn runs_programs(directory: &Path) -> io::Result<bool> {
    Ok(!rustix::fs::statvfs(directory)?.f_flag.contains(StatVfsMountFlags::NOEXEC))
}
