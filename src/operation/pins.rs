//! Writing version files: checked, as typed or so that it reads back the same.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use pyman_shim::{Origin, Request};

use crate::disk::{self, Directory, Privacy};
use crate::error::Error;
use crate::operation::{Ground, selection, typed};
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
pub(crate) fn spelt(ground: &Ground, versions: &[OsString]) -> Result<Vec<Vec<u8>>, Error> {
    let mut words = versions.iter().map(|version| version.as_encoded_bytes()).peekable();
    let mut spelt = Vec::new();
    while let Some(word) = words.next() {
        if word.is_empty() {
            // A blank line, as in pyenv.
            spelt.push(Vec::new());
            continue;
        }
        let meant = typed::meant(ground, world::path(word).as_os_str()).into_owned();
        let word = meant.as_encoded_bytes();
        // Nobody means whatever is newest, and a certain version too.
        let numbered = |next: &&[u8]| typed::is_numbered(next);
        let next = if typed::names_python(word) { words.next_if(numbered) } else { None };
        let typed = next.map_or_else(|| word.to_vec(), |next| [word, b" ", next].concat());
        spelt.push(pyman_shim::spelling(&typed).ok_or_else(|| unspeakable(ground, &typed))?);
    }
    Ok(spelt)
}

fn unspeakable(ground: &Ground, typed: &[u8]) -> Error {
    let resolver = ground.resolver();
    let request = Request::parse(typed);
    if request.is_unclear() {
        return pyman_shim::Error::Unusable(resolver.missing(&request, &Origin::Argument)).into();
    }
    selection::not_installed(ground, &resolver, typed)
}

/// Writes `versions` into `file`, a line each; nothing is written when one of them must be installed and is not.
pub(crate) fn write(
    ground: &Ground,
    file: &Path,
    versions: &[OsString],
    check: Check,
) -> Result<(), Error> {
    let spelt = spelt(ground, versions)?;
    let spelt = || spelt.iter().map(Vec::as_slice);
    if check == Check::Installed {
        let resolver = ground.resolver();
        // What a file says is read as if joined with `:`, so one word may name several.
        let entries = spelt().flat_map(|version| version.split(|byte| *byte == b':'));
        for entry in entries.filter(|entry| !entry.is_empty()) {
            selection::require(ground, &resolver, entry)?;
        }
    }
    let folder = file.parent().unwrap_or(Path::new("/"));
    if !disk::is_directory(folder) {
        let gone = format!("there is no directory {}", folder.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, gone).into());
    }
    if let Some(name) = file.file_name().filter(|_| folder == ground.root()) {
        Directory::open(folder)?.refuse_strangers(name)?;
    }
    Ok(disk::replace_personal(file, &selection::lines(spelt()), Privacy::Shared)?)
}

/// Makes the first version the global one: where nothing is selected and PATH has no Python.
pub(crate) fn choose_first(ground: &Ground, name: &str) -> Result<(), Error> {
    let resolver = ground.resolver();
    let selected = resolver.pins().is_ok_and(|pins| !pins.entries.is_empty());
    if selected || resolver.system_python().is_some() {
        return Ok(());
    }
    let file = ground.root().join("version");
    write(ground, &file, &[OsString::from(name)], Check::Installed)?;
    ground.talk(&format!(
        "{name} is the global version now: none was chosen, and PATH has no Python"
    ));
    Ok(())
}
