//! `pyman sh-rehash`: what the shell function evaluates for `pyman rehash`.

use crate::cli::context::Context;
use crate::cli::overlooked::Overlooked;
use crate::cli::run::{Run, Status};
use crate::cli::shell;
use crate::error::Error;
use crate::operation::rehash;
use crate::shell::{Script, Shell};

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
