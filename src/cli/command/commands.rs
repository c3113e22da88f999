//! `pyman commands`: the names of all commands.

use crate::cli::command::COMMANDS;
use crate::cli::context::Context;
use crate::cli::run::{Audience, Run, Status};
use crate::error::Error;

/// Commands that act on the calling shell, through its `pyman` function.
const SHELL: [&str; 4] = ["activate", "deactivate", "rehash", "shell"];

/// List all commands
#[derive(clap::Parser)]
pub(crate) struct Commands {
    /// Only those that act on the calling shell
    #[arg(long, conflicts_with = "no_sh")]
    sh: bool,
    /// Only those that do not
    #[arg(long)]
    no_sh: bool,
}

impl Run for Commands {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let people = COMMANDS.iter().filter(|entry| entry.audience == Audience::People);
        let mut names: Vec<&str> = people.map(|entry| entry.name).collect();
        names.sort_unstable();
        for name in names {
            let shell = SHELL.contains(&name);
            if (!self.sh || shell) && (!self.no_sh || !shell) {
                context.printer.line(name)?;
            }
        }
        Ok(Status::SUCCESS)
    }
}
