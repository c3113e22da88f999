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
        let verbose = self.verbose || context.machine.flag("PYMAN_VIRTUALENV_VERBOSE_ACTIVATE");
        if let Some(prefix) = active.filter(|_| verbose) {
            let versions = context.root().join("versions");
            let inside = prefix.strip_prefix(versions).map_or(None, |name| name.to_str());
            let last = prefix.file_name().unwrap_or_default().to_string_lossy();
            let name = inside.filter(|name| name.contains("/envs/")).unwrap_or(&last);
            context.printer.say(&format!("pyman: deactivate {name}"));
        }
        activation::deactivate(context)?;
        Ok(Status::SUCCESS)
    }
}
