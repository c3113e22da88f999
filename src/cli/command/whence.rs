//! `pyman whence COMMAND`: the versions that have a command.

use std::ffi::OsString;

use crate::cli::asking;
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
        let resolver = asking::resolver(context);
        let command = self.command.as_encoded_bytes();
        let having = resolver.having(command);
        let lines: Vec<Vec<u8>> = having
            .into_iter()
            .map(|found| if self.path { found.command(command) } else { found.name })
            .collect();
        context.printer.list(&lines)?;
        Ok(if lines.is_empty() { Status::FAILURE } else { Status::SUCCESS })
    }
}
