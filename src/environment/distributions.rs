//! What is installed in an environment, read from its records: no Python is started.

use std::io;
use std::path::{Path, PathBuf};

use super::{Environment, Error};
use crate::world;

/// An installed distribution.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Distribution {
    /// Its name, as it writes it.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its `dist-info` or `egg-info`.
    pub record: PathBuf,
}

/// Longer headers are none. In bytes.
const LONGEST: usize = 64 * 1024;

impl Distribution {
    /// `name==version`.
    pub fn pinned(&self) -> String {
        format!("{}=={}", self.name, self.version)
    }

    /// Whether it came with the environment.
    fn is_seed(&self) -> bool {
        ["pip", "setuptools", "wheel"].iter().any(|name| self.name.eq_ignore_ascii_case(name))
    }
}

/// What was installed into the environment, by name; not what it began with.
pub fn listed(environment: &Environment) -> Result<Vec<Distribution>, Error> {
    let mut found = all(environment)?;
    found.retain(|distribution| !distribution.is_seed());
    Ok(found)
}

/// Everything that is installed.
pub(super) fn all(environment: &Environment) -> Result<Vec<Distribution>, Error> {
    let entries = match fs_err::read_dir(environment.layout().site_packages()) {
        Ok(entries) => entries,
        Err(error) if world::absent(&error) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let file = match path.extension().and_then(|extension| extension.to_str()) {
            Some("dist-info") => path.join("METADATA"),
            Some("egg-info") if path.is_dir() => path.join("PKG-INFO"),
            Some("egg-info") => path.clone(),
            Some(_) | None => continue,
        };
        found.extend(read(&file, &path)?);
    }
    found.sort();
    Ok(found)
}

fn read(file: &Path, record: &Path) -> io::Result<Option<Distribution>> {
    let text = match fs_err::read(file) {
        Ok(text) => text,
        Err(error) if world::absent(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let head = text.get(..text.len().min(LONGEST)).unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    let value = |key: &str| {
        let headers = head.lines().take_while(|line| !line.is_empty());
        let mut values = headers.filter_map(|line| line.split_once(':'));
        values.find(|(name, _)| *name == key).map(|(_, value)| value.trim().to_owned())
    };
    let described = value("Name").zip(value("Version"));
    Ok(described.map(|(name, version)| Distribution { name, version, record: record.to_owned() }))
}
