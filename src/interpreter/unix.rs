//! Where interpreters stand on Unix, and what one is given when asked: nothing.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;

use crate::disk::Directory;
use crate::interpreter::tool::{Grounds, Tool};

/// A directory where nobody plants a module.
pub(super) const NEUTRAL_DIRECTORY: &str = "/";

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
    grounds.collection("/opt", Tool::Nobody);
    grounds.collection("/opt/python", Tool::Nobody);
    grounds.collection("/Library/Frameworks/Python.framework/Versions", Tool::Nobody);
}

/// Whose an interpreter is that stands with no tool known by its variables.
pub(super) fn tool(path: &Path) -> Tool {
    let systems = ["/usr", "/bin", "/sbin", "/System", "/Library/Developer", "/nix/store"];
    // What is in /usr/local the administrator put there, and no distribution (FHS 3.0, 4.9).
    if !path.starts_with("/usr/local") && systems.iter().any(|place| path.starts_with(place)) {
        return Tool::System;
    }
    Tool::Nobody
}

/// Whether a prefix is many programs' and not one Python's: all that is installed there is its commands.
pub(super) fn is_shared(prefix: &Path) -> bool {
    let places = ["/", "/usr", "/usr/local", "/opt/homebrew", "/opt/local", "/usr/pkg", "/opt/pkg"];
    let places = places.iter().any(|place| prefix == Path::new(place));
    let ends = [".local", ".linuxbrew", ".nix-profile", "current-system/sw"];
    places || ends.iter().any(|end| prefix.ends_with(end))
}

/// A link to a file, in a directory of commands.
pub(super) fn link_file(commands: &Directory, name: &OsStr, target: &Path) -> io::Result<()> {
    commands.link(name, target)
}
