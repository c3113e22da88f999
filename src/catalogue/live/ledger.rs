//! What a list brought so far: `live-<list>.jsonl`, rows like any others, headed by where and when they were
//! read and by the server's name for the list; and the day that makes of it.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use std::{fmt, io};

use serde::{Deserialize, Serialize};

use crate::catalogue::build::Build;
use crate::catalogue::{row, store};

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

/// A day, in the proleptic Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day {
    year: u64,
    month: u64,
    of_month: u64,
}

impl Day {
    /// The day, in UTC, of a moment in seconds since 1970.
    pub(crate) const fn of_seconds(seconds: u64) -> Self {
        // Counted in eras of 400 years that begin on 1 March of year 0, so that the leap day is a year's last.
        let days = seconds / 86_400 + 719_468;
        let (era, of_era) = (days / 146_097, days % 146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let of_month = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        Self { year: era * 400 + year + if month <= 2 { 1 } else { 0 }, month, of_month }
    }

    /// The day it is by the clock, in UTC; one before 1970 counts as that.
    pub(crate) fn of_clock() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Self::of_seconds(since.map_or(0, |since| since.as_secs()))
    }

    /// The day a build's tag names: `20241016`.
    pub(crate) fn of_tag(tag: &str) -> Option<Self> {
        let number: u64 = tag.get(..8)?.parse().ok()?;
        let day = Self { year: number / 10_000, month: number / 100 % 100, of_month: number % 100 };
        ((1..=12).contains(&day.month) && (1..=31).contains(&day.of_month)).then_some(day)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.of_month)
    }
}

#[cfg(test)]
mod tests {
    use super::{Day, Ledger, checked};
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

    #[test]
    fn moments_fall_on_their_days() {
        let table = [
            (0, "1970-01-01"),
            (951_782_399, "2000-02-28"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_729_036_800, "2024-10-16"),
            (1_735_689_599, "2024-12-31"),
            (4_102_444_800, "2100-01-01"),
        ];
        for (seconds, expected) in table {
            assert_eq!(Day::of_seconds(seconds).to_string(), expected);
        }
    }

    #[test]
    fn a_tag_is_a_day_or_none() {
        assert_eq!(Day::of_tag("20241016").unwrap().to_string(), "2024-10-16");
        assert_eq!(Day::of_tag("20200823T0036").unwrap().to_string(), "2020-08-23");
        assert_eq!(Day::of_tag("20241316"), None);
        assert_eq!(Day::of_tag("corp-1"), None);
    }
}
