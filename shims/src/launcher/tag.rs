//! A tag understood: `[COMPANY/]VERSION[-ARCHITECTURE]`, as after `-V:`, in `PY_PYTHON` or behind a shebang's `python`;
//! and where it was asked for, as messages name it.

use alloc::vec::Vec;
use core::fmt;

use crate::architecture::Architecture;
use crate::constraint::Constraint;
use crate::request::{Request, Wanted};
use crate::series::Series;
use crate::shown::Shown;
use crate::version::Variant;

/// What somebody asked `py` for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    text: Vec<u8>,
    /// What answers it among the installed.
    pub request: Request,
    /// What answers it too: `graalpy/24` is `graalpy-24`, as `pypy/3.10` is `pypy3.10`.
    dashed: Option<Request>,
    /// What it leaves open, and what not.
    pub constraint: Constraint,
}

/// The companies that are CPython; the first needs no naming.
const CORE: [&[u8]; 3] = [b"pythoncore", b"cpython", b""];

impl Tag {
    /// Reads a tag. Every text is one: what is no version may still be the name of an installation.
    pub fn parse(text: &[u8]) -> Self {
        let text = text.trim_ascii();
        let lower = text.to_ascii_lowercase();
        let slash = lower.iter().rposition(|byte| matches!(byte, b'/' | b'\\'));
        let (company, rest) = slash
            .and_then(|at| Some((lower.get(..at)?, lower.get(at + 1..)?)))
            .unwrap_or((b"", &lower));
        let (version, architecture) = split_architecture(rest);
        let stem = |joint: &[u8]| {
            let request = Request::parse(&[company, joint, version].concat());
            Some(request).filter(|request| matches!(request.wanted(), Wanted::Stem(_)))
        };
        let (request, dashed) = match company {
            company if !CORE.contains(&company) => (stem(b""), stem(b"-")),
            _ if version.is_empty() => (Some(Request::parse(b"latest")), None),
            _ => {
                let request = Request::parse(version);
                (Some(request).filter(|request| !matches!(request.wanted(), Wanted::Exact)), None)
            }
        };
        let request = request.or_else(|| dashed.clone()).unwrap_or_else(|| Request::parse(text));
        let constraint = constraint(&request, architecture);
        Self { text: text.to_vec(), request, dashed, constraint }
    }

    /// Everything that answers it among the installed.
    pub(super) fn requests(&self) -> impl Iterator<Item = &Request> {
        core::iter::once(&self.request).chain(&self.dashed)
    }

    /// Any Python at all.
    pub fn any() -> Self {
        Self::parse(b"")
    }

    /// The version as it was asked for; empty for any.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// `3` when that is all that was asked for: the variables of that major refine it.
    pub fn major(&self) -> Option<u32> {
        match self.constraint {
            Constraint {
                series: Some(Series::Major(major)),
                variant: None,
                architecture: None,
                specifiers: None,
            } => Some(major),
            _ => None,
        }
    }
}

/// What the request itself settles; the bounds of `latest` are none.
fn constraint(request: &Request, architecture: Option<Architecture>) -> Constraint {
    let named = |variant: Variant| (variant != Variant::Default).then_some(variant);
    let open = Constraint { architecture, ..Constraint::default() };
    match request.wanted() {
        Wanted::Series { series, variant } => {
            Constraint { series: Some(*series), variant: named(*variant), ..open }
        }
        Wanted::Specifier { specifiers, variant } => Constraint {
            variant: named(*variant),
            specifiers: (*specifiers != crate::Specifiers::default()).then(|| specifiers.clone()),
            ..open
        },
        Wanted::Stem(_) | Wanted::Exact | Wanted::System => open,
    }
}

fn split_architecture(text: &[u8]) -> (&[u8], Option<Architecture>) {
    let split = || {
        let dash = text.iter().rposition(|byte| *byte == b'-')?;
        let architecture = Architecture::parse(text.get(dash + 1..)?)?;
        Some((text.get(..dash)?, Some(architecture)))
    };
    split().unwrap_or((text, None))
}

impl core::fmt::Display for Tag {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        Shown(&self.text).fmt(formatter)
    }
}

/// A place somebody wrote a version in, or would have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Typed.
    CommandLine,
    /// A line of a script.
    Script {
        /// The script as named on the command line.
        path: Vec<u8>,
        /// 1 or 2.
        line: usize,
    },
    /// A script's `requires-python`.
    Metadata(Vec<u8>),
    /// A variable of this name.
    Variable(Vec<u8>),
    /// A line of a version file or of a `py.ini`; line 0 where it is not known.
    File {
        /// The file.
        path: Vec<u8>,
        /// Counted from 1.
        line: usize,
    },
    /// Nowhere: any Python would do.
    Nowhere,
}

impl fmt::Display for Asked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandLine => formatter.write_str("the command line"),
            Self::File { path, line: 0 } => Shown(path).fmt(formatter),
            Self::Script { path, line } | Self::File { path, line } => {
                write!(formatter, "{}:{line}", Shown(path))
            }
            Self::Metadata(path) => write!(formatter, "requires-python of {}", Shown(path)),
            Self::Variable(name) => write!(formatter, "{} environment variable", Shown(name)),
            Self::Nowhere => formatter.write_str("nothing"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn company_version_and_architecture_are_told_apart() {
        let rows: &[(&str, &str, &str)] = &[
            ("3", "3", "3"),
            ("3.9-64", "3.9", "3.9-64"),
            ("3.13T-ARM64", "3.13t", "3.13t-arm64"),
            ("PythonCore/3.9-32", "3.9", "3.9-32"),
            ("PythonCore\\3.9", "3.9", "3.9"),
            ("PythonCore/", "latest", ""),
            ("cpython/3.9", "3.9", "3.9"),
            ("/3.10", "3.10", "3.10"),
            (" >=3.9,<3.12 ", ">=3.9,<3.12", ">=3.9,<3.12"),
            ("-64", "latest", "-64"),
            ("", "latest", ""),
            ("PyPy/3.10", "pypy3.10", ""),
            ("PyPy/", "pypy", ""),
            ("GraalPy/community-24", "graalpy-community-24", ""),
            ("3.9-65", "3.9-65", ""),
            ("Brew", "Brew", ""),
            ("3.9/", "3.9/", ""),
            ("Python/3.9", "Python/3.9", ""),
        ];
        for (text, request, constraint) in rows {
            let tag = Tag::parse(text.as_bytes());
            assert_eq!(tag.request.text(), request.as_bytes(), "{text}");
            assert_eq!(tag.constraint.to_string(), *constraint, "{text}");
        }
    }

    #[test]
    fn only_a_bare_major_is_refined() {
        let majors = ["3", "2", "3.9", "3-64", "PyPy/3", "", "33", "3t", ">=3"];
        let found: Vec<_> = majors.iter().map(|text| Tag::parse(text.as_bytes()).major()).collect();
        assert_eq!(found, [Some(3), Some(2), None, None, None, None, Some(33), None, None]);
    }
}
