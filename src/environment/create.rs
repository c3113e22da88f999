//! Makes an environment: judged first, made aside, published by one rename.

use std::path::{Path, PathBuf};

use pyman_shim::Version;

use super::order::{BeginWith, Order, Standing};
use super::seed::{self, Seed};
use super::stage::{self, Place, Stage};
use super::unfinished::{self, Work};
use super::{
    Base, Environment, Error, Health, Implementation, Layout, activation, goal, legacy, repair,
    scripts, skeleton,
};
use crate::disk::{self, Directory};
use crate::progress::Progress;

/// What came of it.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It was made.
    Made,
    /// One of the same version stands there already.
    Already(Box<Environment>),
    /// One of the same version stood there whose interpreter was gone: it is on the base now.
    Mended,
}

/// What stands at a goal.
enum Found {
    Nothing,
    Empty,
    Environment(Box<Environment>),
}

/// Makes an environment, or finds that it is there. One that was made is unfinished ([`super::finish`]).
pub fn create(order: &Order<'_>, progress: &dyn Progress) -> Result<Outcome, Error> {
    judge(order)?;
    let standing = resolved(order)?;
    if let Some(already) = settled(&standing, order)? {
        stage::sweep(&standing)?;
        return outcome(already, order.base);
    }
    let seeds = seed::prepare(order, progress)?;
    let stage = Stage::begin_at(&standing, place(&standing)?, progress)?;
    // Another process may have been quicker.
    if let Some(already) = settled(&standing, order)? {
        return outcome(already, order.base);
    }
    unfinished::mark(stage.directory(), &Work::Making)?;
    furnish(&stage, order, &seeds, progress)?;
    if progress.interrupted() {
        return Err(Error::Interrupted);
    }
    match look(&standing)? {
        Found::Nothing | Found::Empty => stage.publish()?,
        Found::Environment(_) => stage.replace()?,
    }
    Ok(Outcome::Made)
}

/// What was made by a process that died before it was through counts as made now.
fn outcome(already: Box<Environment>, base: &Base) -> Result<Outcome, Error> {
    if unfinished::is_unfinished(&already.directory, &Work::Making)? {
        return Ok(Outcome::Made);
    }
    if already.health() == Health::Broken {
        repair::stand_on(&already, base)?;
        return Ok(Outcome::Mended);
    }
    Ok(Outcome::Already(already))
}

/// Refuses what cannot be, before anything is made.
fn judge(order: &Order<'_>) -> Result<(), Error> {
    goal::judge(order.goal)?;
    let Base { version, implementation, .. } = order.base;
    let is_legacy = version.major < 3;
    let known = match implementation {
        Implementation::CPython => {
            (version.major, version.minor) == (2, 7) || *version >= Version::new(3, 3, 0)
        }
        Implementation::PyPy => *version >= Version::new(3, 3, 0),
    };
    if !known {
        return Err(Error::Unsupported(format!("Python {version}")));
    }
    match order.making.begin_with {
        BeginWith::Pip if is_legacy => goal::judge_legacy(order.goal),
        BeginWith::Pip | BeginWith::Nothing => Ok(()),
    }
}

/// Where the directory itself is to be. A link there is refused, but to where the caller stands: that is a project, which
/// links may lead to.
fn resolved(order: &Order<'_>) -> Result<PathBuf, Error> {
    let goal = order.goal;
    match goal::refuse_linked(order.places, goal) {
        Err(Error::Link(_)) if disk::is_directory(goal) => {
            let here = Directory::open(Path::new("."))?;
            if !Directory::open(goal)?.is(&here)? {
                return Err(Error::Link(goal.to_owned()));
            }
            return disk::canonical(goal)?.ok_or_else(|| Error::Occupied(goal.to_owned()));
        }
        judged => judged?,
    }
    if disk::look(goal)?.is_some() {
        return Ok(goal.to_owned());
    }
    for above in goal.ancestors().skip(1) {
        match disk::follow(above)? {
            Some(found) if !found.is_directory() => {
                return Err(Error::Occupied(above.to_owned()));
            }
            Some(_) => break,
            None => {}
        }
    }
    Ok(goal.to_owned())
}

/// The environment that makes this order needless; none when it can be carried out, an error when it may not.
fn settled(standing: &Path, order: &Order<'_>) -> Result<Option<Box<Environment>>, Error> {
    let Found::Environment(environment) = look(standing)? else {
        return Ok(None);
    };
    if order.making.standing == Standing::Replace {
        return Ok(None);
    }
    let wanted = Layout::of(standing, order.base);
    if wanted.library() == environment.layout().library() {
        return Ok(Some(environment));
    }
    Err(Error::OtherVersion {
        path: order.goal.to_owned(),
        found: environment.minor().unwrap_or_else(|| "of no known version".into()),
        wanted: order.base.minor(),
    })
}

fn look(standing: &Path) -> Result<Found, Error> {
    match disk::follow(standing)? {
        None => return Ok(Found::Nothing),
        Some(found) if !found.is_directory() => {
            return Err(Error::Occupied(standing.to_owned()));
        }
        Some(_) => {}
    }
    if disk::entries(standing)?.is_empty() || stage::is_half_filled(standing)? {
        return Ok(Found::Empty);
    }
    match Environment::at(standing)? {
        Some(environment) => Ok(Found::Environment(Box::new(environment))),
        None => Err(Error::Occupied(standing.to_owned())),
    }
}

/// An empty directory that is a mount point, that the caller stands in, or that a process died over that filled it, is
/// filled; all else is made beside.
fn place(standing: &Path) -> Result<Place, Error> {
    if !matches!(look(standing), Ok(Found::Empty)) {
        return Ok(Place::Beside);
    }
    let directory = Directory::open(standing)?;
    let parent = Directory::open(standing.parent().unwrap_or(standing))?;
    let stays = !directory.entries()?.is_empty()
        || !disk::is_same_file_system(&directory, &parent)?
        || directory.is(&Directory::open(Path::new("."))?)?;
    Ok(if stays { Place::Within } else { Place::Beside })
}

/// Makes everything in the stage.
pub(super) fn furnish(
    stage: &Stage,
    order: &Order<'_>,
    seeds: &[Seed],
    progress: &dyn Progress,
) -> Result<(), Error> {
    let layout = Layout::of(stage.tree(), order.base);
    if order.base.version.major < 3 {
        legacy::make(&layout, order.goal, order, progress)?;
    } else {
        skeleton::make(&layout, order.goal, order)?;
    }
    let goal = layout.at(order.goal);
    scripts::document(&layout, &goal)?;
    for seed in seeds {
        seed.plant(&layout, &goal, order, progress)?;
    }
    activation::write_new(&layout, order.goal, order.making.prompt.as_deref())
}
