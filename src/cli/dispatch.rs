//! From a command line to a command: the only file that knows them all.

use std::ffi::OsString;

use crate::cli::command::{COMMANDS, Completions};
use crate::cli::context::Context;
use crate::cli::description::{Description, Tradition};
use crate::cli::external;
use crate::cli::help;
use crate::cli::status::Status;
use crate::error::Error;

/// What is known of every command.
pub(crate) fn descriptions() -> Vec<Description> {
    COMMANDS.iter().map(|entry| entry.description).collect()
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
