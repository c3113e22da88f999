//! What nothing needs any more: superseded patches, caches, kept sources, old logs, what the dead left.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use pyman_shim::{Resolver, Selection, Variant, Version};

use crate::disk;
use crate::environment;
use crate::error::Error;
use crate::install::{self, Removal};
use crate::inventory::{Folder, Form, Installation, Inventory};
use crate::operation::site::Site;
use crate::operation::uninstall::{self, Removed};
use crate::operation::{Ground, cache, dependents, upgrade};
use crate::world;

/// A log of a failed build is of interest for so long.
const OLD: Duration = Duration::from_hours(7 * 24);

/// One thing that may go.
#[derive(Debug)]
pub(crate) struct Waste {
    what: What,
    pub(crate) bytes: u64,
}

#[derive(Debug)]
enum What {
    /// A patch, and the newer one.
    Version(Removal, String),
    Download(PathBuf),
    Build(PathBuf),
    /// What `install --keep` left.
    Sources(OsString),
    Log(OsString),
    /// What a process left in a stage.
    Stage(OsString),
}

impl fmt::Display for Waste {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Version(removal, newer) => {
                write!(formatter, "version {}: {newer} is newer", removal.name.display())
            }
            What::Download(name) => write!(formatter, "download {}", name.display()),
            What::Build(name) => write!(formatter, "build {}", name.display()),
            What::Sources(name) => write!(formatter, "sources {}", name.display()),
            What::Log(name) => write!(formatter, "log {}", name.display()),
            What::Stage(name) => write!(formatter, "unfinished {}", name.display()),
        }
    }
}

/// Everything that may go.
pub(crate) fn find(ground: &Ground) -> Result<Vec<Waste>, Error> {
    let places = ground.places();
    let mut waste = Vec::new();
    for (removal, newer) in superseded(ground)? {
        let bytes = disk::usage(&removal.path)?;
        waste.push(Waste { what: What::Version(removal, newer), bytes });
    }
    for file in cache::removable(ground)? {
        let bytes = file.bytes;
        let is_build = file.is_build();
        let what = if is_build { What::Build(file.name) } else { What::Download(file.name) };
        waste.push(Waste { what, bytes });
    }
    if let Some(directory) = places.open(Folder::Sources)? {
        for entry in directory.entries()? {
            let tree = kept_sources(&entry.name);
            let Some(found) = directory.look(Path::new(&tree))? else { continue };
            if found.is_directory() && !found.is_strangers() {
                let bytes = disk::usage(&directory.join(Path::new(&tree)))?;
                waste.push(Waste { what: What::Sources(entry.name), bytes });
            }
        }
    }
    if let Some(directory) = places.open(Folder::Logs)? {
        for entry in directory.entries()? {
            let Some(found) = directory.look(&entry.name)? else { continue };
            let since = SystemTime::now().duration_since(found.modified).unwrap_or_default();
            let is_log =
                found.is_file() && Path::new(&entry.name).extension() == Some("log".as_ref());
            if is_log && !found.is_strangers() && since >= OLD {
                waste.push(Waste { what: What::Log(entry.name), bytes: found.size });
            }
        }
    }
    for stage in places.stages()? {
        for name in disk::abandoned(&stage)? {
            let bytes = disk::usage(&stage.join(&name))?;
            waste.push(Waste { what: What::Stage(name), bytes });
        }
    }
    Ok(waste)
}

/// Removes what was found: how many bytes that freed.
pub(crate) fn remove(ground: &Ground, site: &Site<'_>, waste: &[Waste]) -> Result<u64, Error> {
    let places = ground.places();
    let mut freed = 0;
    for one in waste {
        if site.interrupted() {
            uninstall::finish(ground)?;
            return Ok(freed);
        }
        match &one.what {
            What::Version(removal, _) => {
                // Somebody may have thought about it for long, and others work meanwhile: what is needed by now stays.
                if !superseded(ground)?.iter().any(|(still, _)| still.name == removal.name) {
                    continue;
                }
                uninstall::remove(site, removal)?;
                Removed::of(removal).tell(ground)?;
            }
            What::Sources(name) => {
                if let Some(sources) = places.open(Folder::Sources)?
                    && let Some(around) = sources.below(name)?
                {
                    around.remove(kept_sources(name).file_name().unwrap_or_default())?;
                    // What else stands there is somebody's.
                    sources.remove_empty(name)?;
                }
            }
            What::Log(name) => {
                if let Some(logs) = places.open(Folder::Logs)? {
                    logs.unlink(name)?;
                }
            }
            // They go together, below.
            What::Download(_) | What::Build(_) | What::Stage(_) => continue,
        }
        freed += one.bytes;
    }
    let (_, cleared) = cache::clear(ground)?;
    install::sweep(&places)?;
    uninstall::finish(ground)?;
    let stages = waste.iter().filter(|one| matches!(one.what, What::Stage(_)));
    Ok(freed + cleared + stages.map(|one| one.bytes).sum::<u64>())
}

/// Where `install --keep` left the sources of this name, among all.
fn kept_sources(name: &OsStr) -> PathBuf {
    let mut tree = OsString::from("Python-");
    tree.push(name);
    Path::new(name).join(tree)
}

/// The patches that nothing stands on and nothing names, each with the newer one.
fn superseded(ground: &Ground) -> Result<Vec<(Removal, String)>, Error> {
    let places = ground.places();
    let inventory = Inventory::read(&places)?;
    let homes = dependents::homes(ground)?;
    let named = named(ground)?;
    let mut superseded = Vec::new();
    for installation in inventory.iter() {
        let Some(newer) = successor(&inventory, installation)? else { continue };
        let name = installation.name.as_os_str();
        if named.contains(name) || is_led_to(ground, name)? || !is_ours(installation)? {
            continue;
        }
        let Some(removal) = Removal::of(&places, name, &homes)? else { continue };
        let lonely = removal.links.is_empty()
            && removal.environments.is_empty()
            && !upgrade::has_anything_else(&installation.path)?;
        if !lonely || !dependents::on(ground, &installation.path)?.is_empty() {
            continue;
        }
        superseded.push((removal, newer));
    }
    Ok(superseded)
}

/// Whether we made it, for this account. What a receipt says that cannot be read is not ours to judge.
fn is_ours(installation: &Installation) -> Result<bool, Error> {
    let strangers = disk::look(&installation.path)?.is_some_and(|found| found.is_strangers());
    Ok(!strangers && installation.receipt().is_ok_and(|receipt| receipt.is_some()))
}

/// The newest patch of the same minor and variant that has an interpreter, where it is another, and newer.
fn successor(inventory: &Inventory, old: &Installation) -> Result<Option<String>, Error> {
    let (Some((version, variant)), Form::Tree) = (old.tag(), &old.form) else { return Ok(None) };
    let minor = |(version, variant): (Version, Variant)| (version.major, version.minor, variant);
    let mut best: Option<(Version, &Installation)> = None;
    for other in inventory.iter().filter(|other| other.is_usable()) {
        let Some(tag) = other.tag().filter(|tag| minor(*tag) == minor((version, variant))) else {
            continue;
        };
        // A pre-release supersedes nothing.
        let newer = tag.0.is_final() && best.is_none_or(|(best, _)| tag.0 > best);
        if newer && install::is_usable(&other.path)? {
            best = Some((tag.0, other));
        }
    }
    let best = best.filter(|(newest, _)| *newest > version);
    Ok(best.map(|(_, other)| other.name.to_string_lossy().into_owned()))
}

/// Whether the link of a minor leads to the entry of this name.
fn is_led_to(ground: &Ground, name: &OsStr) -> Result<bool, Error> {
    let minor = ground.places().minor();
    for entry in disk::entries(&minor)? {
        let target = disk::link_target(&minor.join(&entry.name))?;
        if target.is_some_and(|target| target.file_name() == Some(name)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The entries of `versions/` that a version file means: the global one's, and those of this directory, of the home and of
/// every directory where an environment that we know stands.
fn named(ground: &Ground) -> Result<BTreeSet<OsString>, Error> {
    let resolver = ground.resolver();
    let mut directories: Vec<PathBuf> = ground.machine.home().into_iter().collect();
    directories.extend(ground.machine.current_directory());
    directories.extend(environment::registered(&ground.places())?);
    let mut selections = vec![resolver.global()];
    selections.extend(resolver.pins());
    let files =
        directories.iter().filter_map(|directory| resolver.upwards(world::bytes(directory)));
    selections.extend(files);
    let mut names = BTreeSet::new();
    for selection in &selections {
        names.extend(entries(&resolver, selection));
    }
    // What was odd about the files is for who reads them to say.
    resolver.take_notes();
    Ok(names)
}

fn entries(resolver: &Resolver<'_>, selection: &Selection) -> Vec<OsString> {
    let found = selection.entries.iter().filter_map(|request| resolver.find(request));
    // `3.12.1/envs/web` stands in 3.12.1.
    let top = found.map(|found| found.name.split(|byte| *byte == b'/').next().map(<[u8]>::to_vec));
    top.flatten().map(|name| world::path(&name).as_os_str().to_owned()).collect()
}
