//! `pyman sh-shell`: what the shell function evaluates for `pyman shell`.

use std::ffi::{OsStr, OsString};

use pyman_shim::VERSION;

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::cli::shell;
use crate::error::Error;
use crate::operation::pins;
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

/// What the variable is to say: an installation's own name whatever is in it, as in pyenv.
fn chosen(context: &Context, typed: &[OsString]) -> Result<Vec<u8>, Error> {
    let resolver = context.ground.resolver();
    let is_name = |word: &OsString| resolver.exactly(word.as_encoded_bytes()).is_some();
    if typed.iter().all(is_name) {
        return Ok(typed.join(OsStr::new(":")).into_encoded_bytes());
    }
    Ok(pins::spelt(&context.ground, typed)?.join(&b':'))
}

impl Run for ShShell {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let present = context.machine.variable(VERSION).map(OsString::into_encoded_bytes);
        let typed = pins::typed(&self.versions);
        let script = match typed.first() {
            _ if self.unset => Script::UnsetVersion,
            None if present.is_none() => {
                context.printer.say("pyman: no shell-specific version configured");
                return Ok(Status::FAILURE);
            }
            None => Script::ShowVersion,
            Some(first) if first == "-" => Script::SwapVersion,
            Some(_) => return shell::choose(context, &chosen(context, typed)?),
        };
        shell::print(context, script)?;
        Ok(Status::SUCCESS)
    }
}
