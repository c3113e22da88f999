//! A day of the calendar, for saying how old the catalogue is.

use std::fmt;

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
    use super::Day;

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
