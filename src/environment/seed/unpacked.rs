//! A wheel that was unpacked: its list, and its files beside it.

use super::manifest::Manifest;
use crate::disk::Directory;
use crate::environment::Error;
use crate::environment::probe_cache::nanoseconds;

/// Of an unpacked wheel: its files, beside its list.
pub(super) const TREE: &str = "tree";

/// An unpacked wheel: its list, and its files in `tree`.
#[derive(Debug)]
pub(in crate::environment) struct Unpacked {
    pub(super) folder: Directory,
    pub(super) manifest: Manifest,
}

impl Unpacked {
    /// The one in `folder`; none when it is torn, or was written to through a hard link.
    pub(super) fn open(folder: Directory) -> Result<Option<Self>, Error> {
        let Some(manifest) = Manifest::read(&folder)? else { return Ok(None) };
        let unpacked = Self { folder, manifest };
        Ok(if unpacked.is_whole()? { Some(unpacked) } else { None })
    }

    /// Its files.
    pub(super) fn tree(&self) -> Result<Directory, Error> {
        let torn = || Error::Wheel {
            path: self.folder.path().to_owned(),
            reason: "its files are gone".to_owned(),
        };
        self.folder.below(TREE)?.ok_or_else(torn)
    }

    /// Whether every file is as it was unpacked.
    fn is_whole(&self) -> Result<bool, Error> {
        let Some(tree) = self.folder.below(TREE)? else { return Ok(false) };
        for file in &self.manifest.files {
            let found = tree.look(&file.path)?;
            let as_unpacked = (file.size, file.changed);
            if found.is_none_or(|found| (found.size, nanoseconds(&found)) != as_unpacked) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
