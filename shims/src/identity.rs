//! What an installation says of itself in one line, so that nothing need be executed, parsed or guessed.
//!
//! `install` writes it beside the receipt: `cpython 3.12.7 default`, to [`FILE`] in the installation's directory.

use alloc::vec::Vec;
use core::fmt;

use crate::series::Series;
use crate::shown::Shown;
use crate::version::Variant;

/// Where the line stands, counted from the installation's directory.
pub const FILE: &[u8] = b".pyman/identity";

/// Implementation, version and build of an installed Python.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// `cpython`, `pypy`, `graalpy`.
    pub implementation: Vec<u8>,
    /// The version of the language, `3.10.14` for `pypy3.10-7.3.17`, as far as it is known.
    pub series: Series,
    /// Which build.
    pub variant: Variant,
}

impl Identity {
    /// Reads the line. Words added by later versions of pyman do not count.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let line = text.split(|byte| *byte == b'\n').next()?;
        let mut words = line.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
        let implementation = words.next()?.to_vec();
        let series = Series::parse(words.next()?)?;
        let variant = match words.next() {
            Some(b"freethreaded") => Variant::FreeThreaded,
            Some(b"debug") => Variant::Debug,
            Some(b"default") | None => Variant::Default,
            Some(_) => return None,
        };
        Some(Self { implementation, series, variant })
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variant = match self.variant {
            Variant::Default => "default",
            Variant::FreeThreaded => "freethreaded",
            Variant::Debug => "debug",
        };
        let implementation = Shown(&self.implementation);
        write!(formatter, "{implementation} {} {variant}", self.series)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for line in ["cpython 3.12.7 default", "cpython 3.13.0rc2 freethreaded", "pypy 3.10 debug"]
        {
            let identity = Identity::parse(line.as_bytes()).unwrap();
            assert_eq!(identity.to_string(), line);
        }
        assert!(Identity::parse(b"cpython 3.12.7\n").is_some());
        assert!(Identity::parse(b"cpython 3.12.7 default x86_64 later\n").is_some());
        for torn in [b"".as_slice(), b"cpython", b"cpython 3.x", b"\0\0\0\0", b"cpython 3.12.7 ?"] {
            assert_eq!(Identity::parse(torn), None);
        }
    }
}
