//! `312` is 3.12 where a person types a version: fingers are quicker than dots. Never in a file, never for `py`.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};

use crate::operation::Ground;

/// The version that was meant: `3.12` for `312`, unless something of exactly that name is installed.
pub(crate) fn meant<'a>(ground: &Ground, typed: &'a OsStr) -> Cow<'a, OsStr> {
    match typed.to_str().and_then(dotted) {
        Some(meant) if ground.resolver().exactly(typed.as_encoded_bytes()).is_none() => {
            Cow::Owned(OsString::from(meant))
        }
        Some(_) | None => Cow::Borrowed(typed),
    }
}

/// `27` and `30` to `399`, with the `t` of a free-threaded build; the minor has no zero before it.
fn dotted(text: &str) -> Option<String> {
    let digits = text.strip_suffix('t').unwrap_or(text);
    let (major, minor) = digits.split_at_checked(1)?;
    let is_number =
        (1..=2).contains(&minor.len()) && minor.bytes().all(|byte| byte.is_ascii_digit());
    let is_minor = is_number && (minor.len() == 1 || !minor.starts_with('0'));
    let known = match major {
        "2" => minor.len() == 1,
        "3" => true,
        _ => false,
    };
    (known && is_minor).then(|| format!("{major}.{}", text.get(1..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::dotted;

    #[test]
    fn a_minor_without_its_dot_is_meant() {
        let table = [
            ("312", Some("3.12")),
            ("27", Some("2.7")),
            ("38", Some("3.8")),
            ("30", Some("3.0")),
            ("313t", Some("3.13t")),
            ("3120", None),
            ("301", None),
            ("270", None),
            ("412", None),
            ("3", None),
            ("3t", None),
            ("3.12", None),
            ("31x", None),
            ("2024", None),
            ("", None),
            ("é", None),
        ];
        for (typed, expected) in table {
            assert_eq!(dotted(typed).as_deref(), expected, "{typed}");
        }
    }
}
