//! `pyman venv …`: virtual environments, by family.

mod bundle;
mod create;
mod place;
mod repair;

pub(crate) use bundle::Index;

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
    List(place::List),
    Remove(place::Remove),
    Move(place::Relocate),
    Clone(place::Clone),
    Repair(repair::Repair),
    Export(bundle::Export),
    Bundle(bundle::Bundle),
    Unbundle(bundle::Unbundle),
    Path(place::Where),
}

impl Run for Venv {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let watch = context.watch()?;
        match self.command {
            Command::Create(command) => command.run(context, &watch),
            Command::List(command) => command.run(context),
            Command::Remove(command) => command.run(context, &watch),
            Command::Move(command) => command.run(context, &watch),
            Command::Clone(command) => command.run(context, &watch),
            Command::Repair(command) => command.run(context, &watch),
            Command::Export(command) => command.run(context),
            Command::Bundle(command) => command.run(context, &watch),
            Command::Unbundle(command) => command.run(context, &watch),
            Command::Path(command) => command.run(context),
        }
    }
}
