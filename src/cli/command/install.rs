//! `pyman install V…`: versions, archives and sources become installations.

use std::ffi::OsString;
use std::io::Read as _;
use std::path::PathBuf;

use clap::CommandFactory as _;
use pyman_shim::{Request, Variant, Wanted};

use crate::catalogue::{Options, Route};
use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::cli::{help, report};
use crate::error::Error;
use crate::fetch::{Address, Client, Sha256};
use crate::install::compile::Keep;
use crate::install::{Making, Prerequisites, Target};
use crate::operation::install::{self, FOR_PY, Plans};
use crate::operation::network::Network;
use crate::operation::planner::{IfInstalled, Planner, Terms, variant};
use crate::operation::site::{MirrorChoice, Site};
use crate::operation::typed::Typed;
use crate::operation::{available, doctor, network, pins, selection};
use crate::platform::{self, NotAPlatform};
use crate::progress::Silent;
use crate::world;

/// Install versions of Python
#[derive(clap::Parser)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub(crate) struct Install {
    /// A version, a prefix (its newest), a specifier, another family's release, an archive, a URL, a source directory
    versions: Vec<OsString>,
    /// List everything that could be installed, or as much of it as is asked for
    #[arg(short, long)]
    list: bool,
    /// Replace what is installed already
    #[arg(short, long)]
    force: bool,
    /// Leave what is installed already
    #[arg(short, long)]
    skip_existing: bool,
    /// The same as --force
    #[arg(long)]
    reinstall: bool,
    /// Ask these mirrors first: URLs, directories or preset names
    #[arg(long, value_name = "URL", value_delimiter = ',', help_heading = "From where")]
    mirror: Vec<Address>,
    /// Ask no host but the mirrors
    #[arg(long, help_heading = "From where")]
    only_mirror: bool,
    /// For another platform: a triple, or a part of one such as `musl`
    #[arg(long, help_heading = "From where")]
    platform: Option<String>,
    /// The digest that the archive has to have
    #[arg(long, value_name = "HEX", help_heading = "From where")]
    sha256: Option<Sha256>,
    /// Use nothing but what is on this machine
    #[arg(long, help_heading = "From where")]
    offline: bool,
    /// Allow plain http where no digest is known
    #[arg(long, help_heading = "From where")]
    insecure: bool,
    /// Lift the limits on an archive's size
    #[arg(long, help_heading = "From where")]
    trust: bool,
    /// Build from source and keep the source tree
    #[arg(short, long, help_heading = "How it is built")]
    keep: bool,
    /// Build from source with a patch read from stdin
    #[arg(short, long, help_heading = "How it is built")]
    patch: bool,
    /// Show what the compiler says
    #[arg(short, long, help_heading = "How it is built")]
    verbose: bool,
    /// Build with debugging checks, as V-debug
    #[arg(short = 'g', long, help_heading = "How it is built")]
    debug: bool,
    /// Build from source
    #[arg(long, conflicts_with = "prebuilt", help_heading = "How it is built")]
    build: bool,
    /// Never build from source
    #[arg(long, help_heading = "How it is built")]
    prebuilt: bool,
    /// default, freethreaded or debug
    #[arg(long, value_parser = variant, help_heading = "How it is built")]
    variant: Option<Variant>,
    /// Install the packages that a build needs first, where they are missing; as root
    #[arg(long, help_heading = "How it is built")]
    prerequisites: bool,
    /// Build with profile-guided and link-time optimisation
    #[arg(long, help_heading = "How it is built")]
    optimized: bool,
    /// Processes a build runs at once
    #[arg(short, long, value_name = "N", help_heading = "How it is built")]
    jobs: Option<usize>,
    /// With --list: as JSON
    #[arg(long, requires = "list", help_heading = "For scripts")]
    json: bool,
    /// Put the tree into this directory, and register nothing
    #[arg(long, value_name = "DIR", help_heading = "For scripts")]
    target: Option<PathBuf>,
    /// Return when the disk has it
    #[arg(long, help_heading = "For scripts")]
    sync: bool,
    /// Say what would be done
    #[arg(long, help_heading = "For scripts")]
    dry_run: bool,
    /// Print our version
    #[arg(long, help_heading = "For scripts")]
    version: bool,
}

impl Run for Install {
    fn run(mut self, context: &Context) -> Result<Status, Error> {
        if self.version {
            return help::version(context);
        }
        let network = Network { offline: self.offline, insecure: self.insecure };
        let client = network::client(&context.ground, network)?;
        if self.list {
            return list(context, &client, &self.versions, self.json);
        }
        if self.versions.is_empty() {
            self.versions = asked_by_file(context)?;
        }
        if self.versions.is_empty() {
            let usage = Self::command().bin_name("pyman install").render_usage();
            context.printer.say(&usage.to_string());
            return Ok(Status::FAILURE);
        }
        let typed = Typed::all(&context.ground, &self.versions)?;
        let terms = self.terms(context)?;
        let planner = Planner::new(&context.ground, &client, terms);
        let settled = install::settle(&context.ground, &planner, typed)?;
        let mut status = if settled.refused { Status::FAILURE } else { Status::SUCCESS };
        if settled.left.is_empty() {
            return Ok(status);
        }
        let watch = context.watch()?;
        let choice = MirrorChoice { first: self.mirror.clone(), only: self.only_mirror };
        let site = Site::new(&context.ground, &client, &watch, choice)?;
        let mut plans = Plans::of(&planner, &site, settled.left);
        if let Some(interrupted) = watch.interruption() {
            return Ok(interrupted);
        }
        status = status.worst(report::several(&context.printer, &plans.failures));
        let refused = |plans: &Plans| if plans.refused { Status::FAILURE } else { Status::SUCCESS };
        if self.dry_run {
            status = status.worst(refused(&plans));
            for plan in plans.plans() {
                let name = plan.name().map(|name| format!("{name}: ")).unwrap_or_default();
                context.printer.text(format!("{name}{plan}"))?;
            }
            return Ok(status);
        }
        let outcomes = plans.carry_out(&context.ground, &planner, &site)?;
        status = status.worst(refused(&plans));
        let unserved = plans.unserved(&outcomes);
        let for_py = context.machine.variable(FOR_PY).is_some();
        let first = outcomes.iter().find_map(|outcome| outcome.as_ref().ok());
        if let Some(first) = first.filter(|_| self.target.is_none() && !for_py) {
            pins::choose_first(&context.ground, &first.name)?;
            doctor::hint_at_path(&context.ground);
        }
        status = report::conclude(&context.printer, &watch, outcomes).worst(status);
        for request in unserved {
            if let [newest, ..] = planner.in_pools(request, &site)?.as_slice() {
                context.printer.talk(&format!(
                    "hint: the distribution's mirror has {newest}: run `pyman install {newest}'"
                ));
            }
        }
        Ok(status)
    }
}

impl Install {
    fn terms(&self, context: &Context) -> Result<Terms, Error> {
        let here = network::platform();
        let platform = match (&self.platform, here) {
            (None, here) => here,
            (Some(text), Some(here)) => Some(platform::read(text, here).map_err(not_understood)?),
            (Some(text), None) => Some(text.parse().map_err(not_understood)?),
        };
        let from_source = self.build || self.keep || self.patch || self.debug || self.optimized;
        let route = match (from_source, self.prebuilt) {
            (true, _) => Route::OnlySource,
            (false, true) => Route::OnlyPrebuilt,
            (false, false) => Route::PrebuiltFirst,
        };
        let variant = if self.debug { Some(Variant::Debug) } else { self.variant };
        let existing = match (self.force || self.reinstall, self.skip_existing) {
            (true, _) => IfInstalled::Replace,
            (false, true) => IfInstalled::Skip,
            (false, false) => IfInstalled::Ask,
        };
        let target = match &self.target {
            Some(directory) => Target::Directory(context.machine.absolute(directory)?),
            None => Target::Version,
        };
        Ok(Terms {
            options: Options { platform, route, variant },
            existing,
            target,
            making: self.making()?,
            sha256: self.sha256,
            trust: self.trust,
            sync: self.sync,
        })
    }

    fn making(&self) -> Result<Making, Error> {
        let mut patch = None;
        if self.patch {
            let mut text = Vec::new();
            std::io::stdin().lock().read_to_end(&mut text)?;
            patch = Some(text).filter(|text| !text.is_empty());
        }
        Ok(Making {
            optimized: self.optimized,
            debug: self.debug,
            patch,
            keep: if self.keep { Keep::Yes } else { Keep::No },
            prerequisites: if self.prerequisites {
                Prerequisites::Installed
            } else {
                Prerequisites::Named
            },
            verbose: self.verbose,
            jobs: self.jobs,
        })
    }
}

/// Everything that could be installed, as pyenv lists it; of that only what is meant by a word, if there is one.
fn list(
    context: &Context,
    client: &Client,
    asked: &[OsString],
    json: bool,
) -> Result<Status, Error> {
    let catalogue = network::catalogue(&context.ground, client, &Silent)?;
    let platform = network::platform();
    let mut names = catalogue.names(platform);
    let mut meant = available::meant(&catalogue, platform, &names, asked)?.into_iter();
    names.retain(|_| meant.next().unwrap_or_default());
    if json {
        context.printer.json(&serde_json::json!({ "versions": names }))?;
        return Ok(Status::SUCCESS);
    }
    let mut text = String::from("Available versions:\n");
    for name in names {
        text.extend(["  ", &name, "\n"]);
    }
    context.printer.out(text)?;
    Ok(Status::SUCCESS)
}

/// The versions that the nearest `.python-version` asks for.
fn asked_by_file(context: &Context) -> Result<Vec<OsString>, Error> {
    let resolver = context.ground.resolver();
    let local = resolver.local();
    selection::say_notes(&context.ground, &resolver);
    let entries = local?.map(|selection| selection.entries).unwrap_or_default();
    let text = |request: &Request| world::path(request.text()).as_os_str().to_owned();
    Ok(entries.iter().filter(|one| *one.wanted() != Wanted::System).map(text).collect())
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn not_understood(error: NotAPlatform) -> Error {
    Error::NotUnderstood(error.to_string())
}
