//! A complete Python version, `3.13.0rc2`: parsed, ordered, shown; and how a release was built. Prefixes and tags are requests.

use core::cmp::Ordering;
use core::fmt;

/// A version as CPython numbers its releases (PEP 440, release segment of three, optional pre-release).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Version {
    /// `3` of `3.13.0rc2`.
    pub major: u32,
    /// `13` of `3.13.0rc2`.
    pub minor: u32,
    /// `0` of `3.13.0rc2`.
    pub patch: u32,
    /// `rc2` of `3.13.0rc2`; none for a final release.
    pub pre: Option<Pre>,
}

/// The pre-release part of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pre {
    /// Alpha, beta or candidate.
    pub stage: Stage,
    /// `2` of `rc2`.
    pub number: u32,
}

/// How far a pre-release has come, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// `a`
    Alpha,
    /// `b`
    Beta,
    /// `rc`, before 2.6 `c`
    Candidate,
}

impl Version {
    /// A final release.
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch, pre: None }
    }

    /// Reads `3.13.0` or `3.13.0rc2`, nothing before or after it; all three numbers must be there.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let (major, rest) = number(text)?;
        let (minor, rest) = number(rest.strip_prefix(b".")?)?;
        let (patch, rest) = number(rest.strip_prefix(b".")?)?;
        let pre = if rest.is_empty() { None } else { Some(Pre::parse(rest)?) };
        Some(Self { major, minor, patch, pre })
    }

    /// Whether this is no pre-release.
    pub const fn is_final(&self) -> bool {
        self.pre.is_none()
    }
}

impl Pre {
    /// Reads `a7`, `b1`, `rc2` or `c2`, nothing after it.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let (pre, rest) = Self::head(text)?;
        rest.is_empty().then_some(pre)
    }

    /// The pre-release part at the head of `text`, and what follows it.
    pub(crate) fn head(text: &[u8]) -> Option<(Self, &[u8])> {
        let stages: [(&[u8], Stage); 4] = [
            (b"a", Stage::Alpha),
            (b"b", Stage::Beta),
            (b"rc", Stage::Candidate),
            (b"c", Stage::Candidate),
        ];
        stages.into_iter().find_map(|(letters, stage)| {
            let (number, rest) = number(text.strip_prefix(letters)?)?;
            Some((Self { stage, number }, rest))
        })
    }
}

/// The decimal number at the head of `text`, and what follows it. Nine digits at most, no leading zero.
pub(crate) fn number(text: &[u8]) -> Option<(u32, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (head, rest) = text.split_at_checked(digits)?;
    if head.is_empty() || head.len() > 9 || (head.len() > 1 && head.first() == Some(&b'0')) {
        return None;
    }
    let value = head.iter().fold(0_u32, |value, byte| value * 10 + u32::from(byte - b'0'));
    Some((value, rest))
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.major, self.minor, self.patch)
            .cmp(&(other.major, other.minor, other.patch))
            .then_with(|| match (self.pre, other.pre) {
                (None, None) => Ordering::Equal,
                (None, Some(_)) => Ordering::Greater,
                (Some(_), None) => Ordering::Less,
                (Some(mine), Some(theirs)) => mine.cmp(&theirs),
            })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.major, self.minor, self.patch)?;
        self.pre.map_or(Ok(()), |pre| pre.fmt(formatter))
    }
}

impl fmt::Display for Pre {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters = match self.stage {
            Stage::Alpha => "a",
            Stage::Beta => "b",
            Stage::Candidate => "rc",
        };
        write!(formatter, "{letters}{}", self.number)
    }
}

impl core::str::FromStr for Version {
    type Err = NotAVersion;

    fn from_str(text: &str) -> Result<Self, NotAVersion> {
        Self::parse(text.as_bytes()).ok_or(NotAVersion)
    }
}

/// The text is no complete version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAVersion;

impl fmt::Display for NotAVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a version like `3.13.0' or `3.13.0rc2'")
    }
}

impl core::error::Error for NotAVersion {}

/// The variant of a build; the tag of an installation is its version followed by this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Variant {
    /// The ordinary build.
    #[default]
    Default,
    /// Without the global interpreter lock (PEP 703): `3.13.0t`.
    FreeThreaded,
    /// `--with-pydebug`: `3.13.0d`, and `3.13.0-debug` as a directory.
    Debug,
}

impl Variant {
    /// The letter that follows the version in a tag: empty, `t` or `d`.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Default => "",
            Self::FreeThreaded => "t",
            Self::Debug => "d",
        }
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.suffix())
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use proptest::prelude::*;

    use super::*;

    prop_compose! {
        fn version()(
            numbers in [0_u32..4, 0..20, 0..20],
            pre in prop::option::of((
                prop::sample::select(&[Stage::Alpha, Stage::Beta, Stage::Candidate][..]),
                0_u32..12,
            )),
        ) -> Version {
            let [major, minor, patch] = numbers;
            let pre = pre.map(|(stage, number)| Pre { stage, number });
            Version { major, minor, patch, pre }
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(version in version()) {
            prop_assert_eq!(Version::parse(version.to_string().as_bytes()), Some(version));
        }

        #[test]
        fn the_order_is_that_of_pep_440(left in version(), right in version()) {
            let theirs = |version: Version| version.to_string().parse::<pep440_rs::Version>().unwrap();
            prop_assert_eq!(left.cmp(&right), theirs(left).cmp(&theirs(right)));
        }
    }

    #[test]
    fn what_is_incomplete_is_no_version() {
        for text in
            ["", "3", "3.12", "3.12.", "3.12.1x", "3.12.01", "v3.12.1", "3.12.1rc", "3.12.1.1"]
        {
            assert_eq!(text.parse::<Version>(), Err(NotAVersion), "{text}");
        }
    }
}
