//! `pyman index DIR`: a directory of wheels as an index on this machine, until Ctrl-C.

use std::path::PathBuf;

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::environment::simple::Index as Server;
use crate::error::Error;

/// Serve a directory of wheels as an index for `pip -i`, on loopback
#[derive(clap::Parser)]
pub(crate) struct Index {
    /// The directory
    #[arg(value_name = "DIR")]
    directory: PathBuf,
    /// The port; none: one that is free
    #[arg(long, default_value_t = 0, value_name = "N", hide_default_value = true)]
    port: u16,
}

impl Run for Index {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let directory = context.machine.absolute(&self.directory)?;
        let server = Server::listen(&directory, self.port)?;
        let watch = context.watch()?;
        context.printer.line(format!("http://{}/simple/", server.address()?))?;
        server.serve(&watch)?;
        // Stopping is how it ends.
        Ok(Status::SUCCESS)
    }
}
