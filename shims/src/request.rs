//! What a person wrote to say which Python: `3.12`, `>=3.11`, `pypy@3.10`, `3.13t`, `latest`, an environment's name; and why it
//! is in force: where it was written.
//!
//! Reading never fails and never asks the disk: what is no version is a name, and may be that of a directory.

use alloc::format;
use alloc::vec::Vec;
use core::fmt;

use crate::line::{Line, Number, is_comparison};
use crate::name::{Form, Name, family_word};
use crate::series::Series;
use crate::shown::Shown;
use crate::specifier::Specifiers;
use crate::version::Variant;

/// One request, as written and as understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    text: Vec<u8>,
    wanted: Wanted,
    build: Option<Vec<u8>>,
    platform: Option<Vec<u8>>,
}

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// `system`: the first on PATH that is not ours.
    System,
    /// CPython by number: `3`, `3.12`, `3.12.7`, `3.13rc2`, `3.13t`; the newest of them.
    Series {
        /// The number.
        series: Series,
        /// `t` and `d` only when the request ends so.
        variant: Variant,
    },
    /// CPython within bounds: `>=3.10,<3.13`, and `latest`, which has none.
    Specifier {
        /// The bounds.
        specifiers: Specifiers,
        /// `t` and `d` only when the request ends so.
        variant: Variant,
    },
    /// Another implementation, by the beginning of its name: `pypy3.10`, `miniforge3-24`, `graalpy`.
    Stem(Vec<u8>),
    /// No version: a directory of exactly this name, such as an environment's.
    Exact,
}

/// Whether a request that names no pre-release may be answered with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreReleases {
    /// Never: `install`, `latest -k`, `upgrade`.
    Named,
    /// When nothing final matches: among what is installed.
    LastResort,
}

impl Request {
    /// Reads a request; of words as a line of a version file has them (`python 3.11.7`, `>=3.10, <3.12`) what they
    /// come to, if all of them count.
    pub fn parse(text: &[u8]) -> Self {
        let text = text.trim_ascii();
        let line = text.iter().any(u8::is_ascii_whitespace).then(|| Line::read(text)).flatten();
        let entry = line.filter(|line| line.rest.is_empty()).map(|line| line.entry);
        let text = entry.as_deref().unwrap_or(text);
        let mut request =
            Self { text: text.to_vec(), wanted: Wanted::Exact, build: None, platform: None };
        let body = text.strip_suffix(b":latest").unwrap_or(text);
        if body == b"system" {
            request.wanted = Wanted::System;
        } else {
            request.understand(body);
        }
        request
    }

    /// A request for CPython by number.
    pub fn of_series(series: Series, variant: Variant) -> Self {
        Self {
            text: format!("{series}{variant}").into_bytes(),
            wanted: Wanted::Series { series, variant },
            build: None,
            platform: None,
        }
    }

    /// The request as it was written.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Whether it begins as bounds do, and says none: `>=3.9 <3.11`, which may mean one thing or the other.
    pub fn is_unclear(&self) -> bool {
        self.wanted == Wanted::Exact && is_comparison(&self.text)
    }

    /// What it asks for.
    pub const fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// `20241016` of `3.12.7+20241016`: one exact build.
    pub fn build(&self) -> Option<&[u8]> {
        self.build.as_deref()
    }

    /// `linux-x86_64-gnu` of `cpython-3.12.7-linux-x86_64-gnu`.
    pub fn platform(&self) -> Option<&[u8]> {
        self.platform.as_deref()
    }

    /// The directories under `versions/` that are meant literally, most exact first: the text, and the text
    /// without a leading `python-` or `cpython-`.
    pub fn directories(&self) -> impl Iterator<Item = &[u8]> {
        let bare = [b"python-".as_slice(), b"cpython-"]
            .into_iter()
            .find_map(|prefix| self.text.strip_prefix(prefix))
            .filter(|bare| !bare.is_empty());
        core::iter::once(self.text()).chain(bare)
    }

    /// Whether a release of this name is what was asked for, pre-releases included.
    pub fn matches(&self, name: &Name<'_>) -> bool {
        match (&self.wanted, name.form()) {
            (
                Wanted::Series { series, variant },
                Form::CPython { series: theirs, variant: their_variant, .. },
            ) => series.covers(&theirs) && *variant == their_variant,
            (
                Wanted::Specifier { specifiers, variant },
                Form::CPython { series: theirs, variant: their_variant, development },
            ) => {
                // A link `3.12` does not say its patch, and what a branch `3.12-dev` will be is not said either.
                let allowed = if development && theirs.version().is_none() {
                    *specifiers == Specifiers::default()
                } else {
                    specifiers.allow_all(theirs)
                };
                allowed && *variant == their_variant
            }
            (Wanted::Stem(stem), Form::Family { .. }) => begins(stem, name),
            (Wanted::System | Wanted::Exact, _)
            | (
                Wanted::Series { .. } | Wanted::Specifier { .. },
                Form::Family { .. } | Form::Plain,
            )
            | (Wanted::Stem(_), Form::CPython { .. } | Form::Plain) => false,
        }
    }

    /// Whether a pre-release is asked for by name.
    pub fn names_pre_release(&self) -> bool {
        match &self.wanted {
            Wanted::Series { series: Series::Patch(version), .. } => !version.is_final(),
            Wanted::Specifier { specifiers, .. } => specifiers.name_pre_release(),
            Wanted::Stem(stem) => Name::parse(stem).is_pre_release(),
            Wanted::Series { .. } | Wanted::System | Wanted::Exact => false,
        }
    }

    /// The newest of the names that matches.
    pub fn newest<'a>(
        &self,
        names: impl IntoIterator<Item = Name<'a>>,
        pre_releases: PreReleases,
    ) -> Option<Name<'a>> {
        self.candidates(names, pre_releases).into_iter().next()
    }

    /// Every name that may answer, best first.
    pub fn candidates<'a>(
        &self,
        names: impl IntoIterator<Item = Name<'a>>,
        pre_releases: PreReleases,
    ) -> Vec<Name<'a>> {
        let asked = self.names_pre_release();
        let (mut settled, mut unsettled): (Vec<_>, Vec<_>) = names
            .into_iter()
            .filter(|name| self.matches(name))
            .partition(|name| asked || !name.is_pre_release());
        settled.sort_unstable_by(|left, right| right.cmp(left));
        unsettled.sort_unstable_by(|left, right| right.cmp(left));
        match pre_releases {
            PreReleases::LastResort => settled.append(&mut unsettled),
            PreReleases::Named => {}
        }
        settled
    }

    fn understand(&mut self, body: &[u8]) {
        if let Some(wanted) = specifier(body) {
            self.wanted = wanted;
            return;
        }
        if let Some(rest) = without_cpython(body) {
            if let Some(Number { series, variant, build, platform }) = Number::parse(rest) {
                let owned = |text: Option<&[u8]>| text.map(<[u8]>::to_vec);
                (self.build, self.platform) = (owned(build), owned(platform));
                self.wanted = match series {
                    Some(series) => Wanted::Series { series, variant },
                    None => Wanted::Specifier { specifiers: Specifiers::default(), variant },
                };
            }
            return;
        }
        // `pypy@3.10` is `pypy3.10`.
        let stem: Vec<u8> = body.iter().copied().filter(|byte| *byte != b'@').collect();
        if family_word(&stem).is_some() {
            self.wanted = Wanted::Stem(stem);
        }
    }
}

/// The rest of a request for CPython; an empty rest is its newest.
fn without_cpython(text: &[u8]) -> Option<&[u8]> {
    if text.first().is_some_and(u8::is_ascii_digit) {
        return Some(text);
    }
    if text == b"latest" {
        return Some(b"");
    }
    let rest = text.strip_prefix(b"cpython").or_else(|| text.strip_prefix(b"python"))?;
    let rest = match rest {
        [b'@' | b'-', number @ ..] if number == b"latest" => return Some(b""),
        [b'@' | b'-'] => return None,
        [b'@' | b'-', number @ ..] => number,
        _ => rest,
    };
    (rest.is_empty() || rest.first().is_some_and(u8::is_ascii_digit)).then_some(rest)
}

/// `>=3.10`, `cpython>=3.10`, `python>=3.10`.
fn specifier(text: &[u8]) -> Option<Wanted> {
    let named = text.strip_prefix(b"cpython").or_else(|| text.strip_prefix(b"python"));
    let rest = named.unwrap_or(text);
    if !is_comparison(rest) {
        return None;
    }
    Some(Wanted::Specifier { specifiers: Specifiers::parse(rest)?, variant: Variant::Default })
}

/// pyenv's rule for prefixes: what follows in the name is `.` or `-`, so `pypy3.1` never means `pypy3.10`.
/// The bare word of a family means any of its releases.
fn begins(stem: &[u8], name: &Name<'_>) -> bool {
    let Some(rest) = name.text().strip_prefix(stem) else {
        return false;
    };
    name.implementation() == Some(stem) || matches!(rest, [] | [b'.' | b'-', ..])
}

/// Where a selection came from, most binding first. Shown as pyenv shows it: `PYMAN_VERSION environment
/// variable`, or the file's path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Typed on the command line.
    Argument,
    /// The first lines of a script.
    Shebang(Vec<u8>),
    /// The name of a variable.
    Variable(&'static str),
    /// A file found by searching upwards, or a `py.ini`.
    File(Vec<u8>),
    /// `$PYMAN_ROOT/version`, whether it is there or not.
    Global(Vec<u8>),
    /// Nothing says anything: what is on PATH.
    System,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument => formatter.write_str("command line"),
            Self::Variable(name) => write!(formatter, "{name} environment variable"),
            Self::Shebang(path) | Self::File(path) | Self::Global(path) => {
                Shown(path).fmt(formatter)
            }
            Self::System => formatter.write_str("PATH"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::version::Version;

    fn series(text: &str, variant: Variant) -> Wanted {
        Wanted::Series { series: Series::parse(text.as_bytes()).unwrap(), variant }
    }

    fn bounds(text: &str, variant: Variant) -> Wanted {
        Wanted::Specifier { specifiers: Specifiers::parse(text.as_bytes()).unwrap(), variant }
    }

    #[test]
    fn requests_are_understood() {
        use Variant::{Debug, Default, FreeThreaded};
        let cases = [
            ("system", Wanted::System),
            ("3", series("3", Default)),
            ("3.12", series("3.12", Default)),
            (" 3.12.7 ", series("3.12.7", Default)),
            ("3.13.0rc2", series("3.13.0rc2", Default)),
            ("3.13rc2", series("3.13.0rc2", Default)),
            ("3.13t", series("3.13", FreeThreaded)),
            ("3.13.0t", series("3.13.0", FreeThreaded)),
            ("3.14.0b1t", series("3.14.0b1", FreeThreaded)),
            ("3.12d", series("3.12", Debug)),
            ("3.12.1-debug", series("3.12.1", Debug)),
            ("3.13+freethreaded", series("3.13", FreeThreaded)),
            ("3.13+debug", series("3.13", Debug)),
            ("3.13+gil", series("3.13", Default)),
            ("cpython@3.12", series("3.12", Default)),
            ("cpython3.12", series("3.12", Default)),
            ("cpython-3.12", series("3.12", Default)),
            ("python-3.12", series("3.12", Default)),
            ("python3.9", series("3.9", Default)),
            ("python2", series("2", Default)),
            ("3.8:latest", series("3.8", Default)),
            ("latest", bounds("", Default)),
            ("cpython", bounds("", Default)),
            ("python", bounds("", Default)),
            ("python-latest", bounds("", Default)),
            (">=3.10,<3.13", bounds(">=3.10,<3.13", Default)),
            (">=3.10, <3.13", bounds(">=3.10,<3.13", Default)),
            ("~=3.11", bounds("~=3.11", Default)),
            ("==3.12.*", bounds("==3.12.*", Default)),
            ("!=3.9.1", bounds("!=3.9.1", Default)),
            ("cpython>=3.10", bounds(">=3.10", Default)),
            ("pypy3.10", Wanted::Stem(b"pypy3.10".to_vec())),
            ("pypy@3.10", Wanted::Stem(b"pypy3.10".to_vec())),
            ("pypy3.10-7.3.17", Wanted::Stem(b"pypy3.10-7.3.17".to_vec())),
            ("miniforge3", Wanted::Stem(b"miniforge3".to_vec())),
            ("graalpy-24", Wanted::Stem(b"graalpy-24".to_vec())),
            ("web", Wanted::Exact),
            ("3.12-web", Wanted::Exact),
            ("3.12.1/envs/web", Wanted::Exact),
            ("3.12-dev", Wanted::Exact),
            ("3.12.", Wanted::Exact),
            ("~>3.12", Wanted::Exact),
            (">=x", Wanted::Exact),
            ("pythonista", Wanted::Exact),
            ("-c", Wanted::Exact),
            ("$(x)", Wanted::Exact),
            ("", Wanted::Exact),
        ];
        for (text, expected) in cases {
            assert_eq!(*Request::parse(text.as_bytes()).wanted(), expected, "{text}");
        }
    }

    #[test]
    fn builds_and_platforms_are_read_beside_the_version() {
        let request = Request::parse(b"3.12.7+20241016");
        assert_eq!(request.build(), Some(b"20241016".as_slice()));
        assert_eq!(*request.wanted(), series("3.12.7", Variant::Default));
        let request = Request::parse(b"cpython-3.13.0+freethreaded-linux-x86_64-gnu");
        assert_eq!(request.platform(), Some(b"linux-x86_64-gnu".as_slice()));
        assert_eq!(*request.wanted(), series("3.13.0", Variant::FreeThreaded));
    }

    #[test]
    fn a_leading_python_counts_only_when_no_directory_has_it() {
        let names = |text: &str| -> Vec<Vec<u8>> {
            Request::parse(text.as_bytes()).directories().map(<[u8]>::to_vec).collect()
        };
        assert_eq!(names("python-3.12.1"), [b"python-3.12.1".to_vec(), b"3.12.1".to_vec()]);
        assert_eq!(names("cpython-3.12.1"), [b"cpython-3.12.1".to_vec(), b"3.12.1".to_vec()]);
        assert_eq!(names("python-"), [b"python-".to_vec()]);
        assert_eq!(names("web"), [b"web".to_vec()]);
    }

    /// Everything a crowded `versions/` may hold.
    const CROWD: [&str; 27] = [
        "2.7.18",
        "3.9.18",
        "3.9.9",
        "3.10.8",
        "3.10.13",
        "3.12",
        "3.12-dev",
        "3.12.1",
        "3.12.1-debug",
        "3.12.5-dev",
        "3.12-web",
        "3.13.0",
        "3.13.0rc2",
        "3.13.0t",
        "3.13.1t",
        "3.14.0a1",
        "3.14.0rc2",
        "3.14.0rc10",
        "3.14t-dev",
        "pypy3.10-7.3.17",
        "pypy3.10-7.3.9",
        "pypy3.9-7.3.16-src",
        "miniforge3-24.11.0-0",
        "miniforge3-4.10.1-5",
        "pypy-web",
        "web",
        "web-3.12.1",
    ];

    #[test]
    fn the_newest_match_answers() {
        let cases = [
            ("3", Some("3.13.0")),
            ("2", Some("2.7.18")),
            ("3.1", None),
            ("3.9", Some("3.9.18")),
            ("3.10", Some("3.10.13")),
            ("3.12", Some("3.12.1")),
            ("3.12d", Some("3.12.1-debug")),
            ("3.12.1d", Some("3.12.1-debug")),
            ("3.13", Some("3.13.0")),
            ("3.13t", Some("3.13.1t")),
            ("3.13.0t", Some("3.13.0t")),
            ("3t", Some("3.13.1t")),
            ("3.13.0rc2", Some("3.13.0rc2")),
            ("3.14", Some("3.14.0rc10")),
            ("3.14t", Some("3.14t-dev")),
            ("3.15", None),
            ("latest", Some("3.13.0")),
            (">=3.10,<3.13", Some("3.12.1")),
            ("<3.10", Some("3.9.18")),
            (">=3.14", None),
            (">3.13.5", Some("3.14.0rc10")),
            (">=3.13.0rc1", Some("3.14.0rc10")),
            ("==3.13.*", Some("3.13.0")),
            ("~=3.9.9", Some("3.9.18")),
            (">=4", None),
            ("python-", None),
            ("cpython@", None),
            ("pypy3.10", Some("pypy3.10-7.3.17")),
            ("pypy3", Some("pypy3.10-7.3.17")),
            ("pypy3.1", None),
            ("pypy3.9", Some("pypy3.9-7.3.16-src")),
            ("pypy", Some("pypy3.10-7.3.17")),
            ("miniforge3", Some("miniforge3-24.11.0-0")),
            ("miniforge3-4", Some("miniforge3-4.10.1-5")),
            ("web", None),
            ("system", None),
        ];
        for (text, expected) in cases {
            let names = CROWD.iter().map(|name| Name::parse(name.as_bytes()));
            let newest = Request::parse(text.as_bytes()).newest(names, PreReleases::LastResort);
            assert_eq!(newest.map(|name| name.text()), expected.map(str::as_bytes), "{text}");
        }
    }

    #[test]
    fn bounds_take_what_names_no_patch_where_every_patch_is_meant() {
        let cases = [
            ("latest", Some("3.12")),
            (">=3.9,<3.13", Some("3.12")),
            ("==3.12.*", Some("3.12")),
            (">=3.12.2", None),
            (">=3.13", None),
        ];
        for (text, expected) in cases {
            let names = ["3.12", "3.13-dev"].map(|name| Name::parse(name.as_bytes()));
            let newest = Request::parse(text.as_bytes()).newest(names, PreReleases::LastResort);
            assert_eq!(newest.map(|name| name.text()), expected.map(str::as_bytes), "{text}");
        }
        let branch = [Name::parse(b"3.13-dev")];
        let newest = Request::parse(b"latest").newest(branch, PreReleases::LastResort);
        assert_eq!(newest.map(|name| name.text()), Some(b"3.13-dev".as_slice()));
    }

    #[test]
    fn what_is_not_installed_yet_is_never_a_pre_release_unnamed() {
        let cases = [
            ("3.14", None),
            (">3.13.5", None),
            ("3.14t", None),
            ("pypy3.9", None),
            ("3.14.0a1", Some("3.14.0a1")),
            (">=3.14.0a1", Some("3.14.0rc10")),
        ];
        for (text, expected) in cases {
            let names = CROWD.iter().map(|name| Name::parse(name.as_bytes()));
            let newest = Request::parse(text.as_bytes()).newest(names, PreReleases::Named);
            assert_eq!(newest.map(|name| name.text()), expected.map(str::as_bytes), "{text}");
        }
    }

    #[test]
    fn a_request_by_number_reads_back() {
        let request =
            Request::of_series(Series::Patch(Version::new(3, 13, 0)), Variant::FreeThreaded);
        assert_eq!(request, Request::parse(b"3.13.0t"));
    }
}
