//! This program and its root taken off again: the exact inverse of what installed it and of `setup`.
//!
//! # The way out
//!
//! What goes is decided first, as a value that can be shown. Then the start-up lines go, as they call the program; then, if that
//! is asked for, the versions, links first; then the root's folders; the program last, so that whoever is killed on the way can
//! run the same command again. Versions stay unless they are named, and with them what environments stand on.
//!
//! Only what bears one of our names goes, and of that only what is ours: no link is followed, nothing of another account's and
//! nothing that is mounted is touched. Where other things stand in the root too, folders whose names are anybody's stay.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::{owner, update};
use crate::disk::{self, Directory, Entry, Kind, Obstacle};
use crate::environment::index::MEMORY;
use crate::error::{Error, Refused};
use crate::install::{self, Removal};
use crate::inventory::{Folder, Receipt};
use crate::operation::site::Site;
use crate::operation::{Ground, dependents, shells, uninstall};
use crate::progress::Progress;
use crate::shell::{self, PROGRAM, Shell};
use crate::{environment, rehash};

/// Folders that are made again whenever they are needed.
const MADE_AGAIN: [Folder; 6] =
    [Folder::Shims, Folder::Init, Folder::Cache, Folder::Logs, Folder::Stage, Folder::Locks];
/// Folders that mean something as long as there are versions.
const OF_VERSIONS: [Folder; 4] =
    [Folder::Minor, Folder::Environments, Folder::Catalogue, Folder::Sources];
/// Folders whose names nobody else gives.
const UNMISTAKABLE: [Folder; 2] = [Folder::Shims, Folder::Minor];
/// What a person keeps in a root.
const KEPT: [&str; 2] = ["plugins", "settings.toml"];
/// Directories that pyman makes in the cache and among the rows of the catalogue.
const MADE_WITHIN: [&str; 5] = ["builds", "wheels", "links", "interpreters", "remote"];
/// The file of the global version.
const GLOBAL: &str = "version";

/// What would go, and what would not.
#[derive(Debug)]
pub(crate) struct Leave {
    /// The versions that go, and what goes because they do.
    pub(crate) versions: Vec<Removal>,
    /// Links in `versions/`: to other tools' trees, and to environments elsewhere, which stay.
    links: Vec<OsString>,
    /// How many versions stay.
    pub(crate) staying: usize,
    /// Environments elsewhere that stand on what goes.
    pub(crate) broken: Vec<PathBuf>,
    /// Environments elsewhere that are known.
    pub(crate) environments: Vec<PathBuf>,
    /// The folders.
    folders: Vec<Folder>,
    /// Whether nothing of ours is left to go.
    pub(crate) is_gone: bool,
}

/// What became of it.
#[derive(Debug, Default)]
pub(crate) struct Left {
    /// The start-up files that had our lines.
    pub(crate) changed: Vec<PathBuf>,
    /// What stays in the root, or the root itself.
    pub(crate) places: Vec<PathBuf>,
    /// What removes the program, where a package manager brought it.
    pub(crate) removes: Option<String>,
}

/// Decides what goes.
pub(crate) fn plan(
    ground: &Ground,
    with_versions: bool,
    progress: &dyn Progress,
) -> Result<Leave, Error> {
    let places = ground.places();
    let mut leave = Leave {
        versions: Vec::new(),
        links: Vec::new(),
        staying: 0,
        broken: Vec::new(),
        environments: Vec::new(),
        folders: MADE_AGAIN.to_vec(),
        is_gone: true,
    };
    let Some(root) = root(ground)? else { return Ok(leave) };
    let others = others(&root)?;
    if others && !is_root(&root)? {
        return Err(Refused::NoRoot(ground.root().to_owned()).into());
    }
    leave.is_gone = root.entries()?.iter().all(|entry| KEPT.iter().any(|kept| entry.name == *kept));
    // What the dead left goes first, so that what is in a stage afterwards is of the living.
    install::tidy(&places, progress)?;
    for stage in places.stages()? {
        for entry in stage.entries()?.iter().filter(|entry| entry.kind == Kind::Directory) {
            // What nobody holds is no living process's, and somebody's.
            let own = stage.look(&entry.name)?.is_some_and(|found| found.is_own());
            if own
                && let Some(held) = stage.below(&entry.name)?
                && disk::hold(&held)?.is_none()
            {
                return Err(Refused::Busy(ground.root().to_owned()).into());
            }
        }
    }
    leave.environments = environment::registered(&places)?;
    leave.environments.retain(|place| !place.starts_with(ground.root()));
    versions(ground, with_versions, &mut leave)?;
    if leave.staying == 0 {
        leave.folders.extend(OF_VERSIONS);
    }
    if others {
        leave.folders.retain(|folder| UNMISTAKABLE.contains(folder));
    }
    for folder in &leave.folders {
        refuse(&root, folder.name().as_ref())?;
    }
    refuse(&root, Folder::Programs.name().as_ref())?;
    Ok(leave)
}

/// What of `versions/` goes; what does not is counted.
fn versions(ground: &Ground, with_versions: bool, leave: &mut Leave) -> Result<(), Error> {
    let places = ground.places();
    let Some(versions) = places.open(Folder::Versions)? else { return Ok(()) };
    for entry in versions.entries()? {
        if disk::is_nobodys(&entry.name) || !matches!(entry.kind, Kind::Link | Kind::Directory) {
            continue;
        }
        if !with_versions {
            leave.staying += 1;
        } else if entry.kind == Kind::Link {
            leave.links.push(entry.name);
        } else if !is_made(&versions.join(&entry.name))? {
            leave.staying += 1;
        } else if let Some(removal) = Removal::of(&places, &entry.name, &[])? {
            refuse(&versions, &entry.name)?;
            leave.broken.extend(dependents::broken(ground, &removal)?);
            leave.versions.push(removal);
        }
    }
    let trees = || leave.versions.iter().flat_map(|removal| &removal.trees);
    let stays = |place: &PathBuf| !trees().any(|tree| place.starts_with(tree));
    leave.broken = leave.broken.iter().filter(|place| stays(place)).cloned().collect();
    leave.broken.sort();
    leave.broken.dedup();
    Ok(())
}

/// Whether we made the tree, or began to: somebody's own goes by its name alone.
fn is_made(tree: &Path) -> Result<bool, Error> {
    Ok(disk::is_directory(&tree.join(".pyman")) || Receipt::read(tree)?.is_some())
}

/// Does it.
pub(crate) fn carry_out(ground: &Ground, site: &Site<'_>, leave: &Leave) -> Result<Left, Error> {
    let program = ground.machine.executable()?;
    let mut left = Left {
        removes: owner::of(ground, &program)?.and_then(|owner| owner.removes),
        ..Left::default()
    };
    match shells::account(ground, shells::link(ground.root())) {
        Ok(account) => {
            for shell in Shell::ALL {
                left.changed.extend(shell::undo(shell, &account)?);
            }
        }
        // Without a home there are no start-up files of this account's.
        Err(Error::Shell(shell::Error::Homeless)) => {}
        Err(error) => return Err(error),
    }
    // Of a PATH that the system keeps there is no file to name.
    shell::delist(ground.root())?;
    if shell::leave_pyenv(ground.root())? {
        left.changed.push(shell::pyenv(ground.root()));
    }
    let Some(root) = root(ground)? else { return Ok(left) };
    take_versions(ground, site, leave)?;
    let mixed = others(&root)?;
    if leave.staying == 0 && !mixed {
        root.make_way(GLOBAL)?;
    }
    for name in rehash::marks() {
        root.make_way(name)?;
    }
    for folder in &leave.folders {
        take_folder(&root, *folder)?;
    }
    take_memories(&root)?;
    take_program(&root)?;
    left.places = rest(ground, &root)?;
    Ok(left)
}

/// What we make in a folder; it goes when nothing else is in it.
fn take_folder(root: &Directory, folder: Folder) -> Result<(), Error> {
    let name = folder.name();
    if !root.has_directory(name)? {
        return Ok(root.unlink(name)?);
    }
    let Some(directory) = root.below(name)? else { return Ok(()) };
    directory.sweep_temporaries()?;
    for Entry { name, kind, .. } in directory.entries()? {
        let extension = Path::new(&name).extension().and_then(OsStr::to_str);
        match (folder, kind) {
            (Folder::Shims | Folder::Cache | Folder::Catalogue, Kind::Directory) => {
                if MADE_WITHIN.iter().any(|made| name == *made) {
                    directory.remove(&name)?;
                } else {
                    directory.remove_empty(&name)?;
                }
            }
            (Folder::Sources, Kind::Directory) => {
                if let Some(around) = directory.below(&name)? {
                    let mut tree = OsString::from("Python-");
                    tree.push(&name);
                    around.remove(tree)?;
                    directory.remove_empty(&name)?;
                }
            }
            (Folder::Shims | Folder::Cache | Folder::Catalogue, _)
            | (Folder::Minor | Folder::Environments, Kind::Link) => directory.unlink(&name)?,
            (Folder::Logs, Kind::File) if extension == Some("log") => directory.unlink(&name)?,
            (Folder::Locks, Kind::File) if extension == Some("lock") => directory.unlink(&name)?,
            // Of a stage nothing is left that is ours, and the shells' code went with their lines.
            (_, _) => {}
        }
    }
    root.remove_empty(name)?;
    Ok(())
}

/// What pip's configurations were before an index was set in them.
fn take_memories(root: &Directory) -> Result<(), Error> {
    if !root.has_directory(MEMORY)? {
        return Ok(());
    }
    let Some(memories) = root.below(MEMORY)? else { return Ok(()) };
    for entry in memories.entries()? {
        let is_digest = entry.name.len() == 64
            && entry.name.as_encoded_bytes().iter().all(u8::is_ascii_hexdigit);
        if is_digest && entry.kind == Kind::Directory {
            memories.remove(&entry.name)?;
        }
    }
    root.remove_empty(MEMORY)?;
    Ok(())
}

fn take_versions(ground: &Ground, site: &Site<'_>, leave: &Leave) -> Result<(), Error> {
    for removal in &leave.versions {
        uninstall::remove(site, removal)?;
    }
    let places = ground.places();
    if let Some(versions) = places.open(Folder::Versions)? {
        for name in &leave.links {
            if versions.look(name)?.is_some_and(|found| found.is_link()) {
                versions.unlink(name)?;
            }
        }
        versions.sweep_temporaries()?;
    }
    Ok(places.leave_stage()?)
}

/// Our programs; the manager last.
fn take_program(root: &Directory) -> Result<(), Error> {
    let Some(bin) = root.below(Folder::Programs.name())? else { return Ok(()) };
    bin.sweep_temporaries()?;
    let ours =
        [update::PREVIOUS, update::ASIDE, rehash::PROGRAM].into_iter().chain(rehash::WINDOWED);
    for name in ours.chain([PROGRAM]) {
        bin.unlink(name)?;
    }
    root.remove_empty(Folder::Programs.name())?;
    Ok(())
}

/// What is still there: the root goes when nothing is.
fn rest(ground: &Ground, root: &Directory) -> Result<Vec<PathBuf>, Error> {
    let versions = Folder::Versions.name();
    if root.has_directory(versions)? {
        root.remove_empty(versions)?;
    } else if let Some(elsewhere) = ground.places().open(Folder::Versions)?
        && elsewhere.entries()?.is_empty()
    {
        // A link that leads where the settings say: ours, as it was made by us or admitted by a person.
        root.unlink(versions)?;
    }
    let entries = root.entries()?;
    if !entries.is_empty() {
        return Ok(entries.into_iter().map(|entry| root.join(entry.name)).collect());
    }
    let (Some(folder), Some(name)) = (ground.root().parent(), ground.root().file_name()) else {
        return Ok(Vec::new());
    };
    let folder = Directory::open(folder)?;
    // A link to a root elsewhere is a person's.
    let is_link = folder.look(name)?.is_some_and(|found| found.is_link());
    if is_link || !folder.remove_empty(name)? {
        return Ok(vec![ground.root().to_owned()]);
    }
    Ok(Vec::new())
}

/// The root, where there is one.
fn root(ground: &Ground) -> Result<Option<Directory>, Error> {
    if !disk::is_directory(ground.root()) {
        return Ok(None);
    }
    Ok(Some(Directory::open(ground.root())?))
}

/// Whether the shims' program stands where it would in a root.
fn is_root(root: &Directory) -> Result<bool, Error> {
    let Some(bin) = root.below(Folder::Programs.name())? else { return Ok(false) };
    Ok(bin.look(rehash::PROGRAM)?.is_some_and(|found| found.is_file()))
}

/// Whether something stands in the root that has none of our names.
fn others(root: &Directory) -> Result<bool, Error> {
    let ours = |name: &OsStr| {
        Folder::ALL.iter().any(|folder| name == folder.name())
            || KEPT.iter().any(|kept| name == *kept)
            || rehash::marks().iter().any(|mark| name == mark.as_os_str())
            || name == GLOBAL
            || name == MEMORY
            || disk::is_nobodys(name)
    };
    Ok(root.entries()?.iter().any(|entry| !ours(&entry.name)))
}

/// An error where something in the way of removing it is not ours to remove.
fn refuse(folder: &Directory, name: &OsStr) -> Result<(), Error> {
    folder.refuse_strangers(name)?;
    if !folder.has_directory(name)? {
        return Ok(());
    }
    match disk::obstacle(folder, name)? {
        Some(Obstacle::Anothers(place)) => Err(Refused::InTheWay(place).into()),
        Some(Obstacle::Mount(place)) => Err(Refused::Mounted(place).into()),
        None => Ok(()),
    }
}
