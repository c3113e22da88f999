//! `pyman venv move SRC DST`: the environment stands elsewhere, and everything in it knows.

use std::ffi::OsString;
use std::path::Path;

use crate::cli::context::Context;
use crate::cli::progress::Watch;
use crate::cli::run::Status;
use crate::environment::{self, Environment, Links, Move};
use crate::error::Error;
use crate::operation::environments;

/// Move an environment
#[derive(clap::Args)]
pub(crate) struct Relocate {
    /// The environment, by name or path
    #[arg(value_name = "SRC")]
    from: OsString,
    /// Its new name or path
    #[arg(value_name = "DST")]
    to: OsString,
}

impl Relocate {
    pub(super) fn run(self, context: &Context, watch: &Watch) -> Result<Status, Error> {
        let places = context.places();
        let (goal, to) = environments::goal(&context.ground, Some(&self.to))?;
        let mut former = environments::place(&context.ground, &self.from)?;
        if let Some(from) = Environment::at(&former)? {
            let way = Move { from: &from, to: &to, base: None, links: Links::Go };
            environment::relocate(&places, &way, watch)?;
        } else {
            // The same command may have died when only its last steps were left.
            let left = environment::moved_from(&places, &to)?;
            let typed = Path::new(&self.from).file_name();
            former = left
                .filter(|left| left.file_name() == typed)
                .ok_or(environment::Error::NoEnvironment(former))?;
        }
        environment::sweep_links(&places, former.parent().unwrap_or(&former))?;
        environments::enrol(&context.ground, &goal, &to)?;
        environment::finish(&to)?;
        let (from, to) = (former.display(), to.display());
        context.printer.line(format!("moved {from} to {to}"))?;
        Ok(Status::SUCCESS)
    }
}
