//! `pyman venv list`, `path`, `clone`, `move`, `remove`: the environments there are, where one stands, a second one,
//! another place, none.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::progress::Watch;
use crate::cli::report;
use crate::cli::run::Status;
use crate::environment::{self, Conda, Environment, Health, Links, Move};
use crate::error::Error;
use crate::operation::{doctor, environments, rehash};
use crate::world::layout;
use crate::{disk, world};

/// List environments: name, version, path, base
#[derive(clap::Args)]
pub(crate) struct List {
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl List {
    pub(super) fn run(self, context: &Context) -> Result<Status, Error> {
        let places = context.places();
        let workon_home = environments::workon_home(&context.ground)?;
        let found = environment::survey(&places, Some(&workon_home))?;
        let conda = environment::of_conda(&places)?;
        if self.json {
            let rows: Vec<_> =
                found.iter().map(row).chain(conda.iter().map(row_of_conda)).collect();
            context.printer.json(&json!({ "environments": rows }))?;
            return Ok(Status::SUCCESS);
        }
        let cells: Vec<[String; 4]> =
            found.iter().map(cells).chain(conda.iter().map(cells_of_conda)).collect();
        let width = |column: usize| {
            let of = |cells: &[String; 4]| cells.get(column).map_or(0, |cell| cell.chars().count());
            cells.iter().map(of).max().unwrap_or_default()
        };
        let (first, second, third) = (width(0), width(1), width(2));
        for [name, version, path, base] in &cells {
            let line = format!("{name:first$}  {version:second$}  {path:third$}  {base}");
            context.printer.line(line)?;
        }
        Ok(Status::SUCCESS)
    }
}

fn cells(environment: &Environment) -> [String; 4] {
    let base = match environment.health() {
        Health::Sound => base(environment),
        Health::Broken => format!("{} (broken: the base is gone)", base(environment)),
    };
    [
        shown(Path::new(environment.name())),
        environment.version().unwrap_or_else(|| "?".into()),
        shown(&environment.directory),
        base,
    ]
}

/// Conda's are shown, and are conda's to change.
fn cells_of_conda(conda: &Conda) -> [String; 4] {
    [
        shown(Path::new(&conda.name)),
        conda.version.clone().unwrap_or_else(|| "?".into()),
        shown(&conda.directory),
        format!("{} (conda)", shown(&conda.base)),
    ]
}

fn row_of_conda(conda: &Conda) -> serde_json::Value {
    json!({
        "name": conda.name,
        "version": conda.version,
        "path": shown(&conda.directory),
        "base": shown(&conda.base),
        "broken": false,
        "conda": true,
    })
}

fn row(environment: &Environment) -> serde_json::Value {
    json!({
        "name": shown(Path::new(environment.name())),
        "version": environment.version(),
        "path": shown(&environment.directory),
        "base": environment.home().map(|home| shown(prefix(&home))),
        "broken": environment.health() == Health::Broken,
    })
}

fn base(environment: &Environment) -> String {
    environment.home().map_or_else(|| "?".into(), |home| shown(prefix(&home)))
}

/// `/opt/python` of `/opt/python/bin`.
fn prefix(home: &Path) -> &Path {
    layout::tree_of(home).unwrap_or(home)
}

/// Names may hold anything; a line is a line.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    if text.contains(char::is_control) {
        text.escape_debug().to_string()
    } else {
        text.into_owned()
    }
}

/// Print where an environment, its interpreter or its packages are
#[derive(clap::Args)]
pub(crate) struct Where {
    /// The environment, by name or path; none: `.venv` here
    #[arg(value_name = "NAME|PATH")]
    place: Option<OsString>,
    /// Its interpreter
    #[arg(long, conflicts_with = "site_packages")]
    python: bool,
    /// Where its packages are
    #[arg(long)]
    site_packages: bool,
}

impl Where {
    pub(super) fn run(self, context: &Context) -> Result<Status, Error> {
        let argument = self.place.unwrap_or_else(|| ".venv".into());
        let environment = environments::open(&context.ground, &argument)?;
        let layout = environment.layout();
        let path = match (self.python, self.site_packages) {
            (true, _) => layout.python(),
            (false, true) => layout.site_packages(),
            (false, false) => environment.directory.clone(),
        };
        context.printer.list([world::bytes(&path)])?;
        Ok(Status::SUCCESS)
    }
}

/// Copy an environment
#[derive(clap::Args)]
pub(crate) struct Clone {
    /// The environment, by name or path
    #[arg(value_name = "SRC")]
    from: OsString,
    /// The copy's name or path
    #[arg(value_name = "DST")]
    to: OsString,
}

impl Clone {
    pub(super) fn run(self, context: &Context, watch: &Watch) -> Result<Status, Error> {
        let from = environments::plot(&context.ground, &self.from)?;
        from.inhabited()?;
        let (goal, to) = environments::new_plot(&context.ground, Some(&self.to))?;
        environment::clone(&from, &to, watch)?;
        environments::enrol(&context.ground, &goal, to.path())?;
        environment::finish(&to)?;
        let said = format!("cloned {} to {}", from.path().display(), to.path().display());
        context.printer.done(said)?;
        doctor::say_missing_libraries(&context.ground, to.path())?;
        Ok(Status::SUCCESS)
    }
}

/// Move an environment
#[derive(clap::Args)]
pub(crate) struct Relocate {
    /// The environment, by name or path
    #[arg(value_name = "SRC")]
    from: OsString,
    /// Its new name or path
    #[arg(value_name = "DST")]
    to: OsString,
}

impl Relocate {
    pub(super) fn run(self, context: &Context, watch: &Watch) -> Result<Status, Error> {
        let places = context.places();
        let (goal, to) = environments::new_plot(&context.ground, Some(&self.to))?;
        let from = environments::plot_to_leave(&context.ground, &self.from)?;
        let mut former = from.path().to_owned();
        environment::settle(&from, watch)?;
        if from.environment()?.is_some() {
            let way = Move { from: &from, to: &to, base: None, links: Links::Go };
            environment::relocate(&places, &way, watch)?;
        } else {
            // The same command may have died when only its last steps were left.
            let left = environment::moved_from(&places, &to)?;
            let typed = Path::new(&self.from).file_name();
            former = left
                .filter(|left| left.file_name() == typed)
                .ok_or(environment::Error::NoEnvironment(former))?;
        }
        environment::sweep_links(&places, former.parent().unwrap_or(&former))?;
        environments::enrol(&context.ground, &goal, to.path())?;
        environment::finish(&to)?;
        let (from, to) = (former.display(), to.path().display());
        context.printer.done(format!("moved {from} to {to}"))?;
        Ok(Status::SUCCESS)
    }
}

/// Remove environments
#[derive(clap::Args)]
pub(crate) struct Remove {
    /// Names or paths
    #[arg(required = true, value_name = "NAME|PATH")]
    places: Vec<OsString>,
}

impl Remove {
    pub(super) fn run(self, context: &Context, watch: &Watch) -> Result<Status, Error> {
        let mut status = Status::SUCCESS;
        for argument in &self.places {
            if let Err(error) = one(context, argument, watch) {
                status = status.worst(report::report(&context.printer, &error));
            }
        }
        if disk::is_directory(&context.root().join("shims")) {
            rehash::now(&context.ground)?;
        }
        Ok(status)
    }
}

fn one(context: &Context, argument: &OsStr, watch: &Watch) -> Result<(), Error> {
    let places = context.places();
    let plot = environments::plot_to_leave(&context.ground, argument)?;
    let active = context.machine.variable("VIRTUAL_ENV").map(PathBuf::from);
    environment::remove(&places, &plot, active.as_deref(), watch)?;
    context.printer.done(format!("removed {}", plot.path().display()))
}
