//! Running a command: its arguments parsed, and what was wrong with them said.

use std::ffi::{OsStr, OsString};

use clap::error::ErrorKind;

use crate::cli::context::Context;
use crate::cli::description::{Audience, Description, Tradition};
use crate::cli::printer::Printer;
use crate::cli::{description, schema, shell, words};
use crate::error::Error;
use crate::shell::Script;

pub(crate) use crate::cli::status::Status;

/// Whatever words stand after those that a command knows: pyenv's scripts pay no heed to them, so nor do we. An option is
/// refused that means nothing.
#[derive(clap::Args)]
pub(crate) struct Overlooked {
    #[arg(hide = true)]
    _overlooked: Vec<OsString>,
}

/// A sub-command: its arguments as a type, and what it does.
pub(crate) trait Run: clap::Parser {
    /// Runs it.
    fn run(self, context: &Context) -> Result<Status, Error>;
}

/// One row of the table of commands.
pub(crate) struct Entry {
    pub(crate) description: Description,
    run: fn(&Description, &Context, Vec<OsString>) -> Result<Status, Error>,
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
        let description = Description { name, tradition, audience, describe: C::command };
        Self { description, run: parse_and_run::<C> }
    }

    /// Runs it with these arguments.
    pub(crate) fn run(&self, context: &Context, arguments: Vec<OsString>) -> Result<Status, Error> {
        (self.run)(&self.description, context, arguments)
    }
}

fn parse_and_run<C: Run>(
    entry: &Description,
    context: &Context,
    arguments: Vec<OsString>,
) -> Result<Status, Error> {
    let typed = arguments.clone();
    if entry.tradition != Tradition::Evaluated && asks_for_json(&typed, &entry.clap()) {
        context.printer.expect_json();
    }
    let matches = entry.clap().no_binary_name(true).try_get_matches_from(arguments);
    if let Ok(matches) = &matches {
        description::behave(&context.printer, matches);
        let below = matches.subcommand_name().map(|name| format!(" {name}")).unwrap_or_default();
        context.printer.begin_work(format!("{}{below}", entry.name));
    }
    let parsed = matches.and_then(|mut matches| C::from_arg_matches_mut(&mut matches));
    let done = match parsed {
        Ok(command) => command.run(context),
        Err(error) if error.kind() == ErrorKind::InvalidSubcommand => {
            return Err(unknown(entry, &typed));
        }
        Err(error) => return usage(context, entry, &typed, &error),
    };
    if done.is_err() && entry.tradition == Tradition::Evaluated {
        shell::print(context, Script::Fail)?;
    }
    done
}

/// What is left of a command line behind the options that every command takes, which the printer now heeds.
pub(crate) fn mannered(
    printer: &Printer,
    mut arguments: Vec<OsString>,
) -> Result<Vec<OsString>, Error> {
    let mut count = 0;
    while let Some(word) = arguments.get(count).and_then(|word| word.to_str()) {
        count += match word {
            "-q" | "--quiet" | "--no-progress" => 1,
            "--color" => 2,
            word if word.starts_with("--color=") => 1,
            _ => break,
        };
    }
    if count == 0 {
        return Ok(arguments);
    }
    let rest = arguments.split_off(count.min(arguments.len()));
    let manners = clap::Command::new("pyman").no_binary_name(true).args_override_self(true);
    let manners = manners.args(description::manners()).try_get_matches_from(arguments);
    let matches = manners
        .map_err(|error| Error::NotUnderstood(Mistake::of(&error.render().to_string()).said))?;
    description::behave(printer, &matches);
    Ok(rest)
}

/// Whether `--json` is among the options typed: a word of it behind `--`, or of a command's own, is none.
fn asks_for_json(typed: &[OsString], clap: &clap::Command) -> bool {
    let is_json = |argument: &clap::Arg| argument.get_long() == Some("json");
    let knows = |command: &clap::Command| command.get_arguments().any(is_json);
    let has_any = knows(clap) || clap.get_subcommands().any(knows);
    has_any && typed.iter().take_while(|word| *word != "--").any(|word| word == "--json")
}

/// `venv ls`: a command that has commands of its own, and none of this name.
fn unknown(entry: &Description, typed: &[OsString]) -> Error {
    let clap = entry.clap();
    let below = clap.get_subcommands().map(clap::Command::get_name);
    let named = typed.first().map(|word| word.to_string_lossy()).unwrap_or_default();
    let whole: Vec<OsString> = [entry.name.into()].into_iter().chain(typed.to_vec()).collect();
    let mut hints = words::hints(&whole, std::iter::empty());
    if hints.is_empty() {
        let below: Vec<&str> = below.filter(|name| *name != "help").collect();
        hints.push(format!("it has {}", below.join(", ")));
    }
    Error::NoSuchCommand { name: format!("{} {named}", entry.name), hints }
}

/// Says how the command `name` is called, as one of pyenv's does when the word it needs is missing or empty.
#[expect(clippy::unnecessary_wraps, reason = "one of the results of a command line")]
pub(crate) fn without_words(context: &Context, name: &str) -> Result<Status, Error> {
    if let Some(entry) = context.command(name.as_ref()) {
        context.printer.say(entry.clap().render_usage().to_string().trim_end());
    }
    Ok(Status::FAILURE)
}

/// Says of a word that it means nothing where it stands, as clap does.
pub(crate) fn unexpected(context: &Context, word: &OsStr) -> Status {
    let word = word.to_string_lossy();
    context.printer.say(&format!("pyman: unexpected argument `{word}' found"));
    Status::FAILURE
}

/// Prints what clap has to say: help on stdout, a usage error on stderr with the tradition's status.
fn usage(
    context: &Context,
    entry: &Description,
    typed: &[OsString],
    error: &clap::Error,
) -> Result<Status, Error> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            context.printer.page(&error.render())?;
            Ok(Status::SUCCESS)
        }
        ErrorKind::MissingRequiredArgument if entry.tradition == Tradition::Pyenv => {
            without_words(context, entry.name)
        }
        _ => {
            let mut mistake = Mistake::of(&error.render().to_string());
            mistake.hints.extend(words::option_hint(entry.name, typed).map(str::to_owned));
            mistake.say(&context.printer);
            let status = match entry.tradition {
                Tradition::Pyenv => Status::FAILURE,
                Tradition::Ours => Status::new(2),
                Tradition::Evaluated => {
                    shell::print(context, Script::Fail)?;
                    Status::FAILURE
                }
            };
            let first = mistake.said.lines().next().unwrap_or_default();
            context.printer.fail(|| schema::told(first, &mistake.hints, status));
            Ok(status)
        }
    }
}

/// What a command line has that is not understood.
struct Mistake {
    said: String,
    hints: Vec<String>,
    /// How the command is called.
    usage: Option<String>,
}

impl Mistake {
    /// What clap says of it, in the words and quotes of the house.
    fn of(text: &str) -> Self {
        let text = requoted(text.strip_prefix("error: ").unwrap_or(text));
        let mut parts = text.split("\n\n").map(str::trim);
        let said = parts.next().unwrap_or_default().to_owned();
        let mut mistake = Self { said, hints: Vec::new(), usage: None };
        for line in parts.flat_map(str::lines) {
            let tip = line.trim().strip_prefix("tip: ");
            // How to pass an option on as if it were none helps nobody who misspelt it.
            mistake.hints.extend(tip.filter(|tip| !tip.starts_with("to pass")).map(str::to_owned));
            if line.starts_with("Usage: ") {
                mistake.usage = Some(line.to_owned());
            }
        }
        mistake
    }

    fn say(&self, printer: &Printer) {
        printer.say(&format!("pyman: {}", self.said));
        for hint in &self.hints {
            printer.say(&format!("hint: {hint}"));
        }
        if let Some(usage) = &self.usage {
            printer.say(usage);
        }
    }
}

/// `'x'` becomes `` `x' ``; an apostrophe within a word stays one.
fn requoted(text: &str) -> String {
    let mut before = ' ';
    let one = |letter: char| {
        let opens = letter == '\'' && matches!(before, ' ' | '(' | '[' | '\n');
        before = letter;
        if opens { '`' } else { letter }
    };
    text.chars().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_said_in_the_quotes_of_the_house_with_what_is_near() {
        let text = "error: unexpected argument '--lst' found\n\n  tip: a similar argument exists: '--list'\n\n\
                    Usage: pyman install --list\n\nFor more information, try '--help'.\n";
        let mistake = Mistake::of(text);
        assert_eq!(mistake.said, "unexpected argument `--lst' found");
        assert_eq!(mistake.hints, ["a similar argument exists: `--list'"]);
        assert_eq!(mistake.usage.as_deref(), Some("Usage: pyman install --list"));
    }
}
