//! `pyman virtualenv-delete NAME`: an environment goes, and the links to it.

use std::ffi::OsString;

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::disk::{self, Kind};
use crate::environment::{self, Environment};
use crate::error::Error;
use crate::fetch::Client;
use crate::install::{self, Removal};
use crate::inventory::{Folder, Places};
use crate::operation::dependents;
use crate::operation::lineage;
use crate::operation::rehash;
use crate::operation::site::{MirrorChoice, Site};

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
        leave_no_empty_envs(site.places())?;
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
        for tree in &removal.trees {
            // Found again by this, should we die when its links are gone.
            if Environment::at(tree)?.is_some() {
                environment::begin_removal(tree)?;
            }
        }
        site.remove(&removal)?;
        for tree in &removal.trees {
            environment::forget(site.places(), tree)?;
        }
        rehash::now(&context.ground)?;
        Ok(watch.interruption().unwrap_or(Status::SUCCESS))
    }
}

/// Those directories go of which a removal that died took the last environment.
fn leave_no_empty_envs(places: &Places) -> Result<(), Error> {
    let Some(versions) = places.open(Folder::Versions)? else { return Ok(()) };
    for entry in versions.entries()?.into_iter().filter(|entry| entry.kind == Kind::Directory) {
        let writable = disk::writable(&versions.join(&entry.name));
        if writable
            && let Some(version) = versions.below(&entry.name)?
            && version.has_directory("envs")?
        {
            version.remove_empty("envs")?;
        }
    }
    Ok(())
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
        if removal.is_none()
            && let Some(tree) = environment::half_removed(site.places(), &homes, &self.name)?
        {
            removal = Some(Removal {
                name: self.name.clone(),
                path: tree.clone(),
                trees: vec![tree],
                links: Vec::new(),
                environments: Vec::new(),
            });
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
            let link = removal.path.display();
            return Ok(Found::Foreign(format!("`{link}' is a symlink for unknown location.")));
        }
        if lineage::is_environment(&removal.path)? {
            return Ok(Found::Environment(removal));
        }
        Ok(none())
    }
}
