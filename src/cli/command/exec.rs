//! `pyman exec COMMAND…`: a command under the selected version, or under each of several.

use std::ffi::OsString;
use std::process::Command;

use pyman_shim::Ask;

use crate::cli::context::Context;
use crate::cli::each;
use crate::cli::run::{self, Run, Status};
use crate::cli::shims;
use crate::error::Error;
use crate::operation::hooks;
use crate::operation::selection;
use crate::plugin::Event;
use crate::world;

/// Run a command under the selected version
#[derive(clap::Parser)]
pub(crate) struct Exec {
    /// Run it under each of these versions, in parallel; the status is the worst
    #[arg(long, value_name = "VERSION,…", value_delimiter = ',')]
    each: Vec<String>,
    /// The command and its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<OsString>,
}

impl Run for Exec {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let called = self.command.split_first().filter(|(name, _)| !name.is_empty());
        let Some((name, arguments)) = called else {
            return run::without_words(context, "exec");
        };
        if !self.each.is_empty() {
            return each::run(context, &self.each, name, arguments);
        }
        let resolver = context.ground.resolver();
        let found = resolver.which(Ask::exec(name.as_encoded_bytes()));
        selection::say_notes(&context.ground, &resolver);
        let found = found?;
        let program = world::path(&found.program).into_owned();
        let told = [("command", &*name.to_string_lossy()), ("path", &*program.to_string_lossy())];
        hooks::tell(&context.ground, Event::Exec, &told);
        let mut command = Command::new(&program);
        command.args(arguments);
        if let Some(path) = resolver.first_on_path(&found) {
            command.env("PATH", world::path(&path).as_os_str());
        }
        shims::run(context, context.root(), &mut command)
    }
}
