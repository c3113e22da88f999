//! Environments: whether their bases stand, and whether their compiled modules find their libraries.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use pyman_shim::Request;

use crate::disk::{self, Directory, Kind, Obstacle};
use crate::environment::{self, Environment, Health};
use crate::error::Error;
use crate::inventory::{Folder, Inventory};
use crate::operation::doctor::findings::{Findings, free, put_in};
use crate::operation::{Ground, environments};
use crate::platform::distribution::Distribution;
use crate::platform::libraries;
use crate::quote;
use crate::world::Machine;

const PART: &str = "environments";

/// Every environment pyman knows of.
pub(super) fn check(ground: &Ground) -> Result<Findings, Error> {
    let mut findings = Findings::of(PART);
    let workon_home = match environments::workon_home(ground) {
        Ok(workon_home) => Some(workon_home),
        Err(Error::NoHome) => None,
        Err(error) => return Err(error),
    };
    let places = ground.places();
    for installation in Inventory::read(&places)?.iter() {
        let envs = installation.path.join("envs");
        if matches!(disk::look(&envs), Ok(Some(found)) if found.is_link()) {
            findings.problem(
                format!("{} is a link, through which pyman writes nothing", envs.display()),
                format!("rm {} && pyman rehash", quote::shown(&envs)),
            );
        }
    }
    if let Some(home) = workon_home.as_deref().filter(|home| disk::is_directory(home)) {
        remains(&Directory::open(home)?, home, &mut findings)?;
    }
    // What is a link is named elsewhere.
    if let Ok(Some(versions)) = places.open(Folder::Versions) {
        remains(&versions, places.root(), &mut findings)?;
    }
    let known = environment::survey(&places, workon_home.as_deref())?;
    for environment in &known {
        let place = &environment.directory;
        if let Some(from) = environment::moving_from(place)? {
            findings.problem(
                format!("the move of {} to {} is not through", from.display(), place.display()),
                format!("pyman venv move {} {}", quote::shown(&from), quote::shown(place)),
            );
            continue;
        }
        if base(ground, environment, &mut findings)? == Mendable::ByRepair {
            moved(environment, &mut findings)?;
        }
    }
    for place in [".venv", "venv"] {
        let place = ground.machine.current_directory()?.join(place);
        if known.iter().all(|environment| environment.directory != place)
            && Machine.is_environment(&place)?
        {
            let environment = Environment::open(&place)?;
            if base(ground, &environment, &mut findings)? == Mendable::ByRepair {
                moved(&environment, &mut findings)?;
            }
        }
    }
    Ok(findings)
}

/// One that was moved by hand has scripts that name the place where it was.
fn moved(environment: &Environment, findings: &mut Findings) -> Result<(), Error> {
    if environment.health() == Health::Sound && environment::names_another_place(environment)? {
        let place = environment.directory.display();
        findings.problem(
            format!("{place} was made elsewhere and moved since"),
            format!("pyman venv repair {}", quote::shown(&environment.directory)),
        );
    }
    Ok(())
}

/// What has the name of a stage and not its seal: no command removes that. `around` is where it can go.
fn remains(folder: &Directory, around: &Path, findings: &mut Findings) -> Result<(), Error> {
    for entry in folder.entries()?.iter().filter(|entry| entry.kind == Kind::Directory) {
        let own = folder.look(&entry.name)?.is_some_and(|found| found.is_own());
        if own && disk::is_temporary(&entry.name) && !disk::is_condemned(folder, &entry.name)? {
            let place = folder.join(&entry.name);
            if let Some(Obstacle::Mount(point)) = disk::obstacle(folder, &entry.name)? {
                findings.mounted(&point);
                continue;
            }
            findings.advice(
                format!("{} is what a command left that died, or somebody's", place.display()),
                put_in(&place, &free(&around.join("left"), "")),
            );
        }
    }
    Ok(())
}

/// One environment, its libraries included.
pub(super) fn check_one(ground: &Ground, name: &OsStr) -> Result<Findings, Error> {
    let mut findings = Findings::of(PART);
    let environment = environments::open(ground, name)?;
    if base(ground, &environment, &mut findings)? == Mendable::ByHand {
        return Ok(findings);
    }
    moved(&environment, &mut findings)?;
    for library in missing(ground, &environment)? {
        findings.problem(library.said, library.mend);
    }
    Ok(findings)
}

/// Who can mend an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mendable {
    /// `pyman venv repair`.
    ByRepair,
    /// Its owner first: that writes through no link.
    ByHand,
}

fn base(
    ground: &Ground,
    environment: &Environment,
    findings: &mut Findings,
) -> Result<Mendable, Error> {
    let broken = environment.health() == Health::Broken;
    let directory = quote::shown(&environment.directory);
    if let Some(link) = environment::link_within(&environment.directory)? {
        let said = format!("{} is a link, through which pyman writes nothing", link.display());
        let repair =
            if broken { format!(" && pyman venv repair {directory}") } else { String::new() };
        let (word, own) = (quote::shown(&link), quote::shown(free(&link, ".own")));
        let mend = if disk::is_directory(&link) {
            // `mkdir` takes nothing that was put there since.
            let copy = format!("mkdir {own} && cp -R {word}/. {own}");
            format!("{copy} && rm {word} && mv {own} {word}{repair}")
        } else {
            let minor = environment.minor().unwrap_or_else(|| "3".into());
            format!("pyman venv create --clear -p {minor} {directory}")
        };
        if broken {
            findings.problem(said, mend);
        } else {
            findings.advice(said, mend);
        }
        return Ok(Mendable::ByHand);
    }
    if broken {
        let place = environment.directory.display();
        let mut mend = format!("pyman venv repair {directory}");
        if let Some(minor) = environment.minor()
            && ground.resolver().find(&Request::parse(minor.as_bytes())).is_none()
        {
            mend = format!("pyman install {minor} && {mend}");
        }
        findings.problem(format!("{place} has lost the Python it stood on"), mend);
    }
    Ok(Mendable::ByRepair)
}

/// A library that no directory of the loader has.
struct Missing {
    /// What is missing, who needs it, and which package brings it.
    said: String,
    /// The command that installs that package.
    mend: Option<String>,
}

/// Says which shared libraries the environment at `directory` lacks, and which package brings each.
pub(crate) fn say_missing_libraries(ground: &Ground, directory: &Path) -> Result<(), Error> {
    for library in missing(ground, &Environment::open(directory)?)? {
        ground.talk(&format!("warning: {}", library.said));
        if let Some(mend) = library.mend {
            ground.talk(&format!("hint: run `{mend}'"));
        }
    }
    Ok(())
}

/// What an environment lacks.
fn missing(ground: &Ground, environment: &Environment) -> Result<Vec<Missing>, Error> {
    let search = ground.machine.text("LD_LIBRARY_PATH").unwrap_or_default();
    let search: Vec<PathBuf> =
        search.split(':').filter(|path| path.starts_with('/')).map(PathBuf::from).collect();
    let packager = Distribution::read(Path::new("/"))?.and_then(|found| found.packager());
    let found = environment::missing_libraries(environment, &search)?.into_iter().map(|library| {
        let (name, needed_by) = (&library.name, library.needed_by.display());
        Missing {
            said: format!("{name} is nowhere on this machine, and {needed_by} needs it"),
            mend: packager.and_then(|packager| libraries::command(&library.name, packager)),
        }
    });
    Ok(found.collect())
}
