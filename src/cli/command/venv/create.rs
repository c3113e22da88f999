//! `pyman venv create [NAME|PATH]`: an environment, and where it is.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::context::Context;
use crate::cli::foreground;
use crate::cli::process;
use crate::cli::progress::Watch;
use crate::cli::run::Status;
use crate::disk;
use crate::environment::{
    self, BeginWith, Downloads, Environment, Making, Order, Outcome, Packages, Programs, Standing,
};
use crate::error::Error;
use crate::operation::base;
use crate::operation::environments;
use crate::world::layout;
use crate::{quote, world};

/// Make an environment: `.venv` here, at a path, or a named one in `$WORKON_HOME`
#[derive(clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub(crate) struct Create {
    /// A name, or a path (with `/` or a leading `.`; `venv` and `env` are paths too)
    #[arg(value_name = "NAME|PATH")]
    place: Option<OsString>,
    /// A version, or the path of an interpreter
    #[arg(short, long, value_name = "VERSION|PATH")]
    python: Option<OsString>,
    /// See the packages of the base too
    #[arg(long)]
    system_site_packages: bool,
    /// Accepted: it is so anyway, or nothing is to be told
    #[arg(long, hide = true, aliases = ["no-setuptools", "no-wheel", "no-download", "symlinks"])]
    no_site_packages: bool,
    /// What shells show instead of the name; `.` is the name of this directory
    #[arg(long, value_name = "TEXT", value_parser = environments::one_line)]
    prompt: Option<String>,
    /// Copy the interpreter instead of linking it
    #[arg(long, visible_alias = "always-copy")]
    copies: bool,
    /// Begin with no package
    #[arg(long, visible_alias = "no-pip")]
    without_pip: bool,
    /// Then install what this file requires
    #[arg(short, long = "requirement", value_name = "FILE")]
    requirements: Vec<PathBuf>,
    /// Then install this package
    #[arg(short = 'i', long = "package", value_name = "PKG")]
    packages: Vec<OsString>,
    /// Install the version when it is missing
    #[arg(long)]
    install: bool,
    /// Make an environment that is there anew
    #[arg(long)]
    clear: bool,
}

impl Create {
    pub(super) fn run(self, context: &Context, watch: &Watch) -> Result<Status, Error> {
        let (goal, plot) = environments::new_plot(&context.ground, self.place.as_deref())?;
        let directory = plot.path();
        self.judge()?;
        let base = match base::for_project(&context.ground, self.python.as_deref(), watch) {
            Err(Error::Environment(environment::Error::NotInstalled { request, .. }))
                if self.install =>
            {
                let installed = install_missing(context, &request)?;
                if installed != Status::SUCCESS {
                    return Ok(installed);
                }
                base::for_project(&context.ground, self.python.as_deref(), watch)?
            }
            chosen => chosen?,
        };
        let places = context.places();
        let making = Making {
            prompt: environments::prompt(&context.ground, self.prompt.as_deref())?,
            ..self.making(environments::downloads(&context.ground)?)
        };
        let order = Order { goal: &plot, base: &base, making: &making, places: &places };
        let outcome = environment::create(&order, watch)?;
        match &outcome {
            Outcome::Made => {
                let version = format!("{}{}", base.version, base.variant);
                context.printer.done(format!("created {} ({version})", directory.display()))?;
            }
            Outcome::Already(found) => {
                let version = found.version().unwrap_or_else(|| base.minor());
                let there = directory.display();
                context
                    .printer
                    .talk(&format!("pyman: `{there}' is an environment of {version} already"));
            }
            Outcome::Mended => {
                let (there, version) = (directory.display(), base.version);
                context.printer.talk(&format!(
                    "pyman: what `{there}' stood on is gone: it stands on {version} now"
                ));
            }
        }
        environments::enrol(&context.ground, &goal, directory)?;
        environment::finish(&plot)?;
        // It may have been removed while nothing stood on it yet.
        if disk::follow(&base.executable)?.is_none() {
            return Err(environment::Error::NoPython(base.executable).into());
        }
        if let Outcome::Made = outcome {
            context.printer.done(activating(context, directory))?;
        }
        if self.requirements.is_empty() && self.packages.is_empty() {
            return Ok(Status::SUCCESS);
        }
        let environment = Environment::open(directory)?;
        foreground::install_packages(context, &environment, &self.requirements, &self.packages)
    }

    /// What pip would stumble over when all else is made.
    fn judge(&self) -> Result<(), Error> {
        for file in &self.requirements {
            let is_address = file.to_string_lossy().contains("://");
            if !is_address && disk::follow(file)?.is_none_or(|found| found.is_directory()) {
                return Err(environment::Error::NoRequirements(file.clone()).into());
            }
        }
        Ok(())
    }

    fn making(&self, downloads: Downloads) -> Making {
        Making {
            base_packages: if self.system_site_packages {
                Packages::Seen
            } else {
                Packages::Hidden
            },
            programs: if self.copies { Programs::Copies } else { Programs::Links },
            begin_with: if self.without_pip { BeginWith::Nothing } else { BeginWith::Pip },
            standing: if self.clear { Standing::Replace } else { Standing::Keep },
            downloads,
            ..Making::default()
        }
    }
}

/// Installs a version as `pyman install` does.
fn install_missing(context: &Context, version: &str) -> Result<Status, Error> {
    let mut install = Command::new(context.machine.executable()?);
    install.env("PYMAN_ROOT", context.root()).arg("install").arg(version).stdout(std::io::stderr());
    Ok(process::wait(&mut install)?.follow()?)
}

/// The line that activates it, to be pasted into the shell it is typed in.
fn activating(context: &Context, directory: &Path) -> Vec<u8> {
    let shell = context.machine.text("PYMAN_SHELL").or_else(|| context.machine.text("SHELL"));
    let is = |name: &str| shell.as_deref().is_some_and(|shell| shell.ends_with(name));
    let script = match () {
        () if is("fish") => "activate.fish",
        () if is("csh") => "activate.csh",
        () if is("nu") => "activate.nu",
        () => "activate",
    };
    let word = if is("/dash") || is("/sh") { "." } else { "source" };
    let path = layout::scripts(directory).join(script);
    [word.as_bytes(), b" ", &quote::plainly(world::bytes(&path), quote::posix)].concat()
}
