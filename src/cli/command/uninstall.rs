//! `pyman uninstall V…`: versions go, and with them what cannot be without them, after a question.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use pyman_shim::Request;

use crate::cli::context::Context;
use crate::cli::installing::{MirrorChoice, Site};
use crate::cli::run::{self, Run, Status};
use crate::cli::{asking, mend, rehash, report, standing};
use crate::error::Error;
use crate::fetch::Client;
use crate::install::Removal;
use crate::plugin::{self, Event};
use crate::world;

/// Remove versions of Python
#[derive(clap::Parser)]
pub(crate) struct Uninstall {
    /// Do not ask, and forgive what is not there
    #[arg(short, long, short_alias = 'y', alias = "yes")]
    force: bool,
    /// A version, a prefix (its newest installed), a link, an environment
    #[arg(required = true)]
    versions: Vec<OsString>,
}

impl Run for Uninstall {
    fn run(self, context: &Context) -> Result<Status, Error> {
        if self.versions.iter().any(|typed| typed.is_empty()) {
            return run::without_words(context, "uninstall");
        }
        let homes = standing::homes(context)?;
        let client = Client::default();
        let watch = context.watch()?;
        let site = Site::new(context, &client, &watch, MirrorChoice::default())?;
        let mut status = Status::SUCCESS;
        let mut removed = false;
        for typed in &self.versions {
            match self.one(context, &site, typed, &homes) {
                Ok(Gone::Yes) => removed = true,
                Ok(Gone::NothingThere) => {}
                Ok(Gone::Refused) => status = status.worst(Status::FAILURE),
                Err(error) => status = status.worst(report::report(&context.printer, &error)),
            }
        }
        if removed {
            mend::leftovers(context)?;
            rehash::now(context)?;
        }
        Ok(watch.interruption().unwrap_or(status))
    }
}

/// What became of one name.
enum Gone {
    Yes,
    NothingThere,
    Refused,
}

impl Uninstall {
    fn one(
        &self,
        context: &Context,
        site: &Site<'_>,
        typed: &OsStr,
        homes: &[PathBuf],
    ) -> Result<Gone, Error> {
        let Some(removal) = find(context, site, typed, homes)? else {
            // It may be gone because an earlier run was killed before its end.
            mend::mend(context)?;
            if self.force {
                return Ok(Gone::NothingThere);
            }
            let resolver = asking::resolver(context);
            return Err(asking::nothing_to_remove(&resolver, typed.as_encoded_bytes()));
        };
        let name = removal.name.to_string_lossy().into_owned();
        if !self.force {
            let broken = standing::broken(context, &removal)?;
            if !broken.is_empty() {
                context.printer.say(&format!("These environments stand on {name}:"));
                for environment in &broken {
                    context.printer.say(&format!("  {}", environment.display()));
                }
            }
            let question = format!("pyman: remove {}? (y/N)", removal.path.display());
            if !context.ask(&question)? {
                return Ok(Gone::Refused);
            }
        }
        site.remove(&removal)?;
        context.printer.line(format!("pyman: {name} uninstalled"))?;
        let prefix = removal.path.to_string_lossy();
        let told = [("version", name.as_str()), ("prefix", &prefix)];
        plugin::run(context.root(), Event::Uninstall, &told)?;
        Ok(Gone::Yes)
    }
}

/// What the name means: the entry of exactly that name, were it a dangling link, else the newest match.
fn find(
    context: &Context,
    site: &Site<'_>,
    typed: &OsStr,
    homes: &[PathBuf],
) -> Result<Option<Removal>, Error> {
    let bytes = typed.as_encoded_bytes();
    let inside = !bytes.is_empty() && pyman_shim::stays_inside(bytes);
    if inside && let Some(removal) = Removal::of(site.places(), typed, homes)? {
        return Ok(Some(removal));
    }
    let resolver = asking::resolver(context);
    let found = resolver.find(&Request::parse(bytes));
    asking::say_notes(context, &resolver);
    let Some(installation) = found else {
        return Ok(None);
    };
    let name = world::path(&installation.name);
    Ok(Removal::of(site.places(), name.as_os_str(), homes)?)
}
