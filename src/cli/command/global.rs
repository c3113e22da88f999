//! `pyman global [VERSION…]`: the versions of every directory without a file of its own.

use std::ffi::OsString;

use pyman_shim::Request;

use crate::cli::asking;
use crate::cli::context::Context;
use crate::cli::pins::{self, Check};
use crate::cli::run::{Run, Status};
use crate::disk::Directory;
use crate::error::Error;

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
            pins::write(context, &file, versions, Check::Installed)?;
            return Ok(Status::SUCCESS);
        }
        let resolver = asking::resolver(context);
        let selection = resolver.global();
        asking::say_notes(context, &resolver);
        if selection.stands_for_system() {
            context.printer.line("system")?;
        } else {
            context.printer.list(selection.entries.iter().map(Request::text))?;
        }
        Ok(Status::SUCCESS)
    }
}
