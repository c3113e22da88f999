//! What a new environment begins with: pip, and setuptools where ensurepip would bring it.
//!
//! A wheel is unpacked once into the cache; an environment shares its files by reflink, else by hard link, else
//! has copies. Nothing is downloaded while the cache or the base has the wheel.

mod plant;
mod records;
mod unpacked;
mod wheel;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use wheel::{Project, WheelName};

use crate::disk::{self, Directory};
use crate::environment::order::{BeginWith, Downloads, Order};
use crate::environment::seed::unpacked::Unpacked;
use crate::environment::stage::{self, Stage};
use crate::environment::{Base, Error, named};
use crate::inventory::{Folder, Inventory, Places};
use crate::progress::Progress;
use crate::world::layout;

pub(super) use plant::Seed;

/// Finds what an environment of this base begins with, unpacking and downloading what is not unpacked yet.
pub(super) fn prepare(order: &Order<'_>, progress: &dyn Progress) -> Result<Vec<Seed>, Error> {
    match order.making.begin_with {
        BeginWith::Pip => {}
        BeginWith::Nothing => return Ok(Vec::new()),
    }
    let base = order.base;
    let legacy = (base.version.major, base.version.minor) <= (3, 11);
    let projects: &[Project] =
        if legacy { &[Project::Pip, Project::Setuptools] } else { &[Project::Pip] };
    projects.iter().map(|project| seed(*project, order, progress)).collect()
}

/// The newest of what the cache has and what the base brings; else what an index has.
fn seed(project: Project, order: &Order<'_>, progress: &dyn Progress) -> Result<Seed, Error> {
    let Order { base, places, .. } = *order;
    let bundled = wheel::wheel(base, project.name())?;
    let mut stored = stored(places, project)?;
    stored.retain(|(name, _)| {
        bundled.as_ref().is_none_or(|(bundled, _)| name.version >= bundled.version)
    });
    for (name, folder) in stored {
        let same = bundled.as_ref().is_some_and(|(bundled, _)| *bundled == name);
        if let Some(seed) = Seed::open(folder)?
            && (same || seed.supports(base.version))
        {
            return Ok(seed);
        }
    }
    let Some((_, wheel)) = bundled else {
        return match order.making.downloads {
            Downloads::Allowed => Ok(Seed::Unpacked(download(project, base, places, progress)?)),
            Downloads::Never => Err(nowhere(project, base)),
        };
    };
    match unpacked::store(&wheel, places, progress) {
        // A cache that cannot be written is no obstacle: the wheel is unpacked where it is planted.
        Err(Error::Disk(error)) if named::is_unwritable(&error) => Ok(Seed::of_wheel(wheel)),
        unpacked => Ok(Seed::Unpacked(unpacked?)),
    }
}

/// The unpacked wheels of a project, newest first.
fn stored(places: &Places, project: Project) -> Result<Vec<(WheelName, Directory)>, Error> {
    let Some(cache) = places.open(Folder::Cache)? else { return Ok(Vec::new()) };
    let Some(wheels) = cache.below(unpacked::WHEELS)? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for entry in wheels.entries()? {
        let name = entry.name.to_str().and_then(WheelName::parse_stem);
        if let Some(name) = name.filter(|name| name.project == project.name())
            && wheels.has_directory(&entry.name)?
            && let Some(folder) = stage::published(&wheels, &entry.name)?
        {
            found.push((name, folder));
        }
    }
    found.sort_by(|(one, _), (other, _)| other.cmp(one));
    Ok(found)
}

/// The last resort: a Python that has pip downloads the newest wheel that supports the base, from the index that its user
/// configured; it is unpacked into the cache.
fn download(
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
fn nowhere(project: Project, base: &Base) -> Error {
    let version = format!("{}.{}", base.version.major, base.version.minor);
    Error::NoWheel { package: project.name(), version, hint: hint(base) }
}

/// Who may have pip: the base itself, then what else is installed, newest first.
fn pythons(base: &Base, places: &Places) -> Result<Vec<PathBuf>, Error> {
    let inventory = Inventory::read(places)?;
    let mut others: Vec<_> = inventory
        .iter()
        .filter_map(|found| Some((found.tag()?, layout::python(&found.path))))
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
