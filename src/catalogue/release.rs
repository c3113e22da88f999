//! A release: what was published under one name, whatever files it comes in.

use std::cmp::Ordering;
use std::fmt;

use pyman_shim::{Variant, Version};

use crate::catalogue::label;

/// The family whose releases are numbered as Python itself is.
pub const CPYTHON: &str = "cpython";

/// One published release, in one variant. Ordered from older to newer within a family.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Release {
    /// The family: `cpython`, `pypy`, `miniforge`.
    pub implementation: String,
    /// Its version as published.
    pub label: Label,
    /// How it was built.
    pub variant: Variant,
}

/// How a release calls itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Label {
    /// A version of CPython.
    Version(Version),
    /// The whole name of another family's release.
    Name(String),
}

impl Release {
    /// A release of CPython.
    pub fn cpython(version: Version, variant: Variant) -> Self {
        Self { implementation: CPYTHON.to_owned(), label: Label::Version(version), variant }
    }

    /// Its directory under `versions/`, as pyenv names it: `3.13.0t`, `3.12.7-debug`, `pypy3.10-7.3.17`.
    pub fn name(&self) -> String {
        let variant = match self.variant {
            Variant::Default => "",
            Variant::FreeThreaded => "t",
            Variant::Debug => "-debug",
        };
        format!("{}{variant}", self.label)
    }

    /// The version of CPython; none for another family.
    pub const fn version(&self) -> Option<Version> {
        match self.label {
            Label::Version(version) => Some(version),
            Label::Name(_) => None,
        }
    }
}

impl Label {
    /// The label a family's table or a catalogue's row writes; CPython's must be a version.
    pub fn parse(implementation: &str, text: &str) -> Option<Self> {
        if implementation == CPYTHON {
            Version::parse(text.as_bytes()).map(Self::Version)
        } else {
            named(text).then(|| Self::Name(text.to_owned()))
        }
    }

    /// For sorting many: families apart, each from old to new.
    pub(super) fn sort_key(&self) -> SortKey {
        match self {
            Self::Version(version) => SortKey::Version(*version),
            Self::Name(name) => {
                let letters = name.chars().take_while(char::is_ascii_alphabetic).collect();
                SortKey::Name(letters, label::weight(name))
            }
        }
    }
}

/// Where a label stands in a list of everything.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SortKey {
    /// CPython comes first.
    Version(Version),
    /// Then the families by their letters.
    Name(String, label::Weight),
}

/// Whether the text can be a directory under `versions/`: letters, digits, `.`, `-`, `_`, beginning with no `.` or `-`.
fn named(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    text.bytes().all(plain) && text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
}

impl Ord for Label {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Version(one), Self::Version(two)) => one.cmp(two),
            (Self::Name(one), Self::Name(two)) => label::order(one, two),
            (Self::Version(_), Self::Name(_)) => Ordering::Less,
            (Self::Name(_), Self::Version(_)) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Label {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Label {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(version) => version.fmt(formatter),
            Self::Name(name) => formatter.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Label, Release};
    use pyman_shim::{Variant, Version};

    #[test]
    fn releases_are_called_as_pyenv_calls_them() {
        let version = Version::new(3, 13, 0);
        let table = [
            (Variant::Default, "3.13.0"),
            (Variant::FreeThreaded, "3.13.0t"),
            (Variant::Debug, "3.13.0-debug"),
        ];
        for (variant, name) in table {
            assert_eq!(Release::cpython(version, variant).name(), name);
        }
    }

    #[test]
    fn a_label_can_never_leave_versions() {
        for text in ["", "..", "../x", "a/b", "-c", ".hidden", "x y", "a\0b"] {
            assert_eq!(Label::parse("pypy", text), None, "{text}");
        }
        assert!(Label::parse("pypy", "pypy3.10-7.3.17").is_some());
        assert_eq!(Label::parse("cpython", "pypy3.10"), None);
    }
}
