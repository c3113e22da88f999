//! `pyman version-file-write [-f] FILE VERSION…`

use std::ffi::OsString;
use std::path::PathBuf;

use crate::cli::context::Context;
use crate::cli::pins::{self, Check};
use crate::cli::run::{Run, Status};
use crate::error::Error;

/// Write versions into a version file
#[derive(clap::Parser)]
pub(crate) struct VersionFileWrite {
    /// Do not check that the versions are installed
    #[arg(short, long)]
    force: bool,
    /// The file
    file: PathBuf,
    /// The versions, written as typed
    #[arg(required = true)]
    versions: Vec<OsString>,
}

impl Run for VersionFileWrite {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let file = context.machine.absolute(&self.file)?;
        pins::write(context, &file, &self.versions, Check::unless(self.force))?;
        Ok(Status::SUCCESS)
    }
}
