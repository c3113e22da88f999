//! Links to directories, and opening without following one.

use std::io;
use std::path::Path;

use fs_err::OpenOptions;
use fs_err::os::unix::fs::OpenOptionsExt as _;
use rustix::io::Errno;

/// Makes a link to a directory.
pub(super) fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    fs_err::os::unix::fs::symlink(target, link)
}

/// Opening fails where a link stands.
pub(super) fn follow_no_link(options: &mut OpenOptions) {
    options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
}

/// Whether the error says that this file system, or its server, keeps no locks.
pub(super) fn has_no_locks(error: &io::Error) -> bool {
    let codes = [Errno::NOLCK, Errno::NOSYS, Errno::OPNOTSUPP, Errno::NOTSUP];
    codes.iter().any(|code| error.raw_os_error() == Some(code.raw_os_error()))
}
