//! `pyman version-file-write [-f] FILE VERSION…`

use std::ffi::OsString;
use std::path::Path;

use crate::cli::context::Context;
use crate::cli::run::{self, Run, Status};
use crate::error::Error;
use crate::operation::pins::{self, Check};

/// Write versions into a version file
#[derive(clap::Parser)]
#[command(override_usage = "pyman version-file-write [-f|--force] <file> <version> [...]")]
pub(crate) struct VersionFileWrite {
    /// Do not check that the versions are installed
    #[arg(short, long)]
    force: bool,
    /// The file
    file: OsString,
    /// The versions, written as typed
    #[arg(required = true)]
    versions: Vec<OsString>,
}

impl Run for VersionFileWrite {
    fn run(self, context: &Context) -> Result<Status, Error> {
        if self.file.is_empty() || pins::typed(&self.versions).is_empty() {
            return run::without_words(context, "version-file-write");
        }
        let file = context.machine.absolute(Path::new(&self.file))?;
        pins::write(&context.ground, &file, &self.versions, Check::unless(self.force))?;
        Ok(Status::SUCCESS)
    }
}
