//! `pyman completions COMMAND [ARGS]`: what may come next, one a line, for the shells' completion functions.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};

use crate::cli::candidates::Kind;
use crate::cli::context::Context;
use crate::cli::description::Description;
use crate::cli::external;
use crate::cli::foreground;
use crate::cli::help;
use crate::cli::process;
use crate::cli::run::{self, Run, Status};
use crate::error::Error;
use crate::plugin::Documentation;
use crate::shell::{self, Init, Shell};

/// List what may follow on a command line
#[derive(clap::Parser)]
pub(crate) struct Completions {
    /// Print the code that makes this shell complete: bash, zsh, fish, pwsh or nu
    #[arg(long, value_name = "SHELL", conflicts_with_all = ["described", "command"])]
    print: Option<String>,
    /// Each with what it is, behind a tab; without a command, the commands
    #[arg(long, hide = true)]
    described: bool,
    /// The command
    command: Option<OsString>,
    /// The words after it, without the one being typed
    #[arg(allow_hyphen_values = true, trailing_var_arg = true)]
    arguments: Vec<OsString>,
}

impl Run for Completions {
    fn run(self, context: &Context) -> Result<Status, Error> {
        if let Some(name) = &self.print {
            let code = Shell::named(name).and_then(Init::completion);
            context.printer.out(code.ok_or(shell::Error::Incomplete)?)?;
            return Ok(Status::SUCCESS);
        }
        let Some(command) = self.command.clone().filter(|command| !command.is_empty()) else {
            if self.described {
                return print(context, self.described, commands(context)?);
            }
            return run::without_words(context, "completions");
        };
        let Some(entry) = context.command(&command) else {
            return self.external(context, &command);
        };
        let help = Word { text: "--help".into(), about: "Print help".into() };
        print(context, self.described, [help].into_iter().chain(self.words(context, entry)?))
    }
}

impl Completions {
    /// `pyman COMMAND --complete [ARGS]`, as pyenv's completion asks: the same without `--help`.
    pub(crate) fn of(
        context: &Context,
        entry: &Description,
        arguments: Vec<OsString>,
    ) -> Result<Status, Error> {
        let command = Some(entry.name.into());
        let completions = Self { print: None, described: false, command, arguments };
        print(context, false, completions.words(context, entry)?)
    }

    fn words(&self, context: &Context, entry: &Description) -> Result<Vec<Word>, Error> {
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
            words.extend(Kind::of_option(&long).words(context)?.into_iter().map(Word::bare));
        } else {
            words.extend(options(command, &self.arguments));
            words.extend(command.get_subcommands().map(|below| Word {
                text: below.get_name().into(),
                about: below.get_about().map(ToString::to_string).unwrap_or_default(),
            }));
            words.extend(Kind::of_arguments(&path).words(context)?.into_iter().map(Word::bare));
        }
        Ok(words)
    }

    /// A program of its own is asked, when it says that it answers.
    fn external(self, context: &Context, command: &OsStr) -> Result<Status, Error> {
        let Some(external) = external::find(context, command)? else {
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

/// What may follow, and what that is.
struct Word {
    text: OsString,
    about: String,
}

impl Word {
    /// One that speaks for itself.
    const fn bare(text: OsString) -> Self {
        Self { text, about: String::new() }
    }
}

/// The commands, and the programs of plugins.
fn commands(context: &Context) -> Result<Vec<Word>, Error> {
    let known = help::commands(context)?.into_iter();
    Ok(known.map(|(text, about)| Word { text, about }).collect())
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
fn options(command: &clap::Command, given: &[OsString]) -> Vec<Word> {
    let shown = command.get_arguments().filter(|argument| !argument.is_hide_set());
    let options = shown.filter_map(|argument| {
        let about = argument.get_help().map(ToString::to_string).unwrap_or_default();
        Some(Word { text: format!("--{}", argument.get_long()?).into(), about })
    });
    options.filter(|option| option.text != "--help" && !given.contains(&option.text)).collect()
}

/// Each once, in order of appearance; a name that a line cannot hold is left out.
fn print(
    context: &Context,
    described: bool,
    words: impl IntoIterator<Item = Word>,
) -> Result<Status, Error> {
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for Word { text, about } in words {
        let text = text.as_encoded_bytes();
        if text.contains(&b'\n')
            || described && text.contains(&b'\t')
            || !seen.insert(text.to_vec())
        {
            continue;
        }
        lines.extend_from_slice(text);
        if described && !about.is_empty() {
            lines.push(b'\t');
            lines.extend_from_slice(about.lines().next().unwrap_or_default().as_bytes());
        }
        lines.push(b'\n');
    }
    context.printer.out(lines)?;
    Ok(Status::SUCCESS)
}
