//! `pyman venv bundle NAME -o FILE`: an environment as one file, or its packages as wheels.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Stdio;

use crate::cli::context::Context;
use crate::cli::process;
use crate::cli::progress::Watch;
use crate::cli::run::Status;
use crate::disk::{self, Privacy};
use crate::environment;
use crate::error::Error;
use crate::operation::environments;
use crate::operation::supply;

/// Pack an environment for a machine without a network
#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true))]
pub(crate) struct Bundle {
    /// The environment, by name or path
    #[arg(value_name = "NAME|PATH")]
    place: OsString,
    /// The bundle to write
    #[arg(short, long, value_name = "FILE", group = "what")]
    output: Option<PathBuf>,
    /// A directory to fill with wheels, for `pip install --find-links`
    #[arg(long, value_name = "DIR", group = "what")]
    wheels: Option<PathBuf>,
}

impl Bundle {
    pub(super) fn run(self, context: &Context, watch: &Watch) -> Result<Status, Error> {
        let environment = environments::open(&context.ground, &self.place)?;
        if let Some(file) = &self.output {
            let file = context.machine.absolute(file)?;
            let platform = supply::platform().map(|platform| platform.to_string());
            environment::bundle(&environment, platform, &file, watch)?;
            context.printer.line(format!("bundled {}", file.display()))?;
        }
        match &self.wheels {
            Some(directory) => wheels(&environment, directory),
            None => Ok(Status::SUCCESS),
        }
    }
}

/// Has the environment's pip make or fetch a wheel of each package; its status is the answer.
fn wheels(
    environment: &environment::Environment,
    directory: &std::path::Path,
) -> Result<Status, Error> {
    let mut freeze = environment::pip(environment.layout());
    freeze.args(["--disable-pip-version-check", "freeze"]);
    let listed = freeze.stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
    if !listed.status.success() {
        return Ok(Status::FAILURE);
    }
    let list = directory.join("requirements.txt");
    disk::replace(&list, &listed.stdout, Privacy::Shared)?;
    let mut command = environment::pip(environment.layout());
    command.args(["--disable-pip-version-check", "wheel", "--no-deps", "--wheel-dir"]);
    command.arg(directory).arg("-r").arg(&list);
    Ok(process::wait(&mut command)?.follow()?)
}
