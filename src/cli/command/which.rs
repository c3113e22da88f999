//! `pyman which`, `whence`, `shims`: what a command would run, which versions have it, which commands there are.

use std::ffi::OsString;

use pyman_shim::{Ask, Detail, Fallback, Found, Installation, Place};
use serde_json::json;

use crate::cli::context::Context;
use crate::cli::run::{self, Overlooked, Run, Status};
use crate::error::Error;
use crate::operation::{rehash, selection};
use crate::plugin::Event;

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
