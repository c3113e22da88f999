//! `pyman sh-shell`: what the shell function evaluates for `pyman shell`.

use std::ffi::OsString;

use pyman_shim::{Home, Request, Resolution, Resolver, VERSION};

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::cli::shell;
use crate::error::Error;
use crate::shell::Script;
use crate::world;

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
        let chosen = self.versions.join(OsString::from(":").as_os_str()).into_encoded_bytes();
        let script = match chosen.as_slice() {
            _ if self.unset => Script::UnsetVersion,
            b"" if present.is_none() => {
                context.printer.say("pyman: no shell-specific version configured");
                return Ok(Status::FAILURE);
            }
            b"" => Script::ShowVersion,
            b"-" => Script::SwapVersion,
            _ if !all_installed(context, &chosen) => {
                shell::print(context, Script::Fail)?;
                return Ok(Status::FAILURE);
            }
            _ if present.as_ref() == Some(&chosen) => return Ok(Status::SUCCESS),
            _ => Script::SetVersion(&chosen),
        };
        shell::print(context, script)?;
        Ok(Status::SUCCESS)
    }
}

/// Whether every version is one; the first that is none is named.
fn all_installed(context: &Context, versions: &[u8]) -> bool {
    let resolver = Resolver::new(&context.machine, Home::new(world::bytes(context.root())));
    let missing = versions.split(|&byte| byte == b':').find(|version| {
        match resolver.resolve(&Request::parse(version)) {
            Resolution::System | Resolution::Installed(_) => false,
            Resolution::Missing => true,
        }
    });
    if let Some(version) = missing {
        let version = String::from_utf8_lossy(version);
        context.printer.say(&format!("pyman: version `{version}' not installed"));
    }
    missing.is_none()
}
