//! `pyman version`: what is selected here, and why.

use pyman_shim::Selection;

use crate::cli::asking::{self, Resolved};
use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::error::Error;

/// Show the selected versions and what selected them
#[derive(clap::Parser)]
pub(crate) struct Version {
    /// Names only
    #[arg(long)]
    bare: bool,
}

impl Run for Version {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let resolver = asking::resolver(context);
        let pins: Selection = asking::pins(context, &resolver)?;
        let answer = Resolved::of(&resolver, &pins);
        let mut text = Vec::new();
        for name in &answer.names {
            text.extend_from_slice(name);
            if !self.bare {
                text.extend_from_slice(format!(" (set by {})", pins.origin).as_bytes());
            }
            text.push(b'\n');
        }
        answer.say_missing(context, &resolver);
        context.printer.out(text)?;
        Ok(if answer.missing.is_empty() { Status::SUCCESS } else { Status::FAILURE })
    }
}
