//! `pyman activate` and `pyman deactivate`: they act on the calling shell, so whoever gets here has not loaded
//! the shell function.

use std::ffi::OsString;

use crate::cli::activation::Leave;
use crate::cli::context::Context;
use crate::cli::overlooked::Overlooked;
use crate::cli::run::{Run, Status};
use crate::error::Error;

/// Activate an environment in this shell
#[derive(clap::Parser)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option people type")]
pub(crate) struct Activate {
    /// The environment; none: the one that is selected here
    #[arg(allow_hyphen_values = true)]
    name: Vec<OsString>,
    /// Also when it, or another tool's, is active already
    #[arg(short, long)]
    force: bool,
    /// Say nothing
    #[arg(short, long)]
    quiet: bool,
    /// Say what is done
    #[arg(short, long)]
    verbose: bool,
    /// Deactivate
    #[arg(long)]
    unset: bool,
}

/// Deactivate the environment of this shell
#[derive(clap::Parser)]
pub(crate) struct Deactivate {
    #[command(flatten)]
    _leave: Leave,
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for Activate {
    fn run(self, _: &Context) -> Result<Status, Error> {
        Err(Error::NoShellIntegration)
    }
}

impl Run for Deactivate {
    fn run(self, _: &Context) -> Result<Status, Error> {
        Err(Error::NoShellIntegration)
    }
}
