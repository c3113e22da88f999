//! Writing version files: checked, as typed, beside and then renamed.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::Path;

use crate::cli::asking;
use crate::cli::context::Context;
use crate::error::Error;
use crate::world;

/// Whether the versions must be installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    Installed,
    Nothing,
}

impl Check {
    /// `--force` checks nothing.
    pub(crate) const fn unless(force: bool) -> Self {
        if force { Self::Nothing } else { Self::Installed }
    }
}

/// The versions typed; an empty first word stands for none at all, as in pyenv.
pub(crate) fn typed(versions: &[OsString]) -> &[OsString] {
    match versions {
        [first, ..] if !first.is_empty() => versions,
        _ => &[],
    }
}

/// Writes `versions` into `file`, a line each; nothing is written when one of them must be installed and is not.
pub(crate) fn write(
    context: &Context,
    file: &Path,
    versions: &[OsString],
    check: Check,
) -> Result<(), Error> {
    let typed = || versions.iter().map(|version| version.as_encoded_bytes());
    if check == Check::Installed {
        let resolver = asking::resolver(context);
        // What a file says is read as if joined with `:`, so one word may name several.
        let entries = typed().flat_map(|version| version.split(|byte| *byte == b':'));
        for entry in entries.filter(|entry| !entry.is_empty()) {
            asking::require(&resolver, entry)?;
        }
    }
    replace(&world::replaceable(file)?, &asking::lines(typed())).map_err(Error::from)
}

fn replace(file: &Path, text: &[u8]) -> io::Result<()> {
    let directory = file.parent().unwrap_or_else(|| Path::new("/"));
    let mode = tempfile::Builder::new().prefix(".pyman-").rand_bytes(8).tempfile_in(directory);
    let mut beside = match mode {
        Ok(beside) => beside,
        // A file of ours in a directory that is not: written in place, as there is no other way.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            return fs_err::write(file, text);
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let gone = format!("there is no directory {}", directory.display());
            return Err(io::Error::new(error.kind(), gone));
        }
        Err(error) => return Err(error),
    };
    beside.write_all(text)?;
    world::as_created(beside.as_file(), file)?;
    let named =
        |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", file.display()));
    beside.persist(file).map_err(|error| named(error.error))?;
    Ok(())
}
