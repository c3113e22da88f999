//! Where interpreters stand on Unix, and what one is given when asked: nothing.

use std::ffi::OsString;
use std::path::Path;

use super::keeper::{Grounds, Keeper};

/// A directory where nobody plants a module.
pub(super) const NEUTRAL_DIRECTORY: &str = "/";

/// Where a tree has its commands.
pub(super) const COMMANDS: [&str; 1] = ["bin"];

/// The variables that a program cannot start without.
pub(super) fn variables() -> Vec<(&'static str, OsString)> {
    Vec::new()
}

/// A command's name; nothing ends it here.
pub(super) fn stem(name: &[u8]) -> &[u8] {
    name
}

/// Where systems and package managers put interpreters, in PATH or not.
pub(super) fn grounds(grounds: &mut Grounds) {
    let commands =
        ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "/home/linuxbrew/.linuxbrew/bin"];
    grounds.commands.extend(commands.map(Into::into));
    grounds.collection("/opt", Keeper::Nobody);
    grounds.collection("/opt/python", Keeper::Nobody);
    grounds.collection("/Library/Frameworks/Python.framework/Versions", Keeper::Nobody);
}

/// Whose an interpreter is that stands with no tool known by its variables.
pub(super) fn keeper(path: &Path) -> Keeper {
    let parts = ["Cellar", ".linuxbrew", "homebrew"];
    if path.iter().any(|part| parts.iter().any(|brewed| part == *brewed)) {
        return Keeper::Homebrew;
    }
    let systems = ["/usr", "/bin", "/sbin", "/System", "/Library/Developer", "/nix/store"];
    if !path.starts_with("/usr/local") && systems.iter().any(|place| path.starts_with(place)) {
        return Keeper::System;
    }
    Keeper::Nobody
}
