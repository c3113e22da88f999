//! `pyman sh-deactivate`: what the shell function evaluates for `pyman deactivate`.

use crate::cli::activation::{self, Leave};
use crate::cli::context::Context;
use crate::cli::overlooked::Overlooked;
use crate::cli::run::{Run, Status};
use crate::error::Error;

/// Print the code that deactivates the environment of the calling shell
#[derive(clap::Parser)]
pub(crate) struct ShDeactivate {
    #[command(flatten)]
    leave: Leave,
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for ShDeactivate {
    fn run(self, context: &Context) -> Result<Status, Error> {
        activation::leave(context, &self.leave)
    }
}
