//! What the catalogue keeps below `$PYMAN_ROOT/catalogue`: copies of what was fetched, with the server's
//! name for each copy. Everything is written beside its place and renamed into it.

use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::fetch::Sha256;
use crate::fetch::Url;

/// The kept copy of one document, `remote/<digest of its address>` and, beside it, its `.etag`.
#[derive(Debug)]
pub(super) struct Kept {
    file: PathBuf,
}

impl Kept {
    /// The copy of the document at this address.
    pub(super) fn of(directory: &Path, url: &Url) -> Self {
        let name = Sha256::of(url.exact().as_bytes()).to_string();
        Self { file: directory.join("remote").join(name) }
    }

    /// The server's name for the copy; none when there is no copy.
    pub(super) fn validator(&self) -> io::Result<Option<String>> {
        if read(&self.file)?.is_none() {
            return Ok(None);
        }
        let text = read(&self.etag())?;
        Ok(text
            .map(|text| String::from_utf8_lossy(&text).into_owned())
            .filter(|text| !text.is_empty()))
    }

    /// The copy itself.
    pub(super) fn read(&self) -> io::Result<Option<Vec<u8>>> {
        read(&self.file)
    }

    /// Puts a new copy in place of the old one. Its name is taken away first: a kill in between
    /// leaves a copy without a name, which is fetched again, never one with another's name.
    pub(super) fn keep(&self, body: &[u8], validator: Option<&str>) -> io::Result<()> {
        write(&self.etag(), b"")?;
        write(&self.file, body)?;
        write(&self.etag(), validator.unwrap_or_default().as_bytes())
    }

    fn etag(&self) -> PathBuf {
        self.file.with_extension("etag")
    }
}

/// A file's bytes; none when it is not there.
pub(super) fn read(file: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs_err::read(file) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// A file's bytes, at most so many; one that is longer is an error.
pub(super) fn read_whole(file: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs_err::File::open(file)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::other(format!("more than {limit} bytes")));
    }
    Ok(bytes)
}

/// Replaces a file whole, making its directory. What stands beside it was left by a kill, or planted:
/// it is removed, never written through.
pub(super) fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = file.with_extension(format!("new-{}", std::process::id()));
    if let Some(directory) = file.parent() {
        fs_err::create_dir_all(directory)?;
    }
    match fs_err::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut opened = fs_err::OpenOptions::new().write(true).create_new(true).open(&beside)?;
    opened.write_all(bytes)?;
    drop(opened);
    fs_err::rename(beside, file)
}

#[cfg(test)]
mod tests {
    use super::Kept;

    #[test]
    fn a_copy_is_kept_with_its_name_and_replaced_whole() {
        let root = tempfile::tempdir().unwrap();
        let url = "https://lists.example/c.jsonl".parse().unwrap();
        let kept = Kept::of(root.path(), &url);
        assert_eq!((kept.validator().unwrap(), kept.read().unwrap()), (None, None));
        kept.keep(b"one", Some("\"1\"")).unwrap();
        assert_eq!(kept.validator().unwrap().as_deref(), Some("\"1\""));
        kept.keep(b"two", None).unwrap();
        assert_eq!(
            (kept.validator().unwrap(), kept.read().unwrap()),
            (None, Some(b"two".to_vec()))
        );
    }
}
