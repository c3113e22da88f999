//! The variables that python-build honours, read once and split into words as a shell would split them.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::disk;
use crate::world::Machine;

/// What the user set for builds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variables {
    /// `TMPDIR`: where to work, instead of the stage.
    pub temporary: Option<PathBuf>,
    /// `PYTHON_BUILD_BUILD_PATH`: a directory to work in.
    pub build_path: Option<PathBuf>,
    /// `PYMAN_BUILD_ROOT`: where working trees are kept, and that they are.
    pub build_root: Option<PathBuf>,
    /// `CONFIGURE_OPTS`, then `PYTHON_CONFIGURE_OPTS`.
    pub configure: Vec<String>,
    /// `CFLAGS`, then `PYTHON_CFLAGS`.
    pub cflags: String,
    /// `CPPFLAGS`, then `PYTHON_CPPFLAGS`.
    pub cppflags: String,
    /// `LDFLAGS`, then `PYTHON_LDFLAGS`.
    pub ldflags: String,
    /// `CC`, with its options.
    pub cc: Vec<String>,
    /// `MAKE`.
    pub make: Option<String>,
    /// `MAKE_OPTS` (or `MAKEOPTS`); none: `-j` with every core.
    pub make_options: Option<Vec<String>>,
    /// `PYTHON_MAKE_OPTS`, after those.
    pub more_make_options: Vec<String>,
    /// `MAKE_INSTALL_OPTS`, then `PYTHON_MAKE_INSTALL_OPTS`.
    pub install_options: Vec<String>,
    /// `PYTHON_MAKE_INSTALL_TARGET`; `install` by default.
    pub install_target: Option<String>,
    /// The absolute directories of PATH, without our shims.
    pub search: Vec<PathBuf>,
}

impl Variables {
    /// Reads them; `shims` is the directory whose programs no build may run.
    pub(crate) fn read(machine: Machine, shims: &Path) -> Self {
        let path = |name: &str| machine.variable(name).map(PathBuf::from);
        let text = |name: &str| machine.text(name).unwrap_or_default();
        let flags =
            |one: &str, other: &str| format!("{} {}", text(one), text(other)).trim().to_owned();
        let both = |one: &str, other: &str| split(&flags(one, other));
        let make_options = machine.text("MAKEOPTS").or_else(|| machine.text("MAKE_OPTS"));
        Self {
            temporary: path("TMPDIR"),
            build_path: path("PYTHON_BUILD_BUILD_PATH"),
            build_root: path("PYMAN_BUILD_ROOT"),
            configure: both("CONFIGURE_OPTS", "PYTHON_CONFIGURE_OPTS"),
            cflags: flags("CFLAGS", "PYTHON_CFLAGS"),
            cppflags: flags("CPPFLAGS", "PYTHON_CPPFLAGS"),
            ldflags: flags("LDFLAGS", "PYTHON_LDFLAGS"),
            cc: split(&text("CC")),
            make: machine.text("MAKE"),
            make_options: make_options.map(|text| split(&text)),
            more_make_options: split(&text("PYTHON_MAKE_OPTS")),
            install_options: both("MAKE_INSTALL_OPTS", "PYTHON_MAKE_INSTALL_OPTS"),
            install_target: machine.text("PYTHON_MAKE_INSTALL_TARGET"),
            search: machine.search_path().into_iter().filter(|one| one != shims).collect(),
        }
    }

    /// The program of this name: a path as it is, a name as PATH has it.
    pub(crate) fn program(&self, name: &str) -> Option<PathBuf> {
        // Joining an absolute path gives that path.
        self.search.iter().map(|folder| folder.join(name)).find(|path| disk::is_file(path))
    }

    /// PATH for the build.
    pub(crate) fn path(&self) -> OsString {
        let folders: Vec<&OsStr> = self.search.iter().map(|folder| folder.as_os_str()).collect();
        folders.join(OsStr::new(":"))
    }
}

/// The words of `text`: blanks separate, quotes and backslashes join.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (Some(open), _) if letter == open => quote = None,
            (None | Some('"'), '\\') => {
                word.get_or_insert_default().push(letters.next().unwrap_or('\\'));
            }
            (None, _) if letter.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn words_are_split_as_a_shell_splits_them() {
        let cases: [(&str, &[&str]); 6] = [
            ("", &[]),
            ("  --a  --b=c\n", &["--a", "--b=c"]),
            ("--with-cflags='-O2 -g' x", &["--with-cflags=-O2 -g", "x"]),
            ("\"a 'b'\" c\\ d", &["a 'b'", "c d"]),
            ("'' x", &["", "x"]),
            ("'open", &["open"]),
        ];
        for (text, words) in cases {
            assert_eq!(split(text), words, "{text}");
        }
    }
}
