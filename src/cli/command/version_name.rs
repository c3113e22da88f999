//! `pyman version-name`: the selected versions' names, joined with `:`.

use crate::cli::asking::{self, Resolved};
use crate::cli::context::Context;
use crate::cli::hooks;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::plugin::Event;

/// Print the names of the selected versions, joined with `:`
#[derive(clap::Parser)]
pub(crate) struct VersionName {
    /// Print what is not installed as it was written
    #[arg(short, long)]
    force: bool,
}

impl Run for VersionName {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let resolver = asking::resolver(context);
        let pins = asking::pins(context, &resolver)?;
        let mut resolved = Resolved::of(&resolver, &pins);
        if self.force {
            let missing = resolved.missing.drain(..);
            resolved.names.extend(missing.map(|missing| missing.request.text().to_vec()));
        }
        let names = resolved.names.join(&b':');
        context.printer.line(&names)?;
        hooks::tell(context, Event::VersionName, &[("version", &String::from_utf8_lossy(&names))]);
        resolved.say_missing(context, &resolver);
        Ok(if resolved.missing.is_empty() { Status::SUCCESS } else { Status::FAILURE })
    }
}
