//! Which file of a tree's `bin/` is its interpreter, by name.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// The interpreter in a tree's `bin/`: the most exact name first.
pub(super) fn interpreter(tree: &Path) -> io::Result<Option<PathBuf>> {
    let bin = tree.join("bin");
    let entries = match fs_err::read_dir(&bin) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut names: Vec<OsString> = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        if rank(name.as_encoded_bytes()).is_some() && bin.join(&name).is_file() {
            names.push(name);
        }
    }
    let best = names.into_iter().max_by_key(|name| rank(name.as_encoded_bytes()));
    Ok(best.map(|name| bin.join(name)))
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
