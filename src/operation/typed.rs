//! What a person types: for `install` a version, an archive, a directory of sources, a file of catalogue rows; and `312` for
//! 3.12, as fingers are quicker than dots, but never in a file, never for `py`.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use pyman_shim::Request;

use crate::archive::Format;
use crate::disk;
use crate::error::Error;
use crate::fetch::{Address, Url};
use crate::operation::{Ground, network};

/// So much of a file tells rows from an archive.
const HEAD: u64 = 512;

/// One thing to install.
#[derive(Debug)]
pub(crate) enum Typed {
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

impl Typed {
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
                return Err(network::without_scheme(&address));
            }
            let meant = meant(ground, typed);
            return Ok(Self::Request(Request::parse(meant.as_encoded_bytes())));
        }
        let path = ground.machine.absolute(Path::new(typed))?;
        let Some(found) = disk::follow(&path)? else {
            if address.lacks_scheme() {
                return Err(network::without_scheme(&address));
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
        // Rows are JSON lines, whatever the file is called; an archive of any name has its first bytes.
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
        let versions = versions(typed);
        let once = versions.iter().filter(|one| seen.insert(one.as_os_str()));
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

/// What was typed, a version a word: nobody who types `python 3.9` means whatever is newest, and 3.9 too.
pub(crate) fn versions(typed: &[OsString]) -> Vec<OsString> {
    let mut words = typed.iter().peekable();
    let mut versions = Vec::new();
    while let Some(word) = words.next() {
        let next = if names_python(word.as_encoded_bytes()) {
            words.next_if(|next| is_numbered(next.as_encoded_bytes()))
        } else {
            None
        };
        versions.push(next.unwrap_or(word).clone());
    }
    versions
}

/// Whether a word says which language, and nothing of a version.
pub(crate) fn names_python(word: &[u8]) -> bool {
    word.eq_ignore_ascii_case(b"python") || word.eq_ignore_ascii_case(b"cpython")
}

/// Whether a version or bounds begin so.
pub(crate) fn is_numbered(word: &[u8]) -> bool {
    word.first().is_some_and(|byte| b"<>=!~0123456789".contains(byte))
}

/// The version that was meant: `3.12` for `312`, unless something of exactly that name is installed.
pub(crate) fn meant<'a>(ground: &Ground, typed: &'a OsStr) -> Cow<'a, OsStr> {
    match typed.to_str().and_then(dotted) {
        Some(meant) if ground.resolver().exactly(typed.as_encoded_bytes()).is_none() => {
            Cow::Owned(OsString::from(meant))
        }
        Some(_) | None => Cow::Borrowed(typed),
    }
}

/// `27` and `30` to `399`, with the `t` of a free-threaded build; the minor has no zero before it.
fn dotted(text: &str) -> Option<String> {
    let digits = text.strip_suffix('t').unwrap_or(text);
    let (major, minor) = digits.split_at_checked(1)?;
    let is_number =
        (1..=2).contains(&minor.len()) && minor.bytes().all(|byte| byte.is_ascii_digit());
    let is_minor = is_number && (minor.len() == 1 || !minor.starts_with('0'));
    let known = match major {
        "2" => minor.len() == 1,
        "3" => true,
        _ => false,
    };
    (known && is_minor).then(|| format!("{major}.{}", text.get(1..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::{dotted, is_path};

    #[test]
    fn paths_are_told_from_versions_by_their_look() {
        for path in ["./3.12", "dir/3.12", "/abs", ".", "..", "cpython-3.12.tar.gz", "x.tar.zst"] {
            assert!(is_path(path.as_ref()), "{path}");
        }
        for version in ["3.12", "pypy3.10-7.3.17", ">=3.11,<3.13", "3.12:latest", "latest"] {
            assert!(!is_path(version.as_ref()), "{version}");
        }
    }

    #[test]
    fn a_minor_without_its_dot_is_meant() {
        let table = [
            ("312", Some("3.12")),
            ("27", Some("2.7")),
            ("38", Some("3.8")),
            ("30", Some("3.0")),
            ("313t", Some("3.13t")),
            ("3120", None),
            ("301", None),
            ("270", None),
            ("412", None),
            ("3", None),
            ("3t", None),
            ("3.12", None),
            ("31x", None),
            ("2024", None),
            ("", None),
            ("é", None),
        ];
        for (typed, expected) in table {
            assert_eq!(dotted(typed).as_deref(), expected, "{typed}");
        }
    }
}
