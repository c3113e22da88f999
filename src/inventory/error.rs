//! Why what is installed could not be read, or not be claimed.

use std::io;
use std::path::PathBuf;

use super::places::Folder;
use crate::compatibility::Writer;
use crate::disk;

/// What stands in the way under the root.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk said no; the message names the path.
    #[error(transparent)]
    Disk(#[from] io::Error),
    /// A receipt that is not JSON of our shape.
    #[error("{} is no receipt: {why}", path.display())]
    Receipt {
        /// The file read.
        path: PathBuf,
        /// What the reader met.
        why: String,
    },
    /// State that only a later pyman understands; reading on would lose what it says.
    #[error("{} was {writer}", path.display())]
    Newer {
        /// The file read.
        path: PathBuf,
        /// Who wrote it.
        writer: Writer,
    },
    /// Stopped by the user while waiting for another process.
    #[error("interrupted")]
    Interrupted,
}

impl Error {
    /// The process's exit status for this.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Disk(_) => 5,
            Self::Receipt { .. } | Self::Newer { .. } => 1,
            Self::Interrupted => 130,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Receipt { path, .. } => {
                // `versions/NAME/.pyman/receipt.json'.
                let name = path.parent()?.parent()?.file_name()?.to_string_lossy().into_owned();
                Some(format!("run `pyman install -f {name}'"))
            }
            Self::Newer { .. } => Some("run the newer pyman, or install it again".to_owned()),
            Self::Disk(error) => remedy(error),
            Self::Interrupted => None,
        }
    }
}

/// What to do about a disk that says no.
pub(crate) fn remedy(error: &io::Error) -> Option<String> {
    if let Some(link) = disk::linked(error) {
        let versions = link.ends_with(Folder::Versions.name());
        return Some(match disk::canonical(link) {
            Ok(Some(target)) if versions => format!(
                "who keeps versions there says `versions = {:?}' in settings.toml",
                target.to_string_lossy()
            ),
            Ok(_) | Err(_) => "run `pyman doctor'".to_owned(),
        });
    }
    if disk::is_anothers(error) {
        return Some("ask its owner, or set PYMAN_ROOT to a root of your own".to_owned());
    }
    let text = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "free some space on that disk, then run the same command again"
        }
        io::ErrorKind::FileTooLarge => "raise the limit that `ulimit -f` shows",
        io::ErrorKind::CrossesDevices => {
            "keep the whole root on one of them; the root itself may be a link"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "make the directory writable, or set PYMAN_ROOT to another"
        }
        _ => return None,
    };
    Some(text.to_owned())
}
