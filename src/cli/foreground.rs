//! Running in our place what a shim stands for, or an environment's pip: what changes which commands there are is waited
//! for, and the shims are made anew.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::context::Context;
use crate::cli::process;
use crate::cli::run::Status;
use crate::disk;
use crate::environment::{self, Environment};
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

/// Installs what the files require and the packages; pip's status is the answer, and the environment stays.
pub(crate) fn install_packages(
    context: &Context,
    environment: &Environment,
    requirements: &[PathBuf],
    packages: &[OsString],
) -> Result<Status, Error> {
    let mut command = environment::pip(environment.layout());
    command.arg("install");
    for file in requirements {
        command.arg("-r").arg(file);
    }
    command.arg("--").args(packages);
    context.printer.yield_terminal();
    let ended = process::wait(&mut command)?;
    context.printer.retake_terminal();
    if disk::is_directory(&context.root().join("shims")) {
        rehash::now(&context.ground)?;
    }
    Ok(ended.follow()?)
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
