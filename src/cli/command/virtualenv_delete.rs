//! `pyman virtualenv-delete NAME`: an environment goes, and the links to it.

use std::ffi::OsString;

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::disk;
use crate::error::Error;
use crate::fetch::Client;
use crate::install::{self, Removal};
use crate::operation::dependents;
use crate::operation::environments;
use crate::operation::lineage;
use crate::operation::rehash;
use crate::operation::site::{MirrorChoice, Site};
use crate::operation::uninstall;

/// Remove an environment
#[derive(clap::Parser)]
pub(crate) struct VirtualenvDelete {
    /// Do not ask, and forgive what is not there
    #[arg(short, long)]
    force: bool,
    /// The environment: `web`, or `3.12.1/envs/web`
    name: OsString,
}

/// What the name stands for.
enum Found {
    /// This environment.
    Environment(Removal),
    /// Nothing that could be removed, for this reason.
    Nothing(String),
    /// Something else, for this reason.
    Foreign(String),
}

impl Run for VirtualenvDelete {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let client = Client::default();
        let watch = context.watch()?;
        let site = Site::new(&context.ground, &client, &watch, MirrorChoice::default())?;
        // What a removal left that died when nothing else was left to do.
        for stage in site.places().stages()? {
            disk::sweep(&stage)?;
        }
        uninstall::leave_no_empty_envs(site.places())?;
        let removal = match self.find(context, &site)? {
            Found::Environment(removal) => removal,
            Found::Nothing(_) if self.force && !self.name.is_empty() => return Ok(Status::SUCCESS),
            Found::Nothing(reason) | Found::Foreign(reason) => {
                context.printer.say(&format!("pyman: {reason}"));
                return Ok(Status::FAILURE);
            }
        };
        let tree = removal.trees.first().unwrap_or(&removal.path);
        let question = format!("pyman: remove {}? (y/N)", tree.display());
        if !self.force && !context.ground.ask(&question)? {
            return Ok(Status::FAILURE);
        }
        uninstall::remove(&site, &removal)?;
        rehash::now(&context.ground)?;
        Ok(watch.interruption().unwrap_or(Status::SUCCESS))
    }
}

impl VirtualenvDelete {
    fn find(&self, context: &Context, site: &Site<'_>) -> Result<Found, Error> {
        let name = self.name.to_string_lossy();
        let bytes = self.name.as_encoded_bytes();
        let none = || Found::Nothing(format!("`{name}' is not a virtualenv."));
        if bytes.is_empty() || !pyman_shim::stays_inside(bytes) {
            return Ok(none());
        }
        let homes = dependents::homes(&context.ground)?;
        let mut removal = Removal::of(site.places(), &self.name, &homes)?;
        if removal.is_none() {
            removal = uninstall::begun(&context.ground, &self.name)?;
        }
        let Some(removal) = removal else {
            let Some((_, last)) = name.rsplit_once("/envs/") else {
                return Ok(none());
            };
            return Ok(Found::Nothing(format!("virtualenv `{last}' not installed")));
        };
        if removal.is_condas() {
            let prefix = disk::canonical(&removal.path)?.unwrap_or_default();
            if !prefix.parent().is_some_and(|folder| folder.ends_with("envs")) {
                return Ok(none());
            }
            return Err(install::Error::OfConda { name: self.name.clone(), prefix }.into());
        }
        if disk::look(&removal.path)?.is_some_and(|found| found.is_link()) {
            if !removal.trees.is_empty() {
                return Ok(Found::Environment(removal));
            }
            let target = disk::link_target(&removal.path)?.unwrap_or_default();
            if matches!(disk::follow(&removal.path), Ok(None))
                && environments::was_one(&context.ground, &target)
            {
                return Ok(Found::Environment(removal));
            }
            let link = removal.path.display();
            return Ok(Found::Foreign(format!("`{link}' is a symlink for unknown location.")));
        }
        if lineage::is_environment(&removal.path)? {
            return Ok(Found::Environment(removal));
        }
        Ok(none())
    }
}
