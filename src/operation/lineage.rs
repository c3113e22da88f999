//! What an entry of `versions/` that is an environment was made from.

use std::path::{Path, PathBuf};

use pyman_shim::Installation;

use crate::disk;
use crate::environment::Environment;
use crate::error::Error;
use crate::operation::Ground;
use crate::world::{self, Machine};

/// Where an environment comes from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Lineage {
    /// This installation.
    Base(PathBuf),
    /// It is no environment, or what it was made from is gone.
    None,
    /// There is not even an interpreter.
    NoPython,
}

/// The directory of the installation that `directory` was made from.
pub(crate) fn of(ground: &Ground, directory: &Path) -> Result<Lineage, Error> {
    if !disk::executable(&directory.join("bin/python")) {
        return Ok(Lineage::NoPython);
    }
    let base = match conda(directory)? {
        Some(base) => Some(base),
        None => base(ground, directory)?,
    };
    Ok(base.filter(|base| disk::is_directory(base)).map_or(Lineage::None, Lineage::Base))
}

/// Whether `pyman virtualenvs` lists it: an environment, or a link, as most of those lead to one.
pub(crate) fn is_listed(found: &Installation) -> Result<bool, Error> {
    let directory = world::path(&found.directory);
    Ok(disk::look(&directory)?.is_some_and(|entry| entry.is_link()) || stands_for_one(found)?)
}

/// Whether it is an environment, or a link to one.
pub(crate) fn stands_for_one(found: &Installation) -> Result<bool, Error> {
    Ok(found.name.contains(&b'/') || is_environment(&world::path(&found.directory))?)
}

/// Whether an entry of `versions/` is an environment, conda's first one among them.
pub(crate) fn is_environment(directory: &Path) -> Result<bool, Error> {
    Ok(Environment::at(directory)?.is_some() || is_conda(directory)?)
}

fn is_conda(directory: &Path) -> Result<bool, Error> {
    let is = pyman_shim::environment::is_conda(&Machine, world::bytes(directory));
    Ok(is.map_err(|fault| std::io::Error::from_raw_os_error(fault.0))?)
}

/// conda's first environment is its own base; the others stand in its `envs/`.
fn conda(directory: &Path) -> Result<Option<PathBuf>, Error> {
    if !is_conda(directory)? {
        return Ok(None);
    }
    if disk::is_file(&directory.join("bin/conda")) {
        return Ok(Some(directory.to_owned()));
    }
    let real = disk::canonical(directory)?;
    Ok(real.and_then(|real| real.parent()?.parent().map(Path::to_owned)))
}

/// As `pyvenv.cfg` has it; `minor/3.12` is the installation it leads to.
fn base(ground: &Ground, directory: &Path) -> Result<Option<PathBuf>, Error> {
    let home = Environment::at(directory)?.and_then(|environment| environment.home());
    let Some(prefix) = home.as_deref().and_then(Path::parent) else {
        return Ok(None);
    };
    let places = ground.places();
    if prefix.parent() != Some(&places.minor()) {
        return Ok(Some(prefix.to_owned()));
    }
    let target = disk::link_target(prefix)?;
    Ok(target.and_then(|target| Some(places.version(target.file_name()?))))
}
