//! `pyman version-origin`: what selected the version.

use crate::cli::context::Context;
use crate::cli::overlooked::Overlooked;
use crate::cli::run::{Run, Status};
use crate::error::Error;

/// Print what selects the version here: a variable or a file
#[derive(clap::Parser)]
pub(crate) struct VersionOrigin {
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for VersionOrigin {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let resolver = context.ground.resolver();
        let pins = resolver.pins()?;
        context.printer.list([pins.origin.to_string()])?;
        Ok(Status::SUCCESS)
    }
}
