//! `pyman venv clone SRC DST`: a second environment like the first.

use std::ffi::OsString;

use crate::cli::context::Context;
use crate::cli::progress::Watch;
use crate::cli::run::Status;
use crate::environment;
use crate::error::Error;
use crate::operation::environments;
use crate::operation::libraries;

/// Copy an environment
#[derive(clap::Args)]
pub(crate) struct Clone {
    /// The environment, by name or path
    #[arg(value_name = "SRC")]
    from: OsString,
    /// The copy's name or path
    #[arg(value_name = "DST")]
    to: OsString,
}

impl Clone {
    pub(super) fn run(self, context: &Context, watch: &Watch) -> Result<Status, Error> {
        let from = environments::open(&context.ground, &self.from)?;
        let (goal, to) = environments::goal(&context.ground, Some(&self.to))?;
        environment::clone(&from, &to, watch)?;
        environments::enrol(&context.ground, &goal, &to)?;
        environment::finish(&to)?;
        let said = format!("cloned {} to {}", from.directory.display(), to.display());
        context.printer.line(said)?;
        libraries::say_missing(&context.ground, &to)?;
        Ok(Status::SUCCESS)
    }
}
