//! `pyman install V…`: versions, archives and sources become installations.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::Read as _;
use std::mem;
use std::path::PathBuf;

use clap::CommandFactory as _;
use pyman_shim::{Name, Request, Variant, Wanted};

use crate::catalogue::{Options, Route};
use crate::cli::context::Context;
use crate::cli::installing::{MirrorChoice, Site};
use crate::cli::planning::{IfInstalled, Planned, Planner, Terms, variant};
use crate::cli::run::{Run, Status};
use crate::cli::supply::Network;
use crate::cli::wish::Wish;
use crate::cli::{asking, help, mend, report, supply, vouching};
use crate::error::Error;
use crate::fetch::{Client, Sha256};
use crate::install::compile::Keep;
use crate::install::{self, Making, Plan, Prerequisites, Target};
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
    /// Build from source and keep the source tree
    #[arg(short, long)]
    keep: bool,
    /// Build from source with a patch read from stdin
    #[arg(short, long)]
    patch: bool,
    /// Show what the compiler says
    #[arg(short, long)]
    verbose: bool,
    /// Build with debugging checks, as V-debug
    #[arg(short = 'g', long)]
    debug: bool,
    /// Build from source
    #[arg(long, conflicts_with = "prebuilt")]
    build: bool,
    /// Never build from source
    #[arg(long)]
    prebuilt: bool,
    /// default, freethreaded or debug
    #[arg(long, value_parser = variant)]
    variant: Option<Variant>,
    /// Ask these mirrors first: URLs, directories or preset names
    #[arg(long, value_name = "URL", value_delimiter = ',')]
    mirror: Vec<String>,
    /// Ask no host but the mirrors
    #[arg(long)]
    only_mirror: bool,
    /// For another platform: a triple, or a part of one such as `musl`
    #[arg(long)]
    platform: Option<String>,
    /// The digest that the archive has to have
    #[arg(long, value_name = "HEX")]
    sha256: Option<Sha256>,
    /// Install the packages that a build needs first, where they are missing; as root
    #[arg(long)]
    prerequisites: bool,
    /// Build with profile-guided and link-time optimisation
    #[arg(long)]
    optimized: bool,
    /// Put the tree into this directory, and register nothing
    #[arg(long, value_name = "DIR")]
    target: Option<PathBuf>,
    /// Use nothing but what is on this machine
    #[arg(long)]
    offline: bool,
    /// Allow plain http where no digest is known
    #[arg(long)]
    insecure: bool,
    /// Return when the disk has it
    #[arg(long)]
    sync: bool,
    /// Say what would be done
    #[arg(long)]
    dry_run: bool,
    /// Lift the limits on an archive's size
    #[arg(long)]
    trust: bool,
    /// Print our version
    #[arg(long)]
    version: bool,
    /// Processes a build runs at once
    #[arg(short, long, value_name = "N")]
    jobs: Option<usize>,
}

impl Run for Install {
    fn run(mut self, context: &Context) -> Result<Status, Error> {
        if self.version {
            return help::version(context);
        }
        let network = Network { offline: self.offline, insecure: self.insecure };
        let client = supply::client(context, network)?;
        if self.list {
            return list(context, &client, &self.versions);
        }
        if self.versions.is_empty() {
            self.versions = asked_by_file(context)?;
        }
        if self.versions.is_empty() {
            let usage = Self::command().bin_name("pyman install").render_usage();
            context.printer.say(&usage.to_string());
            return Ok(Status::FAILURE);
        }
        let wishes = Wish::all(context, &self.versions)?;
        let terms = self.terms(context)?;
        let planner = Planner::new(context, &client, terms);
        let (wishes, mut status) = unsettled(&planner, wishes)?;
        if wishes.is_empty() {
            // It may be there because an earlier run was killed before its end.
            mend::mend(context)?;
            return Ok(status);
        }
        let watch = context.watch()?;
        let choice = MirrorChoice { first: self.mirror.clone(), only: self.only_mirror };
        let site = Site::new(context, &client, &watch, choice)?;
        let mut plans: Vec<Plan> = Vec::new();
        let mut requests: Vec<Option<Request>> = Vec::new();
        let mut seen = BTreeSet::new();
        for wish in wishes {
            let request = wish.request().cloned();
            match planner.plan(wish, &site) {
                Ok(Planned::Do(plan)) => {
                    if plan.name().is_none_or(|name| seen.insert(name)) {
                        plans.push(*plan);
                        requests.push(request);
                    }
                }
                Ok(Planned::Leave) => {}
                Ok(Planned::Refused) => status = status.worst(Status::FAILURE),
                Err(error) => status = status.worst(report::report(&context.printer, &error)),
            }
        }
        if self.dry_run {
            for plan in &plans {
                let name = plan.name().map(|name| format!("{name}: ")).unwrap_or_default();
                context.printer.text(format!("{name}{plan}"))?;
            }
            return Ok(status);
        }
        let mut results = site.carry_out(&plans)?;
        vouching::keep(context, |file| planner.is_vouched_for(file), &plans, &results)?;
        for ((result, plan), request) in results.iter_mut().zip(&plans).zip(&requests) {
            if let (Err(error), Some(request)) = (&*result, request)
                && error.is_of_the_network()
            {
                let (first, offline) = (plan.name().unwrap_or_default(), error.is_offline());
                if let Some(plan) = planner.second_choice(request, &first, &site)? {
                    if let Some(name) = plan.name().filter(|_| !offline) {
                        site.say(&format!("no host serves {first}: building {name} from source"));
                    }
                    let first = mem::replace(result, site.carry_out(&[plan])?.remove(0));
                    if let (Err(error), Err(first)) = (result, first) {
                        error.comes_after(first);
                    }
                }
            }
        }
        let unserved: Vec<&Request> = results
            .iter()
            .zip(&requests)
            .filter(|(result, _)| result.as_ref().is_err_and(install::Error::is_of_the_network))
            .filter_map(|(_, request)| request.as_ref())
            .collect();
        status = site.conclude(results).worst(status);
        for request in unserved {
            if let [newest, ..] = planner.in_pools(request, &site)?.as_slice() {
                context.printer.say(&format!(
                    "hint: the distribution's mirror has {newest}: run `pyman install {newest}'"
                ));
            }
        }
        Ok(status)
    }
}

impl Install {
    fn terms(&self, context: &Context) -> Result<Terms, Error> {
        let here = supply::platform();
        let platform = match (&self.platform, here) {
            (None, here) => here,
            (Some(text), Some(here)) => Some(platform::wish(text, here).map_err(not_understood)?),
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

/// The wishes that the catalogue is needed for, and how it stands with the others.
fn unsettled(planner: &Planner<'_>, wishes: Vec<Wish>) -> Result<(Vec<Wish>, Status), Error> {
    let mut left = Vec::new();
    let mut status = Status::SUCCESS;
    for wish in wishes {
        match planner.at_once(&wish)? {
            None => left.push(wish),
            Some(Planned::Leave | Planned::Do(_)) => {}
            Some(Planned::Refused) => status = Status::FAILURE,
        }
    }
    Ok((left, status))
}

/// Everything that could be installed, as pyenv lists it; of that only what is meant by a word, if there is one.
fn list(context: &Context, client: &Client, asked: &[OsString]) -> Result<Status, Error> {
    let catalogue = supply::catalogue(context, client, &Silent)?;
    let platform = supply::platform();
    let asked: Vec<Request> =
        asked.iter().map(|word| Request::parse(word.as_encoded_bytes())).collect();
    let names = catalogue.names(platform);
    let means = |name: &str, asked: &Request| asked.matches(&Name::parse(name.as_bytes()));
    for one in asked.iter().filter(|one| !names.iter().any(|name| means(name, one))) {
        let options = Options { platform, route: Route::PrebuiltFirst, variant: None };
        catalogue.answer(one, &options)?;
    }
    let mut text = String::from("Available versions:\n");
    for name in names {
        if asked.is_empty() || asked.iter().any(|one| means(&name, one)) {
            text.extend(["  ", &name, "\n"]);
        }
    }
    context.printer.out(text)?;
    Ok(Status::SUCCESS)
}

/// The versions that the nearest `.python-version` asks for.
fn asked_by_file(context: &Context) -> Result<Vec<OsString>, Error> {
    let resolver = asking::resolver(context);
    let local = resolver.local();
    asking::say_notes(context, &resolver);
    let entries = local?.map(|selection| selection.entries).unwrap_or_default();
    let text = |request: &Request| world::path(request.text()).as_os_str().to_owned();
    Ok(entries.iter().filter(|one| *one.wanted() != Wanted::System).map(text).collect())
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn not_understood(error: NotAPlatform) -> Error {
    Error::NotUnderstood(error.to_string())
}
