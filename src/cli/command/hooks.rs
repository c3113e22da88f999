//! `pyman hooks EVENT`: the hooks of an event.

use crate::cli::context::Context;
use crate::cli::overlooked::Overlooked;
use crate::cli::run::{self, Run, Status};
use crate::error::Error;
use crate::{disk, plugin, world};

/// List the hooks of an event (install, uninstall, rehash, exec, which, version-name, virtualenv)
#[derive(clap::Parser)]
pub(crate) struct Hooks {
    /// The event
    #[arg(value_name = "command")]
    event: String,
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for Hooks {
    fn run(self, context: &Context) -> Result<Status, Error> {
        if self.event.is_empty() {
            return run::without_words(context, "hooks");
        }
        for hook in plugin::hooks(context.root(), &self.event)? {
            // As in pyenv, a link is shown as what it leads to.
            let hook = if disk::link_target(&hook)?.is_some() {
                disk::canonical(&hook)?.unwrap_or(hook)
            } else {
                hook
            };
            context.printer.list([world::bytes(&hook)])?;
        }
        Ok(Status::SUCCESS)
    }
}
