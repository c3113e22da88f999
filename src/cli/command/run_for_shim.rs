//! `pyman _run`: what a shim leaves to the manager: a program that changes which commands there
//! are, or that plugins want to be told of. The shim has chosen it and set its variables.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Command;

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::cli::shims;
use crate::error::Error;
use crate::operation::hooks;
use crate::plugin::Event;

/// Run what a shim has chosen
#[derive(clap::Parser)]
pub(crate) struct RunForShim {
    /// The root the shim stands in
    root: PathBuf,
    /// What to run, and its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<OsString>,
}

impl Run for RunForShim {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let Some((program, arguments)) = self.command.split_first() else {
            return Ok(Status::FAILURE);
        };
        let name = PathBuf::from(program);
        let name = name.file_name().unwrap_or(program).to_string_lossy();
        let path = OsStr::to_string_lossy(program);
        for event in [Event::Which, Event::Exec] {
            hooks::tell_in(
                &context.ground,
                &self.root,
                event,
                &[("command", &name), ("path", &path)],
            );
        }
        shims::run(context, &self.root, Command::new(program).args(arguments))
    }
}
