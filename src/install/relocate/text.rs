//! Reading the scripts of a staged tree, and forgetting what was compiled from a text.

use std::io::{self, Read as _};
use std::path::Path;

use crate::disk;

/// No script that pip or a build writes comes near this; a larger file is a program with odd first bytes.
const LARGEST_SCRIPT: u64 = 1 << 20;

/// The text of a script: a regular file that begins with `#!`.
pub(super) fn script(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let Some(mut file) = disk::open(path)? else { return Ok(None) };
    let mut head = Vec::new();
    file.by_ref().take(2).read_to_end(&mut head)?;
    if head != b"#!" || file.metadata()?.len() > LARGEST_SCRIPT {
        return Ok(None);
    }
    file.read_to_end(&mut head)?;
    Ok(Some(head))
}

/// Removes what Python compiled from `path`: it may be trusted by date, or not be checked at all.
pub(super) fn forget_compiled(path: &Path) -> io::Result<()> {
    let (Some(folder), Some(stem)) = (path.parent(), path.file_stem().and_then(|s| s.to_str()))
    else {
        return Ok(());
    };
    for beside in ["pyc", "pyo"].map(|extension| path.with_extension(extension)) {
        disk::unlink(&beside)?;
    }
    let stem = format!("{stem}.");
    for compiled in super::files(&folder.join("__pycache__"))? {
        if super::starts(&compiled, &stem) {
            disk::unlink(&compiled)?;
        }
    }
    Ok(())
}
