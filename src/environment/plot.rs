//! Where an environment stands or is to stand, judged: what makes, changes, moves or removes one is given its plot.
//!
//! There is one check for all of them, and nothing but it makes a [`Plot`], so that no command can do without.

use std::path::{Path, PathBuf};

use super::{Environment, Error};
use crate::disk::{self, Directory, Found};
use crate::inventory::{Places, Spot};

/// The place of one environment, which no link takes: neither its own nor, below the root, that of a directory which leads
/// there. Whatever leads to the root, to `$WORKON_HOME` or to a project may be links, and so may a version be.
#[derive(Debug, Clone)]
pub struct Plot {
    path: PathBuf,
    spot: Spot,
}

impl Plot {
    /// Judges an absolute path. A link there is refused, but to where the caller stands: that is a project.
    pub fn at(places: &Places, path: &Path) -> Result<Self, Error> {
        let plot = Self { path: path.to_owned(), spot: places.spot(path)? };
        if !plot.look()?.is_some_and(|found| found.is_link()) {
            return Ok(plot);
        }
        let refused = || Error::Link(path.to_owned());
        let here = Directory::open(Path::new(".")).map_err(|_| refused())?;
        if !disk::is_directory(path) || !Directory::open(path)?.is(&here)? {
            return Err(refused());
        }
        let real = disk::canonical(path)?.ok_or_else(refused)?;
        Ok(Self { spot: places.spot(&real)?, ..plot })
    }

    /// Where it is, as it was named.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the directory itself is: elsewhere, when it is where the caller stands and was named by a link.
    pub(super) fn standing(&self) -> &Path {
        self.spot.path()
    }

    /// The directory around it, and its name there.
    pub(super) const fn spot(&self) -> &Spot {
        &self.spot
    }

    /// What stands there, no link followed.
    pub(super) fn look(&self) -> Result<Option<Found>, Error> {
        Ok(self.spot.look()?)
    }

    /// The environment there, if one is.
    pub fn environment(&self) -> Result<Option<Environment>, Error> {
        match self.spot.directory()? {
            Some(_) => Ok(Environment::at(&self.path)?),
            None => Ok(None),
        }
    }

    /// The same; none there is an error.
    pub fn inhabited(&self) -> Result<Environment, Error> {
        self.environment()?.ok_or_else(|| Error::NoEnvironment(self.path.clone()))
    }
}
