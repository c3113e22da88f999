//! Writing version files: checked, as typed or so that it reads back the same, beside and then renamed.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::Path;

use pyman_shim::{Origin, Request};

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

/// The versions as a file says them: as typed where that reads back as the same, else in the form that does, so
/// `3.11.7` for `python 3.11.7`, be that one word or two; an error for what no file can say.
pub(crate) fn spelt(context: &Context, versions: &[OsString]) -> Result<Vec<Vec<u8>>, Error> {
    let mut words = versions.iter().map(|version| version.as_encoded_bytes()).peekable();
    let mut spelt = Vec::new();
    while let Some(word) = words.next() {
        if word.is_empty() {
            // A blank line, as in pyenv.
            spelt.push(Vec::new());
            continue;
        }
        // Nobody means whatever is newest, and a certain version too.
        let is_name = matches!(word.to_ascii_lowercase().as_slice(), b"python" | b"cpython");
        let numbered =
            |next: &&[u8]| next.first().is_some_and(|byte| b"<>=!~0123456789".contains(byte));
        let next = if is_name { words.next_if(numbered) } else { None };
        let typed = next.map_or_else(|| word.to_vec(), |next| [word, b" ", next].concat());
        spelt.push(pyman_shim::spelling(&typed).ok_or_else(|| unspeakable(context, &typed))?);
    }
    Ok(spelt)
}

fn unspeakable(context: &Context, typed: &[u8]) -> Error {
    let resolver = asking::resolver(context);
    let request = Request::parse(typed);
    if request.is_unclear() {
        return pyman_shim::Error::Unusable(resolver.missing(&request, &Origin::Argument)).into();
    }
    asking::not_installed(&resolver, typed)
}

/// Writes `versions` into `file`, a line each; nothing is written when one of them must be installed and is not.
pub(crate) fn write(
    context: &Context,
    file: &Path,
    versions: &[OsString],
    check: Check,
) -> Result<(), Error> {
    let spelt = spelt(context, versions)?;
    let spelt = || spelt.iter().map(Vec::as_slice);
    if check == Check::Installed {
        let resolver = asking::resolver(context);
        // What a file says is read as if joined with `:`, so one word may name several.
        let entries = spelt().flat_map(|version| version.split(|byte| *byte == b':'));
        for entry in entries.filter(|entry| !entry.is_empty()) {
            asking::require(&resolver, entry)?;
        }
    }
    replace(&world::replaceable(file)?, &asking::lines(spelt())).map_err(Error::from)
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
