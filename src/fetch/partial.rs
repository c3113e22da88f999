//! The part of a file that is already here. It survives a drop, an interruption and a kill.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::fetch::entry::{clear_way, evict, refused};
use crate::fetch::error::Error;
use crate::fetch::outlet::Outlet;

/// Whether to go on with what an earlier run left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Earlier {
    Continue,
    Discard,
}

/// A file being written, always as long as what its outlet has taken.
pub(super) struct Partial {
    path: PathBuf,
    file: File,
}

impl Partial {
    /// Opens it, and lets the outlet take what is there.
    pub(super) fn open(
        path: &Path,
        earlier: Earlier,
        outlet: &mut Outlet<'_>,
    ) -> Result<Self, Error> {
        clear_way(path)?;
        let opened =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let file = opened.map_err(|error| refused(path, error))?;
        let mut partial = Self { path: path.to_path_buf(), file };
        let read = match earlier {
            Earlier::Continue => outlet.pour(&mut partial.file)?,
            Earlier::Discard => Ok(()),
        };
        if read.is_err() || earlier == Earlier::Discard {
            partial.discard(outlet)?;
        }
        Ok(partial)
    }

    /// Writes the bytes, then hands them on.
    pub(super) fn take(&mut self, bytes: &[u8], outlet: &mut Outlet<'_>) -> Result<(), Error> {
        if let Err(error) = self.file.write_all(bytes) {
            let full = matches!(
                error.kind(),
                io::ErrorKind::StorageFull
                    | io::ErrorKind::QuotaExceeded
                    | io::ErrorKind::FileTooLarge
            );
            if full {
                // Others need the space more than the next try does.
                evict(&self.path)?;
            }
            return Err(refused(&self.path, error));
        }
        outlet.take(bytes)
    }

    /// The bytes so far were wrong.
    pub(super) fn discard(&mut self, outlet: &mut Outlet<'_>) -> Result<(), Error> {
        let emptied = self.file.set_len(0).and_then(|()| self.file.seek(SeekFrom::Start(0)));
        emptied.map_err(|error| refused(&self.path, error))?;
        outlet.restart()
    }

    /// The bytes are those wanted: they get the name.
    pub(super) fn publish(&self, whole: &Path) -> Result<(), Error> {
        fs_err::rename(&self.path, whole).map_err(|error| refused(whole, error))
    }

    /// Nobody will go on with it.
    pub(super) fn remove(&self) -> Result<(), Error> {
        evict(&self.path)
    }
}
