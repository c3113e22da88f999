//! One file a command: its arguments as a type, and `run`. Commands never call each other.

mod commands;
mod help;
mod hooks;
mod root;

use crate::cli::run::Entry;

/// Every command there is, by name.
pub(crate) const COMMANDS: &[Entry] = &[
    Entry::pyenv::<commands::Commands>("commands"),
    Entry::pyenv::<help::Help>("help"),
    Entry::pyenv::<hooks::Hooks>("hooks"),
    Entry::pyenv::<root::Root>("root"),
];
