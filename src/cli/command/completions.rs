//! `pyman completions COMMAND [ARGS]`: what may come next, one a line, for the shells' completion functions.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};

use crate::cli::candidates::Kind;
use crate::cli::context::Context;
use crate::cli::description::Description;
use crate::cli::external;
use crate::cli::foreground;
use crate::cli::process;
use crate::cli::run::{self, Run, Status};
use crate::error::Error;
use crate::plugin::Documentation;

/// List what may follow on a command line
#[derive(clap::Parser)]
pub(crate) struct Completions {
    /// The command
    command: OsString,
    /// The words after it, without the one being typed
    #[arg(allow_hyphen_values = true, trailing_var_arg = true)]
    arguments: Vec<OsString>,
}

impl Run for Completions {
    fn run(self, context: &Context) -> Result<Status, Error> {
        if self.command.is_empty() {
            return run::without_words(context, "completions");
        }
        let Some(entry) = context.command(&self.command) else {
            return self.external(context);
        };
        print(context, std::iter::once("--help".into()).chain(self.words(context, entry)?))
    }
}

impl Completions {
    /// `pyman COMMAND --complete [ARGS]`, as pyenv's completion asks: the same without `--help`.
    pub(crate) fn of(
        context: &Context,
        entry: &Description,
        arguments: Vec<OsString>,
    ) -> Result<Status, Error> {
        let completions = Self { command: entry.name.into(), arguments };
        print(context, completions.words(context, entry)?)
    }

    fn words(&self, context: &Context, entry: &Description) -> Result<Vec<OsString>, Error> {
        let mut path = vec![entry.name];
        let clap = entry.clap();
        let mut command = &clap;
        for word in &self.arguments {
            if let Some(below) = command.get_subcommands().find(|below| *word == below.get_name()) {
                path.push(below.get_name());
                command = below;
            }
        }
        let mut words = Vec::new();
        let value = self.arguments.last().and_then(|last| option_with_value(command, last));
        if let Some(long) = value {
            words.extend(Kind::of_option(&long).words(context)?);
        } else {
            words.extend(options(command, &self.arguments));
            words.extend(command.get_subcommands().map(|below| below.get_name().into()));
            words.extend(Kind::of_arguments(&path).words(context)?);
        }
        Ok(words)
    }

    /// A program of its own is asked, when it says that it answers.
    fn external(self, context: &Context) -> Result<Status, Error> {
        let Some(external) = external::find(context, &self.command)? else {
            return Ok(Status::FAILURE);
        };
        context.printer.line("--help")?;
        if !Documentation::read(&external.file)?.completes {
            return Ok(Status::SUCCESS);
        }
        let mut program = external::prepare(context, &external.file)?;
        program.arg("--complete").args(self.arguments);
        process::replace(&mut program).map_err(|error| foreground::not_runnable(&program, error))
    }
}

/// The long name of the option that `word` is, when a value must follow.
fn option_with_value(command: &clap::Command, word: &OsStr) -> Option<String> {
    let word = word.to_str()?;
    let is = |argument: &&clap::Arg| {
        let long = word.strip_prefix("--").is_some_and(|name| argument.get_long() == Some(name));
        let short = word.strip_prefix('-').is_some_and(|name| {
            let mut letters = name.chars();
            letters.next() == argument.get_short() && letters.next().is_none() && !name.is_empty()
        });
        (long || short) && argument.get_action().takes_values()
    };
    Some(command.get_arguments().find(is)?.get_long().unwrap_or_default().to_owned())
}

/// The long options that were not given yet.
fn options(command: &clap::Command, given: &[OsString]) -> Vec<OsString> {
    let shown = command.get_arguments().filter(|argument| !argument.is_hide_set());
    let options = shown.filter_map(|argument| Some(format!("--{}", argument.get_long()?).into()));
    options.filter(|option| option != "--help" && !given.contains(option)).collect()
}

/// Each once, in order of appearance; a name that a line cannot hold is left out.
fn print(context: &Context, words: impl IntoIterator<Item = OsString>) -> Result<Status, Error> {
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for word in words {
        if !word.as_encoded_bytes().contains(&b'\n') && seen.insert(word.clone()) {
            lines.extend_from_slice(word.as_encoded_bytes());
            lines.push(b'\n');
        }
    }
    context.printer.out(lines)?;
    Ok(Status::SUCCESS)
}
