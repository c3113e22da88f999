//! Reading: a regular file or none, never waiting for anybody, as much as was asked for.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::File;
use super::absent::{absent, present};
use super::system;

/// A regular file, links followed; `None` when there is none: nothing, a directory, a FIFO, a device.
pub(crate) fn open(file: &Path) -> io::Result<Option<File>> {
    system::open_regular(file)
}

/// The bytes of a regular file; `None` when there is none.
pub(crate) fn read(file: &Path) -> io::Result<Option<Vec<u8>>> {
    let Some(mut opened) = open(file)? else { return Ok(None) };
    let mut bytes = Vec::new();
    opened.read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// The text of a regular file; `None` when there is none, an error when it is no UTF-8.
pub(crate) fn read_text(file: &Path) -> io::Result<Option<String>> {
    let Some(bytes) = read(file)? else { return Ok(None) };
    let text = String::from_utf8(bytes);
    text.map(Some).map_err(|_| {
        let said = format!("`{}' is no UTF-8", file.display());
        io::Error::new(io::ErrorKind::InvalidData, said)
    })
}

/// So many bytes are asked for at once, where not more are wanted.
const PIECE: u64 = 4096;

/// The first `limit` bytes of a regular file, fewer when it has no more; `None` when there is none.
pub(crate) fn read_head(file: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let Some(opened) = open(file)? else { return Ok(None) };
    // What has no size beforehand, as in /proc, comes in one piece.
    let mut bytes = Vec::with_capacity(limit.min(PIECE).try_into().unwrap_or_default());
    opened.take(limit).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// The bytes of a regular file; `None` when there is none, an error when it has more than `limit`.
pub(crate) fn read_at_most(file: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let bytes = read_head(file, limit.saturating_add(1))?;
    if bytes.as_ref().is_some_and(|bytes| bytes.len() as u64 > limit) {
        let said = format!("`{}' has more than {limit} bytes", file.display());
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, said));
    }
    Ok(bytes)
}

/// What a link leads to, as it says; `None` when there is no link, or no more.
pub(crate) fn link_target(link: &Path) -> io::Result<Option<PathBuf>> {
    match fs_err::read_link(link) {
        Ok(target) => Ok(Some(target)),
        Err(error) if absent(&error) || error.kind() == io::ErrorKind::InvalidInput => Ok(None),
        Err(error) => Err(error),
    }
}

/// The path without a link in it; `None` when it leads to nothing.
pub(crate) fn canonical(path: &Path) -> io::Result<Option<PathBuf>> {
    Ok(present(fs_err::canonicalize(path))?.map(system::plain))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_a_link_leads_somewhere() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        fs_err::os::unix::fs::symlink("nowhere", &link).unwrap();
        fs_err::write(folder.path().join("file"), "").unwrap();
        assert_eq!(link_target(&link).unwrap(), Some(PathBuf::from("nowhere")));
        for none in ["file", "missing", "file/below", "."] {
            assert_eq!(link_target(&folder.path().join(none)).unwrap(), None, "{none}");
        }
    }

    #[test]
    fn what_is_no_regular_file_is_none_and_nothing_waits() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let pipe = at("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, 0o600.into()).unwrap();
        fs_err::os::unix::fs::symlink("gone", at("dangling")).unwrap();
        fs_err::write(at("file"), "12345").unwrap();
        for none in ["pipe", ".", "missing", "dangling", "file/below"] {
            assert_eq!(read(&at(none)).unwrap(), None, "{none}");
        }
        assert_eq!(read_head(&at("file"), 2).unwrap().unwrap(), b"12");
        assert_eq!(read_at_most(&at("file"), 5).unwrap().unwrap(), b"12345");
        assert_eq!(read_at_most(&at("file"), 4).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }
}
