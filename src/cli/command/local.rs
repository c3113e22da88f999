//! `pyman local [VERSION…]`: the versions of this directory and what is below it.

use std::ffi::OsString;

use pyman_shim::Request;

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::disk;
use crate::error::Error;
use crate::operation::pins::{self, Check};
use crate::operation::selection;

/// Show or set the versions for this directory (`.python-version`)
#[derive(clap::Parser)]
pub(crate) struct Local {
    /// Do not check that the versions are installed
    #[arg(short, long)]
    force: bool,
    /// Remove this directory's file
    #[arg(long, conflicts_with = "versions")]
    unset: bool,
    /// The versions, most preferred first
    versions: Vec<OsString>,
}

impl Run for Local {
    fn run(self, context: &Context) -> Result<Status, Error> {
        if self.unset {
            return unset(context);
        }
        let versions = pins::typed(&self.versions);
        if versions.is_empty() {
            return show(context);
        }
        let file = context.machine.current_directory()?.join(".python-version");
        pins::write(&context.ground, &file, versions, Check::unless(self.force))?;
        Ok(Status::SUCCESS)
    }
}

fn unset(context: &Context) -> Result<Status, Error> {
    let file = context.machine.current_directory()?.join(".python-version");
    disk::unlink(&file)?;
    Ok(Status::SUCCESS)
}

fn show(context: &Context) -> Result<Status, Error> {
    let resolver = context.ground.resolver();
    let here = resolver.working_directory();
    let found = here.and_then(|directory| resolver.upwards(&directory));
    selection::say_notes(&context.ground, &resolver);
    let Some(selection) = found else {
        context.printer.say("pyman: no local version configured for this directory");
        return Ok(Status::FAILURE);
    };
    if selection.entries.is_empty() {
        return Ok(Status::FAILURE);
    }
    context.printer.list(selection.entries.iter().map(Request::text))?;
    Ok(Status::SUCCESS)
}
