//! `pyman venv …`: virtual environments, one file a sub-command.

mod create;

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::error::Error;

/// Make and look after virtual environments
#[derive(clap::Parser)]
pub(crate) struct Venv {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Create(create::Create),
}

impl Run for Venv {
    fn run(self, context: &Context) -> Result<Status, Error> {
        match self.command {
            Command::Create(command) => command.run(context),
        }
    }
}
