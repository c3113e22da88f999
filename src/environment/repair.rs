//! An environment whose base is gone, was upgraded, or that was moved by hand, runs again.

use std::ffi::OsStr;
use std::path::Path;

use memchr::memmem;
use pyman_shim::Layout as Trees;

use super::relocation::{self, Relocation};
use super::unfinished::{self, Work};
use super::{Base, Environment, Error, Plot, activate, config, legacy, skeleton, stage};
use crate::disk::{self, Directory, Kind, Privacy};
use crate::progress::Progress;
use crate::{quote, world};

/// What was mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mended {
    /// Its files named another place.
    pub moved: bool,
    /// It stands on another base now.
    pub linked: bool,
}

/// Tells the environment's files where it stands, and puts it on `base` when there is one.
///
/// While it is at work, a mark in the environment says which other places its files may name: who dies here, and is run
/// again, would not find them in the scripts any more.
pub fn mend(plot: &Plot, base: Option<&Base>, progress: &dyn Progress) -> Result<Mended, Error> {
    let mut mended = Mended::default();
    let directory = plot.path();
    relocation::refuse_links(directory)?;
    stage::sweep(plot)?;
    let (tree, _hold) = stage::alone(plot, progress)?;
    plot.spot().refuse_anothers()?;
    tree.sweep_temporaries()?;
    // Another process may have mended it while it was waited for.
    let environment = plot.inhabited()?;
    let mut former = relocation::formers(&environment)?;
    former.retain(|former| !is_same(former, directory));
    if former.is_empty() {
        // What has no script of pip's may have been moved too.
        activate::write(environment.layout(), directory, environment.config.prompt().as_deref())?;
    } else {
        unfinished::mark(&tree, &Work::Repairing(former.clone()))?;
        Relocation { tree: directory, former: &former, goal: directory }.apply()?;
        mended.moved = true;
    }
    if let Some(base) = base {
        put_on(&plot.inhabited()?, base)?;
        mended.linked = true;
    }
    unfinished::repaired(&tree)?;
    Ok(mended)
}

/// Whether an environment was moved by hand: its scripts, or the activation of the shells that cannot tell where a file
/// stands, name another place.
pub fn names_another_place(environment: &Environment) -> Result<bool, Error> {
    let directory = &environment.directory;
    let formers = relocation::formers(environment)?;
    if formers.iter().any(|former| !is_same(former, directory)) {
        return Ok(true);
    }
    let script = environment.layout().commands().join("activate.csh");
    let script = disk::read(&script)?.unwrap_or_default();
    let place = quote::csh(world::bytes(directory));
    let names_it = memmem::find(&script, &place).is_some();
    Ok(script.starts_with(b"# Activates this environment") && !names_it)
}

/// Puts the environment of a plot on another base of the same X.Y.
pub fn stand_on(plot: &Plot, base: &Base) -> Result<(), Error> {
    put_on(&plot.inhabited()?, base)
}

/// The same, of one in a stage, too: its links, and `pyvenv.cfg` last.
pub(super) fn put_on(environment: &Environment, base: &Base) -> Result<(), Error> {
    relocation::refuse_links(&environment.directory)?;
    let layout = environment.layout();
    let commands = Directory::open(&layout.commands())?;
    commands.sweep_temporaries()?;
    let python = OsStr::new("python");
    let is_copy = commands.look(python)?.is_some_and(|found| found.is_file());
    if base.version.major < 3 {
        legacy::relink(layout, base)?;
    }
    if Trees::HERE.has_redirectors() {
        skeleton::redirect(&commands, base)?;
    } else if base.version.major < 3 || is_copy {
        skeleton::copy_program(&commands, python, &base.executable)?;
    } else {
        commands.point(python, &base.executable)?;
    }
    let names =
        if Trees::HERE.has_redirectors() { Vec::new() } else { skeleton::other_names(base) };
    for name in names {
        // Another tool's may be copies, or lead to the base themselves.
        let found = commands.look(&name)?;
        let leads_here = disk::link_target(&commands.join(&name))?
            .is_some_and(|target| target == Path::new(python));
        if is_copy && found.is_some_and(|found| found.is_file()) {
            skeleton::share_program(&commands, python, OsStr::new(&name))?;
        } else if !leads_here {
            commands.point(&name, Path::new(python))?;
        }
    }
    companions(&commands, base)?;
    let mut config = environment.config.clone();
    let home = base.home.to_string_lossy();
    config.set("home", home);
    let key = if config.value("version_info").is_some() { "version_info" } else { "version" };
    config.set(key, base.version.to_string());
    for key in ["executable", "base-executable"] {
        if config.value(key).is_some() {
            config.set(key, skeleton::resolved(&base.executable));
        }
    }
    for key in ["base-prefix", "base-exec-prefix"] {
        if config.value(key).is_some() {
            config.set(key, base.prefix.to_string_lossy());
        }
    }
    let directory = Directory::open(&environment.directory)?;
    directory.sweep_temporaries()?;
    Ok(directory.replace(config::FILE, config.text().as_bytes(), Privacy::Shared)?)
}

/// Links to other commands of the base (`python3.12-config`) that lead nowhere any more lead to this one's.
fn companions(commands: &Directory, base: &Base) -> Result<(), Error> {
    for entry in commands.entries()?.into_iter().filter(|entry| entry.kind == Kind::Link) {
        let link = commands.join(&entry.name);
        let Some(target) = disk::link_target(&link)? else { continue };
        let Some(name) = target.file_name().filter(|_| target.is_absolute()) else { continue };
        let own = base.home.join(name);
        if matches!(disk::follow(&link), Ok(None)) && disk::executable(&own) {
            commands.point(&entry.name, &own)?;
        }
    }
    Ok(())
}

/// Whether two paths are one place, by whatever links.
fn is_same(one: &Path, other: &Path) -> bool {
    let identity = |path: &Path| disk::follow(path).map(|found| found.map(|one| one.identity));
    match (identity(one), identity(other)) {
        (Ok(Some(one)), Ok(Some(other))) => one == other,
        (Ok(None), _) | (_, Ok(None)) => false,
        (Err(_), _) | (_, Err(_)) => one == other,
    }
}
