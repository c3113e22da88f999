//! Conda's environments inside versions: seen and stood on, but made, changed and removed by conda alone.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use super::Error;
use super::known::within;
use crate::disk;
use crate::inventory::{Inventory, Places};
use crate::world::{self, Machine};

/// An environment of conda's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conda {
    /// Its name as a version: `miniforge3-24.11.0-0/envs/web`.
    pub name: String,
    /// Where it stands.
    pub directory: PathBuf,
    /// The installation it is in.
    pub base: PathBuf,
    /// Its Python's version; conda's environments need not have one.
    pub version: Option<String>,
}

/// All of them, each in an `envs/` below `versions/`.
pub fn of_conda(places: &Places) -> Result<Vec<Conda>, Error> {
    let mut found = Vec::new();
    for installation in Inventory::read(places)?.iter() {
        let inside = disk::permitted(within(&installation.path.join("envs")))?;
        for directory in inside.unwrap_or_default() {
            let is = pyman_shim::environment::is_conda(&Machine, world::bytes(&directory));
            let is = disk::permitted(is.map_err(super::fault(&directory)))?;
            if !is.unwrap_or_default() {
                continue;
            }
            let records = directory.join("conda-meta");
            let own = directory.file_name().unwrap_or_default().to_string_lossy();
            found.push(Conda {
                name: format!("{}/envs/{own}", installation.name.to_string_lossy()),
                base: installation.path.clone(),
                version: python(&records)?,
                directory,
            });
        }
    }
    Ok(found)
}

/// The version in the name of Python's own record: `python-3.12.8-h9e4cc4f_1_cpython.json`.
fn python(records: &Path) -> io::Result<Option<String>> {
    Ok(disk::entries(records)?.iter().find_map(|entry| recorded(&entry.name)))
}

fn recorded(file: &OsStr) -> Option<String> {
    let mut parts = file.to_str()?.strip_suffix(".json")?.rsplitn(3, '-');
    let (_build, version, package) = (parts.next()?, parts.next()?, parts.next()?);
    (package == "python").then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environments_are_told_by_condas_records_and_their_version_by_pythons() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path());
        let version = places.version("miniforge3-24.11.0-0");
        let write = |name: &str| {
            let path = version.join("envs").join(name);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, "").unwrap();
        };
        write("web/conda-meta/python-dateutil-2.9.0-py312_0.json");
        write("web/conda-meta/python-3.12.8-h9e4cc4f_1_cpython.json");
        write("tools/conda-meta/history");
        write("venv/pyvenv.cfg");
        let found = of_conda(&places).unwrap();
        let shown: Vec<_> =
            found.iter().map(|one| (one.name.as_str(), one.version.as_deref())).collect();
        let expected = [
            ("miniforge3-24.11.0-0/envs/tools", None),
            ("miniforge3-24.11.0-0/envs/web", Some("3.12.8")),
        ];
        assert_eq!(shown, expected);
        assert!(found.iter().all(|one| one.base == version));
    }
}
