//! `pyman venv …`: virtual environments, one file a sub-command.

mod bundle;
mod clone;
mod create;
mod export;
mod list;
mod path;
mod relocate;
mod remove;
mod repair;
mod unbundle;

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
    List(list::List),
    Remove(remove::Remove),
    Move(relocate::Relocate),
    Clone(clone::Clone),
    Repair(repair::Repair),
    Export(export::Export),
    Bundle(bundle::Bundle),
    Unbundle(unbundle::Unbundle),
    Path(path::Path),
}

impl Run for Venv {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let watch = context.watch()?;
        match self.command {
            Command::Create(command) => command.run(context, &watch),
            Command::List(command) => command.run(context),
            Command::Remove(command) => command.run(context),
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
