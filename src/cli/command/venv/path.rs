//! `pyman venv path NAME`: where an environment is, to be pasted into an editor.

use std::ffi::OsString;

use crate::cli::context::Context;
use crate::cli::run::Status;
use crate::error::Error;
use crate::operation::environments;
use crate::world;

/// Print where an environment, its interpreter or its packages are
#[derive(clap::Args)]
pub(crate) struct Path {
    /// The environment, by name or path; none: `.venv` here
    #[arg(value_name = "NAME|PATH")]
    place: Option<OsString>,
    /// Its interpreter
    #[arg(long, conflicts_with = "site_packages")]
    python: bool,
    /// Where its packages are
    #[arg(long)]
    site_packages: bool,
}

impl Path {
    pub(super) fn run(self, context: &Context) -> Result<Status, Error> {
        let argument = self.place.unwrap_or_else(|| ".venv".into());
        let environment = environments::open(&context.ground, &argument)?;
        let layout = environment.layout();
        let path = match (self.python, self.site_packages) {
            (true, _) => layout.python(),
            (false, true) => layout.site_packages(),
            (false, false) => environment.directory.clone(),
        };
        context.printer.list([world::bytes(&path)])?;
        Ok(Status::SUCCESS)
    }
}
