//! What is installed in an environment, read from its records: no Python is started.

use std::io;
use std::path::{Path, PathBuf};

use super::{Environment, Error};
use crate::disk;

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
const LONGEST: u64 = 64 * 1024;

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
    let packages = environment.layout().site_packages();
    let mut found = Vec::new();
    for entry in disk::entries(&packages)? {
        let path = packages.join(&entry.name);
        let file = match path.extension().and_then(|extension| extension.to_str()) {
            Some("dist-info") => path.join("METADATA"),
            Some("egg-info") if disk::is_directory(&path) => path.join("PKG-INFO"),
            Some("egg-info") => path.clone(),
            Some(_) | None => continue,
        };
        found.extend(read(&file, &path)?);
    }
    found.sort();
    Ok(found)
}

fn read(file: &Path, record: &Path) -> io::Result<Option<Distribution>> {
    let Some(head) = disk::read_head(file, LONGEST)? else { return Ok(None) };
    let head = String::from_utf8_lossy(&head);
    let value = |key: &str| {
        let headers = head.lines().take_while(|line| !line.is_empty());
        let mut values = headers.filter_map(|line| line.split_once(':'));
        values.find(|(name, _)| *name == key).map(|(_, value)| value.trim().to_owned())
    };
    let described = value("Name").zip(value("Version"));
    Ok(described.map(|(name, version)| Distribution { name, version, record: record.to_owned() }))
}
