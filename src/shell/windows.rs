//! What the shells' part asks of Windows, where files inherit their owners and modes.

use super::Account;
use std::path::PathBuf;

/// The manager's file name.
pub const PROGRAM: &str = "pyman.exe";

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
