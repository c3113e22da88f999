//! What is known of a command without running it: its name, whose it is, what it takes. And what every command takes.

use clap::builder::Styles;
use clap::{Arg, ArgAction, ArgMatches, value_parser};

use crate::cli::examples;
use crate::cli::printer::Printer;
use crate::cli::process;
use crate::cli::text::{Colour, Tone};
use crate::world::Machine;

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

/// The columns that a page has: as many as clap finds.
fn columns() -> usize {
    let told = Machine.text("COLUMNS").and_then(|columns| columns.parse().ok());
    let found = || process::columns().map(usize::from);
    told.or_else(found).unwrap_or(WIDEST).min(WIDEST)
}

fn with_examples(command: clap::Command, words: &str) -> clap::Command {
    match examples::of(words, columns()) {
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
        let command = command.styles(styles());
        let command = command.name(self.name).bin_name(format!("pyman {typed}"));
        let command = with_examples(command, typed);
        let command = match (self.tradition, self.audience) {
            (Tradition::Ours, Audience::Internal) => command,
            _ => with_manners(command),
        };
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

/// What every command takes, before its name or behind it: how it speaks.
pub(crate) fn manners() -> [Arg; 3] {
    let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    [
        Arg::new("color")
            .long("color")
            .value_name("WHEN")
            .value_parser(value_parser!(Colour))
            .hide_possible_values(true)
            .help("When to colour: auto, always, never"),
        flag("quiet").short('q').help("Say nothing but what went wrong"),
        flag("no-progress").help("Draw no bars of work under way"),
    ]
    .map(|argument| argument.global(true))
}

/// The page of `pyman help` has them once for all.
fn with_manners(command: clap::Command) -> clap::Command {
    let has = |name: &str| {
        let known = |argument: &Arg| argument.get_id() == name;
        command.get_arguments().any(known)
    };
    let lacking: Vec<Arg> =
        manners().into_iter().filter(|one| !has(one.get_id().as_str())).collect();
    command.args(lacking.into_iter().map(|one| one.hide(true)))
}

/// Lets the printer speak as these say.
pub(crate) fn behave(printer: &Printer, matches: &ArgMatches) {
    let is_set = |name| matches.try_get_one::<bool>(name).is_ok_and(|set| set == Some(&true));
    if let Ok(Some(colour)) = matches.try_get_one::<Colour>("color") {
        printer.colour(*colour);
    }
    if is_set("quiet") {
        printer.hush();
    }
    if is_set("no-progress") {
        printer.still();
    }
}

/// The colours of a page.
pub(crate) const fn styles() -> Styles {
    Styles::plain()
        .header(Tone::Strong.style())
        .usage(Tone::Strong.style())
        .literal(Tone::Hint.style())
}
