//! What a person asks `install` for: a version, an archive, a directory of sources, a file of catalogue rows.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use pyman_shim::Request;

use crate::archive::Format;
use crate::disk;
use crate::error::Error;
use crate::fetch::{Address, Url};
use crate::operation::shorthand;
use crate::operation::{Ground, supply};

/// So much of a file tells rows from an archive.
const HEAD: u64 = 512;

/// One thing to install.
#[derive(Debug)]
pub(crate) enum Wish {
    /// A version, a prefix, a specifier, another family's name.
    Request(Request),
    /// An archive, here or elsewhere.
    Archive(Url),
    /// An installer script, here or elsewhere.
    Installer(Url),
    /// A directory of sources.
    Sources(PathBuf),
    /// A file of catalogue rows.
    Rows(PathBuf),
}

impl Wish {
    /// Understands what was typed. What looks like a path is one, and has to be there.
    pub(crate) fn parse(ground: &Ground, typed: &OsStr) -> Result<Self, Error> {
        if let Some(text) = typed.to_str().filter(|text| text.contains("://")) {
            let url: Url =
                text.parse().map_err(|error| Error::NotUnderstood(format!("{error}")))?;
            let script = is_script(Path::new(&url.file_name()));
            return Ok(if script { Self::Installer(url) } else { Self::Archive(url) });
        }
        let address = Address::from(&*typed.to_string_lossy());
        if !is_path(typed) {
            if address.lacks_scheme() {
                return Err(supply::without_scheme(&address));
            }
            let meant = shorthand::meant(ground, typed);
            return Ok(Self::Request(Request::parse(meant.as_encoded_bytes())));
        }
        let path = ground.machine.absolute(Path::new(typed))?;
        let Some(found) = disk::follow(&path)? else {
            if address.lacks_scheme() {
                return Err(supply::without_scheme(&address));
            }
            return Err(Error::NotUnderstood(format!("there is no file `{address}'")));
        };
        if found.is_directory() {
            return Ok(Self::Sources(path));
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if is_script(&path) {
            return Ok(Self::Installer(Url::from(path)));
        }
        if Format::of_name(&name).is_some() {
            return Ok(Self::Archive(Url::from(path)));
        }
        let head = disk::read_head(&path, HEAD)?.unwrap_or_default();
        if head.trim_ascii_start().starts_with(b"{") {
            return Ok(Self::Rows(path));
        }
        if Format::of_bytes(&head).is_some() {
            return Ok(Self::Archive(Url::from(path)));
        }
        Err(Error::Definition(path))
    }

    /// The request, when it is one.
    pub(crate) const fn request(&self) -> Option<&Request> {
        match self {
            Self::Request(request) => Some(request),
            Self::Archive(_) | Self::Installer(_) | Self::Sources(_) | Self::Rows(_) => None,
        }
    }

    /// Everything that was typed, each once; a mistake in one is a mistake of the command.
    pub(crate) fn all(ground: &Ground, typed: &[OsString]) -> Result<Vec<Self>, Error> {
        let mut seen = HashSet::new();
        let once = typed.iter().filter(|one| seen.insert(one.as_os_str()));
        once.map(|one| Self::parse(ground, one)).collect()
    }
}

/// A separator makes a path of anything; an archive's ending only of what is no version's name.
fn is_path(typed: &OsStr) -> bool {
    let bytes = typed.as_encoded_bytes();
    let separated = bytes.iter().any(|byte| std::path::is_separator(char::from(*byte)));
    let archive = typed.to_str().is_some_and(|name| Format::of_name(name).is_some());
    separated || archive || bytes == b"." || bytes == b".."
}

fn is_script(path: &Path) -> bool {
    path.extension() == Some(OsStr::new("sh"))
}

#[cfg(test)]
mod tests {
    use super::is_path;

    #[test]
    fn paths_are_told_from_versions_by_their_look() {
        for path in ["./3.12", "dir/3.12", "/abs", ".", "..", "cpython-3.12.tar.gz", "x.tar.zst"] {
            assert!(is_path(path.as_ref()), "{path}");
        }
        for version in ["3.12", "pypy3.10-7.3.17", ">=3.11,<3.13", "3.12:latest", "latest"] {
            assert!(!is_path(version.as_ref()), "{version}");
        }
    }
}
