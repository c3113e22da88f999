//! What the shells' part asks of Windows, where files inherit their owners and modes.

use super::dialect::Account;
use crate::disk::{self, Directory};
use std::io;
use std::path::{Path, PathBuf};

/// The manager's file name.
pub(crate) const PROGRAM: &str = "pyman.exe";

/// pyenv's.
pub(super) const PYENV: &str = "pyenv.exe";

/// Makes pyenv's name in `bin` a second one of the manager: links need a privilege here.
pub(super) fn stand_in(bin: &Directory) -> io::Result<()> {
    bin.point_hard(PYENV, bin, PROGRAM)
}

/// Whether something stands under pyenv's name.
pub(super) fn stands_in(pyenv: &Path) -> io::Result<bool> {
    Ok(disk::look(pyenv)?.is_some_and(|found| found.is_file()))
}

/// What divides PATH.
pub(super) const DIVIDER: u8 = b';';

/// The directory of PowerShell's profiles.
pub(super) fn powershell(account: &Account) -> PathBuf {
    account.file("Documents/PowerShell")
}

/// Only PowerShell is set up by itself here; the others are asked for by name.
pub(super) fn parent_names() -> Vec<String> {
    vec!["pwsh".to_owned()]
}
