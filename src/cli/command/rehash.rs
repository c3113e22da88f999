//! `pyman rehash`: the shims, made what the installed versions ask for.

use crate::cli::context::Context;
use crate::cli::overlooked::Overlooked;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::operation::mend;
use crate::operation::rehash;

/// Rewrite the shims, after commands were installed by hand
#[derive(clap::Parser)]
pub(crate) struct Rehash {
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for Rehash {
    fn run(self, context: &Context) -> Result<Status, Error> {
        mend::leftovers(&context.ground)?;
        rehash::now(&context.ground)?;
        Ok(Status::SUCCESS)
    }
}
