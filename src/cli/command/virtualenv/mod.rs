//! `pyman virtualenv [VERSION] NAME`: an environment where pyenv-virtualenv has it, `versions/VERSION/envs/NAME`,
//! with a link `versions/NAME`.

mod plan;

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::cli::{environments, help, process, rehash};
use crate::disk;
use crate::environment::{
    self, Base, BeginWith, Environment, Health, Link, Making, Order, Outcome, Packages, Programs,
    Standing, Work,
};
use crate::error::Error;
use crate::inventory::{self, Receipt};
use crate::plugin::{self, Event};

use plan::{Decision, Maker, Plan};

/// Make an environment of a version, to be selected and activated by its name
#[derive(clap::Parser)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub(crate) struct Virtualenv {
    /// The version (none: the selected one), and the name
    #[arg(value_name = "[VERSION] NAME")]
    words: Vec<OsString>,
    /// Do not ask when it is there already
    #[arg(short, long)]
    force: bool,
    /// Make one that is there fit for its version again: the same as `--force`
    #[arg(short, long)]
    upgrade: bool,
    /// Stand on this interpreter instead of the version's
    #[arg(short, long, value_name = "VERSION|PATH")]
    python: Option<OsString>,
    /// See the packages of the version too
    #[arg(long)]
    system_site_packages: bool,
    /// What shells show instead of the name; `.` is the name of this directory
    #[arg(long, value_name = "TEXT", value_parser = environments::one_line)]
    prompt: Option<String>,
    /// Copy the interpreter instead of linking it
    #[arg(long, visible_alias = "always-copy")]
    copies: bool,
    /// Begin with no package
    #[arg(long, visible_alias = "no-pip")]
    without_pip: bool,
    /// Make one that is there anew
    #[arg(long)]
    clear: bool,
    /// Say nothing
    #[arg(short, long)]
    quiet: bool,
    /// Print our version
    #[arg(long)]
    version: bool,
    /// Accepted: it is so anyway, or nothing is to be told
    #[arg(long, hide = true, aliases = ["no-setuptools", "no-wheel", "no-site-packages", "no-download", "symlinks"])]
    distribute: bool,
    /// Accepted: there is no more to tell
    #[arg(short, long, hide = true)]
    verbose: bool,
}

impl Run for Virtualenv {
    fn run(self, context: &Context) -> Result<Status, Error> {
        if self.version {
            return help::version(context);
        }
        let plan = match plan::decide(&self, context)? {
            Decision::Make(plan) => plan,
            Decision::Refuse(reason) => {
                context.printer.say(&format!("pyman: {reason}"));
                return Ok(Status::FAILURE);
            }
            Decision::Fail => return Ok(Status::FAILURE),
        };
        let unfinished = environment::is_unfinished(&plan.path, &Work::Making)?;
        if disk::is_directory(&plan.path.join("bin")) && !self.is_forced() && !unfinished {
            context.printer.say(&format!("pyman: {} already exists", plan.path.display()));
            if context.ask_person("continue with installation? (y/N)")? != Some(true) {
                return Ok(Status::FAILURE);
            }
        }
        let status = match &plan.maker {
            Maker::Ours(base) => {
                // Into what a newer pyman wrote, that one writes.
                if let Err(error @ inventory::Error::Newer { .. }) = Receipt::read(&base.prefix) {
                    return Err(error.into());
                }
                if let Some(tree) = plan.foreign()?.filter(|_| !self.quiet) {
                    let (path, tree) = (plan.path.display(), tree.display());
                    context
                        .printer
                        .say(&format!("pyman: {path} is made in {tree}, a linked version"));
                }
                self.make(context, &plan, base)?
            }
            Maker::Conda { program, python } => conda_create(program, &plan.path, python)?,
        };
        if status != Status::SUCCESS {
            return Ok(status);
        }
        self.conclude(context, &plan)?;
        Ok(status)
    }
}

impl Virtualenv {
    const fn is_forced(&self) -> bool {
        self.force || self.upgrade || self.clear
    }

    fn make(&self, context: &Context, plan: &Plan, base: &Base) -> Result<Status, Error> {
        let watch = context.watch()?;
        let places = context.places();
        let mut making = self.making();
        making.downloads = environments::downloads(context)?;
        making.prompt = environments::prompt(context, self.prompt.as_deref())?;
        let there = Environment::at(&plan.path)?;
        if there.is_some_and(|there| there.health() == Health::Broken) {
            making.standing = Standing::Replace;
        }
        let order = Order { goal: &plan.path, base, making: &making, places: &places };
        let outcome = environment::create(&order, &watch)?;
        let environment = Environment::open(&plan.path)?;
        environment::accompany(environment.layout(), base)?;
        environment::register(&places, &plan.path)?;
        if let (Outcome::Made, false) = (outcome, self.quiet) {
            let version = format!("{}{}", base.version, base.variant);
            context.printer.say(&format!("created {} ({version})", plan.path.display()));
        }
        Ok(watch.interruption().unwrap_or(Status::SUCCESS))
    }

    /// The link, the plugins, the shims.
    fn conclude(&self, context: &Context, plan: &Plan) -> Result<(), Error> {
        let places = context.places();
        if let Some(link) = &plan.link {
            let made = if self.is_forced() && disk::look(link)?.is_some_and(|found| found.is_link())
            {
                environment::link_over(&places, &plan.name, &plan.path)?
            } else {
                environment::link(&places, &plan.name, &plan.path)?
            };
            if made == Link::Taken {
                let name = plan.name.display();
                context
                    .printer
                    .say(&format!("hint: `{name}' stands for something else in `pyman versions'"));
            }
        }
        let name = plan.name.to_string_lossy();
        let prefix = plan.path.to_string_lossy();
        let version = match &plan.maker {
            Maker::Ours(base) => base.version.to_string(),
            Maker::Conda { python, .. } => python.clone(),
        };
        let told = [("name", &*name), ("prefix", &*prefix), ("version", &*version)];
        plugin::run(context.root(), Event::Virtualenv, &told)?;
        rehash::now(context)?;
        Ok(environment::finish(&plan.path)?)
    }

    fn making(&self) -> Making {
        Making {
            base_packages: if self.system_site_packages {
                Packages::Seen
            } else {
                Packages::Hidden
            },
            programs: if self.copies { Programs::Copies } else { Programs::Links },
            begin_with: if self.without_pip { BeginWith::Nothing } else { BeginWith::Pip },
            standing: if self.clear { Standing::Replace } else { Standing::Keep },
            ..Making::default()
        }
    }
}

/// conda's environments are conda's to make.
fn conda_create(program: &Path, path: &Path, python: &str) -> Result<Status, Error> {
    let mut command = Command::new(program);
    command.args(["create", "--yes", "--prefix"]).arg(path).arg(format!("python={python}"));
    Ok(process::wait(&mut command)?.follow()?)
}
