//! `pyman sh-shell`: what the shell function evaluates for `pyman shell`.

use std::ffi::OsString;

use pyman_shim::VERSION;

use crate::cli::context::Context;
use crate::cli::pins;
use crate::cli::run::{Run, Status};
use crate::cli::shell;
use crate::error::Error;
use crate::shell::Script;

/// Print the code that sets or shows the version of the calling shell
#[derive(clap::Parser)]
pub(crate) struct ShShell {
    /// The versions; `-` brings the previous choice back, none shows the present one
    #[arg(value_name = "VERSION", allow_hyphen_values = true)]
    versions: Vec<OsString>,
    /// Take the choice back
    #[arg(long)]
    unset: bool,
}

impl Run for ShShell {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let present = context.machine.variable(VERSION).map(OsString::into_encoded_bytes);
        let chosen =
            pins::typed(&self.versions).join(OsString::from(":").as_os_str()).into_encoded_bytes();
        let script = match chosen.as_slice() {
            _ if self.unset => Script::UnsetVersion,
            b"" if present.is_none() => {
                context.printer.say("pyman: no shell-specific version configured");
                return Ok(Status::FAILURE);
            }
            b"" => Script::ShowVersion,
            _ if self.versions.first().is_some_and(|first| first == "-") => Script::SwapVersion,
            _ => return shell::choose(context, &chosen),
        };
        shell::print(context, script)?;
        Ok(Status::SUCCESS)
    }
}
