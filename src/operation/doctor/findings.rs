//! What an examination finds: what is so, and the command that mends it.

use std::path::{Path, PathBuf};

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
    put_in(path, &free(path, ".damaged"))
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

    /// Something is mounted where only what is ours should stand.
    pub(super) fn mounted(&mut self, point: &Path) {
        let said = format!("a file system is mounted at {}, and in the way", point.display());
        self.problem(said, format!("sudo umount {}", quote::shown(point)));
    }

    fn add(&mut self, level: Level, what: String, mend: Option<String>) {
        self.found.push(Finding { level, part: self.part, what, mend });
    }
}
