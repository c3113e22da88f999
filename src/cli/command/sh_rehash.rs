//! `pyman sh-rehash`: what the shell function evaluates for `pyman rehash`.

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::cli::shell;
use crate::error::Error;
use crate::shell::Script;

/// Rehash and make the calling shell forget where commands were
#[derive(clap::Parser)]
pub(crate) struct ShRehash {}

impl Run for ShRehash {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let code = Script::Rehash.code(shell::calling(context), &shell::manager(context)?);
        context.printer.out(code)?;
        Ok(Status::SUCCESS)
    }
}
