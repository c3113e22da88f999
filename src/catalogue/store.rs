//! What the catalogue keeps below `$PYMAN_ROOT/catalogue`: copies of what was fetched, with the server's
//! name for each copy, and digests that a person vouched for. Everything is written beside its place and renamed into it.

use std::io;
use std::path::{Path, PathBuf};

use crate::catalogue::build::Build;
use crate::catalogue::row;
use crate::disk::{self, Directory, Privacy};
use crate::fetch::{Sha256, Url};

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

/// The most bytes a catalogue or a list may have; the tables as JSON lines are about 2 MiB, the longest list has 12 MB.
pub(super) const LONGEST: u64 = 64 << 20;

/// The bytes of a file of ours; none when it is not there, or no regular file of its own.
pub(super) fn read(file: &Path) -> io::Result<Option<Vec<u8>>> {
    disk::read_at_most(file, LONGEST)
}

/// Puts a file in a directory of ours, which is made if need be.
pub(super) fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let (Some(directory), Some(name)) = (file.parent(), file.file_name()) else {
        return Err(disk::failed("write", file, io::ErrorKind::InvalidInput.into()));
    };
    let directory = Directory::make_at(directory)?;
    directory.sweep_temporaries()?;
    directory.replace(name, bytes, Privacy::Shared)
}

/// The catalogue they are added by.
const FILE: &str = "vouched.jsonl";

/// Keeps the digest that a person vouched for, of a file whose publisher says none, as a row like any other: the next copy
/// is judged by it.
pub fn keep_digest(directory: &Path, build: &Build, sha256: Sha256) -> io::Result<()> {
    let file = directory.join(FILE);
    let line = row::write(&Build { sha256: Some(sha256), ..build.clone() });
    let mut text = read(&file)?.unwrap_or_default();
    if text.split(|byte| *byte == b'\n').any(|known| known == line.as_bytes()) {
        return Ok(());
    }
    if !text.is_empty() && !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    text.extend(line.as_bytes());
    text.push(b'\n');
    write(&file, &text)
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
