//! `pyman genlaunchers`, as pywin has it: a rehash, which makes `pythonX.Y` for every version besides.

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::operation::rehash;

/// Rewrite the shims (pywin's name for `pyman rehash`)
#[derive(clap::Parser)]
pub(crate) struct GenLaunchers {}

impl Run for GenLaunchers {
    fn run(self, context: &Context) -> Result<Status, Error> {
        rehash::now(&context.ground)?;
        context.printer.say("hint: `pyman rehash` is what this does");
        Ok(Status::SUCCESS)
    }
}
