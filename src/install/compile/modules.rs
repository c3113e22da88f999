//! After a build: which modules can be imported, asked of the new interpreter itself, isolated.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use pyman_shim::Version;

use super::Error;
use super::library::{LIBRARIES, Library};

/// The libraries whose modules the interpreter cannot import.
pub(super) fn missing(interpreter: &Path, version: Version) -> Result<Vec<Library>, Error> {
    let wanted: Vec<(Library, &str)> = LIBRARIES
        .into_iter()
        .filter_map(|library| Some((library, library.module_in(version)?)))
        .collect();
    let names: Vec<&str> = wanted.iter().map(|(_, name)| *name).collect();
    let isolation: &[&str] =
        if version < Version::new(3, 4, 0) { &["-E", "-s", "-B"] } else { &["-I", "-B"] };
    let output = Command::new(interpreter)
        .args(isolation)
        .args(["-c", &script(&names)])
        .env_remove("LD_LIBRARY_PATH")
        .stdin(Stdio::null())
        .output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(io::Error::other(format!("{}: {said}", interpreter.display())).into());
    }
    let answer = String::from_utf8_lossy(&output.stdout);
    let absent = |module: &str| answer.lines().any(|line| line == module);
    Ok(wanted
        .into_iter()
        .filter(|(_, module)| absent(module))
        .map(|(library, _)| library)
        .collect())
}

/// Prints the modules that fail to import, in words that Python 2.3 and 3.16 both read.
fn script(names: &[&str]) -> String {
    format!(
        "import sys\nfor name in '{}'.split():\n    try:\n        __import__(name)\n    \
         except Exception:\n        sys.stdout.write(name + '\\n')\n",
        names.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_asks_for_each_module_once() {
        let script = script(&["ssl", "zlib"]);
        assert!(script.contains("'ssl zlib'.split()"), "{script}");
    }
}
