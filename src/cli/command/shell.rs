//! `pyman shell`: acts on the calling shell, so whoever gets here has not loaded the shell function.

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::error::Error;

/// Set or show the version of this shell
///
/// Sets `PYMAN_VERSION` in the calling shell, which overrides version files and the global version.
#[derive(clap::Parser)]
pub(crate) struct Shell {
    /// The versions; `-` brings the previous choice back, none shows the present one
    #[arg(value_name = "VERSION", allow_hyphen_values = true)]
    versions: Vec<String>,
    /// Take the choice back
    #[arg(long)]
    unset: bool,
}

impl Run for Shell {
    fn run(self, _: &Context) -> Result<Status, Error> {
        Err(Error::NoShellIntegration)
    }
}
