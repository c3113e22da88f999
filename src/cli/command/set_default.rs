//! `pyman setdefault`, as pywin has it: acts on the calling shell, so whoever gets here has not loaded the shell function.

use std::ffi::OsString;

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::cli::shell;
use crate::error::Error;

/// Set the version of this shell (pywin's name for `pyman shell`)
#[derive(clap::Parser)]
pub(crate) struct SetDefault {
    /// The version
    version: OsString,
}

impl Run for SetDefault {
    fn run(self, _: &Context) -> Result<Status, Error> {
        Err(Error::NoShellIntegration)
    }
}

/// Print the code that sets the version of the calling shell
#[derive(clap::Parser)]
pub(crate) struct ShSetDefault {
    /// The version
    version: OsString,
}

impl Run for ShSetDefault {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let version = self.version.to_string_lossy();
        context.printer.say(&format!("hint: `pyman shell {version}` is what this does"));
        shell::choose(context, self.version.as_encoded_bytes())
    }
}
