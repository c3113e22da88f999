//! The name of a directory under `versions/`: what it says of what stands there, and the order of such names.

use core::cmp::Ordering;

use crate::collation;
use crate::series::Series;
use crate::version::{Variant, Version};

/// A name as pyenv gives it: `3.12.1`, `3.13.0t`, `3.12-dev`, `pypy3.10-7.3.17`, `miniforge3-24.11.0-0`, or any
/// other. Ordered as `versions` lists them, numbers by value, a pre-release before its final.
#[derive(Debug, Clone, Copy)]
pub struct Name<'a> {
    text: &'a [u8],
    form: Form,
}

/// What a name can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// CPython by its number.
    CPython {
        /// As deep as the name goes, from `3.12` on.
        series: Series,
        /// Which build of it.
        variant: Variant,
        /// `3.12-dev`: the head of a branch.
        development: bool,
    },
    /// Another implementation's release, by its own numbers.
    Family {
        /// A pre-release, a source tree or whatever was newest once.
        unsettled: bool,
    },
    /// No version: an environment, a tree that was linked. Found by this exact name only.
    Plain,
}

/// The words that releases of other implementations begin with.
const FAMILIES: [&[u8]; 18] = [
    b"activepython",
    b"anaconda",
    b"cinder",
    b"graalpy",
    b"graalpython",
    b"ironpython",
    b"jython",
    b"mambaforge",
    b"micropython",
    b"miniconda",
    b"miniforge",
    b"nogil",
    b"pypy",
    b"pyston",
    b"pyodide",
    b"rustpython",
    b"stackless",
    b"unladen",
];

impl<'a> Name<'a> {
    /// Reads a name; every text is one.
    pub fn parse(text: &'a [u8]) -> Self {
        let form = cpython(text).or_else(|| family(text)).unwrap_or(Form::Plain);
        Self { text, form }
    }

    /// The name as written.
    pub const fn text(&self) -> &'a [u8] {
        self.text
    }

    /// What it says.
    pub const fn form(&self) -> Form {
        self.form
    }

    /// Whether this names a release, and not an environment or a linked tree.
    pub fn is_release(&self) -> bool {
        self.form != Form::Plain
    }

    /// `cpython`, `pypy`, `miniforge`: the word a release begins with, without the number that may follow it.
    pub fn implementation(&self) -> Option<&'a [u8]> {
        match self.form {
            Form::CPython { .. } => Some(b"cpython"),
            Form::Family { .. } => Some(word(self.text)),
            Form::Plain => None,
        }
    }

    /// The order that the numbers alone give two names of CPython's, where they do: what is written without a patch
    /// goes by its text.
    fn numbers(&self, other: &Self) -> Ordering {
        let (Form::CPython { series: mine, .. }, Form::CPython { series: theirs, .. }) =
            (self.form, other.form)
        else {
            return Ordering::Equal;
        };
        let patch = |series: Series| series.version().filter(Version::is_final).map(|v| v.patch);
        let patches = || patch(mine).zip(patch(theirs)).map(|(mine, theirs)| mine.cmp(&theirs));
        (mine.major(), mine.minor())
            .cmp(&(theirs.major(), theirs.minor()))
            .then_with(|| patches().unwrap_or(Ordering::Equal))
    }

    /// Whether it is taken only when named, or when nothing else is there.
    pub const fn is_pre_release(&self) -> bool {
        match self.form {
            Form::CPython { series: Series::Patch(version), development, .. } => {
                development || !version.is_final()
            }
            Form::CPython { development, .. } => development,
            Form::Family { unsettled } => unsettled,
            Form::Plain => false,
        }
    }
}

/// The word that one of the families' releases begins with; none for a text that begins otherwise.
pub(crate) fn family_word(text: &[u8]) -> Option<&[u8]> {
    let word = word(text);
    FAMILIES.contains(&word).then_some(word)
}

fn word(text: &[u8]) -> &[u8] {
    let length = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    text.get(..length).unwrap_or(text)
}

fn cpython(text: &[u8]) -> Option<Form> {
    let (series, rest) = Series::head(text)?;
    series.minor()?;
    let (variant, development) = match rest {
        b"" => (Variant::Default, false),
        b"t" => (Variant::FreeThreaded, false),
        b"d" | b"-debug" => (Variant::Debug, false),
        b"-dev" => (Variant::Default, true),
        b"t-dev" => (Variant::FreeThreaded, true),
        _ => return None,
    };
    Some(Form::CPython { series, variant, development })
}

/// A family's word and something that counts: `pypy3.10`, `pypy-5.7.1`, `graalpy-community-24.1.1`, `jython-dev`.
fn family(text: &[u8]) -> Option<Form> {
    let rest = text.strip_prefix(family_word(text)?)?;
    let mut segments = rest.split(|byte| *byte == b'-');
    let head = segments.next()?;
    let numbered = |segment: &[u8]| segment.first().is_some_and(u8::is_ascii_digit);
    let moving = |segment: &[u8]| matches!(segment, b"dev" | b"latest");
    let counted = numbered(head) && segments.clone().next().is_none();
    let settled_by = segments.clone().any(|segment| numbered(segment) || moving(segment));
    if !(head.is_empty() || numbered(head)) || !(counted || settled_by) {
        return None;
    }
    let unsettled = segments.any(|segment| {
        moving(segment)
            || segment == b"src"
            || segment.starts_with(b"alpha")
            || segment.starts_with(b"beta")
            || ends_in_pre(segment)
    });
    Some(Form::Family { unsettled })
}

/// Whether the segment ends like `1.0rc2`.
fn ends_in_pre(segment: &[u8]) -> bool {
    let digits = segment.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let head = segment.get(..segment.len() - digits).unwrap_or(segment);
    digits > 0 && (head.ends_with(b"a") || head.ends_with(b"b") || head.ends_with(b"rc"))
}

impl Ord for Name<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        // The same answer as below, and mostly enough.
        let numbers = self.numbers(other);
        if numbers.is_ne() {
            return numbers;
        }
        let key = |name: &Self| match name.form {
            Form::CPython { series: Series::Patch(version), .. } => version.pre.map(|_| {
                let letter = name.text.iter().position(u8::is_ascii_alphabetic);
                letter.unwrap_or(name.text.len())
            }),
            Form::CPython { .. } | Form::Family { .. } | Form::Plain => None,
        };
        collation::compare(
            collation::Text::new(self.text, key(self)),
            collation::Text::new(other.text, key(other)),
        )
        .then_with(|| self.text.cmp(other.text))
    }
}

impl PartialOrd for Name<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Name<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Name<'_> {}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_say_what_they_are() {
        let cpython = |series: &str, variant, development| Form::CPython {
            series: Series::parse(series.as_bytes()).unwrap(),
            variant,
            development,
        };
        let settled = Form::Family { unsettled: false };
        let unsettled = Form::Family { unsettled: true };
        let cases = [
            ("3.12.1", cpython("3.12.1", Variant::Default, false)),
            ("2.1.3", cpython("2.1.3", Variant::Default, false)),
            ("3.12", cpython("3.12", Variant::Default, false)),
            ("3.13.0rc2", cpython("3.13.0rc2", Variant::Default, false)),
            ("3.13.0t", cpython("3.13.0", Variant::FreeThreaded, false)),
            ("3.15.0b1t", cpython("3.15.0b1", Variant::FreeThreaded, false)),
            ("3.12.1-debug", cpython("3.12.1", Variant::Debug, false)),
            ("3.12-dev", cpython("3.12", Variant::Default, true)),
            ("3.13t-dev", cpython("3.13", Variant::FreeThreaded, true)),
            ("pypy3.10-7.3.17", settled),
            ("pypy2.7-7.3.17-src", unsettled),
            ("pypy3.5-5.7-beta", unsettled),
            ("pypy3.3-5.2-alpha1", unsettled),
            ("pypy3.10", settled),
            ("pypy-dev", unsettled),
            ("pypy3.11-7.3.20rc1", unsettled),
            ("graalpy-24.1.1", settled),
            ("graalpy-community-24.1.1", settled),
            ("miniforge3-24.11.0-0", settled),
            ("miniconda3-3.12-24.11.1-0", settled),
            ("miniconda3-latest", unsettled),
            ("anaconda3-2024.10-1", settled),
            ("jython-2.7.4", settled),
            ("nogil-3.9.10-1", settled),
            ("cinder-3.10-dev", unsettled),
            ("3", Form::Plain),
            ("3.12-web", Form::Plain),
            ("3.12.1.2", Form::Plain),
            ("web", Form::Plain),
            ("web-3.12.1", Form::Plain),
            ("pypy", Form::Plain),
            ("pypy-web", Form::Plain),
            ("pypyweb-1.0", Form::Plain),
            (".hidden", Form::Plain),
            ("cpython-3.12.1", Form::Plain),
            ("", Form::Plain),
        ];
        for (text, expected) in cases {
            assert_eq!(Name::parse(text.as_bytes()).form(), expected, "{text}");
        }
    }

    #[test]
    fn listings_are_in_version_order() {
        // As `sort --version-sort` has it, but for pre-releases, which come before their final.
        let sorted = [
            ".hidden",
            "2.7.18",
            "3.5a1",
            "3.5",
            "3.5.0a0",
            "3.9.9",
            "3.10.8",
            "3.12",
            "3.12-dev",
            "3.12.1",
            "3.12.1-debug",
            "3.12.10",
            "3.13t-dev",
            "3.13.0a1",
            "3.13.0rc2",
            "3.13.0rc2t",
            "3.13.0rc10",
            "3.13.0",
            "3.13.0t",
            "3.13.1",
            "miniforge3-4.10.1-5",
            "miniforge3-24.11.0-0",
            "pypy2.7-7.3.17",
            "pypy3.10-7.3.9",
            "pypy3.10-7.3.17",
            "web",
            "web.old",
            "web-2",
            "web-10",
        ];
        let mut names: Vec<Name<'_>> =
            sorted.iter().rev().map(|name| Name::parse(name.as_bytes())).collect();
        names.sort_unstable();
        let names: Vec<&str> =
            names.iter().map(|name| core::str::from_utf8(name.text()).unwrap()).collect();
        assert_eq!(names, sorted);
    }

    fn text() -> impl Strategy<Value = std::string::String> {
        prop_oneof![
            "[23]\\.[0-9]{1,2}(\\.[0-9]{1,2})?((a|b|rc|c)[0-9]{1,2})?(t|d|-dev|-debug|~x|[a-z]{0,2})?",
            "[a-z.~]{0,2}[0-9.]{0,3}[-.~a-z]{0,3}[0-9]{0,2}",
            "(pypy|miniforge|web)[0-9]?(\\.[0-9])?(-[0-9.a-z]{1,4})?",
        ]
    }

    proptest! {
        #[test]
        fn the_order_is_total(mut texts in prop::collection::vec(text(), 0..24)) {
            texts.sort();
            texts.dedup();
            let names: Vec<Name<'_>> = texts.iter().map(|text| Name::parse(text.as_bytes())).collect();
            let mut sorted = names.clone();
            sorted.sort();
            for (index, left) in sorted.iter().enumerate() {
                for right in sorted.iter().skip(index + 1) {
                    prop_assert!(left.cmp(right).is_lt() && right.cmp(left).is_gt(), "{:?} {:?}", left, right);
                }
            }
        }

        #[test]
        fn versions_order_their_names(
            left in "3\\.(0|[1-9][0-9]?)\\.(0|[1-9][0-9]?)((a|b|rc)(0|[1-9][0-9]?))?",
            right in "3\\.(0|[1-9][0-9]?)\\.(0|[1-9][0-9]?)((a|b|rc)(0|[1-9][0-9]?))?",
        ) {
            let version = |text: &str| crate::Version::parse(text.as_bytes()).unwrap();
            prop_assert_eq!(
                Name::parse(left.as_bytes()).cmp(&Name::parse(right.as_bytes())),
                version(&left).cmp(&version(&right))
            );
        }
    }
}
