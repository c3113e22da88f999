//! Environments that stand on an installation: which they are, and carrying them to the next patch.

use std::path::{Path, PathBuf};

use pyman_shim::Installation;

use crate::environment::{self, Asking, Base, Environment, Followed, Links, Move, Plot};
use crate::error::Error;
use crate::install::Removal;
use crate::inventory::{Inventory, Places, tag};
use crate::operation::Ground;
use crate::operation::environments;
use crate::progress::Progress;
use crate::world;

/// Where environments of ours are: the named ones' directory, and each that was made in the tree of a version.
pub(crate) fn homes(ground: &Ground) -> Result<Vec<PathBuf>, Error> {
    let places = ground.places();
    let mut homes = environment::registered(&places)?;
    homes.retain(|directory| {
        directory.starts_with(places.versions()) && Plot::at(&places, directory).is_ok()
    });
    homes.extend(environments::workon_home(ground));
    Ok(homes)
}

/// The environments that a removal would break: those inside what goes, and those made from it, but for those
/// that stand on its minor when another patch of that is left.
pub(crate) fn broken(ground: &Ground, removal: &Removal) -> Result<Vec<PathBuf>, Error> {
    let places = ground.places();
    let home = environments::workon_home(ground).ok();
    let mut broken = removal.environments.clone();
    // Of a link what stands on it by its name.
    let link = removal.trees.is_empty().then_some(&removal.path);
    for tree in removal.trees.iter().chain(link) {
        let carried = has_sibling(&places, tree)?;
        for environment in environment::standing_on(&places, home.as_deref(), tree)? {
            let safe = carried && follows_minor(&environment, &places);
            if !safe && !broken.contains(&environment.directory) {
                broken.push(environment.directory);
            }
        }
    }
    broken.retain(|environment| !removal.trees.contains(environment));
    Ok(broken)
}

/// The environments on the installation at `prefix`; to be asked for before its minor's link moves on.
pub(crate) fn on(ground: &Ground, prefix: &Path) -> Result<Vec<Environment>, Error> {
    let places = ground.places();
    let home = environments::workon_home(ground).ok();
    Ok(environment::standing_on(&places, home.as_deref(), prefix)?)
}

/// Puts the environments on `installation`, those inside the tree at `former` into the new one's `envs/`.
pub(crate) fn carry(
    ground: &Ground,
    found: &[Environment],
    former: &Path,
    installation: &Installation,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let places = ground.places();
    let identity = ground.resolver().identity(installation);
    let prefix = world::path(&installation.directory).into_owned();
    for environment in found {
        let minor = follows_minor(environment, &places);
        let followed = if minor { Followed::Minor } else { Followed::Patch };
        let asking = Asking { places: &places, progress };
        let base = Base::of_installation(&asking, installation, identity.as_ref(), followed)?;
        let plot = match Plot::at(&places, &environment.directory) {
            // What is behind a link is not ours to change.
            Err(error) if error.is_linked() => {
                progress.note(&format!("{} stays: {error}", environment.directory.display()));
                continue;
            }
            judged => judged?,
        };
        if !environment.directory.starts_with(former) {
            environment::stand_on(&plot, &base)?;
            continue;
        }
        // A process died over it when it stood in its new place already, and removed it where it stood.
        if environment::settle(&plot, progress)? && plot.environment()?.is_none() {
            continue;
        }
        let goal = Plot::at(&places, &prefix.join("envs").join(environment.name()))?;
        let way = Move { from: &plot, to: &goal, base: Some(&base), links: Links::Follow };
        environment::relocate(&places, &way, progress)?;
        environment::finish(&goal)?;
    }
    finish_moves(&places, &prefix)
}

/// Takes the marks from the environments in a version that were carried there by a process that died over the last step.
fn finish_moves(places: &Places, prefix: &Path) -> Result<(), Error> {
    for environment in environment::within(&prefix.join("envs"))? {
        let plot = Plot::at(places, &environment)?;
        if environment::moved_from(places, &plot)?.is_some() {
            environment::finish(&plot)?;
        }
    }
    Ok(())
}

fn follows_minor(environment: &Environment, places: &Places) -> bool {
    environment.home().is_some_and(|home| home.starts_with(places.minor()))
}

/// Whether another patch of the same minor and variant is installed.
fn has_sibling(places: &Places, tree: &Path) -> Result<bool, Error> {
    let Some((version, variant)) = tree.file_name().and_then(tag) else {
        return Ok(false);
    };
    let minor = (version.major, version.minor);
    let inventory = Inventory::read(places)?;
    let mut others = inventory.iter().filter(|one| one.path != tree && one.is_usable());
    Ok(others.any(|one| {
        one.tag().is_some_and(|(its, kind)| (its.major, its.minor) == minor && kind == variant)
    }))
}
