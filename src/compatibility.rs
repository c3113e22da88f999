//! Which version of pyman this is, which one something asks for, and which one wrote something.

use std::fmt;

use semver::{Version, VersionReq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// This program's own version.
pub(crate) const OWN: &str = env!("CARGO_PKG_VERSION");

/// The versions of pyman that something fits: `^0.2`, `>=0.2, <0.4`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement(VersionReq);

/// The version of pyman that wrote a file, as the file says; older ones said nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Writer(Option<Written>);

/// A version as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Written(Version);

/// A version of pyman, as its archives and its `--version` have it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Release(Version);

impl Release {
    /// This program's own.
    pub(crate) fn own() -> Option<Self> {
        own().map(Self)
    }

    /// Reads one; none where the text is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Version::parse(text).ok().map(Self)
    }

    /// What a program says of itself in its first line: `pyman 0.2.0 …`.
    pub(crate) fn said(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        (words.next() == Some("pyman")).then(|| words.next().and_then(Self::parse)).flatten()
    }

    /// Whether it is not one on the way to another.
    pub(crate) fn is_final(&self) -> bool {
        self.0.pre.is_empty()
    }
}

impl fmt::Display for Release {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// A program whose own version is none asks for nothing and wrote nothing: the tests see that ours is one.
fn own() -> Option<Version> {
    Version::parse(OWN).ok()
}

impl Requirement {
    /// Reads what somebody wrote, as cargo reads the requirements of its packages.
    pub fn parse(text: &str) -> Result<Self, String> {
        VersionReq::parse(text)
            .map(Self)
            .map_err(|error| format!("`{}' is no requirement: {error}", text.escape_debug()))
    }

    /// Whether this pyman is what is asked for. One on the way to a version counts as that version.
    pub fn fits(&self) -> bool {
        own().is_some_and(|own| self.0.matches(&Version::new(own.major, own.minor, own.patch)))
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "needs pyman {}, this is {OWN}", self.0)
    }
}

impl Writer {
    /// This program.
    pub fn this() -> Self {
        Self(own().map(Written))
    }

    /// Whether nobody said.
    pub const fn is_unknown(&self) -> bool {
        self.0.is_none()
    }

    /// Whether that version may have written what this one does not know. A new patch writes nothing new; before 1.0 a
    /// new minor may, after it too.
    pub fn is_newer(&self) -> bool {
        match (&self.0, own()) {
            (Some(Written(theirs)), Some(own)) => {
                (theirs.major, theirs.minor) > (own.major, own.minor)
            }
            (None, _) | (_, None) => false,
        }
    }
}

impl fmt::Display for Writer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(Written(version)) => write!(out, "written by pyman {version}, this is {OWN}"),
            None => write!(out, "written by a newer pyman, this is {OWN}"),
        }
    }
}

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Version::parse(&text).map(Self).map_err(serde::de::Error::custom)
    }
}

/// `pyman 0.2.0 (1de9cfe70, x86_64-unknown-linux-musl)`: the commit where the build knew it, and what it was built for.
pub(crate) fn build_line() -> String {
    let known = [option_env!("_PYMAN_COMMIT"), option_env!("_PYMAN_TARGET")];
    let known: Vec<&str> = known.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    format!("{} ({})", version_line(), known.join(", "))
}

/// `pyman 0.2.0`
pub(crate) fn version_line() -> String {
    format!("pyman {}", env!("CARGO_PKG_VERSION"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrote(version: &str) -> Writer {
        serde_json::from_str(&format!("\"{version}\"")).unwrap()
    }

    #[test]
    fn requirements_are_read_as_cargo_reads_them() {
        let own = own().unwrap();
        for fitting in [format!("={OWN}"), format!("^{}.{}", own.major, own.minor), "*".to_owned()]
        {
            assert!(Requirement::parse(&fitting).unwrap().fits(), "{fitting}");
        }
        let later = Requirement::parse(&format!(">={}.{}", own.major, own.minor + 1)).unwrap();
        assert!(!later.fits());
        let expected = format!("needs pyman >={}.{}, this is {OWN}", own.major, own.minor + 1);
        assert_eq!(later.to_string(), expected);
        for senseless in ["", "newest", "^0.2 or later", "3.x.y"] {
            assert!(Requirement::parse(senseless).is_err(), "{senseless}");
        }
    }

    #[test]
    fn only_a_newer_minor_or_major_wrote_what_is_not_known_here() {
        let own = own().unwrap();
        let version = |major, minor, patch| wrote(&format!("{major}.{minor}.{patch}"));
        assert!(!Writer::default().is_newer());
        assert!(!Writer::this().is_newer());
        assert!(!version(own.major, own.minor, own.patch + 1).is_newer());
        assert!(version(own.major, own.minor + 1, 0).is_newer());
        assert!(version(own.major + 1, 0, 0).is_newer());
        let said = version(own.major + 4, 1, 0).to_string();
        assert_eq!(said, format!("written by pyman {}.1.0, this is {OWN}", own.major + 4));
    }

    #[test]
    fn a_program_is_known_by_what_it_says_first() {
        let said = |line: &str| Release::said(line).map(|release| release.to_string());
        assert_eq!(said("pyman 0.3.1"), Some("0.3.1".to_owned()));
        assert_eq!(said(&version_line()), Some(OWN.to_owned()));
        assert_eq!(said(&build_line()), Some(OWN.to_owned()));
        for other in ["", "pyman", "pyman newest", "pyenv 2.6.1", "0.3.1", "pyman 3.1"] {
            assert_eq!(said(other), None, "{other}");
        }
        let release = |text| Release::parse(text).unwrap();
        assert!(release("0.10.0") > release("0.9.3") && release("1.0.0-rc.1") < release("1.0.0"));
        assert!(!release("1.0.0-rc.1").is_final());
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = serde_json::to_string(&Writer::this()).unwrap();
        assert_eq!(text, format!("\"{OWN}\""));
        assert_eq!(serde_json::from_str::<Writer>(&text).unwrap(), Writer::this());
        assert!(serde_json::from_str::<Writer>("\"soon\"").is_err());
    }
}
