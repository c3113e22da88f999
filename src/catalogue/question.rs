//! A request, and what limits its answer, as the catalogue asks it of each release: is this one meant?

use pyman_shim::{Request, Series, Variant, Wanted};

use crate::catalogue::release;
use crate::catalogue::release::{Label, Release};
use crate::platform::Platform;

/// What limits the answer besides the request itself.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Where the build has to run; none: a machine nothing prebuilt is made for.
    pub platform: Option<Platform>,
    /// Which kinds of build may be offered.
    pub route: Route,
    /// The variant the command line asks for, above the request's own.
    pub variant: Option<Variant>,
}

/// Prebuilt, from source, or whichever there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Route {
    /// A prebuilt when there is one, then the sources.
    #[default]
    PrebuiltFirst,
    /// `--prebuilt`: never from source.
    OnlyPrebuilt,
    /// `--build`: never a prebuilt.
    OnlySource,
}

/// A request, with what the command line says besides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'request> {
    request: &'request Request,
    /// The variant asked for; the usual one when none is.
    pub(super) variant: Variant,
}

impl<'request> Question<'request> {
    /// The question `request` is; an option's variant stands above the request's own.
    pub(super) fn new(request: &'request Request, variant: Option<Variant>) -> Self {
        let own = match request.wanted() {
            Wanted::Series { variant, .. } | Wanted::Specifier { variant, .. } => *variant,
            Wanted::System | Wanted::Stem(_) | Wanted::Exact => Variant::Default,
        };
        Self { request, variant: variant.unwrap_or(own) }
    }

    /// The same question for another variant.
    pub(super) const fn with_variant(self, variant: Variant) -> Self {
        Self { variant, ..self }
    }

    /// As it was written.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(self.request.text()).into_owned()
    }

    /// The one build it names: `20241016`.
    pub(super) fn tag(&self) -> Option<&'request str> {
        std::str::from_utf8(self.request.build()?).ok()
    }

    /// Whether a build of this tag may answer: any may, unless one is named.
    pub(super) fn wants_tag(&self, tag: Option<&str>) -> bool {
        self.tag().is_none_or(|wanted| tag == Some(wanted))
    }

    /// The platform it names, in uv's long form.
    pub(super) fn platform(&self) -> Option<Platform> {
        std::str::from_utf8(self.request.platform()?).ok()?.parse().ok()
    }

    /// Whether the release is one of those meant. Pre-releases only when the request names one.
    pub(super) fn means(&self, release: &Release) -> bool {
        let meant = match (self.request.wanted(), &release.label) {
            (Wanted::Series { series, .. }, Label::Version(version)) => {
                series.covers(&Series::Patch(*version)) && self.settled(version.is_final())
            }
            (Wanted::Specifier { specifiers, .. }, Label::Version(version)) => {
                specifiers.allow(*version) && self.settled(version.is_final())
            }
            (Wanted::Stem(stem), Label::Name(name)) => {
                std::str::from_utf8(stem).is_ok_and(|stem| release::means(stem, name))
            }
            (Wanted::Exact, Label::Name(name)) => self.request.text() == name.as_bytes(),
            (Wanted::Series { .. } | Wanted::Specifier { .. } | Wanted::System, Label::Name(_))
            | (Wanted::Stem(_) | Wanted::Exact | Wanted::System, Label::Version(_)) => false,
        };
        meant && release.variant == self.variant
    }

    /// Whether versions of CPython are asked for, rather than another family's.
    pub(super) fn is_version(&self) -> bool {
        match self.request.wanted() {
            Wanted::Series { .. } | Wanted::Specifier { .. } | Wanted::System => true,
            Wanted::Stem(_) | Wanted::Exact => false,
        }
    }

    /// The one minor whose versions can be meant; none where several can.
    pub(super) fn only_minor(&self) -> Option<(u32, u32)> {
        match self.request.wanted() {
            Wanted::Series { series, .. } => Some((series.major(), series.minor()?)),
            Wanted::Specifier { .. } | Wanted::System | Wanted::Stem(_) | Wanted::Exact => None,
        }
    }

    /// The major and minor it begins with, as far as they can be read: of `3.12.99`, of `3.12-dev`.
    pub(super) fn minor(&self) -> Option<(u32, u32)> {
        let (series, _) = Series::head(self.request.text())?;
        Some((series.major(), series.minor()?))
    }

    fn settled(&self, is_final: bool) -> bool {
        is_final || self.request.names_pre_release()
    }
}

#[cfg(test)]
mod tests {
    use super::Question;
    use crate::catalogue::release::{Label, Release};
    use pyman_shim::{Request, Variant, Version};

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
            ("python3.12", "3.12.7", true),
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
            ("system", "3.12.7", false),
        ];
        for (text, name, expected) in table {
            let request = Request::parse(text.as_bytes());
            assert_eq!(
                Question::new(&request, None).means(&release(name)),
                expected,
                "{text} {name}"
            );
        }
    }

    #[test]
    fn a_build_a_platform_and_a_variant_can_be_named() {
        let request = Request::parse(b"3.12.7+20241016");
        assert_eq!(Question::new(&request, None).tag(), Some("20241016"));
        let request = Request::parse(b"cpython-3.13.1+freethreaded-linux-x86_64-musl");
        let question = Question::new(&request, None);
        assert_eq!(question.platform().unwrap().to_string(), "x86_64-unknown-linux-musl");
        assert_eq!(question.variant, Variant::FreeThreaded);
        assert_eq!(Question::new(&request, Some(Variant::Debug)).variant, Variant::Debug);
    }
}
