//! The part of a file that is already here. It survives a drop, an interruption and a kill.

use std::io::{self, Seek as _, SeekFrom, Write as _};

use crate::disk::File;
use crate::fetch::entry::{Room, refused};
use crate::fetch::error::Error;
use crate::fetch::outlet::Outlet;

/// Whether to go on with what an earlier run left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Earlier {
    Continue,
    Discard,
}

/// A file being written, always as long as what its outlet has taken.
pub(super) struct Partial<'e> {
    room: Room<'e>,
    file: File,
}

impl<'e> Partial<'e> {
    /// Opens it, and lets the outlet take what is there.
    pub(super) fn open(
        room: Room<'e>,
        earlier: Earlier,
        outlet: &mut Outlet<'_>,
    ) -> Result<Self, Error> {
        let file = room.partial()?;
        let mut partial = Self { room, file };
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
                self.room.remove_partial()?;
            }
            return Err(refused(self.file.path(), error));
        }
        outlet.take(bytes)
    }

    /// The bytes so far were wrong.
    pub(super) fn discard(&mut self, outlet: &mut Outlet<'_>) -> Result<(), Error> {
        let emptied = self.file.set_len(0).and_then(|()| self.file.seek(SeekFrom::Start(0)));
        emptied.map_err(|error| refused(self.file.path(), error))?;
        outlet.restart()
    }

    /// The bytes are those wanted: they get the name.
    pub(super) fn publish(&self) -> Result<(), Error> {
        self.room.publish()
    }

    /// Nobody will go on with it.
    pub(super) fn remove(&self) -> Result<(), Error> {
        self.room.remove_partial()
    }
}
