//! `pyman which`, `whence`, `shims`, `exec`: what a command would run, which versions have it, which commands there
//! are, and running one; under several versions at once, their outputs kept apart.

use std::ffi::{OsStr, OsString};
use std::process::{Command, Output, Stdio};

use pyman_shim::{Ask, Detail, Fallback, Found, Installation, Place};
use serde_json::json;

use crate::cli::context::Context;
use crate::cli::run::{self, Overlooked, Run, Status};
use crate::cli::{foreground, process};
use crate::error::Error;
use crate::operation::parallel::together;
use crate::operation::{rehash, selection};
use crate::plugin::Event;
use crate::world;

/// Print the path of what a command would run
#[derive(clap::Parser)]
pub(crate) struct Which {
    /// Do not look on PATH
    #[arg(long)]
    nosystem: bool,
    /// When it is not found, do not say which versions have it
    #[arg(long)]
    skip_advice: bool,
    /// As JSON: path, version, environment, origin
    #[arg(long)]
    json: bool,
    /// The command
    command: OsString,
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for Which {
    fn run(self, context: &Context) -> Result<Status, Error> {
        if self.command.is_empty() {
            return run::without_words(context, "which");
        }
        let resolver = context.ground.resolver();
        let mut ask = Ask::which(self.command.as_encoded_bytes());
        if self.nosystem {
            ask.fallback = Fallback::Nowhere;
        }
        let found = resolver.which(ask);
        selection::say_notes(&context.ground, &resolver);
        let found = match found {
            Ok(found) => found,
            Err(error) if self.skip_advice => return Err(error.told(Detail::Lines).into()),
            Err(error) => return Err(error.into()),
        };
        if self.json {
            context.printer.json(&json(&found))?;
        } else {
            context.printer.list([&found.program])?;
        }
        let command = self.command.to_string_lossy();
        let path = String::from_utf8_lossy(&found.program);
        context.ground.tell(Event::Which, &[("command", &command), ("path", &path)]);
        Ok(Status::SUCCESS)
    }
}

fn json(found: &Found) -> serde_json::Value {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (version, environment) = match &found.place {
        Place::Installed(installation) => (Some(text(&installation.name)), None),
        Place::Environment(directory) => (None, Some(text(directory))),
        Place::Path => (None, None),
    };
    json!({
        "path": text(&found.program),
        "version": version,
        "environment": environment,
        "origin": found.origin.to_string(),
    })
}

/// List the versions that have a command
#[derive(clap::Parser)]
pub(crate) struct Whence {
    /// Print the command's paths
    #[arg(long)]
    path: bool,
    /// As JSON: versions and paths
    #[arg(long)]
    json: bool,
    /// The command
    command: OsString,
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for Whence {
    fn run(self, context: &Context) -> Result<Status, Error> {
        if self.command.is_empty() {
            return run::without_words(context, "whence");
        }
        let resolver = context.ground.resolver();
        let command = self.command.as_encoded_bytes();
        let having = resolver.having(command);
        if self.json {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let row = |found: &Installation| json!({ "version": text(&found.name), "path": text(&found.command(command)) });
            let rows: Vec<_> = having.iter().map(row).collect();
            let status = if rows.is_empty() { Status::FAILURE } else { Status::SUCCESS };
            context.printer.json(&json!({ "versions": rows }))?;
            return Ok(status);
        }
        let lines: Vec<Vec<u8>> = having
            .into_iter()
            .map(|found| if self.path { found.command(command) } else { found.name })
            .collect();
        context.printer.list(&lines)?;
        Ok(if lines.is_empty() { Status::FAILURE } else { Status::SUCCESS })
    }
}

/// List the existing shims
#[derive(clap::Parser)]
pub(crate) struct Shims {
    /// Names only
    #[arg(long)]
    short: bool,
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for Shims {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let directory = context.root().join("shims");
        let names = rehash::shims(&context.ground)?.into_iter();
        let lines = names
            .map(|name| if self.short { name } else { directory.join(name).into_os_string() })
            .map(OsString::into_encoded_bytes);
        context.printer.list(lines)?;
        Ok(Status::SUCCESS)
    }
}

/// Run a command under the selected version
#[derive(clap::Parser)]
pub(crate) struct Exec {
    /// Run it under each of these versions, in parallel; the status is the worst
    #[arg(long, value_name = "VERSION,…", value_delimiter = ',')]
    each: Vec<String>,
    /// The command and its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<OsString>,
}

impl Run for Exec {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let called = self.command.split_first().filter(|(name, _)| !name.is_empty());
        let Some((name, arguments)) = called else {
            return run::without_words(context, "exec");
        };
        if !self.each.is_empty() {
            return run(context, &self.each, name, arguments);
        }
        let resolver = context.ground.resolver();
        let found = resolver.which(Ask::exec(name.as_encoded_bytes()));
        selection::say_notes(&context.ground, &resolver);
        let found = found?;
        let program = world::path(&found.program).into_owned();
        let told = [("command", &*name.to_string_lossy()), ("path", &*program.to_string_lossy())];
        context.ground.tell(Event::Exec, &told);
        let mut command = Command::new(&program);
        command.args(arguments);
        if let Some(path) = resolver.first_on_path(&found) {
            command.env("PATH", world::path(&path).as_os_str());
        }
        foreground::run(context, context.root(), &mut command)
    }
}

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
