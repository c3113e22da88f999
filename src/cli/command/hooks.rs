//! `pyman hooks EVENT`: the hooks of an event.

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::{plugin, world};

/// List the hooks of an event (install, uninstall, rehash, exec, which, version-name, virtualenv)
#[derive(clap::Parser)]
pub(crate) struct Hooks {
    /// The event
    event: String,
}

impl Run for Hooks {
    fn run(self, context: &Context) -> Result<Status, Error> {
        for hook in plugin::hooks(context.root(), &self.event)? {
            context.printer.line(world::bytes(&hook))?;
        }
        Ok(Status::SUCCESS)
    }
}
