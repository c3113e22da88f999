//! One command under several versions at once, their outputs kept apart.

use std::ffi::{OsStr, OsString};
use std::process::{Command, Output, Stdio};

use pyman_shim::Installation;

use crate::cli::context::Context;
use crate::cli::process;
use crate::cli::run::Status;
use crate::error::Error;
use crate::operation::selection;
use crate::operation::together::together;
use crate::world;

/// Runs `name` under each of `versions`; every one must be installed and have it before any is run.
pub(crate) fn run(
    context: &Context,
    versions: &[String],
    name: &OsStr,
    arguments: &[OsString],
) -> Result<Status, Error> {
    let resolver = context.ground.resolver();
    let mut commands = Vec::new();
    for version in versions {
        let found = selection::require(&context.ground, &resolver, version.as_bytes())?;
        let program = found.as_ref().map_or_else(
            || resolver.on_path(name.as_encoded_bytes()),
            |found| resolver.has(found, name.as_encoded_bytes()),
        );
        let program = program.ok_or_else(|| Error::NoSuchProgram {
            command: name.to_string_lossy().into_owned(),
            version: version.clone(),
        })?;
        let mut command = Command::new(&*world::path(&program));
        command.args(arguments).stdin(Stdio::null());
        if let Some(found) = &found {
            command.env("PATH", world::path(&resolver.search_path(found)).as_os_str());
        }
        commands.push((title(version, found.as_ref()), command));
    }
    let at_once = commands.len();
    let outputs = together(&mut commands, at_once, |(_, command)| command.output());
    let mut worst = Status::SUCCESS;
    for ((title, _), output) in commands.iter().zip(outputs) {
        worst = worst.worst(show(context, title, &output?)?);
    }
    Ok(worst)
}

fn title(version: &str, found: Option<&Installation>) -> String {
    found.map_or_else(
        || version.to_owned(),
        |found| String::from_utf8_lossy(&found.name).into_owned(),
    )
}

fn show(context: &Context, title: &str, output: &Output) -> Result<Status, Error> {
    let status = process::status(output.status);
    context.printer.line(format!("== {title}: {}", status.code()))?;
    context.printer.out(&output.stdout)?;
    context.printer.pass(&output.stderr)?;
    Ok(status)
}
