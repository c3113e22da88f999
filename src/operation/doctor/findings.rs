//! What an examination finds: what is so, and the command that mends it.

use std::path::{Path, PathBuf};

use crate::disk::Hindrance;
use crate::shell::Shell;
use crate::world::Machine;
use crate::{disk, quote};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// Something does not work, or not as its owner thinks.
    Problem,
    /// Something works and could be better.
    Advice,
}

impl Level {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Advice => "advice",
        }
    }
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) level: Level,
    /// Which part of the set-up it is about: `path`, `shims`, …
    pub(crate) part: &'static str,
    /// What is so.
    pub(crate) what: String,
    /// A command that mends it.
    pub(crate) mend: Option<String>,
}

/// What a part's check gathers.
pub(super) struct Findings {
    part: &'static str,
    pub(super) found: Vec<Finding>,
}

/// The command that puts something aside.
pub(super) fn aside(path: &Path) -> String {
    let aside = free(path, ".damaged");
    // What is another's, or shut, changes its name only: its entry `..` is not ours to write.
    if disk::look(path).is_ok_and(|found| found.is_some_and(|found| found.is_directory()))
        && !disk::writable(path)
    {
        return format!("mv {} {}", quote::shown(path), quote::shown(aside));
    }
    put_in(path, &aside)
}

/// The command that gives its owner's rights back to a directory of ours that lacks some of them.
pub(super) fn opening(path: &Path) -> Option<String> {
    let found = disk::look(path).ok().flatten()?;
    let lacks = found.is_directory() && found.is_own() && found.mode & 0o700 != 0o700;
    lacks.then(|| format!("chmod u+rwx {}", quote::shown(path)))
}

/// The command that puts something into a directory, which it makes: `mkdir` takes nothing that was put there since.
pub(super) fn put_in(path: &Path, directory: &Path) -> String {
    let (word, directory) = (quote::shown(path), quote::shown(directory));
    format!("mkdir {directory} && mv {word} {directory}/")
}

/// A name beside `path` that nothing has: its own and `ending`, and a number if need be.
pub(super) fn free(path: &Path, ending: &str) -> PathBuf {
    let named = |number: u32| {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(ending);
        if number > 1 {
            name.push(number.to_string());
        }
        path.with_file_name(name)
    };
    let is_taken = |path: &PathBuf| !matches!(disk::look(path), Ok(None));
    (1..u32::MAX).map(named).find(|path| !is_taken(path)).unwrap_or_else(|| named(1))
}

/// The command that unsets variables of the calling shell.
pub(super) fn unset(machine: Machine, names: &[&str]) -> String {
    let names = names.join(" ");
    let speaks = ["PYMAN_SHELL", "SHELL"].iter().find_map(|name| machine.text(name));
    match speaks.and_then(|name| Shell::named(&name)) {
        Some(Shell::Fish) => format!("set -e {names}"),
        _ => format!("unset {names}"),
    }
}

impl Findings {
    pub(super) const fn of(part: &'static str) -> Self {
        Self { part, found: Vec::new() }
    }

    pub(super) fn problem(&mut self, what: impl Into<String>, mend: impl Into<Option<String>>) {
        self.add(Level::Problem, what.into(), mend.into());
    }

    pub(super) fn advice(&mut self, what: impl Into<String>, mend: impl Into<Option<String>>) {
        self.add(Level::Advice, what.into(), mend.into());
    }

    /// What a writer cannot write over: another's, or what may be precious.
    pub(super) fn hindered(&mut self, place: &Path, hindrance: Hindrance) {
        let shown = place.display();
        let mended = |first: String| format!("{first} && pyman rehash");
        match hindrance {
            Hindrance::Anothers => self.problem(
                format!("{shown} is another account's, in the place of what is ours"),
                mended(aside(place)),
            ),
            Hindrance::Holding => self.problem(
                format!(
                    "{shown} is a directory that holds something, in the place of a file of ours"
                ),
                mended(aside(place)),
            ),
            Hindrance::Mount => self.problem(
                format!("a file system is mounted at {shown}, and in the way"),
                mended(format!("sudo umount {}", quote::shown(place))),
            ),
        }
    }

    /// Something is mounted where only what is ours should stand.
    pub(super) fn mounted(&mut self, point: &Path) {
        let said = format!("a file system is mounted at {}, and in the way", point.display());
        self.problem(said, format!("sudo umount {}", quote::shown(point)));
    }

    fn add(&mut self, level: Level, what: String, mend: Option<String>) {
        self.found.push(Finding { level, part: self.part, what, mend });
    }
}
