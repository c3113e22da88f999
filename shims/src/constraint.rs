//! The constraint C: what a shebang or a shim's own name leaves open, and what it does not.

use core::fmt;

use crate::architecture::Architecture;
use crate::request::{Request, Wanted};
use crate::series::Series;
use crate::specifier::Specifiers;
use crate::variant::Variant;

/// What may run. Sources are asked in turn and used if they agree with it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Constraint {
    /// A major, X.Y or X.Y.Z.
    pub series: Option<Series>,
    /// The build, where one was named: `3.13t`. A pin to a free-threaded 3.13 agrees with `3.13`.
    pub variant: Option<Variant>,
    /// `-32`, `-64`, `-arm64`.
    pub architecture: Option<Architecture>,
    /// Bounds, such as those of `requires-python`.
    pub specifiers: Option<Specifiers>,
}

impl Constraint {
    /// Nothing is asked for: C is none.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// What the name of a command asks for: `python`, `pip`, `idle`, `pydoc` and `2to3-` followed by a version,
    /// and `pythonX.Y-config`. Any other name asks for nothing.
    pub fn of_command(command: &[u8]) -> Self {
        let tag = command
            .strip_prefix(b"python")
            .map(|tag| tag.strip_suffix(b"-config").unwrap_or(tag))
            .or_else(|| command.strip_prefix(b"pip"))
            .or_else(|| command.strip_prefix(b"idle"))
            .or_else(|| command.strip_prefix(b"pydoc"))
            .or_else(|| command.strip_prefix(b"2to3-"));
        tag.and_then(Self::of_tag).unwrap_or_default()
    }

    /// `3`, `3.9`, `3.13t`; a patch or pre-release is no part of a command's name.
    fn of_tag(tag: &[u8]) -> Option<Self> {
        let (series, rest) = Series::head(tag)?;
        let variant = match rest {
            b"" => None,
            b"t" => Some(Variant::FreeThreaded),
            b"d" => Some(Variant::Debug),
            _ => return None,
        };
        if series.version().is_some() {
            return None;
        }
        Some(Self { series: Some(series), variant, ..Self::default() })
    }

    /// Whether a Python of this version and build may run; the architecture is asked of its executable.
    pub fn agrees(&self, series: Series, variant: Variant) -> bool {
        self.series.is_none_or(|mine| mine.covers(&series))
            && self.variant.is_none_or(|mine| mine == variant)
            && self.specifiers.as_ref().is_none_or(|specifiers| specifiers.allow_some(series))
    }

    /// Whether something that answers the request could agree, once installed.
    pub fn could_agree(&self, request: &Request) -> bool {
        match request.wanted() {
            Wanted::Series { series, variant } => {
                self.series.is_none_or(|mine| mine.overlaps(series))
                    && self.variant.is_none_or(|mine| mine == *variant)
                    && self
                        .specifiers
                        .as_ref()
                        .is_none_or(|specifiers| specifiers.allow_some(*series))
            }
            Wanted::Specifier { specifiers, variant } => {
                self.series.is_none_or(|mine| specifiers.allow_some(mine))
                    && self.variant.is_none_or(|mine| mine == *variant)
            }
            Wanted::Stem(_) | Wanted::System | Wanted::Exact => true,
        }
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(series) = self.series {
            series.fmt(formatter)?;
        }
        if let Some(variant) = self.variant {
            variant.fmt(formatter)?;
        }
        if let Some(specifiers) = &self.specifiers {
            specifiers.fmt(formatter)?;
        }
        if let Some(architecture) = self.architecture {
            write!(formatter, "-{architecture}")?;
        }
        Ok(())
    }
}
