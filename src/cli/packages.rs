//! Running an environment's pip in the foreground, as the user would.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::cli::context::Context;
use crate::cli::process;
use crate::cli::run::Status;
use crate::disk;
use crate::environment::{self, Environment};
use crate::error::Error;
use crate::operation::rehash;

/// Installs what the files require and the packages; pip's status is the answer, and the environment stays.
pub(crate) fn install(
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
    let ended = process::wait(&mut command)?;
    if disk::is_directory(&context.root().join("shims")) {
        rehash::now(&context.ground)?;
    }
    Ok(ended.follow()?)
}
