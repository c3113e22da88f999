//! `pyman venv move SRC DST`: the environment stands elsewhere, and everything in it knows.

use std::ffi::OsString;

use crate::cli::context::Context;
use crate::cli::environments;
use crate::cli::progress::Watch;
use crate::cli::run::Status;
use crate::environment;
use crate::error::Error;

/// Move an environment
#[derive(clap::Args)]
pub(crate) struct Move {
    /// The environment, by name or path
    #[arg(value_name = "SRC")]
    from: OsString,
    /// Its new name or path
    #[arg(value_name = "DST")]
    to: OsString,
}

impl Move {
    pub(super) fn run(self, context: &Context, watch: &Watch) -> Result<Status, Error> {
        let from = environments::open(context, &self.from)?;
        let (goal, to) = environments::goal(context, Some(&self.to))?;
        let places = context.places();
        environment::relocate_to(&from, &to, watch)?;
        environment::forget(&places, &from.directory)?;
        environment::sweep_links(&places, from.directory.parent().unwrap_or(&from.directory))?;
        environments::enrol(context, &goal, &to)?;
        let (from, to) = (from.directory.display(), to.display());
        context.printer.line(format!("moved {from} to {to}"))?;
        Ok(Status::SUCCESS)
    }
}
