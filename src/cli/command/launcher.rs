//! What the launcher and the shims hand over to the manager, and pywin's words for choosing what they run.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Command;

use pyman_shim::launcher::{Action, CLEARED, Launcher, Run as Start};
use pyman_shim::{CHAIN, Home, Resolver};

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::cli::{foreground, process, shell};
use crate::error::Error;
use crate::operation::install::FOR_PY;
use crate::operation::rehash;
use crate::plugin::Event;
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
        install.env("PYMAN_ROOT", &self.root).env(FOR_PY, "1");
        install.arg("install").arg(&self.install);
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
            context.ground.tell_in(&self.root, event, &[("command", &name), ("path", &path)]);
        }
        foreground::run(context, &self.root, Command::new(program).args(arguments))
    }
}

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

/// Rewrite the shims (pywin's name for `pyman rehash`)
#[derive(clap::Parser)]
pub(crate) struct GenLaunchers {}

impl Run for GenLaunchers {
    fn run(self, context: &Context) -> Result<Status, Error> {
        rehash::now(&context.ground)?;
        context.printer.say("hint: `pyman rehash` is what this does");
        Ok(Status::SUCCESS)
    }
}
