//! `pyman import TOOL`: takes over what another tool has, without copying it.

use clap::builder::PossibleValue;

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::operation::importing::{self, Tool};
use crate::operation::mend;
use crate::operation::rehash;

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

impl clap::ValueEnum for Tool {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

impl Run for Import {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let watch = context.watch()?;
        let steps = importing::steps(&context.ground, self.tool, &watch)?;
        for step in &steps {
            if !self.dry_run {
                step.carry_out(&context.ground, &watch)?;
            }
            context.printer.line(step.line(self.dry_run))?;
        }
        if !self.dry_run {
            // What is linked already may have been by this command, killed before its end.
            mend::leftovers(&context.ground)?;
            rehash::now(&context.ground)?;
        }
        Ok(Status::SUCCESS)
    }
}
