//! The names in a tree's `bin/`: which of them is its interpreter, and those that every installation has, whoever made it:
//! `python`, `python3`, `python3.12`, and pip's.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use pyman_shim::{Layout, Version, path};

use crate::disk::{self, Directory};
use crate::world::layout;

/// The interpreter in a tree's `bin/`: the most exact name first.
pub(super) fn interpreter(tree: &Path) -> io::Result<Option<PathBuf>> {
    let bin = layout::interpreters(tree);
    let names = disk::entries(&bin)?.into_iter().map(|entry| entry.name);
    let names = names.filter(|name| {
        rank(path::stem(name.as_encoded_bytes())).is_some() && disk::is_file(&bin.join(name))
    });
    let best = names.max_by_key(|name| rank(path::stem(name.as_encoded_bytes())));
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

/// Adds the names that are missing, as links to what is there; what exists and leads somewhere is left.
pub(super) fn complete(bin: &Path, interpreter: &OsStr, version: Version) -> io::Result<()> {
    if !Layout::HERE.has_numbered_commands() {
        // Shims stand for the numbers; PyPy's and GraalPy's trees have a `python` here as well.
        return Ok(());
    }
    let (major, minor) = (version.major, version.minor);
    for name in ["python".into(), format!("python{major}"), format!("python{major}.{minor}")] {
        link(bin, interpreter, &name)?;
    }
    let pips = [format!("pip{major}.{minor}"), format!("pip{major}"), "pip".to_owned()];
    let present = pips.iter().find(|name| disk::is_file(&bin.join(name)));
    for name in &pips {
        if let Some(present) = present {
            link(bin, OsStr::new(present), name)?;
        }
    }
    Ok(())
}

fn link(bin: &Path, target: &OsStr, name: &str) -> io::Result<()> {
    let path = bin.join(name);
    if disk::is_file(&path) || target == OsStr::new(name) {
        return Ok(());
    }
    let bin = Directory::open(bin)?;
    // A link that leads nowhere is in the way of one that does.
    bin.unlink(name)?;
    bin.link(name, Path::new(target))
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

    #[cfg(unix)]
    #[test]
    fn every_usual_name_leads_to_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let bin = folder.path();
        for name in ["pypy3.10", "pip3"] {
            fs_err::write(bin.join(name), name).unwrap();
        }
        fs_err::os::unix::fs::symlink("gone", bin.join("python")).unwrap();
        fs_err::write(bin.join("python3"), "its own").unwrap();
        complete(bin, OsStr::new("pypy3.10"), Version::new(3, 10, 14)).unwrap();
        let read = |name: &str| fs_err::read_to_string(bin.join(name)).unwrap();
        assert_eq!(read("python"), "pypy3.10");
        assert_eq!(read("python3"), "its own");
        assert_eq!(read("python3.10"), "pypy3.10");
        for name in ["pip", "pip3.10", "pip3"] {
            assert_eq!(read(name), "pip3");
        }
    }
}
