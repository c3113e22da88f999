//! `pyman venv export NAME`: what is installed, as requirements.

use std::ffi::OsString;
use std::process::Stdio;

use crate::cli::context::Context;
use crate::cli::run::Status;
use crate::environment::{self, Environment, Freeze};
use crate::error::Error;
use crate::operation::environments;

/// Print what is installed, as `pip install -r` takes it
#[derive(clap::Args)]
pub(crate) struct Export {
    /// The environment, by name or path
    #[arg(value_name = "NAME|PATH")]
    place: OsString,
    /// Without versions
    #[arg(long)]
    unpinned: bool,
    /// With pip, setuptools and wheel
    #[arg(long)]
    all: bool,
}

impl Export {
    pub(super) fn run(self, context: &Context) -> Result<Status, Error> {
        let environment = environments::open(&context.ground, &self.place)?;
        let mut freeze = environment::pip(environment.layout());
        freeze.args(["--disable-pip-version-check", "freeze"]);
        if self.all {
            freeze.arg("--all");
        }
        let output = freeze.stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            return Ok(Status::FAILURE);
        }
        let list = String::from_utf8_lossy(&output.stdout);
        let version = environment.version().unwrap_or_else(|| "?".into());
        let index = index(context, &environment)?;
        let wanted = Freeze { unpinned: self.unpinned };
        context.printer.out(environment::frozen(&list, &version, index.as_deref(), wanted))?;
        Ok(Status::SUCCESS)
    }
}

/// The index that the environment's pip asks, where somebody said so.
fn index(context: &Context, environment: &Environment) -> Result<Option<String>, Error> {
    if let Some(url) = context.machine.text("PIP_INDEX_URL") {
        return Ok(Some(url));
    }
    let mut ask = environment::pip(environment.layout());
    ask.args(["--disable-pip-version-check", "config", "get", "global.index-url"]);
    let output = ask.stdin(Stdio::null()).stderr(Stdio::null()).output()?;
    let url = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok((output.status.success() && !url.is_empty()).then_some(url))
}
