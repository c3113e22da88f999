//! How long a line of Python is looked after: the release schedules, as a table of the program; and the day it is.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use pyman_shim::Version;

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
        // ISO 8601 sorts as text; where a schedule has a month alone, only the month is compared.
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
