//! `pyman global [VERSION…]`: the versions of every directory without a file of its own.

use std::ffi::OsString;

use pyman_shim::Request;

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::disk::Directory;
use crate::error::Error;
use crate::operation::pins::{self, Check};
use crate::operation::selection;

/// Show or set the versions for every directory that has no version file
#[derive(clap::Parser)]
pub(crate) struct Global {
    /// The versions, most preferred first
    versions: Vec<OsString>,
}

impl Run for Global {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let versions = pins::typed(&self.versions);
        if !versions.is_empty() {
            Directory::make(context.root())?;
            let file = context.root().join("version");
            pins::write(&context.ground, &file, versions, Check::Installed)?;
            return Ok(Status::SUCCESS);
        }
        let resolver = context.ground.resolver();
        let selection = resolver.global();
        selection::say_notes(&context.ground, &resolver);
        if selection.stands_for_system() {
            context.printer.line("system")?;
        } else {
            context.printer.list(selection.entries.iter().map(Request::text))?;
        }
        Ok(Status::SUCCESS)
    }
}
