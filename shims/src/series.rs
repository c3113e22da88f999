//! As much of a Python version as was written or is known: `3`, `3.12` or `3.12.7`.

use core::fmt;

use crate::version::{Pre, Version, number};

/// A version to some depth. Order is not defined on it: `3` is neither before nor after `3.12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Series {
    /// `3`
    Major(u32),
    /// `3.12`
    Minor(u32, u32),
    /// `3.12.7`, `3.13.0rc2`
    Patch(Version),
}

impl Series {
    /// Reads `3`, `3.12`, `3.12.7`, `3.13.0rc2` or `3.13rc2` (which is `3.13.0rc2`), nothing after it.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let (series, rest) = Self::head(text)?;
        rest.is_empty().then_some(series)
    }

    /// The version at the head of `text`, and what follows it.
    pub fn head(text: &[u8]) -> Option<(Self, &[u8])> {
        let (major, rest) = number(text)?;
        let Some((minor, rest)) = rest.strip_prefix(b".").and_then(number) else {
            return Some((Self::Major(major), rest));
        };
        let (patch, rest) = match rest.strip_prefix(b".").and_then(number) {
            Some((patch, rest)) => (Some(patch), rest),
            None => (None, rest),
        };
        let (pre, rest) = match Pre::head(rest) {
            Some((pre, rest)) => (Some(pre), rest),
            None => (None, rest),
        };
        let series = match (patch, pre) {
            (None, None) => Self::Minor(major, minor),
            (patch, pre) => Self::Patch(Version { major, minor, patch: patch.unwrap_or(0), pre }),
        };
        Some((series, rest))
    }

    /// Whether every version of `other` is one of this series: `3` covers `3.12` covers `3.12.7`.
    pub fn covers(&self, other: &Self) -> bool {
        match self {
            Self::Major(major) => *major == other.major(),
            Self::Minor(major, minor) => *major == other.major() && other.minor() == Some(*minor),
            Self::Patch(version) => other.version() == Some(*version),
        }
    }

    /// Whether some version is of both.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.covers(other) || other.covers(self)
    }

    /// `3` of `3.12.7`.
    pub const fn major(&self) -> u32 {
        match self {
            Self::Major(major) | Self::Minor(major, _) => *major,
            Self::Patch(version) => version.major,
        }
    }

    /// `12` of `3.12.7`, when it goes so far.
    pub const fn minor(&self) -> Option<u32> {
        match self {
            Self::Major(_) => None,
            Self::Minor(_, minor) => Some(*minor),
            Self::Patch(version) => Some(version.minor),
        }
    }

    /// The complete version, when it is one.
    pub const fn version(&self) -> Option<Version> {
        match self {
            Self::Major(_) | Self::Minor(..) => None,
            Self::Patch(version) => Some(*version),
        }
    }
}

impl fmt::Display for Series {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Major(major) => write!(formatter, "{major}"),
            Self::Minor(major, minor) => write!(formatter, "{major}.{minor}"),
            Self::Patch(version) => version.fmt(formatter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_covers_what_it_begins() {
        let cases: [(&[u8], &[u8], bool); 8] = [
            (b"3", b"3.12", true),
            (b"3.12", b"3.12.7", true),
            (b"3.1", b"3.12.7", false),
            (b"3.12", b"3", false),
            (b"3.13.0rc2", b"3.13.0rc2", true),
            (b"3.13.0", b"3.13.0rc2", false),
            (b"3.13", b"3.13.0rc2", true),
            (b"2", b"3.13.0rc2", false),
        ];
        for (mine, theirs, expected) in cases {
            let (mine, theirs) = (Series::parse(mine).unwrap(), Series::parse(theirs).unwrap());
            assert_eq!(mine.covers(&theirs), expected, "{mine} covers {theirs}");
        }
    }

    #[test]
    fn a_pre_release_of_a_minor_is_of_its_first_patch() {
        assert_eq!(Series::parse(b"3.13rc2"), Series::parse(b"3.13.0rc2"));
        for text in [b"".as_slice(), b"x", b"3.", b"3.x", b"3.12.7.1", b"3rc1", b"3.012"] {
            assert_eq!(Series::parse(text), None);
        }
    }
}
