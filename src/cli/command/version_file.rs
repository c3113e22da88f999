//! `pyman version-file [DIRECTORY]`: the version file in force, whatever variables say.

use std::ffi::OsString;
use std::path::Path;

use pyman_shim::Origin;

use crate::cli::context::Context;
use crate::cli::overlooked::Overlooked;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::world;

/// Print the path of the version file in force
#[derive(clap::Parser)]
pub(crate) struct VersionFile {
    /// Look in this directory and above it only
    directory: Option<OsString>,
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for VersionFile {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let resolver = context.ground.resolver();
        let directory = self.directory.filter(|directory| !directory.is_empty());
        let found = match &directory {
            Some(directory) => {
                let directory = context.machine.absolute(Path::new(directory))?;
                resolver.upwards(world::bytes(&directory))
            }
            None => resolver.local()?,
        };
        let file = match (found.map(|selection| selection.origin), &directory) {
            (Some(Origin::File(file)), _) => file,
            (_, Some(_)) => return Ok(Status::FAILURE),
            (_, None) => resolver.home().global(),
        };
        context.printer.list([file])?;
        Ok(Status::SUCCESS)
    }
}
