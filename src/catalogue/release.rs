//! A release: what was published under one name, whatever files it comes in; its builds, each one of those files with
//! everything needed to fetch it and know it again; and the names of those that are not numbered as CPython is:
//! `pypy3.10-7.3.17`, `miniforge3-24.11.0-0`.
//!
//! Two rules only: which of two is newer, and whether a request that names part of one means it.

use std::cmp::Ordering;
use std::fmt;

use pyman_shim::{Variant, Version};

use crate::fetch::{Sha256, Url};
use crate::platform::Platform;

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
                SortKey::Name(letters, weight(name))
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
    Name(String, Weight),
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
            (Self::Name(one), Self::Name(two)) => order(one, two),
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

/// What decides between two names of one family, most weighty first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Weight {
    /// The Python it holds, where the name says so: `3.10` of `pypy3.10-7.3.17`.
    python: Vec<u32>,
    /// Its own numbers, in the order they are written.
    numbers: Vec<u32>,
    /// A name without words is the plain release.
    plain: bool,
}

/// Which name is newer; the same only for equal names.
pub(super) fn order(one: &str, other: &str) -> Ordering {
    weight(one).cmp(&weight(other)).then_with(|| one.cmp(other))
}

/// Whether a person who writes `request` means the release `name`: the name itself; a beginning of it
/// that ends before `.` or `-`; or the family's letters alone. A word that was not written (`latest`,
/// `dev`, `alpha`, `community`) is never meant.
pub(super) fn means(request: &str, name: &str) -> bool {
    if request == name {
        return true;
    }
    let Some(rest) = name.strip_prefix(request) else {
        return false;
    };
    let letters = request.bytes().all(|byte| byte.is_ascii_alphabetic());
    let ends = match rest.bytes().next() {
        Some(b'.' | b'-') => true,
        Some(byte) => letters && byte.is_ascii_digit(),
        None => false,
    };
    ends && words(rest).next().is_none()
}

/// What decides between this name and others.
pub(super) fn weight(name: &str) -> Weight {
    let mut parts = name.split('-').peekable();
    let head = parts.next().unwrap_or_default();
    let mut python = numbers(head.trim_start_matches(|letter: char| letter.is_ascii_alphabetic()));
    while parts.next_if(|part| is_word(part)).is_some() {}
    let rest: Vec<&str> = parts.collect();
    let mut own = rest.as_slice();
    // `miniconda3-3.10-22.11.1-1' says its Python before its own numbers.
    if let Some((first, later)) = own.split_first()
        && !later.is_empty()
        && let [2 | 3, _] = numbers(first).as_slice()
    {
        python = numbers(first);
        own = later;
    }
    Weight {
        python,
        numbers: own.iter().flat_map(|part| numbers(part)).collect(),
        plain: words(name.get(head.len()..).unwrap_or_default()).next().is_none(),
    }
}

/// The parts between hyphens that begin with a letter.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split('-').filter(|part| is_word(part))
}

fn is_word(part: &str) -> bool {
    part.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
}

fn numbers(text: &str) -> Vec<u32> {
    text.split('.').filter_map(|digits| digits.parse().ok()).collect()
}

/// One file that gives a release on a platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// What it is a file of.
    pub release: Release,
    /// What has to be done with it.
    pub kind: Kind,
    /// The tag of the build, `20241016`; a later one of the same version counts as newer.
    pub tag: Option<String>,
    /// Where it runs; none for sources.
    pub platform: Option<Platform>,
    /// Its path below a mirror's base, in the layout of the canonical hosts: `3.13.0/Python-3.13.0rc2.tgz`.
    pub path: String,
    /// The last part of the path: its name in the cache.
    pub file: String,
    /// Where it is, when the catalogue says so itself; these replace the family's hosts.
    pub urls: Vec<Url>,
    /// The digest that decides whether a file is this one; none was published for a few.
    pub sha256: Option<Sha256>,
    /// Its size in bytes, when known.
    pub size: Option<u64>,
    /// For sources, the OpenSSL it wants.
    pub openssl: Openssl,
}

/// What a build is, and so what installing it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A tree to unpack.
    Prebuilt,
    /// A tree to compile.
    Source,
    /// A script that installs, such as Miniforge's.
    Installer,
}

/// The OpenSSL a source is compiled with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Openssl {
    /// The line its `ssl` module was written for: `3`, `1.1`; none: whatever it was, it is gone.
    pub line: Option<String>,
    /// The library, by its name among the source libraries, to build where the system's is of another line.
    pub library: Option<String>,
}

impl Build {
    /// The directories above the tree inside the archive, `python/install` for a whole build's; none
    /// when the tree is the archive's one top directory, whatever it is called.
    pub fn root(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Source | Kind::Installer => None,
            Kind::Prebuilt if self.release.version().is_none() => None,
            Kind::Prebuilt
                if self.file.ends_with(".tar.zst") && !self.file.contains("install_only") =>
            {
                Some("python/install")
            }
            Kind::Prebuilt => Some("python"),
        }
    }
}

impl Kind {
    /// The word catalogues and tables use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Prebuilt => "prebuilt",
            Self::Source => "source",
            Self::Installer => "installer",
        }
    }

    /// The kind a word names.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Prebuilt, Self::Source, Self::Installer].into_iter().find(|kind| kind.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use pyman_shim::{Variant, Version};

    use super::{Label, Release, means, order};

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

    #[test]
    fn newer_is_the_newer_python_then_the_newer_release() {
        let ascending = [
            &[
                "pypy-5.7.1",
                "pypy2.7-7.3.22",
                "pypy3-2.4.0",
                "pypy3.9-7.3.16",
                "pypy3.10-7.3.9",
                "pypy3.10-7.3.17",
                "pypy3.12-8.0.1",
            ][..],
            &[
                "miniforge3-4.9.2",
                "miniforge3-4.10.3-2",
                "miniforge3-4.10.3-10",
                "miniforge3-24.9.2-0",
                "miniforge3-26.1.1-3",
            ],
            &[
                "miniconda3-3.19.0",
                "miniconda3-4.7.12",
                "miniconda3-3.9-25.1.1-2",
                "miniconda3-3.13-26.1.1-1",
            ],
            &["anaconda3-5.3.1", "anaconda3-2018.12", "anaconda3-2025.12-2"],
            &["graalpy-24.2.2", "graalpy-community-25.0.2", "graalpy-25.0.2", "graalpy3.13-25.5.5"],
        ];
        for names in ascending {
            for pair in names.windows(2) {
                assert_eq!(order(pair[0], pair[1]), Ordering::Less, "{pair:?}");
            }
        }
    }

    #[test]
    fn a_request_means_whole_parts_of_a_name_and_no_word_it_does_not_write() {
        let table = [
            ("pypy3.10", "pypy3.10-7.3.17", true),
            ("pypy3.10-7.3", "pypy3.10-7.3.17", true),
            ("pypy3.1", "pypy3.10-7.3.17", false),
            ("pypy3", "pypy3.10-7.3.17", true),
            ("pypy", "pypy3.10-7.3.17", true),
            ("pypy3.3", "pypy3.3-5.5-alpha", false),
            ("pypy3.3-5.5-alpha", "pypy3.3-5.5-alpha", true),
            ("graalpy", "graalpy-25.0.2", true),
            ("graalpy", "graalpy-community-25.0.2", false),
            ("graalpy-community", "graalpy-community-25.0.2", true),
            ("miniforge3", "miniforge3-24.11.0-0", true),
            ("miniforge3", "miniforge3-latest", false),
            ("miniforge3-latest", "miniforge3-latest", true),
            ("mini", "miniforge3-24.11.0-0", false),
        ];
        for (request, name, expected) in table {
            assert_eq!(means(request, name), expected, "{request} {name}");
        }
    }
}
