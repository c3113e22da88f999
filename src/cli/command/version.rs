//! `pyman version`, `version-name`, `version-origin`: what is selected here, and why.

use pyman_shim::Selection;

use crate::cli::context::Context;
use crate::cli::overlooked::Overlooked;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::operation::hooks;
use crate::operation::selection::{self, Resolved};
use crate::plugin::Event;

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
