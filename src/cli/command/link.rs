//! `pyman link`, `unlink`: an interpreter from elsewhere becomes a version, and is none any more.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::cli::context::Context;
use crate::cli::report;
use crate::cli::run::{Run, Status};
use crate::disk;
use crate::error::Error;
use crate::interpreter::link::interpreter_in;
use crate::interpreter::probe;
use crate::operation::{link, mend, rehash};

/// Make an interpreter that is already here a version
///
/// It is asked what it is first, and stays where it is. A whole version tree (pyenv's, uv's,
/// conda's) becomes a link; of a shared prefix like /usr only its own commands are linked.
#[derive(clap::Parser)]
pub(crate) struct Link {
    /// An interpreter, or the tree of one
    path: PathBuf,
    /// What to call it; its version otherwise
    name: Option<OsString>,
}

impl Run for Link {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let watch = context.watch()?;
        let path = context.machine.absolute(&self.path)?;
        let path = if disk::is_directory(&path) { interpreter_in(&path)? } else { path };
        let interpreter = probe(&path, &watch)?;
        let name = self.name.unwrap_or_else(|| link::usual_name(&interpreter));
        let adoption = link::adopt(&context.ground, &interpreter, &name, &watch)?;
        rehash::now(&context.ground)?;
        context.printer.say(&format!(
            "linked {} -> {}",
            name.display(),
            adoption.target().display()
        ));
        Ok(Status::SUCCESS)
    }
}

/// Remove versions made by `pyman link`; what they lead to is not touched
#[derive(clap::Parser)]
pub(crate) struct Unlink {
    /// The versions' names
    #[arg(required = true)]
    names: Vec<OsString>,
}

impl Run for Unlink {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let watch = context.watch()?;
        let mut worst = Status::SUCCESS;
        for name in &self.names {
            match link::release(&context.ground, name, &watch) {
                Ok(()) => context.printer.say(&format!("unlinked {}", name.display())),
                Err(error) => worst = worst.worst(report::report(&context.printer, &error)),
            }
        }
        mend::leftovers(&context.ground)?;
        rehash::now(&context.ground)?;
        Ok(worst)
    }
}
