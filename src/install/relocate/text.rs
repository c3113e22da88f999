//! Reading and replacing the text files of a staged tree.

use std::ffi::OsString;
use std::io::{self, Read as _};
use std::path::Path;

/// No script that pip or a build writes comes near this; a larger file is a program with odd first bytes.
const LARGEST_SCRIPT: u64 = 1 << 20;

/// The text of a script: a regular file that begins with `#!`.
pub(super) fn script(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let mut file = fs_err::File::open(path)?;
    let mut head = Vec::new();
    file.by_ref().take(2).read_to_end(&mut head)?;
    if head != b"#!" || file.metadata()?.len() > LARGEST_SCRIPT {
        return Ok(None);
    }
    file.read_to_end(&mut head)?;
    Ok(Some(head))
}

/// Replaces a file by a new one with the same permissions; other links to the old one keep its text.
pub(super) fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut name = OsString::from(path.as_os_str());
    name.push(".pyman");
    let aside = Path::new(&name);
    fs_err::write(aside, text)?;
    fs_err::set_permissions(aside, fs_err::metadata(path)?.permissions())?;
    fs_err::rename(aside, path)
}

/// Removes what Python compiled from `path`: it may be trusted by date, or not be checked at all.
pub(super) fn forget_compiled(path: &Path) -> io::Result<()> {
    let (Some(folder), Some(stem)) = (path.parent(), path.file_stem().and_then(|s| s.to_str()))
    else {
        return Ok(());
    };
    for beside in ["pyc", "pyo"].map(|extension| path.with_extension(extension)) {
        remove(&beside)?;
    }
    let stem = format!("{stem}.");
    for compiled in super::files(&folder.join("__pycache__"))? {
        if super::starts(&compiled, &stem) {
            remove(&compiled)?;
        }
    }
    Ok(())
}

fn remove(path: &Path) -> io::Result<()> {
    match fs_err::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
