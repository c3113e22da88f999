//! What a bundle says of itself.

use serde::{Deserialize, Serialize};

use crate::environment::Error;

/// The only form there has been.
pub(super) const FORMAT: u32 = 1;

/// The manifest of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the bundle.
    pub format: u32,
    /// The environment's name.
    pub name: String,
    /// Where it stood.
    pub prefix: String,
    /// Its Python, `3.12.1`.
    pub version: String,
    /// `3.12`, `3.13t`: what its packages are for.
    pub minor: String,
    /// The machine it was made on, as a triple.
    pub platform: Option<String>,
    /// What shells showed, when it was no name.
    pub prompt: Option<String>,
    /// Whether it saw its base's packages.
    pub system_site_packages: bool,
    /// What is installed.
    pub packages: Vec<Package>,
    /// The SHA-256 digest of each file, by its path in the environment.
    pub files: Vec<(String, String)>,
}

/// An installed distribution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Manifest {
    /// As JSON.
    pub(super) fn text(&self) -> Result<String, Error> {
        serde_json::to_string_pretty(self).map_err(|error| Error::Bundle(error.to_string()))
    }

    /// Reads JSON; a form that is not ours is refused.
    pub(super) fn parse(text: &[u8]) -> Result<Self, Error> {
        let manifest: Self =
            serde_json::from_slice(text).map_err(|error| Error::Bundle(error.to_string()))?;
        if manifest.format == FORMAT {
            return Ok(manifest);
        }
        Err(Error::Bundle(format!("a newer pyman made it (form {})", manifest.format)))
    }
}
