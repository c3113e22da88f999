//! `pyman help [--usage] [COMMAND]`.

use crate::cli::context::Context;
use crate::cli::help;
use crate::cli::run::{self, Run, Status};
use crate::error::Error;

/// Explain a command
#[derive(clap::Parser)]
pub(crate) struct Help {
    /// Print only how it is called
    #[arg(long)]
    usage: bool,
    /// The command
    command: Option<String>,
}

impl Run for Help {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let Some(name) = self.command else {
            return if self.usage {
                usage_line(context, "Usage: pyman <command> [<args>]")
            } else {
                help::overview(context)
            };
        };
        let Some(entry) = run::find(name.as_ref()) else {
            return Err(Error::NoSuchCommand { name, near: None });
        };
        let mut command = entry.clap();
        if self.usage {
            return usage_line(context, &command.render_usage().to_string());
        }
        context.printer.out(command.render_long_help().to_string())?;
        Ok(Status::SUCCESS)
    }
}

fn usage_line(context: &Context, line: &str) -> Result<Status, Error> {
    context.printer.line(line)?;
    Ok(Status::SUCCESS)
}
