//! Which shims there are, and running what one stands for: in our place, or, when it changes which
//! commands there are, waited for.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::context::Context;
use crate::cli::process;
use crate::cli::run::Status;
use crate::disk;
use crate::error::Error;
use crate::operation::rehash;

/// Becomes `command`. One that installs or removes commands is waited for instead, and the shims
/// of `root` are rewritten when it has ended, however it ended: half an installation also leaves
/// commands.
pub(crate) fn run(context: &Context, root: &Path, command: &mut Command) -> Result<Status, Error> {
    if !changes_commands(command) {
        return process::replace(command).map_err(|error| not_runnable(command, error));
    }
    let ended = process::wait(command).map_err(|error| not_runnable(command, error))?;
    if let Err(error) = rehash::at(&context.ground, root) {
        context.printer.say(&error.line());
    }
    Ok(ended.follow()?)
}

/// The names of the shims there are, in order. The launcher, `py`, is none.
pub(crate) fn names(context: &Context) -> Result<Vec<OsString>, Error> {
    let entries = disk::entries(&context.root().join("shims"))?.into_iter();
    let mut names: Vec<OsString> = entries.map(|entry| entry.name).collect();
    names.retain(|name| !name.as_encoded_bytes().starts_with(b".") && name != OsStr::new("py"));
    names.sort_unstable();
    Ok(names)
}

/// Why `command` did not start.
pub(crate) fn not_runnable(command: &Command, source: io::Error) -> Error {
    let program = PathBuf::from(command.get_program());
    let found = disk::follow(&program).is_ok_and(|found| found.is_some());
    Error::NotRunnable { program, found, source }
}

fn changes_commands(command: &Command) -> bool {
    let name = Path::new(command.get_program()).file_name().unwrap_or_default();
    let arguments: Vec<&[u8]> = command.get_args().map(OsStr::as_encoded_bytes).collect();
    pyman_shim::changes_commands(name.as_encoded_bytes(), &arguments)
}
