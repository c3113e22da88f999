//! The names every installation has in its `bin/`, whoever made it: `python`, `python3`, `python3.12`, and pip's.

use std::ffi::OsStr;
use std::io;
use std::path::Path;

use pyman_shim::Version;

use crate::disk::{self, Directory};

/// Adds the names that are missing, as links to what is there; what exists and leads somewhere is left.
pub(super) fn complete(bin: &Path, interpreter: &OsStr, version: Version) -> io::Result<()> {
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
    bin.unlink(name)?;
    bin.link(name, Path::new(target))
}

#[cfg(test)]
mod tests {
    use super::*;

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
