//! A tag's parts: `[COMPANY/]VERSION[-ARCHITECTURE]`. What the version means is for requests to say.

use alloc::vec::Vec;

/// What stands behind `-V:`, in `PY_PYTHON` or behind a shebang's `python`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Who made the Python, in lower case; `PythonCore` is CPython.
    pub company: Vec<u8>,
    /// `3`, `3.12`, `3.13.0rc2`, `3.13t` or a specifier, in lower case; empty for the newest.
    pub version: Vec<u8>,
    /// The processor wanted.
    pub architecture: Option<Architecture>,
}

/// What an executable's header must say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// `-32`
    Bits32,
    /// `-64`: anything but 32-bit.
    Bits64,
    /// `-arm64`
    Arm64,
}

/// The company of CPython itself, which needs no naming.
pub const CORE: &[u8] = b"pythoncore";

impl Tag {
    /// Splits a tag; any bytes are some tag.
    pub fn parse(text: &[u8]) -> Self {
        let text = text.trim_ascii().to_ascii_lowercase();
        let slash = text.iter().rposition(|byte| matches!(byte, b'/' | b'\\'));
        let (company, rest) = slash
            .and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?)))
            .unwrap_or((CORE, &text));
        let (version, architecture) = architecture(rest);
        Self {
            company: if company.is_empty() { CORE.to_vec() } else { company.to_vec() },
            version: version.to_vec(),
            architecture,
        }
    }

    /// Whether this is no more than a major version, which the variables of that major refine.
    pub fn major(&self) -> Option<u8> {
        match self.version.as_slice() {
            [digit @ b'1'..=b'9'] if self.company == CORE && self.architecture.is_none() => {
                Some(*digit)
            }
            _ => None,
        }
    }
}

fn architecture(text: &[u8]) -> (&[u8], Option<Architecture>) {
    let known: [(&[u8], Architecture); 3] = [
        (b"-32", Architecture::Bits32),
        (b"-64", Architecture::Bits64),
        (b"-arm64", Architecture::Arm64),
    ];
    known
        .into_iter()
        .find_map(|(suffix, found)| Some((text.strip_suffix(suffix)?, Some(found))))
        .unwrap_or((text, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn company_version_and_architecture_are_told_apart() {
        use Architecture::{Arm64, Bits32, Bits64};
        let rows: &[(&str, &str, &str, Option<Architecture>)] = &[
            ("3", "pythoncore", "3", None),
            ("3.9-64", "pythoncore", "3.9", Some(Bits64)),
            ("3.13T-ARM64", "pythoncore", "3.13t", Some(Arm64)),
            ("PythonCore/3.9-32", "pythoncore", "3.9", Some(Bits32)),
            ("PythonCore\\3.9", "pythoncore", "3.9", None),
            ("PythonCore/", "pythoncore", "", None),
            ("PyPy/3.10", "pypy", "3.10", None),
            ("/3.10", "pythoncore", "3.10", None),
            (">=3.9,<3.12", "pythoncore", ">=3.9,<3.12", None),
            ("-64", "pythoncore", "", Some(Bits64)),
            ("3.9-65", "pythoncore", "3.9-65", None),
            ("", "pythoncore", "", None),
        ];
        for (text, company, version, architecture) in rows {
            let tag = Tag::parse(text.as_bytes());
            assert_eq!(tag.company, company.as_bytes(), "{text}");
            assert_eq!(tag.version, version.as_bytes(), "{text}");
            assert_eq!(tag.architecture, *architecture, "{text}");
        }
    }

    #[test]
    fn only_a_bare_major_is_refined() {
        let majors = ["3", "2", "3.9", "3-64", "PyPy/3", "", "33", "3t"];
        let found: Vec<_> = majors.iter().map(|text| Tag::parse(text.as_bytes()).major()).collect();
        assert_eq!(found, [Some(b'3'), Some(b'2'), None, None, None, None, None, None]);
    }
}
