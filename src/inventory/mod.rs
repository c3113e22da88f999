//! What is installed under the root, and who may change it: installations, receipts, locks, minor links.
//!
//! Reads the disk only; what *could* be installed is the catalogue's to know, how it gets here is `install`'s.

mod error;
mod installation;
mod minor;
mod places;
mod receipt;
mod spot;
mod succession;

use std::io;

use crate::disk::{self, After};
use crate::progress::Progress;

pub(crate) use crate::disk::{Lock, Waited};
pub(crate) use error::{Error, remedy};
pub(crate) use installation::{Form, Installation, Inventory, leave_no_envs, tag};
pub(crate) use minor::{hindered, minor, settle};
pub(crate) use places::{Folder, Places};
pub(crate) use receipt::{Origin, Receipt, count_tree};
pub(crate) use spot::Spot;
pub(crate) use succession::Succession;

/// Takes the lock called `name`, waiting as long as it takes, and says whom for.
///
/// `work` completes the sentence that others read meanwhile: `installing 3.12.7`.
pub(crate) fn lock(
    places: &Places,
    name: &str,
    work: &str,
    progress: &dyn Progress,
) -> Result<Lock, Error> {
    let locks = places.make(Folder::Locks)?;
    let file = format!("{name}.lock");
    match disk::Lock::take(&locks, file, work, After::Kept, progress) {
        Ok(lock) => Ok(lock),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(Error::Interrupted),
        Err(error) => Err(error.into()),
    }
}
