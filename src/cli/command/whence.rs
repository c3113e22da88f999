//! `pyman whence COMMAND`: the versions that have a command.

use std::ffi::OsString;

use pyman_shim::Installation;
use serde_json::json;

use crate::cli::context::Context;
use crate::cli::overlooked::Overlooked;
use crate::cli::run::{self, Run, Status};
use crate::error::Error;

/// List the versions that have a command
#[derive(clap::Parser)]
pub(crate) struct Whence {
    /// Print the command's paths
    #[arg(long)]
    path: bool,
    /// Print versions and paths as JSON
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
            context.printer.json(&rows.into())?;
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
