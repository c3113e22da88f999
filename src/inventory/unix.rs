//! Links to directories, and opening without following one.

use std::io;
use std::path::Path;

use fs_err::OpenOptions;
use fs_err::os::unix::fs::OpenOptionsExt as _;

/// Makes a link to a directory.
pub(super) fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    fs_err::os::unix::fs::symlink(target, link)
}

/// Opening fails where a link stands.
pub(super) fn follow_no_link(options: &mut OpenOptions) {
    options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
}
