//! A release of CPython by number, with all that people hang on it: `3.12`, `3.13.0t`, `3.12.7+20241016`,
//! `3.12.7-linux-x86_64-gnu`.

use crate::series::Series;
use crate::variant::Variant;

/// The parts of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number<'a> {
    /// None where nothing says which: the newest is meant.
    pub(crate) series: Option<Series>,
    pub(crate) variant: Variant,
    /// `20241016`.
    pub(crate) build: Option<&'a [u8]>,
    /// `linux-x86_64-gnu`.
    pub(crate) platform: Option<&'a [u8]>,
}

impl<'a> Number<'a> {
    /// Reads a number; none of what is not one from end to end.
    pub(crate) fn parse(text: &'a [u8]) -> Option<Self> {
        let (series, mut rest) = match Series::head(text) {
            Some((series, rest)) => (Some(series), rest),
            None if text.is_empty() => (None, text),
            None => return None,
        };
        let mut number = Self { series, variant: Variant::Default, build: None, platform: None };
        while !rest.is_empty() {
            if let Some((variant, tail)) = variant_head(rest) {
                (number.variant, rest) = (variant, tail);
            } else if let Some((build, tail)) = rest.strip_prefix(b"+").and_then(digits) {
                (number.build, rest) = (Some(build), tail);
            } else {
                let platform = rest.strip_prefix(b"-").filter(|tail| is_platform(tail))?;
                (number.platform, rest) = (Some(platform), b"");
            }
        }
        Some(number)
    }
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
