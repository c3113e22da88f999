//! `pyman import TOOL`: takes over what another tool has, without copying it.

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::cli::takeover::{self, Tool};
use crate::cli::{mend, rehash};
use crate::error::Error;

/// Take over the versions, pins and environments of another tool
///
/// Its trees become links: nothing is copied, and nothing of the other tool's is changed.
#[derive(clap::Parser)]
pub(crate) struct Import {
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
    /// Whose
    tool: Tool,
}

impl Run for Import {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let watch = context.watch()?;
        let steps = takeover::steps(context, self.tool, &watch)?;
        for step in &steps {
            if !self.dry_run {
                step.carry_out(context, &watch)?;
            }
            context.printer.line(step.line(self.dry_run))?;
        }
        if !self.dry_run {
            // What is linked already may have been by this command, killed before its end.
            mend::leftovers(context)?;
            rehash::now(context)?;
        }
        Ok(Status::SUCCESS)
    }
}
