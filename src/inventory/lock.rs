//! One process at a time changes an installation: the root's locks, named when waited for.

use std::io;

use super::Error;
use super::places::{Folder, Places};
use crate::disk::{self, After};
use crate::progress::Progress;

pub(crate) use crate::disk::{Lock, Waited};

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
