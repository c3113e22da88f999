//! What the catalogue keeps below `$PYMAN_ROOT/catalogue`: copies of what was fetched, with the server's name for each
//! copy; digests that a person vouched for; what a live list brought so far: `live-<list>.jsonl`, rows like any others,
//! headed by where and when they were read. Everything is written beside its place and renamed into it.

use std::path::{Path, PathBuf};

use std::io;

use serde::{Deserialize, Serialize};

use crate::catalogue::release::Build;
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
    let (directory, name) = disk::parts(file, "write")?;
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

/// The kind of the first line, which readers of rows pass over.
const KIND: &str = "list";

/// One list's file.
#[derive(Debug)]
pub(super) struct Ledger {
    file: PathBuf,
    header: Header,
    rows: Vec<u8>,
}

#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
struct Header {
    kind: String,
    from: String,
    validator: Option<String>,
    checked: u64,
}

impl Ledger {
    /// Reads what there is. A file without a header is taken as rows alone: the list is then read anew.
    pub(super) fn open(directory: &Path, list: &str) -> io::Result<Self> {
        let file = directory.join(format!("live-{list}.jsonl"));
        let text = read(&file)?.unwrap_or_default();
        let (first, rest) = match text.iter().position(|byte| *byte == b'\n') {
            Some(end) => text.split_at(end + 1),
            None => (text.as_slice(), [].as_slice()),
        };
        let (header, rows) = match header(first) {
            Some(header) => (header, rest.to_vec()),
            None => (Header::default(), text),
        };
        Ok(Self { file, header, rows })
    }

    /// The server's name for the copy that was read last.
    pub(super) fn validator(&self) -> Option<&str> {
        self.header.validator.as_deref()
    }

    /// Adds what was brought.
    pub(super) fn add(
        mut self,
        from: &str,
        validator: Option<String>,
        builds: &[Build],
        checked: u64,
    ) -> io::Result<()> {
        for build in builds {
            self.rows.extend(row::write(build).as_bytes());
            self.rows.push(b'\n');
        }
        self.header = Header { from: from.to_owned(), validator, ..self.header };
        self.touch(checked)
    }

    /// Notes that the list was asked, and had nothing new.
    pub(super) fn touch(mut self, checked: u64) -> io::Result<()> {
        self.header = Header { kind: KIND.to_owned(), checked, ..self.header };
        let mut text = serde_json::to_vec(&self.header)?;
        text.push(b'\n');
        text.extend(self.rows);
        write(&self.file, &text)
    }
}

/// When the list whose file this text is was last asked, in seconds since 1970; none for another file.
pub(crate) fn checked(text: &[u8]) -> Option<u64> {
    let first = text.split(|byte| *byte == b'\n').next()?;
    header(first).map(|header| header.checked)
}

fn header(line: &[u8]) -> Option<Header> {
    serde_json::from_slice::<Header>(line).ok().filter(|header| header.kind == KIND)
}

#[cfg(test)]
mod tests {
    use super::{Kept, Ledger, checked};
    use crate::catalogue::row;

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

    #[test]
    fn what_was_brought_stays_and_more_is_added() {
        let root = tempfile::tempdir().unwrap();
        let place = "https://lists.example/c".parse().unwrap();
        let build = |file: &str| {
            let line = format!(r#"{{"version":"3.15.3","file":"{file}"}}"#);
            row::read(line.as_bytes(), &place).unwrap().unwrap()
        };
        let open = || Ledger::open(root.path(), "prebuilt").unwrap();
        assert_eq!(open().validator(), None);
        open().add("https://one", Some("\"1\"".to_owned()), &[build("a")], 7).unwrap();
        assert_eq!(open().validator(), Some("\"1\""));
        open().add("https://two", None, &[build("b")], 8).unwrap();
        open().touch(9).unwrap();
        let text = fs_err::read_to_string(root.path().join("live-prebuilt.jsonl")).unwrap();
        assert_eq!(checked(text.as_bytes()), Some(9));
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(
            text.contains("\"a\"") && text.contains("\"b\"") && text.contains("https://two"),
            "{text}"
        );
    }

    #[test]
    fn a_file_of_rows_alone_is_kept_and_headed() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("live-pypy.jsonl");
        fs_err::write(&file, "{\"version\":\"3.15.3\",\"file\":\"x\"}\n").unwrap();
        Ledger::open(root.path(), "pypy").unwrap().touch(5).unwrap();
        assert_eq!(fs_err::read_to_string(&file).unwrap().lines().count(), 2);
    }
}
