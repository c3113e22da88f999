//! What is known of a command without running it: its name, whose it is, what it takes.

use crate::cli::examples;

/// Whose command it is: decides the status of a usage error (COMMANDS of pyenv: 1, ours: 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tradition {
    Pyenv,
    Ours,
    /// What the shell function evaluates: status 1 as in pyenv, and after an error the code says so, too.
    Evaluated,
}

/// Whether `pyman commands` and the help name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    People,
    /// Called by our own scripts and shims only.
    Internal,
}

/// As wide as a page gets, however wide the terminal.
pub(crate) const WIDEST: usize = 80;

fn with_examples(command: clap::Command, words: &str) -> clap::Command {
    match examples::of(words) {
        Some(examples) => command.after_help(examples),
        None => command,
    }
}

/// A command, as help and completions speak of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Description {
    pub(crate) name: &'static str,
    pub(crate) tradition: Tradition,
    pub(crate) audience: Audience,
    pub(crate) describe: fn() -> clap::Command,
}

impl Description {
    /// The clap description under the name people call it by: `sh-activate` is the shell function's name for theirs.
    pub(crate) fn clap(&self) -> clap::Command {
        let typed = self.name.strip_prefix("sh-").unwrap_or(self.name);
        let command = (self.describe)().args_override_self(true).max_term_width(WIDEST);
        let command = command.name(self.name).bin_name(format!("pyman {typed}"));
        let command = with_examples(command, typed);
        command.mut_subcommands(|below| {
            let words = format!("{typed} {}", below.get_name());
            with_examples(below, &words)
        })
    }

    /// What it does, in a line.
    pub(crate) fn summary(&self) -> String {
        (self.describe)().get_about().map(ToString::to_string).unwrap_or_default()
    }
}
