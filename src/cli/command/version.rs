//! `pyman version`: what is selected here, and why.

use pyman_shim::Selection;

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::operation::selection::{self, Resolved};

/// Show the selected versions and what selected them
#[derive(clap::Parser)]
pub(crate) struct Version {
    /// Names only
    #[arg(long)]
    bare: bool,
}

impl Run for Version {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let resolver = context.ground.resolver();
        let pins: Selection = selection::pins(&context.ground, &resolver)?;
        let answer = Resolved::of(&resolver, &pins);
        answer.say_missing(&context.ground, &resolver);
        if self.bare {
            context.printer.list(&answer.names)?;
        } else {
            let origin = format!(" (set by {})", pins.origin);
            let lines = answer.names.iter().map(|name| [name, origin.as_bytes()].concat());
            context.printer.table(lines)?;
        }
        Ok(if answer.missing.is_empty() { Status::SUCCESS } else { Status::FAILURE })
    }
}
