//! How long a line of Python is looked after: the release schedules, as a table of the program.

use std::fmt;

use pyman_shim::Version;

use crate::catalogue::live::Day;

const TABLE: &str = include_str!("../../plugins/cpython/lifetime.table");

/// A day of a schedule, or a month where no day is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date(&'static str);

/// From the first release of a line to its last fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime {
    /// The first final release.
    pub first_release: Option<Date>,
    /// After it there are fixes of security alone.
    pub end_of_bug_fixes: Option<Date>,
    /// After it there are none.
    pub end_of_life: Date,
}

/// What a line still gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Support {
    /// Every fix.
    BugFixes,
    /// Those of security.
    SecurityFixes,
    /// None.
    Ended,
}

impl Date {
    /// Whether all of it lies before a day.
    pub(crate) fn is_before(self, day: Day) -> bool {
        let day = day.to_string();
        day.get(..self.0.len()).is_some_and(|day| day > self.0)
    }

    fn parse(text: &'static str) -> Option<Self> {
        (text != "-").then_some(Self(text))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl Lifetime {
    /// That of a version's line; none for a line that the table does not know yet.
    pub fn of(version: Version) -> Option<Self> {
        Self::read("python", &format!("{}.{}", version.major, version.minor))
    }

    /// That of a line of OpenSSL that is looked after no more, as sources name it: `1.1`.
    pub fn of_openssl(line: &str) -> Option<Self> {
        Self::read("openssl", line)
    }

    /// What the line still gets on a day.
    pub(crate) fn support(&self, today: Day) -> Support {
        if self.end_of_life.is_before(today) {
            Support::Ended
        } else if self.end_of_bug_fixes.is_some_and(|end| end.is_before(today)) {
            Support::SecurityFixes
        } else {
            Support::BugFixes
        }
    }

    fn read(kind: &str, name: &str) -> Option<Self> {
        TABLE.lines().find_map(|line| {
            let mut words = line.split(' ');
            if words.next() != Some(kind) || words.next() != Some(name) {
                return None;
            }
            Some(Self {
                first_release: Date::parse(words.next()?),
                end_of_bug_fixes: Date::parse(words.next()?),
                end_of_life: Date::parse(words.next()?)?,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    fn day(tag: &str) -> Day {
        Day::of_tag(tag).unwrap()
    }

    #[test]
    fn a_line_gets_bug_fixes_then_those_of_security_then_none() {
        let table = [
            ("3.12.7", "20250408", Support::BugFixes),
            ("3.12.7", "20250409", Support::SecurityFixes),
            ("3.12.7", "20281031", Support::SecurityFixes),
            ("3.12.7", "20281101", Support::Ended),
            ("3.10.1", "20261031", Support::SecurityFixes),
            ("3.10.1", "20261101", Support::Ended),
            ("3.9.1", "20251031", Support::SecurityFixes),
            ("3.9.1", "20251101", Support::Ended),
            ("2.7.18", "20200101", Support::BugFixes),
            ("2.7.18", "20200102", Support::Ended),
        ];
        for (version, today, expected) in table {
            let lifetime = Lifetime::of(version.parse().unwrap()).unwrap();
            assert_eq!(lifetime.support(day(today)), expected, "{version} on {today}");
        }
    }

    #[test]
    fn every_line_of_the_catalogue_has_one_and_every_row_is_in_order() {
        for name in Catalogue::embedded_only().names(None) {
            if let Some(version) = Version::parse(name.trim_end_matches('t').as_bytes()) {
                assert!(Lifetime::of(version).is_some(), "{name}");
            }
        }
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let words: Vec<&str> = line.split(' ').collect();
            let [kind, name, first, middle, last] = words[..] else { panic!("{line}") };
            assert!(kind == "python" || kind == "openssl", "{line}");
            assert!(Lifetime::read(kind, name).is_some(), "{line}");
            let dates = [first, middle, last].into_iter().filter(|word| *word != "-");
            let dates: Vec<&str> = dates.collect();
            assert!(dates.iter().all(|date| date.len() == 7 || date.len() == 10), "{line}");
            assert!(dates.is_sorted(), "{line}");
        }
    }

    #[test]
    fn an_openssl_that_nobody_mends_is_known() {
        let ended = |line| Lifetime::of_openssl(line).map(|line| line.support(day("20261129")));
        assert_eq!(ended("1.1"), Some(Support::Ended));
        assert_eq!(ended("1.0"), Some(Support::Ended));
        assert_eq!(ended("3"), None);
    }
}
