//! `pyman unlink NAME…`: versions made by `pyman link` are versions no more; what they led to stays.

use std::ffi::OsString;

use crate::cli::context::Context;
use crate::cli::report;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::operation::link;
use crate::operation::mend;
use crate::operation::rehash;

/// Remove versions made by `pyman link`; what they lead to is not touched
#[derive(clap::Parser)]
pub(crate) struct Unlink {
    /// The versions' names
    #[arg(required = true)]
    names: Vec<OsString>,
}

impl Run for Unlink {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let watch = context.watch()?;
        let mut worst = Status::SUCCESS;
        for name in &self.names {
            match link::release(&context.ground, name, &watch) {
                Ok(()) => context.printer.say(&format!("unlinked {}", name.display())),
                Err(error) => worst = worst.worst(report::report(&context.printer, &error)),
            }
        }
        mend::leftovers(&context.ground)?;
        rehash::now(&context.ground)?;
        Ok(worst)
    }
}
