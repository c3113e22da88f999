//! The command line: parse, run, report. The only room that prints or asks, and this the only file that knows every command.

mod activation;
mod ask;
mod candidates;
mod command;
mod context;
mod description;
mod examples;
mod external;
mod foreground;
mod help;
mod printer;
mod process;
mod progress;
mod report;
mod run;
mod schema;
mod shell;
mod status;
mod text;
mod words;

use std::ffi::OsString;
use std::process::ExitCode;

use crate::cli::command::{COMMANDS, Completions};
use crate::cli::context::Context;
use crate::cli::description::{Description, Tradition};
use crate::cli::status::Status;
use crate::error::Error;
use crate::world::Machine;

/// Runs one command line; `arguments` begins with the program's own name.
///
/// The status is the command's; an error has been reported on stderr when this returns.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut arguments = arguments.into_iter();
    let program = arguments.next().unwrap_or_default();
    let ready = process::outlive_size_limit().map_err(Error::Disk);
    let status = ready.and_then(|()| Context::new(Machine, &program, descriptions())).map_or_else(
        |error| report::fatal(&error),
        |context| {
            let result = dispatch(&context, arguments.collect());
            report::finish(&context, result)
        },
    );
    ExitCode::from(status.code())
}

/// What is known of every command.
fn descriptions() -> Vec<Description> {
    COMMANDS.iter().map(|entry| entry.description).collect()
}

/// Runs the command that `arguments` (without the program's name) ask for.
fn dispatch(context: &Context, arguments: Vec<OsString>) -> Result<Status, Error> {
    let mut arguments = run::mannered(&context.printer, arguments)?;
    if arguments.first().is_none_or(|name| name.is_empty()) {
        return help::without_command(context);
    }
    let mut name = arguments.remove(0);
    match name.to_str() {
        Some("--version" | "-v" | "-V") => {
            return match arguments.first() {
                Some(word) => Ok(run::unexpected(context, word)),
                None => help::version(context),
            };
        }
        Some("--help" | "-h") if arguments.is_empty() => return help::overview(context),
        Some("--help" | "-h") => name = "help".into(),
        _ => {}
    }
    let Some(entry) = COMMANDS.iter().find(|entry| name == entry.description.name) else {
        return external::run(context, &name, arguments);
    };
    if entry.description.tradition == Tradition::Pyenv
        && arguments.first().is_some_and(|first| first == "--complete")
    {
        return Completions::of(context, &entry.description, arguments.split_off(1));
    }
    entry.run(context, arguments)
}
