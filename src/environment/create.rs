//! Makes an environment: judged first, made aside, published by one rename. One for another X.Y takes the place of one, with
//! the same packages: filled by the person's pip in the stage, told where it is going to stand, exchanged.

use std::path::Path;

use pyman_shim::{Layout as Trees, Version};

use crate::disk::{self, Directory};
use crate::environment::order::{BeginWith, Order, Standing};
use crate::environment::relocation::Relocation;
use crate::environment::seed::{self, Seed};
use crate::environment::stage::{self, Place, Stage};
use crate::environment::unfinished::{self, Work};
use crate::environment::{
    Base, Environment, Error, Health, Implementation, Layout, Plot, activate, legacy, plot, repair,
    skeleton,
};
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
    stage::settle(order.goal, progress)?;
    if let Some(already) = settled(order)? {
        stage::sweep(order.goal)?;
        return outcome(already, order);
    }
    let seeds = seed::prepare(order, progress)?;
    let stage = Stage::begin_at(order.goal, place(order.goal)?, progress)?;
    // Another process may have been quicker.
    if let Some(already) = settled(order)? {
        return outcome(already, order);
    }
    stage.mark(&Work::Making)?;
    furnish(&stage, order.goal.path(), order, &seeds, progress)?;
    if progress.interrupted() {
        return Err(Error::Interrupted);
    }
    match look(order.goal)? {
        Found::Nothing | Found::Empty => stage.publish()?,
        Found::Environment(_) => stage.replace()?,
    }
    Ok(Outcome::Made)
}

/// What was made by a process that died before it was through counts as made now.
fn outcome(already: Box<Environment>, order: &Order<'_>) -> Result<Outcome, Error> {
    if unfinished::is_unfinished(&already.directory, &Work::Making)? {
        return Ok(Outcome::Made);
    }
    if already.health() == Health::Broken {
        repair::stand_on(order.goal, order.base)?;
        return Ok(Outcome::Mended);
    }
    Ok(Outcome::Already(already))
}

/// Refuses what cannot be, before anything is made.
fn judge(order: &Order<'_>) -> Result<(), Error> {
    plot::judge(order.goal.path())?;
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
    refuse_occupied(order.goal)?;
    match order.making.begin_with {
        BeginWith::Pip if is_legacy => plot::judge_legacy(order.goal.path()),
        BeginWith::Pip | BeginWith::Nothing => Ok(()),
    }
}

/// An error where something else than a directory stands in the way to where nothing stands.
fn refuse_occupied(goal: &Plot) -> Result<(), Error> {
    if goal.look()?.is_some() {
        return Ok(());
    }
    for above in goal.path().ancestors().skip(1) {
        match disk::follow(above)? {
            Some(found) if !found.is_directory() => {
                return Err(Error::Occupied(above.to_owned()));
            }
            Some(_) => break,
            None => {}
        }
    }
    Ok(())
}

/// The environment that makes this order needless; none when it can be carried out, an error when it may not.
fn settled(order: &Order<'_>) -> Result<Option<Box<Environment>>, Error> {
    let Found::Environment(environment) = look(order.goal)? else {
        return Ok(None);
    };
    if order.making.standing == Standing::Replace {
        return Ok(None);
    }
    let wanted = Layout::of(order.goal.standing(), order.base);
    // Where libraries are not numbered, what they are of stands in pyvenv.cfg alone.
    let minor = order.base.minor();
    let is_of = |found: String| found == minor.trim_end_matches('t');
    let is_same = Trees::HERE.has_numbered_commands() || environment.minor().is_some_and(is_of);
    if is_same && wanted.library() == environment.layout().library() {
        return Ok(Some(environment));
    }
    Err(Error::OtherVersion {
        path: order.goal.path().to_owned(),
        found: environment.minor().unwrap_or_else(|| "of no known version".into()),
        wanted: order.base.minor(),
    })
}

fn look(goal: &Plot) -> Result<Found, Error> {
    let standing = goal.standing();
    match goal.look()? {
        None => return Ok(Found::Nothing),
        Some(found) if !found.is_directory() => {
            return Err(Error::Occupied(standing.to_owned()));
        }
        Some(_) => {}
    }
    let Some(directory) = goal.spot().directory()? else { return Ok(Found::Nothing) };
    if directory.entries()?.is_empty() || stage::is_half_filled(&directory)? {
        return Ok(Found::Empty);
    }
    match Environment::at(standing)? {
        Some(environment) => Ok(Found::Environment(Box::new(environment))),
        None => Err(Error::Occupied(standing.to_owned())),
    }
}

/// An empty directory that is a mount point, that the caller stands in, or that a process died over that filled it, is
/// filled; all else is made beside.
fn place(goal: &Plot) -> Result<Place, Error> {
    if !matches!(look(goal), Ok(Found::Empty)) {
        return Ok(Place::Beside);
    }
    let (Some(parent), Some(directory)) = (goal.spot().open()?, goal.spot().directory()?) else {
        return Ok(Place::Beside);
    };
    let stays = !directory.entries()?.is_empty()
        || directory.is_mount_in(&parent)?
        || directory.is(&Directory::open(Path::new("."))?)?;
    Ok(if stays { Place::Within } else { Place::Beside })
}

/// Makes everything in the stage, as it will be at `goal`.
pub(super) fn furnish(
    stage: &Stage,
    goal: &Path,
    order: &Order<'_>,
    seeds: &[Seed],
    progress: &dyn Progress,
) -> Result<(), Error> {
    let layout = Layout::of(stage.tree(), order.base);
    if order.base.version.major < 3 {
        legacy::make(&layout, goal, order, progress)?;
    } else {
        skeleton::make(&layout, goal, order)?;
    }
    let there = layout.at(goal);
    skeleton::document(&layout, &there)?;
    for seed in seeds {
        seed.plant(&layout, &there, order, progress)?;
    }
    activate::write_new(&layout, goal, order.making.prompt.as_deref())
}

/// A new environment that runs where it was made; dropped, it goes and the old one stays.
#[derive(Debug)]
pub struct Remade {
    stage: Stage,
}

impl Remade {
    /// Makes it beside the goal of the order, where another stands.
    pub fn begin(order: &Order<'_>, progress: &dyn Progress) -> Result<Self, Error> {
        let seeds = seed::prepare(order, progress)?;
        let stage = Stage::begin(order.goal, progress)?;
        furnish(&stage, stage.tree(), order, &seeds, progress)?;
        Ok(Self { stage })
    }

    /// As it is now.
    pub fn environment(&self) -> Result<Environment, Error> {
        Environment::open(self.stage.tree())
    }

    /// Puts it in the place of the one at the order's goal, at one stroke.
    pub fn take_place(self, order: &Order<'_>) -> Result<(), Error> {
        let here = self.stage.tree().to_owned();
        Relocation { tree: &here, former: std::slice::from_ref(&here), goal: order.goal.path() }
            .apply()?;
        self.stage.replace()
    }
}
