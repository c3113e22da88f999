//! The tools that bring interpreters, and the directories in which interpreters are looked for.

use std::fmt;
use std::path::PathBuf;

/// Who brought an interpreter to this machine, and will update or remove it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Tool {
    /// This program.
    Pyman,
    /// pyenv.
    Pyenv,
    /// uv.
    Uv,
    /// mise.
    Mise,
    /// asdf.
    Asdf,
    /// conda, mamba and their distributions.
    Conda,
    /// Homebrew and Linuxbrew.
    Homebrew,
    /// The operating system, or its package manager.
    System,
    /// Whoever put it there by hand.
    Nobody,
}

/// The directories in which interpreters are looked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grounds {
    /// Directories of which each child is a tree with a `bin`, and whose they are.
    pub(super) collections: Vec<(PathBuf, Tool)>,
    /// Trees with a `bin`.
    pub(super) trees: Vec<(PathBuf, Tool)>,
    /// Directories of commands: PATH, and where systems have theirs.
    pub(super) commands: Vec<PathBuf>,
    /// Files that list trees, one a line (conda's `environments.txt`).
    pub(super) lists: Vec<PathBuf>,
}

impl Tool {
    /// One word for it, as tables and JSON show it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Pyman => "pyman",
            Self::Pyenv => "pyenv",
            Self::Uv => "uv",
            Self::Mise => "mise",
            Self::Asdf => "asdf",
            Self::Conda => "conda",
            Self::Homebrew => "homebrew",
            Self::System => "system",
            Self::Nobody => "none",
        }
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.word())
    }
}

impl Grounds {
    /// Adds a directory whose children are trees.
    pub(super) fn collection(&mut self, place: impl Into<PathBuf>, tool: Tool) {
        self.collections.push((place.into(), tool));
    }
}
