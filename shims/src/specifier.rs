//! Version specifiers (PEP 440): `>=3.10,<3.13`, `~=3.11`, `==3.12.*`, `!=3.9.1`.
//!
//! Asked only about versions of Python, which have three numbers and perhaps a pre-release; epochs and local
//! versions, which Python never had, are not understood. `pep440_rs` is the oracle of the tests.

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;

use crate::series::Series;
use crate::version::{Pre, Stage, Version};

/// Clauses that all must hold; none at all allows everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Specifiers {
    clauses: Vec<Clause>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Clause {
    operator: Operator,
    bound: Bound,
    /// `==3.12.*`: everything that begins so.
    wildcard: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Compatible,
    Equal,
    Identical,
    NotEqual,
    AtLeast,
    AtMost,
    Above,
    Below,
}

/// A PEP 440 version as a clause may name one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Bound {
    release: Vec<u32>,
    pre: Option<Pre>,
    post: Option<u32>,
    dev: Option<u32>,
}

const OPERATORS: [(&[u8], Operator); 8] = [
    (b"===", Operator::Identical),
    (b"~=", Operator::Compatible),
    (b"==", Operator::Equal),
    (b"!=", Operator::NotEqual),
    (b">=", Operator::AtLeast),
    (b"<=", Operator::AtMost),
    (b">", Operator::Above),
    (b"<", Operator::Below),
];

/// CPython has not yet gone beyond patch 26 (2.6 to 3.x), nor has anything beyond minor 16.
const PATCHES: u32 = 64;

impl Specifiers {
    /// Reads clauses separated by commas; blanks around them and after an operator do not count.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let clauses = text
            .split(|byte| *byte == b',')
            .map(<[u8]>::trim_ascii)
            .filter(|clause| !clause.is_empty())
            .map(Clause::parse)
            .collect::<Option<Vec<_>>>()?;
        Some(Self { clauses })
    }

    /// The clauses of both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut clauses = self.clauses.clone();
        clauses.extend_from_slice(&other.clauses);
        Self { clauses }
    }

    /// Whether every clause allows the version.
    pub fn allow(&self, version: Version) -> bool {
        self.clauses.iter().all(|clause| clause.allows(version))
    }

    /// Whether every final version of the series is allowed.
    pub fn allow_all(&self, series: Series) -> bool {
        match series {
            Series::Major(_) => self.clauses.is_empty(),
            Series::Minor(major, minor) => {
                (0..PATCHES).all(|patch| self.allow(Version::new(major, minor, patch)))
            }
            Series::Patch(version) => self.allow(version),
        }
    }

    /// Whether some version of the series is allowed.
    pub fn allow_some(&self, series: Series) -> bool {
        const MINORS: u32 = 64;
        let patches = |major, minor| {
            (0..PATCHES).any(|patch| self.allow(Version::new(major, minor, patch)))
                || self.pre_releases(major, minor)
        };
        match series {
            Series::Major(major) => (0..MINORS).any(|minor| patches(major, minor)),
            Series::Minor(major, minor) => patches(major, minor),
            Series::Patch(version) => self.allow(version),
        }
    }

    /// Whether a clause names a pre-release: only then is one taken before a final release is missed.
    pub fn name_pre_release(&self) -> bool {
        self.clauses
            .iter()
            .any(|clause| clause.bound.is_pre_release() && clause.operator != Operator::NotEqual)
    }

    /// Whether a pre-release that a clause names belongs to the minor and is allowed.
    fn pre_releases(&self, major: u32, minor: u32) -> bool {
        self.clauses.iter().any(|clause| {
            let [first, second, patch] = clause.bound.padded();
            let version = Version { pre: clause.bound.pre, ..Version::new(major, minor, patch) };
            (first, second) == (major, minor) && self.allow(version)
        })
    }
}

impl Clause {
    fn parse(text: &[u8]) -> Option<Self> {
        let (operator, rest) = OPERATORS
            .into_iter()
            .find_map(|(sign, operator)| Some((operator, text.strip_prefix(sign)?)))?;
        let rest = rest.trim_ascii();
        let (number, wildcard) = match rest.strip_suffix(b".*") {
            Some(number) => (number, true),
            None => (rest, false),
        };
        let bound = Bound::parse(number)?;
        let equality = matches!(operator, Operator::Equal | Operator::NotEqual);
        if wildcard && (!equality || bound != Bound::of_release(&bound.release)) {
            return None;
        }
        if operator == Operator::Compatible && bound.release.len() < 2 {
            return None;
        }
        Some(Self { operator, bound, wildcard })
    }

    fn allows(&self, version: Version) -> bool {
        let order = self.bound.order_of(version);
        match self.operator {
            Operator::Equal if self.wildcard => self.begins(version, 0),
            Operator::Equal => order.is_eq(),
            // Compared as text, and Python's versions have three numbers.
            Operator::Identical => order.is_eq() && self.bound.release.len() == 3,
            Operator::NotEqual if self.wildcard => !self.begins(version, 0),
            Operator::NotEqual => order.is_ne(),
            Operator::Compatible => order.is_ge() && self.begins(version, 1),
            Operator::AtLeast => order.is_ge(),
            Operator::AtMost => order.is_le(),
            Operator::Above => order.is_gt(),
            // PEP 440, "Exclusive ordered comparison": `<3.13` does not let 3.13.0rc1 in.
            Operator::Below => {
                order.is_lt()
                    && (version.is_final()
                        || self.bound.is_pre_release()
                        || self.bound.release_order(version).is_ne())
            }
        }
    }

    /// Whether the version begins with the bound's numbers, the last `without` left out.
    fn begins(&self, version: Version, without: usize) -> bool {
        let length = self.bound.release.len().saturating_sub(without);
        let numbers = [version.major, version.minor, version.patch];
        let padded = numbers.into_iter().chain(core::iter::repeat(0));
        self.bound.release.iter().take(length).zip(padded).all(|(mine, theirs)| *mine == theirs)
    }
}

impl Bound {
    fn of_release(release: &[u32]) -> Self {
        Self { release: release.to_vec(), pre: None, post: None, dev: None }
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        let text = text.strip_prefix(b"v").unwrap_or(&text);
        let (first, mut rest) = digits(text)?;
        let mut bound = Self::of_release(&[first]);
        while let Some((number, tail)) = rest.strip_prefix(b".").and_then(digits) {
            bound.release.push(number);
            rest = tail;
        }
        if let Some((pre, tail)) = pre(rest) {
            (bound.pre, rest) = (Some(pre), tail);
        }
        if let Some((post, tail)) = labelled(rest, &[b"post", b"rev", b"r"]) {
            (bound.post, rest) = (Some(post), tail);
        }
        if let Some((dev, tail)) = labelled(rest, &[b"dev"]) {
            (bound.dev, rest) = (Some(dev), tail);
        }
        rest.is_empty().then_some(bound)
    }

    /// PEP 440 counts `.dev` versions among the pre-releases.
    const fn is_pre_release(&self) -> bool {
        self.pre.is_some() || self.dev.is_some()
    }

    fn padded(&self) -> [u32; 3] {
        let mut numbers = self.release.iter().copied().chain(core::iter::repeat(0));
        core::array::from_fn(|_| numbers.next().unwrap_or(0))
    }

    /// How the version stands to this bound, by PEP 440's order.
    fn order_of(&self, version: Version) -> Ordering {
        let stage =
            |pre: Option<Pre>| pre.map_or((1, Stage::Alpha, 0), |pre| (0, pre.stage, pre.number));
        let only_dev = self.pre.is_none() && self.post.is_none() && self.dev.is_some();
        self.release_order(version)
            .then_with(|| {
                if only_dev {
                    return Ordering::Greater;
                }
                stage(version.pre).cmp(&stage(self.pre))
            })
            .then_with(|| None.cmp(&self.post))
            .then_with(|| self.dev.map_or(Ordering::Equal, |_| Ordering::Greater))
    }

    /// The same of the numbers alone, the shorter filled up with zeros.
    fn release_order(&self, version: Version) -> Ordering {
        let beyond = self.release.iter().skip(3).any(|number| *number != 0);
        [version.major, version.minor, version.patch].cmp(&self.padded()).then(if beyond {
            Ordering::Less
        } else {
            Ordering::Equal
        })
    }
}

/// A number as PEP 440 reads it: leading zeros do not count.
fn digits(text: &[u8]) -> Option<(u32, &[u8])> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (head, rest) = text.split_at_checked(length)?;
    if head.is_empty() || head.len() > 9 {
        return None;
    }
    let value = head.iter().fold(0_u32, |value, byte| value * 10 + u32::from(byte - b'0'));
    Some((value, rest))
}

fn pre(text: &[u8]) -> Option<(Pre, &[u8])> {
    let stages: [(&[&[u8]], Stage); 3] = [
        (&[b"alpha", b"a"], Stage::Alpha),
        (&[b"beta", b"b"], Stage::Beta),
        (&[b"rc", b"c", b"preview", b"pre"], Stage::Candidate),
    ];
    stages.into_iter().find_map(|(labels, stage)| {
        let (number, rest) = labelled(text, labels)?;
        Some((Pre { stage, number }, rest))
    })
}

/// `.dev1`, `-dev1`, `dev1`, `dev.1` and `dev`, which is `dev0`.
fn labelled<'a>(text: &'a [u8], labels: &[&[u8]]) -> Option<(u32, &'a [u8])> {
    let unseparated = |text: &'a [u8]| match text {
        [b'.' | b'-' | b'_', rest @ ..] => rest,
        _ => text,
    };
    let rest = labels.iter().find_map(|label| unseparated(text).strip_prefix(*label))?;
    Some(digits(unseparated(rest)).unwrap_or((0, rest)))
}

impl fmt::Display for Specifiers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, clause) in self.clauses.iter().enumerate() {
            if index > 0 {
                formatter.write_str(",")?;
            }
            clause.fmt(formatter)?;
        }
        Ok(())
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = OPERATORS
            .into_iter()
            .find(|(_, operator)| *operator == self.operator)
            .map_or(b"".as_slice(), |(sign, _)| sign);
        for byte in sign {
            write!(formatter, "{}", char::from(*byte))?;
        }
        for (index, number) in self.bound.release.iter().enumerate() {
            let dot = if index > 0 { "." } else { "" };
            write!(formatter, "{dot}{number}")?;
        }
        if let Some(pre) = self.bound.pre {
            pre.fmt(formatter)?;
        }
        if let Some(post) = self.bound.post {
            write!(formatter, ".post{post}")?;
        }
        if let Some(dev) = self.bound.dev {
            write!(formatter, ".dev{dev}")?;
        }
        formatter.write_str(if self.wildcard { ".*" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};
    use core::str::FromStr;

    use pep440_rs::{Operator as Sign, VersionSpecifiers};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bounds_hold_as_pep_440_says() {
        let cases = [
            (">=3.10,<3.13", "3.12.7", true),
            (">=3.10,<3.13", "3.13.0", false),
            (">=3.10,<3.13", "3.13.0rc1", false),
            ("<3.13.0rc2", "3.13.0rc1", true),
            ("<3.13.post0.dev0", "3.13.0a1", true),
            ("<3.13.post0", "3.13.0a1", false),
            ("<=3.12", "3.12.1", false),
            (">3.12", "3.12.1", true),
            (">3.12", "3.12.0", false),
            ("~=3.11", "3.12.0", true),
            ("~=3.11", "4.0.0", false),
            ("~=3.11.2", "3.11.9", true),
            ("~=3.11.2", "3.12.0", false),
            ("==3.12.*", "3.12.9", true),
            ("==3.12.*", "3.12.0rc1", true),
            ("==3.12", "3.12.0", true),
            ("==3.12", "3.12.1", false),
            ("!=3.9.*", "3.9.4", false),
            ("!=3.9.1", "3.9.4", true),
            ("===3.12.1", "3.12.1", true),
            ("===3.12", "3.12.0", false),
            (">=3.13.dev0", "3.13.0a1", true),
            (" >= 3.8 , ", "3.9.0", true),
            ("", "2.7.18", true),
        ];
        for (text, version, expected) in cases {
            let specifiers = Specifiers::parse(text.as_bytes()).unwrap();
            let version = Version::parse(version.as_bytes()).unwrap();
            assert_eq!(specifiers.allow(version), expected, "{version} {text}");
        }
    }

    #[test]
    fn what_is_no_specifier_is_not_understood() {
        for text in
            ["3.12", "=3.12", ">=", ">=3.x", "~=3", "~=3.*", ">=3.12.*", "==3.12rc1.*", "^3"]
        {
            assert_eq!(Specifiers::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_series_is_allowed_when_some_version_of_it_is() {
        let cases = [
            (">=3.9.2,<3.9.4", "3.9", true),
            (">=3.9.2,<3.9.4", "3.10", false),
            (">=3.9.2,<3.9.4", "3", true),
            (">=3.9.2,<3.9.4", "2", false),
            ("==3.14.0rc1", "3.14", true),
            ("!=3.9.*", "3.9", false),
        ];
        for (text, series, expected) in cases {
            let specifiers = Specifiers::parse(text.as_bytes()).unwrap();
            let series = Series::parse(series.as_bytes()).unwrap();
            assert_eq!(specifiers.allow_some(series), expected, "{series} {text}");
        }
    }

    prop_compose! {
        fn number()(release in "[0-4](\\.[0-4]){0,3}", rest in "((a|b|rc)[0-2])?(\\.post[0-2])?(\\.dev[0-2])?")
            -> String { release + &rest }
    }

    prop_compose! {
        fn clause()(
            (operator, number) in prop_oneof![
                ("(>=|<=|>|<|===?|!=)", number()),
                ("(==|!=)", "[0-4](\\.[0-4]){0,2}\\.\\*"),
                ("~=", "[0-4](\\.[0-4]){1,3}((a|b|rc)[0-2])?"),
            ],
            blank in " ?",
        ) -> String { operator + &blank + &number }
    }

    fn version() -> impl Strategy<Value = Version> {
        "[0-4]\\.[0-4]\\.[0-4]((a|b|rc)[0-2])?"
            .prop_map(|text| Version::parse(text.as_bytes()).unwrap())
    }

    /// What `pep440_rs` says, clause by clause. A pre-release that is below another is no matter of exclusion
    /// (PEP 440, "Exclusive ordered comparison": "unless the specified version is itself a pre-release"), but
    /// `pep440_rs` 0.7 excludes it; there, its order of versions is asked instead.
    fn oracle_allows(specifiers: &VersionSpecifiers, version: &pep440_rs::Version) -> bool {
        specifiers.iter().all(|clause| match clause.operator() {
            Sign::LessThan if clause.version().any_prerelease() => version < clause.version(),
            _ => clause.contains(version),
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4096, ..ProptestConfig::default() })]

        #[test]
        fn agrees_with_pep440_rs(
            clauses in prop::collection::vec(clause(), 1..4),
            version in version(),
        ) {
            let text = clauses.join(",");
            let ours = Specifiers::parse(text.as_bytes()).unwrap();
            let oracle = VersionSpecifiers::from_str(&text).unwrap();
            let theirs = pep440_rs::Version::from_str(&version.to_string()).unwrap();
            prop_assert_eq!(ours.allow(version), oracle_allows(&oracle, &theirs), "{} {}", version, text);
        }

        #[test]
        fn what_is_shown_reads_back(clauses in prop::collection::vec(clause(), 1..4)) {
            let specifiers = Specifiers::parse(clauses.join(",").as_bytes()).unwrap();
            let shown = specifiers.to_string();
            prop_assert_eq!(Specifiers::parse(shown.as_bytes()), Some(specifiers));
        }

        #[test]
        fn reading_never_fails_on_bytes(text in prop::collection::vec(any::<u8>(), 0..24)) {
            let understood = Specifiers::parse(&text);
            if let Some(specifiers) = understood {
                prop_assert_eq!(specifiers.allow(Version::new(3, 12, 7)), specifiers.allow(Version::new(3, 12, 7)));
            }
        }
    }
}
