//! The name of a directory under `versions/`: what it says of what stands there, and the order of such names.

use core::cmp::Ordering;

use crate::collation;
use crate::series::Series;
use crate::variant::Variant;

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

    /// Whether it is taken only when named, or when nothing else is there.
    pub const fn is_pre_release(&self) -> bool {
        match self.form {
            Form::CPython { series: Series::Patch(version), .. } => !version.is_final(),
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
