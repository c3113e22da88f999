//! What a list brought so far: `live-<list>.jsonl`, rows like any others, headed by where and when they were
//! read and by the server's name for the list.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::catalogue::build::Build;
use crate::catalogue::row;
use crate::catalogue::store;

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
        let text = store::read(&file)?.unwrap_or_default();
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
        store::write(&self.file, &text)
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
    use super::{Ledger, checked};
    use crate::catalogue::row;

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
