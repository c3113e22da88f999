//! `pyman _py`: what `py` leaves to the manager: to install the version that was typed, and then to decide again.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use pyman_shim::launcher::{Action, CLEARED, Launcher, Run as Start};
use pyman_shim::{CHAIN, Home, Resolver};

use crate::cli::context::Context;
use crate::cli::process;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::world::{bytes, path};

/// Run what `py` asks for, once it is installed
#[derive(clap::Parser)]
pub(crate) struct RunForPy {
    /// The root `py` stands in
    #[arg(long)]
    root: PathBuf,
    /// The version to install first
    #[arg(long)]
    install: OsString,
    /// What `py` was given
    #[arg(last = true)]
    arguments: Vec<OsString>,
}

/// As `py` has it.
const CANNOT_START: Status = Status::new(101);

impl Run for RunForPy {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let program = context.machine.executable()?;
        let mut install = Command::new(&program);
        install.env("PYMAN_ROOT", &self.root).arg("install").arg(&self.install);
        let installed = process::wait(&mut install)?.follow()?;
        if installed != Status::SUCCESS {
            return Ok(installed);
        }
        let resolver = Resolver::new(&context.machine, Home::new(bytes(&self.root)));
        let launcher = Launcher::new(&resolver, bytes(&program)).without_installing();
        let arguments: Vec<&[u8]> =
            self.arguments.iter().map(|word| word.as_encoded_bytes()).collect();
        let action = launcher.decide(&arguments);
        for note in resolver.take_notes() {
            if !note.is_debug() || context.machine.flag("PYMAN_DEBUG") {
                context.printer.say(&format!("pyman: {note}"));
            }
        }
        self.perform(context, action)
    }
}

impl RunForPy {
    fn perform(&self, context: &Context, action: Action) -> Result<Status, Error> {
        match action {
            Action::Run(run) => Ok(self.start(context, &run)),
            Action::Print { text, then } => {
                context.printer.out(text)?;
                Ok(then.map_or(Status::SUCCESS, |run| self.start(context, &run)))
            }
            Action::Fail(error) => {
                context.printer.say(error.report().trim_end());
                Ok(Status::new(error.exit_code()))
            }
        }
    }

    /// Becomes the program; a status only when that cannot be.
    fn start(&self, context: &Context, run: &Start) -> Status {
        let mut command = Command::new(&*path(&run.launch.program));
        command.args(run.leading.iter().map(|word| path(word).into_owned()));
        command.args(self.arguments.iter().skip(run.skipped));
        for name in CLEARED {
            command.env_remove(&*path(name));
        }
        match &run.launch.chain {
            Some(chain) => command.env(&*path(CHAIN), &*path(chain)),
            None => command.env_remove(&*path(CHAIN)),
        };
        process::replace(&mut command).unwrap_or_else(|error| {
            let program = path(&run.launch.program);
            context.printer.say(&format!("py: cannot run {}: {error}", program.display()));
            CANNOT_START
        })
    }
}
