//! `pyman root`: where everything of ours stands.

use crate::cli::context::Context;
use crate::cli::overlooked::Overlooked;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::world;

/// Print the directory where versions and shims are kept
#[derive(clap::Parser)]
pub(crate) struct Root {
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for Root {
    fn run(self, context: &Context) -> Result<Status, Error> {
        context.printer.list([world::bytes(context.root())])?;
        Ok(Status::SUCCESS)
    }
}
