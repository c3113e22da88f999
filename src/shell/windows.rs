//! What the shells' part asks of Windows, where files inherit their owners and modes.

use std::fs::Metadata;
use std::io;
use std::path::Path;

/// Only PowerShell is set up by itself here; the others are asked for by name.
pub(super) fn parent_names() -> Vec<String> {
    vec!["pwsh".to_owned()]
}

/// Files belong to whoever the directory says.
pub(super) fn own_alike(_: &Path, _: &Metadata) -> io::Result<()> {
    Ok(())
}

/// A new file is readable as its directory says.
pub(super) fn make_readable(_: &Path) -> io::Result<()> {
    Ok(())
}
