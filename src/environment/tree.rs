//! A directory → the same directory elsewhere: files by the ways allowed, links as links, times kept.

use std::path::{Path, PathBuf};

use super::system::{Folder, Way};
use super::{Error, relocate};
use crate::progress::Progress;

/// Files taken between two looks at whether to stop.
const CHUNK: usize = 64;

/// How a tree comes to stand a second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sharing {
    /// The same files: the first tree is going to be removed.
    Same,
    /// Files of its own, that share blocks at most.
    Own,
}

/// Fills the directory `to` with what is in `from`; absolute links into `from` lead to `goal` then.
pub(super) fn fill(
    from: &Path,
    to: &Path,
    goal: &Path,
    sharing: Sharing,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let folders = (Folder::open(from)?, Folder::open(to)?);
    let mut ways: &[Way] = match sharing {
        Sharing::Same => &[Way::HardLink, Way::Copy],
        Sharing::Own => &[Way::Reflink, Way::Copy],
    };
    let mut pending = vec![PathBuf::new()];
    let mut count = 0_usize;
    while let Some(directory) = pending.pop() {
        for entry in fs_err::read_dir(from.join(&directory))? {
            let entry = entry?;
            let name = directory.join(entry.file_name());
            let kind = entry.file_type()?;
            count += 1;
            if count.is_multiple_of(CHUNK) && progress.interrupted() {
                return Err(Error::Interrupted);
            }
            if kind.is_dir() {
                folders.1.make(&name)?;
                pending.push(name);
            } else if kind.is_symlink() {
                let target = fs_err::read_link(entry.path())?;
                let target = relocate::path(&target, from, goal).unwrap_or(target);
                folders.1.link(&target, &name)?;
            } else if kind.is_file() {
                ways = folders.1.take(&folders.0, &name, ways)?;
            }
        }
    }
    Ok(())
}
