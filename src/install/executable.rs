//! Which file of a tree's `bin/` is its interpreter, by name.

use std::io;
use std::path::{Path, PathBuf};

use crate::disk;

/// The interpreter in a tree's `bin/`: the most exact name first.
pub(super) fn interpreter(tree: &Path) -> io::Result<Option<PathBuf>> {
    let bin = tree.join("bin");
    let names = disk::entries(&bin)?.into_iter().map(|entry| entry.name);
    let names = names
        .filter(|name| rank(name.as_encoded_bytes()).is_some() && disk::is_file(&bin.join(name)));
    let best = names.max_by_key(|name| rank(name.as_encoded_bytes()));
    Ok(best.map(|name| bin.join(name)))
}

/// Whether a version at this path can run anything: a link that leads somewhere, with an interpreter in it.
pub(crate) fn is_usable(prefix: &Path) -> io::Result<bool> {
    Ok(interpreter(prefix)?.is_some())
}

/// `python3.12` before `python3` before `python` before `pypy3`; no `python3-config`.
fn rank(name: &[u8]) -> Option<(bool, usize)> {
    let stems: [(&[u8], bool); 4] =
        [(b"python", true), (b"pypy", false), (b"graalpy", false), (b"graalpython", false)];
    stems.iter().find_map(|(stem, usual)| {
        let rest = name.strip_prefix(*stem)?;
        let digits = rest.iter().all(|byte| byte.is_ascii_digit() || b".td".contains(byte));
        digits.then_some((*usual, rest.iter().filter(|byte| !b"td".contains(byte)).count()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_exact_name_is_asked() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(interpreter(folder.path()).unwrap(), None);
        let bin = folder.path().join("bin");
        fs_err::create_dir(&bin).unwrap();
        for name in ["pypy3.10", "python", "python3", "python3.10", "python3.10-config", "pip"] {
            fs_err::write(bin.join(name), "").unwrap();
        }
        assert_eq!(interpreter(folder.path()).unwrap(), Some(bin.join("python3.10")));
    }
}
