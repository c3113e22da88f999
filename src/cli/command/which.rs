//! `pyman which COMMAND`: the file that a shim would run.

use std::ffi::OsString;

use pyman_shim::{Ask, Detail, Fallback, Found, Place};
use serde_json::json;

use crate::cli::context::Context;
use crate::cli::overlooked::Overlooked;
use crate::cli::run::{self, Run, Status};
use crate::error::Error;
use crate::operation::hooks;
use crate::operation::selection;
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
    /// Print path, version and origin as JSON
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
        hooks::tell(&context.ground, Event::Which, &[("command", &command), ("path", &path)]);
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
