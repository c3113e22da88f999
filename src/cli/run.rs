//! From a command line to a command: what a command is, and how one is found by its name.

use std::ffi::{OsStr, OsString};

use clap::error::ErrorKind;

use crate::cli::command::{COMMANDS, Completions};
use crate::cli::context::Context;
use crate::cli::{external, help, process, shell};
use crate::error::Error;
use crate::shell::Script;

/// How a command ended, as the process's exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Status(u8);

impl Status {
    pub(crate) const SUCCESS: Self = Self(0);
    /// Could not, and what there is to say has been said.
    pub(crate) const FAILURE: Self = Self(1);

    pub(crate) const fn new(code: u8) -> Self {
        Self(code)
    }

    pub(crate) const fn code(self) -> u8 {
        self.0
    }

    /// How a program ended; one that a signal ended counts as 128 + its number.
    pub(crate) fn of(status: std::process::ExitStatus) -> Self {
        let code = status.code().or_else(|| process::signal(status).map(|signal| 128 + signal));
        Self(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
    }

    /// The one to report of two: the greater.
    pub(crate) fn worst(self, other: Self) -> Self {
        Self(self.0.max(other.0))
    }
}

/// A sub-command: its arguments as a type, and what it does.
pub(crate) trait Run: clap::Parser {
    /// Runs it.
    fn run(self, context: &Context) -> Result<Status, Error>;
}

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

/// One row of the table of commands.
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) tradition: Tradition,
    pub(crate) audience: Audience,
    pub(crate) describe: fn() -> clap::Command,
    run: fn(&Self, &Context, Vec<OsString>) -> Result<Status, Error>,
}

impl Entry {
    /// A command that pyenv or pyenv-virtualenv has.
    pub(crate) const fn pyenv<C: Run>(name: &'static str) -> Self {
        Self::new::<C>(name, Tradition::Pyenv, Audience::People)
    }

    /// A command of our own.
    pub(crate) const fn ours<C: Run>(name: &'static str) -> Self {
        Self::new::<C>(name, Tradition::Ours, Audience::People)
    }

    /// A command for our own scripts and shims.
    pub(crate) const fn internal<C: Run>(name: &'static str) -> Self {
        Self::new::<C>(name, Tradition::Ours, Audience::Internal)
    }

    /// A command whose output the shell function evaluates.
    pub(crate) const fn evaluated<C: Run>(name: &'static str) -> Self {
        Self::new::<C>(name, Tradition::Evaluated, Audience::Internal)
    }

    const fn new<C: Run>(name: &'static str, tradition: Tradition, audience: Audience) -> Self {
        Self { name, tradition, audience, describe: C::command, run: parse_and_run::<C> }
    }

    /// The clap description under the name people call it by: `sh-activate` is the shell function's name for theirs.
    pub(crate) fn clap(&self) -> clap::Command {
        let typed = self.name.strip_prefix("sh-").unwrap_or(self.name);
        let command = (self.describe)().args_override_self(true);
        command.name(self.name).bin_name(format!("pyman {typed}"))
    }
}

/// Finds a command by its name.
pub(crate) fn find(name: &OsStr) -> Option<&'static Entry> {
    COMMANDS.iter().find(|entry| name == entry.name)
}

/// Runs the command that `arguments` (without the program's name) ask for.
pub(crate) fn dispatch(context: &Context, mut arguments: Vec<OsString>) -> Result<Status, Error> {
    if arguments.first().is_none_or(|name| name.is_empty()) {
        return help::without_command(context);
    }
    let name = arguments.remove(0);
    match name.to_str() {
        Some("--version" | "-v" | "-V") => return help::version(context),
        Some("--help" | "-h") => return help::overview(context),
        _ => {}
    }
    let Some(entry) = find(&name) else {
        return external::run(context, &name, arguments);
    };
    if entry.tradition == Tradition::Pyenv
        && arguments.first().is_some_and(|first| first == "--complete")
    {
        return Completions::of(context, entry, arguments.split_off(1));
    }
    (entry.run)(entry, context, arguments)
}

fn parse_and_run<C: Run>(
    entry: &Entry,
    context: &Context,
    arguments: Vec<OsString>,
) -> Result<Status, Error> {
    let matches = entry.clap().no_binary_name(true).try_get_matches_from(arguments);
    let parsed = matches.and_then(|mut matches| C::from_arg_matches_mut(&mut matches));
    let done = match parsed {
        Ok(command) => command.run(context),
        Err(error) => return usage(context, entry, &error),
    };
    if done.is_err() && entry.tradition == Tradition::Evaluated {
        shell::print(context, Script::Fail)?;
    }
    done
}

/// Says how the command `name` is called, as one of pyenv's does when the word it needs is missing or empty.
#[expect(clippy::unnecessary_wraps, reason = "one of the results of a command line")]
pub(crate) fn without_words(context: &Context, name: &str) -> Result<Status, Error> {
    if let Some(entry) = find(name.as_ref()) {
        context.printer.say(entry.clap().render_usage().to_string().trim_end());
    }
    Ok(Status::FAILURE)
}

/// Prints what clap has to say: help on stdout, a usage error on stderr with the tradition's status.
fn usage(context: &Context, entry: &Entry, error: &clap::Error) -> Result<Status, Error> {
    let text = error.render();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            context.printer.out(text.to_string())?;
            Ok(Status::SUCCESS)
        }
        ErrorKind::MissingRequiredArgument if entry.tradition == Tradition::Pyenv => {
            without_words(context, entry.name)
        }
        _ => {
            let text = text.to_string();
            let said = text.strip_prefix("error: ").unwrap_or(&text);
            context.printer.say(&format!("pyman: {}", said.trim_end()));
            Ok(match entry.tradition {
                Tradition::Pyenv => Status::FAILURE,
                Tradition::Ours => Status::new(2),
                Tradition::Evaluated => {
                    shell::print(context, Script::Fail)?;
                    Status::FAILURE
                }
            })
        }
    }
}
