//! What an entry of `versions/` that is an environment was made from.

use std::path::{Path, PathBuf};

use pyman_shim::Installation;

use crate::cli::activation;
use crate::cli::context::Context;
use crate::environment::Environment;
use crate::error::Error;
use crate::world;

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
pub(crate) fn of(context: &Context, directory: &Path) -> Result<Lineage, Error> {
    if !world::executable(&directory.join("bin/python")) {
        return Ok(Lineage::NoPython);
    }
    let base = match conda(directory) {
        Some(base) => Some(base),
        None => base(context, directory)?,
    };
    Ok(base.filter(|base| base.is_dir()).map_or(Lineage::None, Lineage::Base))
}

/// Whether `pyman virtualenvs` lists it: an environment, or a link, as most of those lead to one.
pub(crate) fn is_listed(found: &Installation) -> Result<bool, Error> {
    let directory = world::path(&found.directory);
    Ok(found.name.contains(&b'/') || directory.is_symlink() || is_environment(&directory)?)
}

/// Whether an entry of `versions/` is an environment.
pub(crate) fn is_environment(directory: &Path) -> Result<bool, Error> {
    Ok(directory.join("bin/activate").is_file() || Environment::at(directory)?.is_some())
}

/// conda's first environment is its own base; the others stand in its `envs/`.
fn conda(directory: &Path) -> Option<PathBuf> {
    if !activation::is_conda(directory) {
        return None;
    }
    if directory.join("bin/conda").is_file() {
        return Some(directory.to_owned());
    }
    fs_err::canonicalize(directory).ok()?.parent()?.parent().map(Path::to_owned)
}

/// As `pyvenv.cfg` has it; `minor/3.12` is the installation it leads to.
fn base(context: &Context, directory: &Path) -> Result<Option<PathBuf>, Error> {
    let home = Environment::at(directory)?.and_then(|environment| environment.home());
    let Some(prefix) = home.as_deref().and_then(Path::parent) else {
        return Ok(None);
    };
    let places = context.places();
    if prefix.parent() != Some(&places.minor()) {
        return Ok(Some(prefix.to_owned()));
    }
    let target = world::link_target(prefix)?;
    Ok(target.and_then(|target| Some(places.version(target.file_name()?))))
}
