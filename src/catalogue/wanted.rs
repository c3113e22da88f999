//! What a person asks to be installed, as the catalogue's question: `3.12`, `>=3.10,<3.13`, `3.8:latest`,
//! `3.12.7+20241016`, `3.13t`, `pypy3.10`, `cpython-3.12.7-linux-x86_64-gnu`.

use std::str::FromStr;

use pep440_rs::VersionSpecifiers;
use pyman_shim::{Variant, Version};

use crate::platform::Platform;

use super::label;
use super::release::{Label, Release};

/// A question to the catalogue.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// As it was written.
    pub text: String,
    /// The variant it ends in; the usual one when it ends in none.
    pub variant: Variant,
    /// The platform it names, in uv's long form.
    pub platform: Option<Platform>,
    /// The one build it names: `20241016`.
    pub tag: Option<String>,
    pattern: Pattern,
}

#[derive(Debug, Clone)]
enum Pattern {
    /// This version alone.
    Exact(Version),
    /// Versions that begin with these numbers; none: every version.
    Prefix(Vec<u32>),
    /// Versions these allow.
    Specifiers(VersionSpecifiers),
    /// Releases of other families, by name.
    Name(String),
}

impl Wanted {
    /// Reads a request. Whatever is no version is the name of something, known or not.
    pub fn parse(text: &str) -> Self {
        let whole = text.trim();
        let (body, platform) = without_platform(whole);
        let body = body.strip_suffix(":latest").unwrap_or(body);
        let (body, tag) = match body.rsplit_once('+') {
            Some((body, tag)) if is_tag(tag) => (body, Some(tag.to_owned())),
            Some(_) | None => (body, None),
        };
        let (body, variant) = without_variant(body);
        Self { text: whole.to_owned(), variant, platform, tag, pattern: Pattern::parse(body) }
    }

    /// The same question for another variant.
    #[must_use]
    pub fn with_variant(self, variant: Variant) -> Self {
        Self { variant, ..self }
    }

    /// Whether the release is one of those meant. Pre-releases only when the request names one.
    pub fn means(&self, release: &Release) -> bool {
        let meant = match (&self.pattern, &release.label) {
            (Pattern::Exact(wanted), Label::Version(version)) => wanted == version,
            (Pattern::Prefix(numbers), Label::Version(version)) => {
                version.is_final() && begins(*version, numbers)
            }
            (Pattern::Specifiers(specifiers), Label::Version(version)) => {
                (version.is_final() || names_pre_release(specifiers))
                    && allows(specifiers, *version)
            }
            (Pattern::Name(wanted), Label::Name(name)) => label::means(wanted, name),
            (Pattern::Exact(_) | Pattern::Prefix(_) | Pattern::Specifiers(_), Label::Name(_))
            | (Pattern::Name(_), Label::Version(_)) => false,
        };
        meant && release.variant == self.variant
    }

    /// Whether exactly one release can be meant.
    pub fn is_exact(&self) -> bool {
        matches!(self.pattern, Pattern::Exact(_))
    }

    /// Whether versions of CPython are asked for, rather than another family's.
    pub(super) fn is_version(&self) -> bool {
        !matches!(self.pattern, Pattern::Name(_))
    }

    /// The numbers it begins with, as far as they are known: `[3, 12]` for `3.12.99`.
    pub(super) fn numbers(&self) -> Vec<u32> {
        match &self.pattern {
            Pattern::Exact(version) => vec![version.major, version.minor],
            Pattern::Prefix(numbers) => numbers.clone(),
            Pattern::Specifiers(_) => Vec::new(),
            Pattern::Name(name) => {
                prefix(name.split('-').next().unwrap_or_default()).unwrap_or_default()
            }
        }
    }
}

impl Pattern {
    fn parse(body: &str) -> Self {
        let version = ["cpython@", "cpython-", "python@", "python-", "cpython", "python"]
            .into_iter()
            .find_map(|word| body.strip_prefix(word))
            .unwrap_or(body);
        if version.is_empty() || version == "latest" {
            return Self::Prefix(Vec::new());
        }
        if let Some(version) = Version::parse(version.as_bytes()) {
            return Self::Exact(version);
        }
        if let Some(numbers) = prefix(version) {
            return Self::Prefix(numbers);
        }
        if version.contains(['<', '>', '=', '!', '~', ','])
            && let Ok(specifiers) = VersionSpecifiers::from_str(version)
        {
            return Self::Specifiers(specifiers);
        }
        Self::Name(body.replacen('@', "", 1))
    }
}

/// Splits uv's `-linux-x86_64-gnu` off the end.
fn without_platform(text: &str) -> (&str, Option<Platform>) {
    text.match_indices('-')
        .find_map(|(at, _)| {
            let (body, platform) = (text.get(..at)?, text.get(at + 1..)?);
            Some((body, platform.parse().ok()?))
        })
        .map_or((text, None), |(body, platform)| (body, Some(platform)))
}

/// Splits `t`, `d`, `-debug`, `+freethreaded`, `+debug` off what is a version without it.
fn without_variant(text: &str) -> (&str, Variant) {
    let endings = [
        ("+freethreaded", Variant::FreeThreaded),
        ("+debug", Variant::Debug),
        ("-debug", Variant::Debug),
        ("t", Variant::FreeThreaded),
        ("d", Variant::Debug),
    ];
    endings
        .into_iter()
        .find_map(|(ending, variant)| {
            let body = text.strip_suffix(ending)?;
            body.bytes()
                .next_back()
                .is_some_and(|byte| byte.is_ascii_digit())
                .then_some((body, variant))
        })
        .filter(|(body, _)| !matches!(Pattern::parse(body), Pattern::Name(_)))
        .unwrap_or((text, Variant::Default))
}

/// One to three numbers with dots between.
fn prefix(text: &str) -> Option<Vec<u32>> {
    let numbers: Vec<u32> = text
        .split('.')
        .map(|digits| {
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
        })
        .collect::<Option<_>>()?;
    (numbers.len() <= 3).then_some(numbers)
}

/// A date, as python-build-standalone tags its builds (with the hour in its first year).
fn is_tag(text: &str) -> bool {
    text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'T')
}

fn begins(version: Version, numbers: &[u32]) -> bool {
    [version.major, version.minor, version.patch].starts_with(numbers)
}

fn allows(specifiers: &VersionSpecifiers, version: Version) -> bool {
    pep440_rs::Version::from_str(&version.to_string())
        .is_ok_and(|version| specifiers.contains(&version))
}

fn names_pre_release(specifiers: &VersionSpecifiers) -> bool {
    specifiers.iter().any(|specifier| specifier.version().any_prerelease())
}

#[cfg(test)]
mod tests {
    use super::Wanted;
    use crate::catalogue::release::{Label, Release};
    use pyman_shim::{Variant, Version};

    fn release(text: &str) -> Release {
        let (body, variant) = match text.strip_suffix('t') {
            Some(body) => (body, Variant::FreeThreaded),
            None => (text, Variant::Default),
        };
        match Version::parse(body.as_bytes()) {
            Some(version) => Release::cpython(version, variant),
            None => Release {
                implementation: "pypy".to_owned(),
                label: Label::Name(text.to_owned()),
                variant: Variant::Default,
            },
        }
    }

    #[test]
    fn requests_mean_what_they_say() {
        let table = [
            ("3", "3.12.7", true),
            ("3.12", "3.12.7", true),
            ("3.1", "3.12.7", false),
            ("3.12.7", "3.12.7", true),
            ("3.12.7", "3.12.70", false),
            ("3.12", "3.12.0rc1", false),
            ("3.12.0rc1", "3.12.0rc1", true),
            ("3.12.0", "3.12.0rc1", false),
            ("3.13", "3.13.0t", false),
            ("3.13t", "3.13.0t", true),
            ("3.13.0t", "3.13.0t", true),
            ("3.13t", "3.13.0", false),
            ("3.13+freethreaded", "3.13.0t", true),
            ("cpython@3.12", "3.12.7", true),
            ("cpython-3.12", "3.12.7", true),
            ("python3.12", "3.12.7", true),
            ("python-3.12.7", "3.12.7", true),
            ("cpython-3.12.7-linux-x86_64-gnu", "3.12.7", true),
            ("3.8:latest", "3.8.20", true),
            ("latest", "3.12.7", true),
            (">=3.10,<3.13", "3.12.7", true),
            (">=3.10,<3.13", "3.13.0", false),
            (">= 3.10, < 3.13", "3.12.7", true),
            ("~=3.11", "3.12.7", true),
            (">=3.12", "3.13.0rc1", false),
            (">=3.13.0rc1", "3.13.0rc1", true),
            ("!=3.12.7", "3.12.7", false),
            ("3.12-dev", "3.12.7", false),
            ("3.12.7+20241016", "3.12.7", true),
            ("pypy3.10", "pypy3.10-7.3.17", true),
            ("pypy@3.10", "pypy3.10-7.3.17", true),
            ("pypy3.10", "3.10.7", false),
            ("3.12.", "3.12.7", false),
            ("3.12.7.1", "3.12.7", false),
            ("-1", "3.12.7", false),
        ];
        for (request, name, expected) in table {
            assert_eq!(Wanted::parse(request).means(&release(name)), expected, "{request} {name}");
        }
    }

    #[test]
    fn a_build_and_a_platform_can_be_named() {
        let wanted = Wanted::parse("3.12.7+20241016");
        assert_eq!(wanted.tag.as_deref(), Some("20241016"));
        let wanted = Wanted::parse("cpython-3.13.1+freethreaded-linux-x86_64-musl");
        assert_eq!(wanted.platform.unwrap().to_string(), "x86_64-unknown-linux-musl");
        assert_eq!(wanted.variant, Variant::FreeThreaded);
        assert_eq!(Wanted::parse("3.13-debug").variant, Variant::Debug);
    }
}
