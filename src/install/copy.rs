//! Copies a directory: sources are compiled in a copy, and `--target` may be on another file system.

use std::io;
use std::path::Path;

use super::system;

/// Copies the directory `from` to `to`, which is made: files with their permissions, links as links.
pub(super) fn tree(from: &Path, to: &Path) -> io::Result<()> {
    fs_err::create_dir_all(to)?;
    for entry in fs_err::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            tree(&entry.path(), &target)?;
        } else if kind.is_symlink() {
            system::symlink(&fs_err::read_link(entry.path())?, &target)?;
        } else if kind.is_file() {
            fs_err::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}
