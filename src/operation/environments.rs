//! Where environments stand, which one a person means, and what an entry of `versions/` that is one was made from: for every
//! command about them.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use pyman_shim::Installation;

use crate::disk;
use crate::environment::{self, Downloads, Environment, Goal, Link, Plot};
use crate::error::Error;
use crate::operation::Ground;
use crate::world::{self, Machine, layout};

/// `$WORKON_HOME`, else `~/.virtualenvs`. A relative one counts from the home, `~` is the home.
pub(crate) fn workon_home(ground: &Ground) -> Result<PathBuf, Error> {
    let home = ground.machine.home();
    let Some(named) = ground.machine.variable("WORKON_HOME").map(PathBuf::from) else {
        return Ok(home.ok_or(Error::NoHome)?.join(".virtualenvs"));
    };
    if named.is_absolute() {
        return Ok(environment::normal(Path::new("/"), &named));
    }
    let named = named.strip_prefix("~").unwrap_or(&named).to_owned();
    Ok(environment::normal(&home.ok_or(Error::NoHome)?, &named))
}

/// Where an environment of this name or path is to be.
fn goal(ground: &Ground, argument: Option<&OsStr>) -> Result<(Goal, PathBuf), Error> {
    let goal = match ground.machine.current_directory() {
        Ok(here) => Goal::read(argument, &here)?,
        // Where the working directory is gone, names and absolute paths still mean something.
        Err(gone) => match Goal::read(argument, Path::new("/"))? {
            goal @ Goal::Named(_) => goal,
            goal @ Goal::Path(_)
                if argument.is_some_and(|argument| Path::new(argument).is_absolute()) =>
            {
                goal
            }
            Goal::Path(_) => return Err(gone.into()),
        },
    };
    let directory = match &goal {
        Goal::Path(path) => path.clone(),
        Goal::Named(_) => goal.directory(&workon_home(ground)?),
    };
    Ok((goal, directory))
}

/// The directory of the environment of this name or path: named ones first, then one that `versions/`
/// has, then one in the working directory.
fn place(ground: &Ground, argument: &OsStr) -> Result<PathBuf, Error> {
    let (goal, directory) = goal(ground, Some(argument))?;
    if Environment::at(&directory)?.is_some() {
        return Ok(directory);
    }
    let places = ground.places();
    let Goal::Named(name) = goal else {
        // `3.12.1/envs/web`, as `virtualenvs` lists it.
        let inside = environment::inside_version(&places, Path::new(argument));
        let inside = inside.filter(|_| !Path::new(argument).is_absolute());
        return Ok(match inside {
            Some(inside) if Environment::at(&inside)?.is_some() => inside,
            Some(_) | None => directory,
        });
    };
    let linked = places.version(name.text());
    if Environment::at(&linked)?.is_some() {
        let target = disk::link_target(&linked)?;
        return Ok(target.map_or(linked.clone(), |target| linked.with_file_name(target)));
    }
    if let Some(moved) = moved(ground, &linked)? {
        return Ok(moved);
    }
    let home = directory.parent();
    if let Some(left) = environment::half_removed(&places, home, name.text())? {
        return Ok(left);
    }
    let Ok(here) = ground.machine.current_directory() else {
        return Ok(directory);
    };
    let here = here.join(name.text());
    Ok(if Environment::at(&here)?.is_some() { here } else { directory })
}

/// The environment that a link of `versions/` led to when the root stood elsewhere.
pub(crate) fn moved(ground: &Ground, link: &Path) -> Result<Option<PathBuf>, Error> {
    let Some(target) = disk::link_target(link)? else { return Ok(None) };
    let inside = environment::inside_version(&ground.places(), &target);
    Ok(match inside {
        Some(inside) if matches!(disk::follow(link), Ok(None)) => {
            Environment::at(&inside)?.is_some().then_some(inside)
        }
        Some(_) | None => None,
    })
}

/// The environment of this name or path, to be read.
pub(crate) fn open(ground: &Ground, argument: &OsStr) -> Result<Environment, Error> {
    let place = place(ground, argument)?;
    ground.places().spot(&place)?;
    Ok(Environment::open(&place)?)
}

/// The judged place of the environment of this name or path, to be changed.
pub(crate) fn plot(ground: &Ground, argument: &OsStr) -> Result<Plot, Error> {
    Ok(Plot::at(&ground.places(), &place(ground, argument)?)?)
}

/// The same, of one that is to leave its place. A link of `versions/` that somebody made is a name for it and no more: what
/// it leads to, or what stands in it, goes when pyman made it there, else by its path.
pub(crate) fn plot_to_leave(ground: &Ground, argument: &OsStr) -> Result<Plot, Error> {
    let plot = plot(ground, argument)?;
    let places = ground.places();
    if let Some(directory) = environment::adopted(&places, plot.path())? {
        let name = argument.to_string_lossy().into_owned();
        return Err(environment::Error::Adopted { name, directory }.into());
    }
    let (Goal::Named(name), _) = goal(ground, Some(argument))? else { return Ok(plot) };
    let link = places.version(name.text());
    if disk::link_target(&link)?.is_none_or(|target| link.with_file_name(target) != plot.path()) {
        return Ok(plot);
    }
    environment::refuse_anothers_link(&places, name.text())?;
    let around = plot.path().parent().unwrap_or(plot.path());
    let is_ours = around == workon_home(ground)?
        || around.ends_with("envs") && around.starts_with(places.versions())
        || environment::registered(&places)?.iter().any(|one| one == plot.path());
    if is_ours {
        return Ok(plot);
    }
    let name = name.text().to_string_lossy().into_owned();
    Err(environment::Error::Adopted { name, directory: plot.path().to_owned() }.into())
}

/// The judged place where an environment of this name or path is to be.
pub(crate) fn new_plot(ground: &Ground, argument: Option<&OsStr>) -> Result<(Goal, Plot), Error> {
    let (goal, directory) = goal(ground, argument)?;
    let plot = Plot::at(&ground.places(), &directory)?;
    Ok((goal, plot))
}

/// Remembers an environment that stands at `directory` now; a named one gets its link in `versions/`.
pub(crate) fn enrol(ground: &Ground, goal: &Goal, directory: &Path) -> Result<(), Error> {
    let places = ground.places();
    environment::register(&places, directory)?;
    let Goal::Named(name) = goal else {
        return Ok(());
    };
    environment::sweep_links(&places, directory.parent().unwrap_or(directory))?;
    if environment::link(&places, name.text(), directory)? == Link::Taken {
        let name = name.text().display();
        ground.talk(&format!(
            "hint: `{name}' stands for something else in `pyman versions`; use `pyman venv path {name}`"
        ));
    }
    Ok(())
}

/// Whether what a link of `versions/` led to was an environment: such a link that leads nowhere any more is swept by the
/// next command that makes one.
pub(crate) fn was_one(ground: &Ground, target: &Path) -> bool {
    workon_home(ground).is_ok_and(|home| target.starts_with(home))
        || target.parent().is_some_and(|folder| folder.ends_with("envs"))
}

/// Sweeps the links of `versions/` whose environments are gone; not those of a `WORKON_HOME` that is not there just now.
pub(crate) fn sweep_links(ground: &Ground) -> Result<(), Error> {
    let home = workon_home(ground).ok().filter(|home| disk::is_directory(home));
    // Of all, those that lead into a version's `envs/` are swept.
    let home = home.unwrap_or_else(|| ground.places().versions());
    Ok(environment::sweep_links(&ground.places(), &home)?)
}

/// Whether an environment may be made with what has to be downloaded.
pub(crate) fn downloads(ground: &Ground) -> Result<Downloads, Error> {
    Ok(if ground.settings()?.offline.value { Downloads::Never } else { Downloads::Allowed })
}

/// The prompt that was asked for; `.` is the name of the working directory, as in venv and virtualenv.
pub(crate) fn prompt(ground: &Ground, given: Option<&str>) -> Result<Option<String>, Error> {
    if given != Some(".") {
        return Ok(given.map(str::to_owned));
    }
    let here = ground.machine.current_directory()?;
    Ok(here.file_name().map(|name| name.to_string_lossy().into_owned()))
}

/// A prompt is one line.
pub(crate) fn one_line(text: &str) -> Result<String, String> {
    if text.contains(['\n', '\0']) {
        return Err("a prompt has no newline".into());
    }
    Ok(text.to_owned())
}

/// Where an environment comes from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum MadeFrom {
    /// This installation.
    Base(PathBuf),
    /// It is no environment, or what it was made from is gone.
    None,
    /// There is not even an interpreter.
    NoPython,
}

/// The directory of the installation that `directory` was made from.
pub(crate) fn made_from(ground: &Ground, directory: &Path) -> Result<MadeFrom, Error> {
    if !is_runnable(directory) {
        return Ok(MadeFrom::NoPython);
    }
    let base = match conda(directory)? {
        Some(base) => Some(base),
        None => base(ground, directory)?,
    };
    Ok(base.filter(|base| disk::is_directory(base)).map_or(MadeFrom::None, MadeFrom::Base))
}

/// Whether it has an interpreter where environments have theirs, or, as conda's on Windows, where installations do.
fn is_runnable(directory: &Path) -> bool {
    [layout::environments_python(directory), layout::python(directory)]
        .iter()
        .any(|python| disk::executable(python))
}

/// Whether `pyman virtualenvs` lists it: an environment, or a link, as most of those lead to one; not one into an `envs/`
/// to what is none.
pub(crate) fn is_listed(found: &Installation) -> Result<bool, Error> {
    let target = disk::link_target(&world::path(&found.directory))?;
    let to_version = target
        .is_some_and(|target| !target.parent().is_some_and(|folder| folder.ends_with("envs")));
    Ok(to_version || stands_for_one(found)?)
}

/// Whether it is an environment, or a link to one. Where this user may not look, what stands in an `envs/` is.
pub(crate) fn stands_for_one(found: &Installation) -> Result<bool, Error> {
    let is_one = disk::permitted(is_environment(&world::path(&found.directory)))?;
    Ok(is_one.unwrap_or_else(|| found.name.contains(&b'/')))
}

/// Whether an entry of `versions/` is an environment, conda's first one among them.
pub(crate) fn is_environment(directory: &Path) -> io::Result<bool> {
    Ok(Machine.is_environment(directory)? || Machine.is_condas(directory)?)
}

/// conda's first environment is its own base; the others stand in its `envs/`.
fn conda(directory: &Path) -> Result<Option<PathBuf>, Error> {
    if !Machine.is_condas(directory)? {
        return Ok(None);
    }
    if disk::is_file(&directory.join("bin/conda")) {
        return Ok(Some(directory.to_owned()));
    }
    let real = disk::canonical(directory)?;
    Ok(real.and_then(|real| real.parent()?.parent().map(Path::to_owned)))
}

/// As `pyvenv.cfg` has it; `minor/3.12` is the installation it leads to.
fn base(ground: &Ground, directory: &Path) -> Result<Option<PathBuf>, Error> {
    let home = Environment::at(directory)?.and_then(|environment| environment.home());
    let Some(prefix) = home.as_deref().and_then(Path::parent) else {
        return Ok(None);
    };
    let places = ground.places();
    if prefix.parent() != Some(&places.minor()) {
        return Ok(Some(prefix.to_owned()));
    }
    let target = disk::link_target(prefix)?;
    Ok(target.and_then(|target| Some(places.version(target.file_name()?))))
}
