//! The libraries that decide, by their headers, which modules a Python will have; and after a build, which modules can be
//! imported, asked of the new interpreter itself, isolated.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use pyman_shim::Version;

use crate::install::compile::{Error, Variables};
use crate::platform::distribution::Need;

/// A library of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Library {
    /// What distributions package it as.
    pub(super) need: Need,
    /// In words, as python-build has them.
    pub(super) words: &'static str,
    /// The module that exists only with it.
    pub(super) module: &'static str,
    /// That module's name in Python 2; empty when it has none.
    pub(super) old: &'static str,
    /// Headers of which one must be there.
    pub(super) headers: &'static [&'static str],
}

/// Those without which a build is refused come first.
pub(super) const LIBRARIES: [Library; 9] = [
    library(Need::Ssl, "OpenSSL lib", "ssl", "ssl", &["openssl/ssl.h"]),
    library(Need::Zlib, "zlib", "zlib", "zlib", &["zlib.h"]),
    library(
        Need::Readline,
        "GNU readline lib",
        "readline",
        "readline",
        &["readline/readline.h", "editline/readline.h"],
    ),
    library(Need::Bz2, "bzip2 lib", "bz2", "bz2", &["bzlib.h"]),
    library(Need::Ncurses, "ncurses lib", "curses", "curses", &["ncurses.h", "curses.h"]),
    library(Need::Ffi, "libffi lib", "ctypes", "ctypes", &["ffi.h", "ffi/ffi.h"]),
    library(Need::Sqlite3, "SQLite3 lib", "sqlite3", "sqlite3", &["sqlite3.h"]),
    library(Need::Tk, "Tk toolkit", "tkinter", "Tkinter", &["tk.h", "tcl8.6/tk.h", "tcl9.0/tk.h"]),
    library(Need::Lzma, "lzma lib", "lzma", "", &["lzma.h"]),
];

const fn library(
    need: Need,
    words: &'static str,
    module: &'static str,
    old: &'static str,
    headers: &'static [&'static str],
) -> Library {
    Library { need, words, module, old, headers }
}

impl Library {
    /// Whether a Python without it is of no use.
    pub(super) fn is_vital(self) -> bool {
        matches!(self.need, Need::Ssl | Need::Zlib)
    }

    /// The module's name in this version; none where it never had it (`lzma` came with 3.3).
    pub(super) fn module_in(self, version: Version) -> Option<&'static str> {
        let since = self.need != Need::Lzma || version >= Version::new(3, 3, 0);
        let name = if version.major < 3 { self.old } else { self.module };
        (since && !name.is_empty()).then_some(name)
    }

    /// Whether the system's is looked at: who points `configure` at one of his own has it.
    pub(super) fn is_wanted(self, version: Version, variables: &Variables) -> bool {
        let told = |stem: &str| variables.configure.iter().any(|option| option.starts_with(stem));
        let own = match self.need {
            Need::Ssl => told("--with-openssl"),
            Need::Tk => told("--with-tcltk"),
            Need::Compiler
            | Need::Make
            | Need::Patch
            | Need::Zlib
            | Need::Bz2
            | Need::Readline
            | Need::Sqlite3
            | Need::Ffi
            | Need::Lzma
            | Need::Ncurses => false,
        };
        !own && self.module_in(version).is_some()
    }
}

/// The libraries whose modules the interpreter cannot import.
pub(super) fn missing(interpreter: &Path, version: Version) -> Result<Vec<Library>, Error> {
    let wanted: Vec<(Library, &str)> = LIBRARIES
        .into_iter()
        .filter_map(|library| Some((library, library.module_in(version)?)))
        .collect();
    let names: Vec<&str> = wanted.iter().map(|(_, name)| *name).collect();
    // `-I' came with Python 3.4.
    let isolation: &[&str] =
        if version < Version::new(3, 4, 0) { &["-E", "-s", "-B"] } else { &["-I", "-B"] };
    let output = Command::new(interpreter)
        .args(isolation)
        .args(["-c", &script(&names)])
        // The loader looks there before it looks at run paths (ld.so(8)), and may find another build's libpython.
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
