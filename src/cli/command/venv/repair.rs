//! `pyman venv repair NAME`: an environment that was moved by hand, or lost its base, runs again.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use crate::cli::context::Context;
use crate::cli::foreground;
use crate::cli::progress::Watch;
use crate::cli::run::Status;
use crate::disk;
use crate::environment::{
    self, Base, BeginWith, Environment, Health, Making, Order, Packages, Plot, Remade,
};
use crate::error::Error;
use crate::operation::base;
use crate::operation::doctor;
use crate::operation::environments;
use crate::progress::Progress;

/// Make an environment run again
#[derive(clap::Args)]
pub(crate) struct Repair {
    /// The environment, by name or path
    #[arg(value_name = "NAME|PATH")]
    place: OsString,
    /// The version it is to stand on; none: the one it stood on
    #[arg(short, long, value_name = "VERSION|PATH")]
    python: Option<OsString>,
}

impl Repair {
    pub(super) fn run(self, context: &Context, watch: &Watch) -> Result<Status, Error> {
        let plot = environments::plot(&context.ground, &self.place)?;
        // One that a process died over while it made it anew is put where it belongs first.
        environment::settle(&plot, watch)?;
        let environment = plot.inhabited()?;
        let base = self.base(context, &environment, watch)?;
        if let Some(base) = &base
            && environment.minor().is_none_or(|minor| minor != base.minor())
        {
            return recreate(context, &plot, base, watch);
        }
        let mended = environment::mend(&plot, base.as_ref(), watch)?;
        let (goal, named) = environments::new_plot(&context.ground, Some(&self.place))?;
        if named.path() == plot.path() {
            // The link of the name it had before leads nowhere.
            environments::enrol(&context.ground, &goal, named.path())?;
        } else {
            environment::register(&context.places(), &environment.directory)?;
        }
        environment::lead_again(&context.places(), &environment.directory)?;
        environment::finish(&plot)?;
        let place = environment.directory.display();
        if mended.moved {
            context.printer.done(format!("{place} names its new place"))?;
        }
        if let Some(base) = &base {
            let home = base.home.display();
            context.printer.done(format!("{place} stands on {} ({home})", base.version))?;
        }
        if !mended.moved && !mended.linked {
            context.printer.done(format!("{place} is well"))?;
        }
        doctor::say_missing_libraries(&context.ground, &environment.directory)?;
        Ok(Status::SUCCESS)
    }

    /// What it is to stand on; none when what it stands on is there and nothing else was asked for.
    fn base(
        &self,
        context: &Context,
        environment: &Environment,
        progress: &dyn Progress,
    ) -> Result<Option<Base>, Error> {
        if let Some(request) = &self.python {
            return base::choose(&context.ground, Some(request), progress).map(Some);
        }
        if environment.health() == Health::Sound && !is_newer(environment) {
            return Ok(None);
        }
        // Its own home first: a Python that was upgraded in place still stands there.
        let places = context.places();
        if let Some(home) = environment.home()
            && let Ok(base) = Base::at(&places, &home, progress)
            && environment.minor().is_some_and(|minor| minor == base.minor())
        {
            return Ok(Some(base));
        }
        let minor = environment.minor().unwrap_or_default();
        // The same patch, where the root stands elsewhere now.
        let named = environment.home().as_deref().and_then(version_of);
        let named = named.filter(|name| disk::is_directory(&places.version(name)));
        if let Some(name) = named
            && let Ok(base) = base::choose(&context.ground, Some(&name), progress)
            && base.minor() == minor
        {
            return Ok(Some(base));
        }
        base::choose(&context.ground, Some(OsStr::new(&minor)), progress).map(Some)
    }
}

/// `3.12.1` of `…/versions/3.12.1/bin`.
fn version_of(home: &Path) -> Option<OsString> {
    let tree = home.parent()?;
    tree.parent()?.ends_with("versions").then(|| tree.file_name().map(OsStr::to_owned))?
}

/// Whether what `bin/python` leads to is no longer where `pyvenv.cfg` says.
fn is_newer(environment: &Environment) -> bool {
    let named = environment.config.value("executable");
    named.is_some_and(|named| !disk::executable(Path::new(named)))
}

/// Another X.Y: a new environment with the same packages takes the place of the old one.
fn recreate(context: &Context, plot: &Plot, base: &Base, watch: &Watch) -> Result<Status, Error> {
    let old = plot.inhabited()?;
    let listed = environment::listed(&old)?;
    let places = context.places();
    // One that had no pip needs none, unless its packages are to be installed.
    let has_pip = disk::is_directory(&old.layout().site_packages().join("pip"));
    let begin_with =
        if has_pip || !listed.is_empty() { BeginWith::Pip } else { BeginWith::Nothing };
    let making = Making {
        base_packages: if old.config.system_site_packages() {
            Packages::Seen
        } else {
            Packages::Hidden
        },
        prompt: old.config.prompt().map(std::borrow::Cow::into_owned),
        begin_with,
        downloads: environments::downloads(&context.ground)?,
        ..Making::default()
    };
    let order = Order { goal: plot, base, making: &making, places: &places };
    let remade = Remade::begin(&order, watch)?;
    if !listed.is_empty() {
        let wanted: Vec<OsString> = listed.iter().map(|one| one.pinned().into()).collect();
        let status = foreground::install_packages(context, &remade.environment()?, &[], &wanted)?;
        if status != Status::SUCCESS {
            return Ok(status);
        }
    }
    remade.take_place(&order)?;
    let place = old.directory.display();
    context.printer.done(format!("{place} was made anew for {}", base.version))?;
    Ok(Status::SUCCESS)
}
