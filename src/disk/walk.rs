//! Every entry below a directory, no link followed; how much room things take so, and how much there is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use crate::disk::entry::{Entry, Kind};
use crate::disk::look::{entries, look};
use crate::disk::system;

/// Whether to go into a directory that was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// What is in it comes too.
    Into,
    /// Its contents are of no interest.
    Over,
}

/// Visits what is below `top`, each with its path relative to it, directories before what is in them. The first error of
/// `visit` ends the walk; what it says of anything but a directory does not matter.
pub(crate) fn walk<E: From<io::Error>>(
    top: &Path,
    visit: &mut dyn FnMut(&Path, &Entry) -> Result<Step, E>,
) -> Result<(), E> {
    let mut pending = vec![PathBuf::new()];
    while let Some(directory) = pending.pop() {
        for entry in entries(&top.join(&directory))? {
            let path = directory.join(&entry.name);
            if visit(&path, &entry)? == Step::Into && entry.kind == Kind::Directory {
                pending.push(path);
            }
        }
    }
    Ok(())
}

/// A number of bytes, for people: `812 bytes`, `45.2 MB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bytes(pub(crate) u64);

impl fmt::Display for Bytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (unit, word) in [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")] {
            if self.0 >= unit {
                let tenths = self.0 / (unit / 10);
                return write!(formatter, "{}.{} {word}", tenths / 10, tenths % 10);
            }
        }
        write!(formatter, "{} bytes", self.0)
    }
}

/// The bytes of all files at or below a path, those with several names once; what vanishes meanwhile takes none.
pub(crate) fn usage(top: &Path) -> io::Result<u64> {
    let Some(found) = look(top)? else { return Ok(0) };
    if !found.is_directory() {
        return Ok(if found.is_file() { found.size } else { 0 });
    }
    let mut seen = BTreeSet::new();
    let mut bytes = 0_u64;
    walk::<io::Error>(top, &mut |path, entry| {
        if entry.kind == Kind::File
            && let Some(found) = look(&top.join(path))?
        {
            let identity = (found.identity.device, found.identity.inode);
            if found.names == 1 || seen.insert(identity) {
                bytes = bytes.saturating_add(found.size);
            }
        }
        Ok(Step::Into)
    })?;
    Ok(bytes)
}

/// The bytes that are free, for this account, on the file system of a path or of the nearest directory above it that
/// exists; none where the system does not say.
pub(crate) fn free(path: &Path) -> io::Result<Option<u64>> {
    for directory in path.ancestors() {
        match system::free(directory) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            found => return found,
        }
    }
    Ok(None)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn links_are_met_and_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs_err::create_dir_all(at("a/b")).unwrap();
        fs_err::create_dir_all(at("over/hidden")).unwrap();
        fs_err::write(at("a/b/file"), "").unwrap();
        fs_err::os::unix::fs::symlink("..", at("a/link")).unwrap();
        let mut met = Vec::new();
        walk::<io::Error>(folder.path(), &mut |path, entry| {
            met.push((path.to_owned(), entry.kind));
            Ok(if path == Path::new("over") { Step::Over } else { Step::Into })
        })
        .unwrap();
        met.sort_by(|one, other| one.0.cmp(&other.0));
        let expected = [
            ("a", Kind::Directory),
            ("a/b", Kind::Directory),
            ("a/b/file", Kind::File),
            ("a/link", Kind::Link),
            ("over", Kind::Directory),
        ];
        assert_eq!(met, expected.map(|(path, kind)| (PathBuf::from(path), kind)));
    }

    #[test]
    fn a_file_with_two_names_counts_once_and_links_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        assert_eq!(usage(&at("absent")).unwrap(), 0);
        fs_err::create_dir(at("tree")).unwrap();
        fs_err::write(at("tree/one"), [0; 1000]).unwrap();
        fs_err::hard_link(at("tree/one"), at("tree/two")).unwrap();
        fs_err::write(at("outside"), [0; 500]).unwrap();
        fs_err::os::unix::fs::symlink(at("outside"), at("tree/link")).unwrap();
        assert_eq!(usage(&at("tree")).unwrap(), 1000);
        assert_eq!(usage(&at("outside")).unwrap(), 500);
        assert_eq!(usage(&at("tree/link")).unwrap(), 0);
    }

    #[test]
    fn bytes_are_said_in_the_unit_that_fits() {
        let table = [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1_000, "1.0 kB"),
            (45_290_000, "45.2 MB"),
            (1_999_999_999, "1.9 GB"),
        ];
        for (bytes, expected) in table {
            assert_eq!(Bytes(bytes).to_string(), expected);
        }
    }

    #[test]
    fn free_space_is_that_of_the_nearest_directory_that_exists() {
        let folder = tempfile::tempdir().unwrap();
        assert!(free(&folder.path().join("a/b/c")).unwrap().is_some_and(|bytes| bytes > 0));
    }
}
