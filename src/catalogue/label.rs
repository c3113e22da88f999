//! The names of releases that are not numbered as CPython is: `pypy3.10-7.3.17`, `miniforge3-24.11.0-0`.
//!
//! Two rules only: which of two is newer, and whether a request that names part of one means it.

use std::cmp::Ordering;

/// What decides between two names of one family, most weighty first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Weight {
    /// The Python it holds, where the name says so: `3.10` of `pypy3.10-7.3.17`.
    python: Vec<u32>,
    /// Its own numbers, in the order they are written.
    numbers: Vec<u32>,
    /// A name without words is the plain release.
    plain: bool,
}

/// Which name is newer; the same only for equal names.
pub(super) fn order(one: &str, other: &str) -> Ordering {
    weight(one).cmp(&weight(other)).then_with(|| one.cmp(other))
}

/// Whether a person who writes `request` means the release `name`: the name itself; a beginning of it
/// that ends before `.` or `-`; or the family's letters alone. A word that was not written (`latest`,
/// `dev`, `alpha`, `community`) is never meant.
pub(super) fn means(request: &str, name: &str) -> bool {
    if request == name {
        return true;
    }
    let Some(rest) = name.strip_prefix(request) else {
        return false;
    };
    let letters = request.bytes().all(|byte| byte.is_ascii_alphabetic());
    let ends = match rest.bytes().next() {
        Some(b'.' | b'-') => true,
        Some(byte) => letters && byte.is_ascii_digit(),
        None => false,
    };
    ends && words(rest).next().is_none()
}

/// What decides between this name and others.
pub(super) fn weight(name: &str) -> Weight {
    let mut parts = name.split('-').peekable();
    let head = parts.next().unwrap_or_default();
    let mut python = numbers(head.trim_start_matches(|letter: char| letter.is_ascii_alphabetic()));
    while parts.next_if(|part| is_word(part)).is_some() {}
    let rest: Vec<&str> = parts.collect();
    let mut own = rest.as_slice();
    if let Some((first, later)) = own.split_first()
        && !later.is_empty()
        && let [2 | 3, _] = numbers(first).as_slice()
    {
        python = numbers(first);
        own = later;
    }
    Weight {
        python,
        numbers: own.iter().flat_map(|part| numbers(part)).collect(),
        plain: words(name.get(head.len()..).unwrap_or_default()).next().is_none(),
    }
}

/// The parts between hyphens that begin with a letter.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split('-').filter(|part| is_word(part))
}

fn is_word(part: &str) -> bool {
    part.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
}

fn numbers(text: &str) -> Vec<u32> {
    text.split('.').filter_map(|digits| digits.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::{means, order};
    use std::cmp::Ordering;

    #[test]
    fn newer_is_the_newer_python_then_the_newer_release() {
        let ascending = [
            &[
                "pypy-5.7.1",
                "pypy2.7-7.3.22",
                "pypy3-2.4.0",
                "pypy3.9-7.3.16",
                "pypy3.10-7.3.9",
                "pypy3.10-7.3.17",
                "pypy3.12-8.0.1",
            ][..],
            &[
                "miniforge3-4.9.2",
                "miniforge3-4.10.3-2",
                "miniforge3-4.10.3-10",
                "miniforge3-24.9.2-0",
                "miniforge3-26.1.1-3",
            ],
            &[
                "miniconda3-3.19.0",
                "miniconda3-4.7.12",
                "miniconda3-3.9-25.1.1-2",
                "miniconda3-3.13-26.1.1-1",
            ],
            &["anaconda3-5.3.1", "anaconda3-2018.12", "anaconda3-2025.12-2"],
            &["graalpy-24.2.2", "graalpy-community-25.0.2", "graalpy-25.0.2", "graalpy3.13-25.5.5"],
        ];
        for names in ascending {
            for pair in names.windows(2) {
                assert_eq!(order(pair[0], pair[1]), Ordering::Less, "{pair:?}");
            }
        }
    }

    #[test]
    fn a_request_means_whole_parts_of_a_name_and_no_word_it_does_not_write() {
        let table = [
            ("pypy3.10", "pypy3.10-7.3.17", true),
            ("pypy3.10-7.3", "pypy3.10-7.3.17", true),
            ("pypy3.1", "pypy3.10-7.3.17", false),
            ("pypy3", "pypy3.10-7.3.17", true),
            ("pypy", "pypy3.10-7.3.17", true),
            ("pypy3.3", "pypy3.3-5.5-alpha", false),
            ("pypy3.3-5.5-alpha", "pypy3.3-5.5-alpha", true),
            ("graalpy", "graalpy-25.0.2", true),
            ("graalpy", "graalpy-community-25.0.2", false),
            ("graalpy-community", "graalpy-community-25.0.2", true),
            ("miniforge3", "miniforge3-24.11.0-0", true),
            ("miniforge3", "miniforge3-latest", false),
            ("miniforge3-latest", "miniforge3-latest", true),
            ("mini", "miniforge3-24.11.0-0", false),
        ];
        for (request, name, expected) in table {
            assert_eq!(means(request, name), expected, "{request} {name}");
        }
    }
}
