//! What a person wrote to say which Python: `3.12`, `>=3.11`, `pypy@3.10`, `3.13t`, `latest`, an environment's name.
//!
//! Reading never fails and never asks the disk: what is no version is a name, and may be that of a directory.

use alloc::format;
use alloc::vec::Vec;

use crate::name::{Form, Name, family_word};
use crate::series::Series;
use crate::specifier::Specifiers;
use crate::variant::Variant;

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
    /// Reads a request.
    pub fn parse(text: &[u8]) -> Self {
        let text = text.trim_ascii();
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
                Form::CPython { series: theirs, variant: their_variant, .. },
            ) => specifiers.allow_some(theirs) && *variant == their_variant,
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
            self.number(rest);
            return;
        }
        // `pypy@3.10` is `pypy3.10`.
        let stem: Vec<u8> = body.iter().copied().filter(|byte| *byte != b'@').collect();
        if family_word(&stem).is_some() {
            self.wanted = Wanted::Stem(stem);
        }
    }

    /// `3.13.0t`, `3.13+freethreaded`, `3.12.7+20241016`, `3.12.7-linux-x86_64-gnu`; nothing at all is the newest.
    fn number(&mut self, text: &[u8]) {
        let (series, mut rest) = match Series::head(text) {
            Some((series, rest)) => (Some(series), rest),
            None if text.is_empty() => (None, text),
            None => return,
        };
        let mut variant = Variant::Default;
        let mut build = None;
        let mut platform = None;
        while !rest.is_empty() {
            if let Some((named, tail)) = variant_head(rest) {
                (variant, rest) = (named, tail);
            } else if let Some((tag, tail)) = rest.strip_prefix(b"+").and_then(digits) {
                (build, rest) = (Some(tag.to_vec()), tail);
            } else if let Some(tail) = rest.strip_prefix(b"-").filter(|tail| is_platform(tail)) {
                (platform, rest) = (Some(tail.to_vec()), b"");
            } else {
                return;
            }
        }
        (self.build, self.platform) = (build, platform);
        self.wanted = match series {
            Some(series) => Wanted::Series { series, variant },
            None => Wanted::Specifier { specifiers: Specifiers::default(), variant },
        };
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
        [b'@' | b'-', number @ ..] => number,
        _ => rest,
    };
    (rest.is_empty() || rest.first().is_some_and(u8::is_ascii_digit)).then_some(rest)
}

/// `>=3.10`, `cpython>=3.10`.
fn specifier(text: &[u8]) -> Option<Wanted> {
    let rest = text.strip_prefix(b"cpython").unwrap_or(text);
    if !rest.first().is_some_and(|byte| b"<>=!~".contains(byte)) {
        return None;
    }
    Some(Wanted::Specifier { specifiers: Specifiers::parse(rest)?, variant: Variant::Default })
}

fn variant_head(text: &[u8]) -> Option<(Variant, &[u8])> {
    let suffixes: [(&[u8], Variant); 8] = [
        (b"+freethreaded", Variant::FreeThreaded),
        (b"-freethreaded", Variant::FreeThreaded),
        (b"+debug", Variant::Debug),
        (b"-debug", Variant::Debug),
        (b"+gil", Variant::Default),
        (b"+default", Variant::Default),
        (b"t", Variant::FreeThreaded),
        (b"d", Variant::Debug),
    ];
    suffixes.into_iter().find_map(|(suffix, variant)| Some((variant, text.strip_prefix(suffix)?)))
}

fn digits(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    text.split_at_checked(length).filter(|(head, _)| !head.is_empty())
}

fn is_platform(text: &[u8]) -> bool {
    [b"linux-".as_slice(), b"macos-", b"darwin-", b"windows-"]
        .into_iter()
        .any(|system| text.starts_with(system))
}

/// pyenv's rule for prefixes: what follows in the name is `.` or `-`, so `pypy3.1` never means `pypy3.10`.
/// The bare word of a family means any of its releases.
fn begins(stem: &[u8], name: &Name<'_>) -> bool {
    let Some(rest) = name.text().strip_prefix(stem) else {
        return false;
    };
    name.implementation() == Some(stem) || matches!(rest, [] | [b'.' | b'-', ..])
}
