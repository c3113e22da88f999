//! `pyman sh-deactivate`: what the shell function evaluates for `pyman deactivate`.

use crate::cli::activation;
use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::cli::shell;
use crate::error::Error;
use crate::shell::Script;

/// Print the code that deactivates the environment of the calling shell
#[derive(clap::Parser)]
pub(crate) struct ShDeactivate {
    /// Also when none is active
    #[arg(short, long)]
    force: bool,
    /// Say nothing
    #[arg(short, long)]
    quiet: bool,
    /// Say what is done
    #[arg(short, long, overrides_with = "quiet")]
    verbose: bool,
}

impl Run for ShDeactivate {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let active = activation::active(context);
        if active.is_none() && !self.force {
            if !self.quiet {
                context.printer.say("pyman: no virtualenv has been activated.");
            }
            shell::print(context, Script::Fail)?;
            return Ok(Status::FAILURE);
        }
        if let Some(prefix) = active.filter(|_| self.verbose) {
            context.printer.say(&format!("pyman: deactivate {}", prefix.display()));
        }
        activation::deactivate(context)?;
        Ok(Status::SUCCESS)
    }
}
