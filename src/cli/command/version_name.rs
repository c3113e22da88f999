//! `pyman version-name`: the selected versions' names, joined with `:`.

use crate::cli::context::Context;
use crate::cli::overlooked::Overlooked;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::operation::hooks;
use crate::operation::selection::{self, Resolved};
use crate::plugin::Event;

/// Print the names of the selected versions, joined with `:`
#[derive(clap::Parser)]
pub(crate) struct VersionName {
    /// Print what is not installed as it was written
    #[arg(short, long)]
    force: bool,
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for VersionName {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let resolver = context.ground.resolver();
        let pins = selection::pins(&context.ground, &resolver)?;
        let answer = if self.force {
            Resolved::regardless(&resolver, &pins)
        } else {
            Resolved::of(&resolver, &pins)
        };
        let names = answer.names.join(&b':');
        answer.say_missing(&context.ground, &resolver);
        context.printer.list([&names])?;
        hooks::tell(
            &context.ground,
            Event::VersionName,
            &[("version", &String::from_utf8_lossy(&names))],
        );
        Ok(if answer.missing.is_empty() { Status::SUCCESS } else { Status::FAILURE })
    }
}
