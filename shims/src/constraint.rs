//! The constraint C: what a shebang or a shim's own name leaves open, and what it does not.

use core::fmt;

use crate::architecture::Architecture;
use crate::request::{Request, Wanted};
use crate::series::Series;
use crate::specifier::Specifiers;
use crate::version::Variant;

/// Python's own commands: what a version brings by itself.
const OWN: [&[u8]; 6] = [b"python", b"pythonw", b"pip", b"pydoc", b"idle", b"2to3"];

/// Whether the command is Python's own, whatever the version in its name: `python3`, `pip3.12`, `python3.12-config`.
/// `pipx`, `pip-compile` and the like are none.
pub(crate) fn is_pythons_own(command: &[u8]) -> bool {
    let command = command.strip_suffix(b".exe").unwrap_or(command);
    let python = command.strip_suffix(b"-config").filter(|python| python.starts_with(b"python"));
    let command = python.unwrap_or(command);
    OWN.into_iter().filter_map(|word| command.strip_prefix(word)).any(|version| {
        let version = version.strip_prefix(b"-").unwrap_or(version);
        let number = version.strip_suffix(b"t").or(version.strip_suffix(b"d")).unwrap_or(version);
        number.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
    })
}

/// Whether the command is a pip.
pub(crate) fn is_pip(command: &[u8]) -> bool {
    command.starts_with(b"pip") && is_pythons_own(command)
}

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

    /// What satisfies this and the other too; none when no version can.
    pub fn and(&self, other: &Self) -> Option<Self> {
        let series = match (self.series, other.series) {
            (Some(mine), Some(theirs)) if mine.covers(&theirs) => Some(theirs),
            (Some(mine), Some(theirs)) if theirs.covers(&mine) => Some(mine),
            (Some(_), Some(_)) => return None,
            (mine, theirs) => mine.or(theirs),
        };
        let specifiers = match (&self.specifiers, &other.specifiers) {
            (Some(mine), Some(theirs)) => Some(mine.and(theirs)),
            (mine, theirs) => mine.as_ref().or(theirs.as_ref()).cloned(),
        };
        Some(Self {
            series,
            variant: self.variant.or(other.variant),
            architecture: self.architecture.or(other.architecture),
            specifiers,
        })
    }

    /// What the name of a command asks for: `python`, `pip`, `idle`, `pydoc` and `2to3-` followed by a version,
    /// and `pythonX.Y-config`. Any other name asks for nothing.
    pub fn of_command(command: &[u8]) -> Self {
        let (command, of_config) = match command.strip_suffix(b"-config") {
            Some(python) if python.starts_with(b"python") => (python, true),
            Some(_) | None => (command, false),
        };
        [b"python".as_slice(), b"pip", b"idle", b"pydoc", b"2to3-"]
            .into_iter()
            .find_map(|word| Self::of_tag(command.strip_prefix(word)?))
            .filter(|tag| !of_config || tag.series.is_some_and(|series| series.minor().is_some()))
            .unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn a_commands_name_says_which_python() {
        let cases = [
            ("python", ""),
            ("python3", "3"),
            ("python3.9", "3.9"),
            ("python3.13t", "3.13t"),
            ("python3.9-config", "3.9"),
            ("python3-config", ""),
            ("python-config", ""),
            ("pip", ""),
            ("pip2", "2"),
            ("pip3.10", "3.10"),
            ("pip-compile", ""),
            ("pip3.10-config", ""),
            ("idle3", "3"),
            ("idle3.11", "3.11"),
            ("pydoc3", "3"),
            ("2to3", ""),
            ("2to3-3.9", "3.9"),
            ("python3.9.1", ""),
            ("python3.9x", ""),
            ("pythonw", ""),
            ("black", ""),
            ("flake8", ""),
            ("", ""),
        ];
        for (command, expected) in cases {
            let constraint = Constraint::of_command(command.as_bytes());
            assert_eq!(constraint.to_string(), expected, "{command}");
            assert_eq!(constraint.is_none(), expected.is_empty());
        }
    }

    #[test]
    fn what_is_pythons_own_is_told_by_the_name() {
        let own = [
            "python",
            "python3",
            "python3.9",
            "python3.13t",
            "python3.9-config",
            "python3-config",
            "pythonw",
            "pip",
            "pip3",
            "pip3.9",
            "pydoc3.9",
            "idle3",
            "2to3",
            "2to3-3.9",
            "pip.exe",
        ];
        let others = [
            "pipx",
            "pipenv",
            "pip-compile",
            "pythontex",
            "pydocstyle",
            "idle-x",
            "2to3x",
            "flask",
            "ls",
            "",
        ];
        assert!(own.into_iter().all(|command| is_pythons_own(command.as_bytes())));
        for command in others {
            assert!(!is_pythons_own(command.as_bytes()), "{command}");
        }
        assert!(is_pip(b"pip3.9") && !is_pip(b"pipx") && !is_pip(b"python"));
    }

    #[test]
    fn agreement_is_by_number_and_by_the_build_that_was_named() {
        let cases = [
            ("python", "2.7.18", Variant::Debug, true),
            ("python3", "3.12.1", Variant::Default, true),
            ("python3", "2.7.18", Variant::Default, false),
            ("python3.1", "3.12.1", Variant::Default, false),
            ("python3.12", "3.12", Variant::Default, true),
            ("python3.13", "3.13.0", Variant::FreeThreaded, true),
            ("python3.13t", "3.13.0", Variant::FreeThreaded, true),
            ("python3.13t", "3.13.0", Variant::Default, false),
        ];
        for (command, series, variant, expected) in cases {
            let constraint = Constraint::of_command(command.as_bytes());
            let series = Series::parse(series.as_bytes()).unwrap();
            assert_eq!(constraint.agrees(series, variant), expected, "{command} {series}{variant}");
        }
    }

    #[test]
    fn bounds_narrow() {
        let below = Constraint { specifiers: Specifiers::parse(b"<3.10"), ..Constraint::default() };
        let agrees =
            |text: &str| below.agrees(Series::parse(text.as_bytes()).unwrap(), Variant::Default);
        assert!(agrees("3.9.18") && agrees("3.9") && agrees("3") && agrees("2.7"));
        assert!(!agrees("3.10.0") && !agrees("3.10") && !agrees("4"));
    }

    #[test]
    fn what_is_not_installed_could_agree_or_could_not() {
        let cases = [
            ("python3.9", "3.9", true),
            ("python3.9", "3", true),
            ("python3.9", "3.9.18", true),
            ("python3.9", "3.99.1", false),
            ("python3", "2.7", false),
            ("python3.9", ">=3.8", true),
            ("python3.9", ">=3.10", false),
            ("python3.9", ">=3.9.1,<3.9.3", true),
            ("python3.13t", "3.13", false),
            ("python3.13", "3.13t", true),
            ("python3.9", "web", true),
            ("python", "3.99.1", true),
        ];
        for (command, request, expected) in cases {
            let constraint = Constraint::of_command(command.as_bytes());
            let request = Request::parse(request.as_bytes());
            assert_eq!(constraint.could_agree(&request), expected, "{command} {request:?}");
        }
    }
}
