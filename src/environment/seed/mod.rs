//! What a new environment begins with: pip, and setuptools where ensurepip would bring it.
//!
//! A wheel is unpacked once into the cache; an environment shares its files by reflink, else by hard link, else
//! has copies. Nothing is downloaded while the cache or the base has the wheel.

mod download;
mod plant;
mod records;
mod unpacked;
mod wheel;

use super::order::{BeginWith, Downloads, Order};
use super::{Error, named, stage};
use crate::disk::Directory;
use crate::inventory::{Folder, Places};
use crate::progress::Progress;

use wheel::{Project, WheelName};

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
            Downloads::Allowed => {
                Ok(Seed::Unpacked(download::wheel(project, base, places, progress)?))
            }
            Downloads::Never => Err(download::nowhere(project, base)),
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
