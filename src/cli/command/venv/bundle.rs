//! `pyman venv bundle`, `unbundle`, `export`, and `pyman index`: an environment as one file, as lists that other tools
//! read, and a directory of wheels as an index on this machine.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::cli::context::Context;
use crate::cli::process;
use crate::cli::progress::Watch;
use crate::cli::run::{Run, Status};
use crate::disk::{self, Privacy};
use crate::environment::simple::Index as Server;
use crate::environment::{self, Environment, Freeze, Goal, Plot, Unbundled, Work};
use crate::error::Error;
use crate::operation::{base, doctor, environments, network};

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
    /// A directory to fill with wheels, for `pip install --find-links`, and with their list: requirements.txt
    #[arg(long, value_name = "DIR", group = "what")]
    wheels: Option<PathBuf>,
    /// Write the list over a requirements.txt that pyman did not write
    #[arg(short, long, requires = "wheels")]
    force: bool,
}

impl Bundle {
    pub(super) fn run(self, context: &Context, watch: &Watch) -> Result<Status, Error> {
        let environment = environments::open(&context.ground, &self.place)?;
        let list = self.wheels.as_ref().map(|directory| directory.join("requirements.txt"));
        if let Some(list) = list.filter(|_| !self.force) {
            refuse_over(&list)?;
        }
        if let Some(file) = &self.output {
            let file = context.machine.absolute(file)?;
            let platform = network::platform().map(|platform| platform.to_string());
            environment::bundle(&environment, platform, &file, watch)?;
            context.printer.done(format!("bundled {}", file.display()))?;
        }
        match &self.wheels {
            Some(directory) => wheels(&environment, directory),
            None => Ok(Status::SUCCESS),
        }
    }
}

/// The first line of a list of ours.
const HEAD: &str = "# written by `pyman venv bundle --wheels`\n";

/// An error where a list stands that we did not write: a person's own has just this name.
fn refuse_over(list: &Path) -> Result<(), Error> {
    let head = match disk::look(list)? {
        None => return Ok(()),
        Some(found) if found.is_file() => disk::read_head(list, HEAD.len() as u64)?,
        Some(_) => None,
    };
    if head.as_deref() == Some(HEAD.as_bytes()) {
        return Ok(());
    }
    Err(environment::Error::Listed(list.to_owned()).into())
}

/// Has the environment's pip make or fetch a wheel of each package; its status is the answer.
fn wheels(environment: &environment::Environment, directory: &Path) -> Result<Status, Error> {
    let mut freeze = environment::pip(environment.layout());
    freeze.args(["--disable-pip-version-check", "freeze"]);
    let listed = freeze.stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
    if !listed.status.success() {
        return Ok(Status::FAILURE);
    }
    let list = directory.join("requirements.txt");
    let text = [HEAD.as_bytes(), &listed.stdout].concat();
    disk::replace_personal(&list, &text, Privacy::Shared)?;
    let mut command = environment::pip(environment.layout());
    command.args(["--disable-pip-version-check", "wheel", "--no-deps", "--wheel-dir"]);
    command.arg(directory).arg("-r").arg(&list);
    Ok(process::wait(&mut command)?.follow()?)
}

/// Make an environment of a bundle
#[derive(clap::Args)]
pub(crate) struct Unbundle {
    /// The bundle
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The environment's name or path
    #[arg(value_name = "NAME|PATH")]
    place: OsString,
    /// The Python it is to stand on; none: the one installed of the same X.Y
    #[arg(short, long, value_name = "VERSION|PATH")]
    python: Option<OsString>,
}

impl Unbundle {
    pub(super) fn run(self, context: &Context, watch: &Watch) -> Result<Status, Error> {
        let (goal, plot) = environments::new_plot(&context.ground, Some(&self.place))?;
        let file = context.machine.absolute(&self.file)?;
        if environment::is_unfinished(plot.path(), &Work::Unbundling)? {
            return conclude(context, &goal, &plot);
        }
        let unbundled = Unbundled::open(&file, &plot, watch)?;
        let same = OsStr::new(&unbundled.manifest.minor).to_owned();
        let base =
            base::choose(&context.ground, Some(self.python.as_ref().unwrap_or(&same)), watch)?;
        let platform = network::platform().map(|platform| platform.to_string());
        unbundled.judge(&base, platform.as_deref())?;
        unbundled.finish(&base, &context.places(), watch)?;
        conclude(context, &goal, &plot)
    }
}

/// The environment stands there: what leads to it follows.
fn conclude(context: &Context, goal: &Goal, plot: &Plot) -> Result<Status, Error> {
    let directory = plot.path();
    environments::enrol(&context.ground, goal, directory)?;
    let version = Environment::open(directory)?.version().unwrap_or_default();
    environment::finish(plot)?;
    context.printer.done(format!("unbundled {} ({version})", directory.display()))?;
    doctor::say_missing_libraries(&context.ground, directory)?;
    Ok(Status::SUCCESS)
}

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

/// Serve a directory of wheels as an index for `pip -i`, on loopback
#[derive(clap::Parser)]
pub(crate) struct Index {
    /// The directory
    #[arg(value_name = "DIR")]
    directory: PathBuf,
    /// The port; none: one that is free
    #[arg(long, default_value_t = 0, value_name = "N", hide_default_value = true)]
    port: u16,
}

impl Run for Index {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let directory = context.machine.absolute(&self.directory)?;
        let server = Server::listen(&directory, self.port)?;
        let watch = context.watch()?;
        context.printer.line(format!("http://{}/simple/", server.address()?))?;
        server.serve(&watch)?;
        // Stopping is how it ends.
        Ok(Status::SUCCESS)
    }
}
