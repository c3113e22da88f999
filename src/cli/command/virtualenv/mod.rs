//! `pyman virtualenv [VERSION] NAME`: an environment where pyenv-virtualenv has it, `versions/VERSION/envs/NAME`,
//! with a link `versions/NAME`.

mod plan;

use std::path::Path;
use std::process::Command;

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::cli::{help, process};
use crate::disk;
use crate::environment::{
    self, Base, BeginWith, Health, Link, Making, Order, Outcome, Packages, Plot, Programs,
    Standing, Work,
};
use crate::error::Error;
use crate::inventory::{self, Receipt};
use crate::operation::{environments, rehash};
use crate::plugin::{self, Event};
use crate::world::layout;

pub(crate) use plan::Virtualenv;
use plan::{Decision, Maker, Plan};

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
        let plot = Plot::at(&context.places(), &plan.path)?;
        if plan.link.is_some() && self.is_forced() {
            environment::refuse_anothers_link(&context.places(), &plan.name)?;
        }
        let unfinished = environment::is_unfinished(&plan.path, &Work::Making)?;
        if disk::is_directory(&layout::scripts(&plan.path)) && !self.is_forced() && !unfinished {
            context.printer.say(&format!("pyman: {} already exists", plan.path.display()));
            if context.ground.ask_person("continue with installation? (y/N)")? != Some(true) {
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
                        .talk(&format!("pyman: {path} is made in {tree}, a linked version"));
                }
                self.make(context, &plot, base)?
            }
            Maker::Conda { program, python } => conda_create(program, &plan.path, python)?,
        };
        if status != Status::SUCCESS {
            return Ok(status);
        }
        self.conclude(context, &plan, &plot)?;
        Ok(status)
    }
}

impl Virtualenv {
    const fn is_forced(&self) -> bool {
        self.force || self.upgrade || self.clear
    }

    fn make(&self, context: &Context, plot: &Plot, base: &Base) -> Result<Status, Error> {
        let watch = context.watch()?;
        let places = context.places();
        let mut making = self.making();
        making.downloads = environments::downloads(&context.ground)?;
        making.prompt = environments::prompt(&context.ground, self.prompt.as_deref())?;
        let there = plot.environment()?;
        if there.is_some_and(|there| there.health() == Health::Broken) {
            making.standing = Standing::Replace;
        }
        let order = Order { goal: plot, base, making: &making, places: &places };
        let outcome = environment::create(&order, &watch)?;
        let environment = plot.inhabited()?;
        environment::accompany(environment.layout(), base)?;
        environment::register(&places, plot.path())?;
        if let (Outcome::Made, false) = (outcome, self.quiet) {
            let version = format!("{}{}", base.version, base.variant);
            context.printer.talk(&format!("created {} ({version})", plot.path().display()));
        }
        Ok(watch.interruption().unwrap_or(Status::SUCCESS))
    }

    /// The link, the plugins, the shims.
    fn conclude(&self, context: &Context, plan: &Plan, plot: &Plot) -> Result<(), Error> {
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
                    .talk(&format!("hint: `{name}' stands for something else in `pyman versions'"));
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
        rehash::now(&context.ground)?;
        Ok(environment::finish(plot)?)
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
