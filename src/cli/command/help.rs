//! `pyman help [--usage] [COMMAND]`.

use crate::cli::context::Context;
use crate::cli::external;
use crate::cli::help;
use crate::cli::overlooked::Overlooked;
use crate::cli::run::{Run, Status};
use crate::cli::words;
use crate::error::Error;

/// Explain a command
#[derive(clap::Parser)]
pub(crate) struct Help {
    /// Print only how it is called
    #[arg(long)]
    usage: bool,
    /// The command; `words` for those of others
    command: Option<String>,
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for Help {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let Some(name) = self.command.clone().filter(|name| !name.is_empty()) else {
            return if self.usage {
                usage_line(context, "Usage: pyman <command> [<args>]")
            } else {
                help::overview(context)
            };
        };
        if name == "words" {
            let text = words::table().join("\n");
            context.printer.text(format!("What others say, and what pyman calls it:\n{text}"))?;
            return Ok(Status::SUCCESS);
        }
        let Some(entry) = context.command(name.as_ref()) else {
            return self.external(context, &name);
        };
        let mut command = entry.clap();
        if self.usage {
            return usage_line(context, &command.render_usage().to_string());
        }
        context.printer.out(command.render_long_help().to_string())?;
        Ok(Status::SUCCESS)
    }
}

impl Help {
    /// The help of a program of its own, from the comments at its head.
    fn external(&self, context: &Context, name: &str) -> Result<Status, Error> {
        let Some(external) = external::find(context, name.as_ref())? else {
            return Err(external::unknown(context, name.as_ref(), Vec::new()));
        };
        if self.usage {
            return usage_line(context, &help::usage(&external, name)?);
        }
        help::external(context, &external, name)
    }
}

fn usage_line(context: &Context, line: &str) -> Result<Status, Error> {
    context.printer.text(line)?;
    Ok(Status::SUCCESS)
}
