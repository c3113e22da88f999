//! Removing versions, and what cannot be without them, after a question.

use std::ffi::OsStr;
use std::path::PathBuf;

use pyman_shim::Request;

use crate::disk::{self, Kind};
use crate::environment::{self, Environment, Plot};
use crate::error::Error;
use crate::install::Removal;
use crate::inventory::{Folder, Places};
use crate::operation::site::Site;
use crate::operation::{Ground, dependents, environments, rehash, selection};
use crate::plugin::{self, Event};
use crate::world;

/// A version that is no more.
#[derive(Debug)]
pub(crate) struct Removed {
    /// What it was called.
    pub(crate) name: String,
    prefix: PathBuf,
}

impl Removed {
    /// What a removal removed.
    pub(crate) fn of(removal: &Removal) -> Self {
        let name = removal.name.to_string_lossy().into_owned();
        Self { name, prefix: removal.path.clone() }
    }

    /// Tells the plugins of it.
    pub(crate) fn tell(&self, ground: &Ground) -> Result<(), Error> {
        let prefix = self.prefix.to_string_lossy();
        let told = [("version", self.name.as_str()), ("prefix", &prefix)];
        Ok(plugin::run(ground.root(), Event::Uninstall, &told)?)
    }
}

/// What became of one name.
#[derive(Debug)]
pub(crate) enum Gone {
    /// It was removed.
    Yes(Removed),
    /// There is nothing of that name, which was forgiven.
    NothingThere,
    /// Whoever was asked said no.
    Refused,
}

/// Whether it is asked before, and whether what is not there is forgiven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Insistence {
    /// Ask; what is not there is an error.
    Ask,
    /// Ask nothing, forgive.
    Force,
}

/// Removes what was typed; `homes` is where environments of ours are. What else it leaves is for [`finish`].
pub(crate) fn uninstall(
    ground: &Ground,
    site: &Site<'_>,
    typed: &OsStr,
    homes: &[PathBuf],
    insistence: Insistence,
) -> Result<Gone, Error> {
    let Some(removal) = find(ground, site, typed, homes)? else {
        // It may be gone because an earlier run was killed before its end.
        rehash::mend(ground)?;
        leave_no_empty_envs(site.places())?;
        if insistence == Insistence::Force {
            return Ok(Gone::NothingThere);
        }
        let resolver = ground.resolver();
        return Err(selection::nothing_to_remove(&resolver, typed.as_encoded_bytes()));
    };
    let name = removal.name.to_string_lossy().into_owned();
    if insistence == Insistence::Ask {
        let broken = dependents::broken(ground, &removal)?;
        if !broken.is_empty() {
            ground.say(&format!("These environments stand on {name}:"));
            for environment in &broken {
                ground.say(&format!("  {}", environment.display()));
            }
        }
        let question = format!("pyman: remove {}? (y/N)", removal.path.display());
        if !ground.ask(&question)? {
            return Ok(Gone::Refused);
        }
    }
    remove(site, &removal)?;
    Ok(Gone::Yes(Removed::of(&removal)))
}

/// Removes what was decided on, for every command that does. An environment is marked before its links go, by which it is
/// found again should we die then.
pub(crate) fn remove(site: &Site<'_>, removal: &Removal) -> Result<(), Error> {
    match remove_marked(site, removal) {
        // What frees room needs a little for its marks.
        Err(error) if error.is_full() => {
            for tree in &removal.trees {
                environment::make_room(tree)?;
            }
            site.make_room()?;
            remove_marked(site, removal)
        }
        removed => removed,
    }
}

fn remove_marked(site: &Site<'_>, removal: &Removal) -> Result<(), Error> {
    if removal.trees.is_empty() {
        made_in_link(site, &removal.environments)?;
    }
    for tree in &removal.trees {
        // Another account's is refused below, whole: it is not to be marked as going before that.
        let theirs = disk::look(tree)?.is_some_and(|found| found.is_strangers());
        if !theirs && Environment::at(tree)?.is_some() {
            environment::begin_removal(&Plot::at(site.places(), tree)?)?;
        }
    }
    site.remove(removal)?;
    for tree in &removal.trees {
        environment::forget(site.places(), tree)?;
    }
    Ok(())
}

/// The environments that we made in a linked version go one by one, while its link is there: who dies over it finds those
/// that are left by the same command.
fn made_in_link(site: &Site<'_>, environments: &[PathBuf]) -> Result<(), Error> {
    let places = site.places();
    for environment in environments {
        let Ok(name) = environment.strip_prefix(places.versions()) else { continue };
        let own = std::slice::from_ref(environment);
        if let Some(inside) = Removal::of(places, name.as_os_str(), own)? {
            remove(site, &inside)?;
        }
    }
    Ok(())
}

/// The removal of the environment of this name that a run began which died when the links were gone.
pub(crate) fn begun(ground: &Ground, name: &OsStr) -> Result<Option<Removal>, Error> {
    let home = environments::workon_home(ground).ok();
    let left = environment::half_removed(&ground.places(), home.as_deref(), name)?;
    let left = left.filter(|tree| disk::is_directory(tree));
    Ok(left.map(|tree| Removal {
        name: name.to_owned(),
        path: tree.clone(),
        trees: vec![tree],
        links: Vec::new(),
        environments: Vec::new(),
    }))
}

/// Those directories go of which a removal that died took the last environment.
pub(crate) fn leave_no_empty_envs(places: &Places) -> Result<(), Error> {
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

/// After the last of several: the links and the shims of what is gone go.
pub(crate) fn finish(ground: &Ground) -> Result<(), Error> {
    rehash::leftovers(ground)?;
    rehash::now(ground)?;
    Ok(())
}

/// What the name means: the entry of exactly that name, were it a dangling link, else the newest match.
fn find(
    ground: &Ground,
    site: &Site<'_>,
    typed: &OsStr,
    homes: &[PathBuf],
) -> Result<Option<Removal>, Error> {
    let bytes = typed.as_encoded_bytes();
    let inside = !bytes.is_empty() && pyman_shim::stays_inside(bytes);
    if inside && let Some(removal) = Removal::of(site.places(), typed, homes)? {
        return Ok(Some(removal));
    }
    if inside && let Some(removal) = begun(ground, typed)? {
        return Ok(Some(removal));
    }
    let resolver = ground.resolver();
    let found = resolver.find(&Request::parse(bytes));
    selection::say_notes(ground, &resolver);
    let Some(installation) = found else {
        return Ok(None);
    };
    let name = world::path(&installation.name);
    Ok(Removal::of(site.places(), name.as_os_str(), homes)?)
}
