//! `pyman venv remove NAME…`: environments go, unasked; nothing else does.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::cli::context::Context;
use crate::cli::report;
use crate::cli::run::Status;
use crate::disk;
use crate::environment;
use crate::error::Error;
use crate::operation::environments;
use crate::operation::rehash;

/// Remove environments
#[derive(clap::Args)]
pub(crate) struct Remove {
    /// Names or paths
    #[arg(required = true, value_name = "NAME|PATH")]
    places: Vec<OsString>,
}

impl Remove {
    pub(super) fn run(self, context: &Context) -> Result<Status, Error> {
        let mut status = Status::SUCCESS;
        for argument in &self.places {
            if let Err(error) = one(context, argument) {
                status = status.worst(report::report(&context.printer, &error));
            }
        }
        if disk::is_directory(&context.root().join("shims")) {
            rehash::now(&context.ground)?;
        }
        Ok(status)
    }
}

fn one(context: &Context, argument: &OsStr) -> Result<(), Error> {
    let places = context.places();
    let directory = environments::place(&context.ground, argument)?;
    let active = context.machine.variable("VIRTUAL_ENV").map(PathBuf::from);
    environment::remove(&places, &directory, active.as_deref())?;
    context.printer.line(format!("removed {}", directory.display()))
}
