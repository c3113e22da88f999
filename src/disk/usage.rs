//! How much room things take, and how much there is.

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::path::Path;

use super::entry::Kind;
use super::look::look;
use super::system;
use super::walk::{Step, walk};

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
