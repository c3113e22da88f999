//! The last resort: a Python that has pip downloads the wheel, from the index that its user configured.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::unpacked::{self, Unpacked};
use super::wheel::Project;
use crate::disk;
use crate::environment::stage::Stage;
use crate::environment::{Base, Error};
use crate::inventory::{Inventory, Places};
use crate::progress::Progress;

/// Downloads the newest wheel that supports the base, and unpacks it into the cache.
pub(super) fn wheel(
    project: Project,
    base: &Base,
    places: &Places,
    progress: &dyn Progress,
) -> Result<Unpacked, Error> {
    let minor = format!("{}.{}", base.version.major, base.version.minor);
    let wheels = unpacked::wheels(places)?;
    let name = format!("download-{}-{minor}", project.name());
    let stage = Stage::begin_in(&wheels, name.as_ref(), progress)?;
    progress.note(&format!("downloading {} for Python {minor}", project.name()));
    for python in pythons(base, places)? {
        if progress.interrupted() {
            return Err(Error::Interrupted);
        }
        let into = stage.tree();
        if run(&python, project, &minor, into)
            && let Some(wheel) = only_wheel(into)?
        {
            return unpacked::store(&wheel, places, progress);
        }
    }
    Err(nowhere(project, base))
}

/// The wheel is neither in the cache nor with the base, and nobody can be asked for it.
pub(super) fn nowhere(project: Project, base: &Base) -> Error {
    let version = format!("{}.{}", base.version.major, base.version.minor);
    Error::NoWheel { package: project.name(), version, hint: hint(base) }
}

/// Who may have pip: the base itself, then what else is installed, newest first.
fn pythons(base: &Base, places: &Places) -> Result<Vec<PathBuf>, Error> {
    let inventory = Inventory::read(places)?;
    let mut others: Vec<_> = inventory
        .iter()
        .filter_map(|found| Some((found.tag()?, found.path.join("bin/python"))))
        .collect();
    others.sort_by_key(|((version, _), _)| std::cmp::Reverse(*version));
    let others =
        others.into_iter().map(|(_, python)| python).filter(|python| disk::is_file(python));
    Ok(std::iter::once(base.executable.clone()).chain(others).collect())
}

/// Whether it could. What it says of failures (no pip, no network) is pip's own affair: the next is asked.
fn run(python: &Path, project: Project, minor: &str, into: &Path) -> bool {
    let mut command = Command::new(python);
    command
        .args(["-m", "pip", "--disable-pip-version-check", "--no-input", "download", "--no-deps"])
        .args(["--only-binary", ":all:", "--python-version", minor, "--quiet", "--dest"])
        .arg(into)
        .arg(project.name())
        .env_remove("PYTHONHOME")
        .env_remove("PYTHONPATH")
        .env_remove("PIP_TARGET")
        .env_remove("PIP_PREFIX")
        .env_remove("PIP_ROOT")
        .env_remove("PIP_USER")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn only_wheel(directory: &Path) -> Result<Option<PathBuf>, Error> {
    let paths = disk::entries(directory)?.into_iter().map(|entry| directory.join(entry.name));
    let is_wheel = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "whl");
    Ok(paths.into_iter().find(is_wheel))
}

/// A distribution keeps pip's wheel in a package of its own.
fn hint(base: &Base) -> String {
    if base.prefix == Path::new("/usr") && disk::is_file(Path::new("/etc/debian_version")) {
        return "install the distribution's python3-venv, or make the environment with `--without-pip`".into();
    }
    "make the environment with `--without-pip`".into()
}
