//! Paths as bytes: joined, taken apart, made normal. Nothing here asks the disk.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::platform::{EXTENSION, OTHER_EXTENSIONS, SEPARATOR, root_length};

pub use crate::platform::{LIST_SEPARATOR, is_absolute, is_separator};

/// `base/name`; a `base` that ends in a separator gets no second one.
pub fn join(base: &[u8], name: &[u8]) -> Vec<u8> {
    let slash = base.last().is_some_and(|last| !is_separator(*last));
    let mut joined = Vec::with_capacity(base.len() + 1 + name.len());
    joined.extend_from_slice(base);
    if slash {
        joined.push(SEPARATOR);
    }
    joined.extend_from_slice(name);
    joined
}

/// A command's file in a directory, with the system's extension.
pub fn program(directory: &[u8], command: &[u8]) -> Vec<u8> {
    let mut program = join(directory, command);
    if !program.ends_with(EXTENSION) {
        program.extend_from_slice(EXTENSION);
    }
    program
}

/// Every file in a directory that would be this command: `pip.exe`, `pip.bat`, `pip.cmd`.
pub fn programs(directory: &[u8], command: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let whole = join(directory, command);
    let others = OTHER_EXTENSIONS.iter().map(move |ending| [&whole, *ending].concat());
    core::iter::once(program(directory, command)).chain(others)
}

/// A command's name without the system's extension: `python3.12` of `python3.12.exe`.
pub fn stem(name: &[u8]) -> &[u8] {
    match name.split_at_checked(name.len().saturating_sub(EXTENSION.len())) {
        Some((stem, ending)) if ending.eq_ignore_ascii_case(EXTENSION) => stem,
        Some(_) | None => name,
    }
}

/// Whether a command is written with a directory: then it is that file, and is searched for nowhere.
pub fn has_directory(command: &[u8]) -> bool {
    command.iter().any(|byte| is_separator(*byte))
}

/// The directory a path stands in: `/a` for `/a/b`, `/` for `/a`; none for `/` and for a bare name.
pub fn parent(path: &[u8]) -> Option<&[u8]> {
    let path = trimmed(path);
    let slash = path.iter().rposition(|byte| is_separator(*byte))?;
    let (head, name) = path.split_at_checked(slash + 1)?;
    if name.is_empty() {
        return None;
    }
    Some(trimmed(head))
}

/// The last component: `b` of `/a/b` and of `/a/b/`.
pub fn name(path: &[u8]) -> &[u8] {
    let path = trimmed(path);
    path.rsplit(|byte| is_separator(*byte)).next().unwrap_or(path)
}

/// A path without the separators it ends in, but for the root's own.
pub fn trimmed(path: &[u8]) -> &[u8] {
    let mut rest = path;
    while let [head @ .., last] = rest {
        if head.is_empty() || !is_separator(*last) {
            break;
        }
        rest = head;
    }
    rest
}

/// `path`, counted from `base` when it is relative, without `.`, `..` and doubled separators: as a shell's
/// `cd` spells it, links kept.
pub fn normal(base: &[u8], path: &[u8]) -> Vec<u8> {
    let joined;
    let whole = if is_absolute(path) {
        path
    } else {
        joined = join(base, path);
        &joined
    };
    let (root, rest) = whole.split_at_checked(root_length(whole)).unwrap_or((whole, b""));
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in rest.split(|byte| is_separator(*byte)) {
        match part {
            b"" | b"." => {}
            b".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.into_iter().fold(root.to_vec(), |path, part| join(&path, part))
}

/// The entries of a search path that may be searched: absolute ones. Empty and relative entries mean
/// whatever directory one happens to stand in, so they are skipped.
pub fn search(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    list.split(|byte| *byte == LIST_SEPARATOR).filter(|entry| is_absolute(entry))
}

/// An entry without doubled separators and those at its end: `3.9.18` for `3.9.18/`, as a shell's completion writes it.
pub fn tidied(entry: &[u8]) -> Cow<'_, [u8]> {
    let entry = if is_absolute(entry) { entry } else { trimmed(entry) };
    if !entry.windows(2).any(|pair| pair == b"//") {
        return Cow::Borrowed(entry);
    }
    let mut tidied = entry.to_vec();
    tidied.dedup_by(|next, last| *next == b'/' && *last == b'/');
    Cow::Owned(tidied)
}

/// Whether an entry, taken as a path under a directory such as `versions/`, stays there: no `..`, nothing absolute, nothing that a
/// system call would cut (CVE-2022-35861).
pub fn stays_inside(entry: &[u8]) -> bool {
    let normal = |part: &[u8]| !matches!(part, b"" | b"." | b"..");
    !is_absolute(entry)
        && !entry.contains(&0)
        && !entry.contains(&b'\\')
        && entry.split(|byte| *byte == b'/').all(normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_come_apart_and_together() {
        let parents: [(&[u8], Option<&[u8]>); 6] = [
            (b"/a/b", Some(b"/a")),
            (b"/a/b/", Some(b"/a")),
            (b"/a//b", Some(b"/a")),
            (b"/a", Some(b"/")),
            (b"/", None),
            (b"a", None),
        ];
        for (path, expected) in parents {
            assert_eq!(parent(path), expected);
        }
        assert_eq!(name(b"/a/b/"), b"b");
        assert_eq!(name(b"b"), b"b");
        assert_eq!(join(b"/", b"a"), b"/a");
        assert_eq!(join(b"/a", b"b/c"), b"/a/b/c");
        assert_eq!(join(b"", b"b"), b"b");
    }

    #[test]
    fn normal_paths_are_absolute_and_have_no_dots() {
        let cases: [(&[u8], &[u8]); 6] = [
            (b"sub/../up", b"/w/up"),
            (b".", b"/w"),
            (b"../../../x", b"/x"),
            (b"/a//b/./c/", b"/a/b/c"),
            (b"/", b"/"),
            (b"/..", b"/"),
        ];
        for (path, expected) in cases {
            assert_eq!(normal(b"/w", path), expected);
        }
    }

    #[test]
    fn only_absolute_entries_are_searched() {
        let found: Vec<&[u8]> = search(b":/bin:.::bin:/usr/bin/:").collect();
        assert_eq!(found, [b"/bin".as_slice(), b"/usr/bin/"]);
    }
}
