//! Where interpreters stand on Windows: in the registry (PEP 514). What one is given when asked:
//! where the system is, without which no socket opens.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::disk::{self, Directory};
use crate::interpreter::tool::{Grounds, Tool};
use crate::world::Machine;

/// A directory where nobody plants a module.
pub(super) const NEUTRAL_DIRECTORY: &str = "C:\\";

/// The keys under which installers register.
const KEYS: [&str; 3] =
    ["HKCU\\Software\\Python", "HKLM\\Software\\Python", "HKLM\\Software\\Wow6432Node\\Python"];

/// The variables that a program cannot start without.
pub(super) fn variables() -> Vec<(&'static str, OsString)> {
    let root = Machine.variable("SYSTEMROOT");
    root.into_iter().map(|root| ("SYSTEMROOT", root)).collect()
}

/// A command's name without its ending.
pub(super) fn stem(name: &[u8]) -> &[u8] {
    name.strip_suffix(b".exe").or(name.strip_suffix(b".EXE")).unwrap_or(name)
}

/// The trees that installers registered.
pub(super) fn grounds(grounds: &mut Grounds) {
    let Some(root) = Machine.variable("SYSTEMROOT") else {
        return;
    };
    let program = PathBuf::from(root).join("System32").join("reg.exe");
    for key in KEYS {
        // A key that is not there is an error of the program's, and no interpreter.
        let Ok(output) = Command::new(&program).args(["query", key, "/s"]).output() else {
            continue;
        };
        let trees = registered(&String::from_utf8_lossy(&output.stdout));
        grounds.trees.extend(trees.into_iter().map(|tree| (tree, Tool::Nobody)));
    }
}

/// The default values of the `InstallPath` keys in what `reg query` prints.
fn registered(text: &str) -> Vec<PathBuf> {
    let mut trees = Vec::new();
    let mut within = false;
    for line in text.lines() {
        if line.starts_with("HKEY_") {
            within = line.trim_end().ends_with("\\InstallPath");
        } else if let Some((name, path)) = line.split_once("REG_SZ")
            && within
            // The default value is called so in the system's language, but in parentheses in each.
            && name.trim_start().starts_with('(')
        {
            trees.push(PathBuf::from(path.trim()));
        }
    }
    trees
}

/// Whose an interpreter is that stands with no tool known by its variables.
pub(super) fn tool(path: &Path) -> Tool {
    if path.iter().any(|part| part.eq_ignore_ascii_case("WindowsApps")) {
        return Tool::System;
    }
    Tool::Nobody
}

/// Nothing here is: each Python has a directory of its own.
pub(super) fn is_shared(_prefix: &Path) -> bool {
    false
}

/// A hard link to a file, in a directory of commands: other links are not everybody's to make.
pub(super) fn link_file(commands: &Directory, name: &OsStr, target: &Path) -> io::Result<()> {
    let (folder, file) = disk::parts(target, "link")?;
    commands.hard_link(name, &Directory::open(folder)?, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn installers_say_where_they_installed() {
        let text = "HKEY_CURRENT_USER\\Software\\Python\\PythonCore\\3.12\\InstallPath\r\n\
                    \x20   (Default)    REG_SZ    C:\\Python312\\\r\n\
                    \x20   ExecutablePath    REG_SZ    C:\\Python312\\python.exe\r\n\
                    HKEY_CURRENT_USER\\Software\\Python\\PythonCore\\3.12\\Help\r\n\
                    \x20   (Default)    REG_SZ    C:\\Python312\\Doc\r\n";
        assert_eq!(registered(text), [PathBuf::from("C:\\Python312\\")]);
    }
}
