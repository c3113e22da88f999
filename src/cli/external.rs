//! Commands that are programs of their own: `pyman-foo` of a plugin or on PATH.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::context::Context;
use crate::cli::foreground;
use crate::cli::help;
use crate::cli::process;
use crate::cli::status::Status;
use crate::cli::words;
use crate::error::Error;
use crate::operation::shells;
use crate::plugin::{self, External};
use crate::shell::Call;
use crate::world;

/// Becomes `pyman-NAME`, or says that there is no such command.
pub(crate) fn run(
    context: &Context,
    name: &OsStr,
    arguments: Vec<OsString>,
) -> Result<Status, Error> {
    let Some(external) = find(context, name)? else {
        return Err(unknown(context, name, arguments));
    };
    // As in pyenv: what asks for help is not run.
    if arguments.first().is_some_and(|first| first == "--help") {
        return help::external(context, &external, &name.to_string_lossy());
    }
    if external.shell {
        return Err(Error::NoShellIntegration);
    }
    let mut command = prepare(context, &external.file)?;
    command.args(arguments);
    process::replace(&mut command).map_err(|error| foreground::not_runnable(&command, error))
}

/// The program `name` is, in a plugin or on PATH.
pub(crate) fn find(context: &Context, name: &OsStr) -> Result<Option<External>, Error> {
    Ok(plugin::find(context.root(), &context.machine.search_path(), name)?)
}

/// Its program, with the variables it is promised: `PYMAN_ROOT` and `PYMAN_DIR`; on PATH it finds what plugins
/// bring, and the manager by its name.
pub(crate) fn prepare(context: &Context, file: &Path) -> Result<Command, Error> {
    let mut command = Command::new(file);
    command.env("PYMAN_ROOT", context.root());
    command.env("PYMAN_DIR", directory(context)?);
    let manager = match shells::manager(&context.ground)? {
        Call::ByName => None,
        Call::ByPath(manager) => manager.parent().map(Path::to_path_buf),
    };
    let plugins = plugin::programs(context.root())?;
    command.env("PATH", context.machine.path_between(&plugins, manager.as_deref())?);
    Ok(command)
}

/// The directory it is to work for: `PYMAN_DIR`, which must be one, else the working directory.
fn directory(context: &Context) -> Result<PathBuf, Error> {
    match context.ground.resolver().given_directory()? {
        Some(given) => Ok(world::path(&given).into_owned()),
        None => Ok(context.machine.current_directory()?),
    }
}

/// Nobody has such a command: what was probably meant.
pub(crate) fn unknown(context: &Context, name: &OsStr, arguments: Vec<OsString>) -> Error {
    let typed: Vec<OsString> = [name.to_owned()].into_iter().chain(arguments).collect();
    let hints = words::hints(&typed, context.commands().map(|entry| entry.name));
    Error::NoSuchCommand { name: name.to_string_lossy().into_owned(), hints }
}
