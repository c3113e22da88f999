//! `pyman rehash`: the shims made what the installed versions ask for, and in the shell that asks its own table of commands.

use crate::cli::context::Context;
use crate::cli::run::{Overlooked, Run, Status};
use crate::cli::shell;
use crate::error::Error;
use crate::operation::{environments, mend, rehash};
use crate::shell::{Script, Shell};

/// Rewrite the shims, after commands were installed by hand
#[derive(clap::Parser)]
pub(crate) struct Rehash {
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for Rehash {
    fn run(self, context: &Context) -> Result<Status, Error> {
        context.warn()?;
        mend::leftovers(&context.ground)?;
        environments::sweep_links(&context.ground)?;
        rehash::now(&context.ground)?;
        Ok(Status::SUCCESS)
    }
}

/// Rehash and make the calling shell forget where commands were
#[derive(clap::Parser)]
pub(crate) struct ShRehash {
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for ShRehash {
    fn run(self, context: &Context) -> Result<Status, Error> {
        // The other shells run the rehash themselves, as their code says.
        if shell::calling(context) == Shell::Nushell {
            rehash::now(&context.ground)?;
        }
        shell::print(context, Script::Rehash)?;
        Ok(Status::SUCCESS)
    }
}
