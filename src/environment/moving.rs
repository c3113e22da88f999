//! An environment comes to stand elsewhere, or a second time: made aside, told where it is, renamed.
//!
//! A move is a copy that shares the files, and then a removal. The copy stands with a mark that says whose it is until
//! all is done: a move that died is gone on with by the same command, whatever of the former place is left.

use std::path::{Path, PathBuf};

use super::relocation::Relocation;
use super::stage::{self, Stage};
use super::unfinished::{self, Work};
use super::{Base, Environment, Error, Plot, named, plot, relocation, remove, repair};
use crate::disk::{self, Entry, Kind, Step, Way};
use crate::inventory::Places;
use crate::progress::Progress;

/// Makes a second environment at `to` like `from`, with files of its own. It is unfinished ([`super::finish`]).
pub fn clone(from: &Plot, to: &Plot, progress: &dyn Progress) -> Result<(), Error> {
    let work = Work::Cloning(from.path().to_owned());
    if is_begun(to, &work)? {
        return Ok(());
    }
    stage::sweep(from)?;
    let (_tree, _hold) = stage::alone(from, progress)?;
    let ways = &[Way::Reflink, Way::Copy];
    double(&Double { from, to, ways, base: None, work: &work }, progress)
}

/// Whether an environment stands at `to` that this very work made and did not finish: a mark alone is none.
fn is_begun(to: &Plot, work: &Work) -> Result<bool, Error> {
    Ok(unfinished::is_unfinished(to.path(), work)? && to.environment()?.is_some())
}

/// An error where the environment was worked in after it had been copied to `to`: what is new in it stands nowhere else.
fn unchanged(from: &Path, to: &Path) -> Result<(), Error> {
    let Some(mark) = disk::look(&to.join(unfinished::MARK))? else { return Ok(()) };
    disk::walk(from, &mut |path, entry: &Entry| {
        // What Python compiles it compiles again.
        if entry.name == "__pycache__" {
            return Ok(Step::Over);
        }
        let is_own = entry.name.as_encoded_bytes().starts_with(b".pyman-");
        if entry.kind == Kind::Directory || is_own {
            return Ok(Step::Into);
        }
        let (old, new) = (from.join(path), to.join(path));
        let found = disk::look(&old)?;
        // A link has no other name: it is made anew where its version is replaced.
        let is_same =
            entry.kind == Kind::Link && disk::link_target(&old)? == disk::link_target(&new)?;
        let is_newer = !is_same && found.is_some_and(|found| found.modified > mark.modified);
        if is_newer || disk::look(&to.join(path))?.is_none() {
            let (path, to) = (path.display(), to.display());
            let why = format!(
                "`{path}' in it changed after its move to `{to}' began: remove one of the two"
            );
            return Err(Error::Path { path: from.to_owned(), why });
        }
        Ok(Step::Into)
    })
}

/// An environment's way to another place.
#[derive(Debug, Clone, Copy)]
pub struct Move<'a> {
    /// The environment.
    pub from: &'a Plot,
    /// Its new place.
    pub to: &'a Plot,
    /// What it is to stand on, if not on what it stands on.
    pub base: Option<&'a Base>,
    /// What becomes of the links to it.
    pub links: Links,
}

/// What becomes of the links of `versions/` that lead to an environment which moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// They lead to its new place.
    Follow,
    /// They go, as they have its former name.
    Go,
}

/// Makes the environment stand elsewhere. Until it does, it stands where it stood; then the links to it are seen to, and the
/// former place goes. It is unfinished ([`super::finish`]).
pub fn relocate(places: &Places, way: &Move<'_>, progress: &dyn Progress) -> Result<(), Error> {
    let Move { from, to, base, links } = *way;
    let place = from.path();
    // Marks of what died there do not travel.
    stage::sweep(from)?;
    let (tree, _hold) = stage::alone(from, progress)?;
    remove::refuse_anothers(places, from)?;
    from.spot().refuse_mounts()?;
    // What goes in the end is marked, and renamed: said before anything stands elsewhere.
    disk::require_writable(place)?;
    disk::require_writable(place.parent().unwrap_or(place))?;
    let work = Work::Moving(place.to_owned());
    if is_begun(to, &work)? {
        unchanged(place, to.path())?;
    } else {
        let ways = &[Way::HardLink, Way::Copy];
        double(&Double { from, to, ways, base, work: &work }, progress)?;
    }
    super::register(places, to.path())?;
    unfinished::mark(&tree, &Work::Removing)?;
    let leading = named::links_to(places, place)?;
    match links {
        Links::Follow => named::lead(places, &leading, to.path())?,
        Links::Go => named::unlink(places, &leading)?,
    }
    remove::remove_tree(from, progress)?;
    // Last: while it is remembered, it is found again by its name.
    super::forget(places, place)
}

/// Where the environment at `to` came from, by a move that died when nothing stood there any more; what it left is cleared.
pub fn moved_from(places: &Places, to: &Plot) -> Result<Option<PathBuf>, Error> {
    let Some(from) = unfinished::moved_from(to.path())? else { return Ok(None) };
    if to.environment()?.is_none() {
        return Ok(None);
    }
    let left = Plot::at(places, &from)?;
    stage::sweep(&left)?;
    stage::sweep_empty(&left)?;
    if left.look()?.is_some() {
        return Ok(None);
    }
    super::forget(places, &from)?;
    Ok(Some(from))
}

/// Where the environment at a place is being moved from by a command that is not through, if that still stands.
pub fn moving_from(place: &Path) -> Result<Option<PathBuf>, Error> {
    Ok(match unfinished::moved_from(place)? {
        Some(from) if disk::look(&from)?.is_some_and(|found| found.is_directory()) => Some(from),
        Some(_) | None => None,
    })
}

/// A tree that comes to stand a second time.
struct Double<'a> {
    from: &'a Plot,
    to: &'a Plot,
    ways: &'a [Way],
    /// What the new one stands on, if not on what the old one does.
    base: Option<&'a Base>,
    work: &'a Work,
}

fn double(double: &Double<'_>, progress: &dyn Progress) -> Result<(), Error> {
    let Double { from, to, base, work, .. } = *double;
    plot::judge(to.path())?;
    // Said of where it stands, before a copy has the same.
    relocation::refuse_links(from.path())?;
    if to.path().starts_with(from.path()) {
        let why = format!("it is within `{}'", from.path().display());
        return Err(Error::Path { path: to.path().to_owned(), why });
    }
    is_free(to)?;
    let stage = Stage::begin(to, progress)?;
    is_free(to)?;
    fill(double, &stage, progress)?;
    if let Some(base) = base {
        repair::put_on(&Environment::open(stage.tree())?, base)?;
    }
    stage.mark(work)?;
    if progress.interrupted() {
        return Err(Error::Interrupted);
    }
    stage.publish()
}

/// Makes in the stage what is to stand at the goal; absolute links into the former place lead to the new one then.
fn fill(double: &Double<'_>, stage: &Stage, progress: &dyn Progress) -> Result<(), Error> {
    let Double { from, to, ways, .. } = *double;
    let retarget =
        |target: PathBuf| relocation::path(&target, from.path(), to.path()).unwrap_or(target);
    let gone = || Error::NoEnvironment(from.path().to_owned());
    let tree = from.spot().directory()?.ok_or_else(gone)?;
    let mut former = vec![from.path().to_owned()];
    former.extend(relocation::formers(&from.inhabited()?)?);
    former.extend(disk::canonical(from.path())?);
    former.dedup();
    let copied =
        disk::copy_tree(&tree, stage.directory(), ways, &retarget, &|| progress.interrupted());
    // Whoever removes it meanwhile takes it away whole before anything in it goes.
    if !stage::stands(&tree, from)? {
        return Err(gone());
    }
    copied.map_err(|error| match error.kind() {
        std::io::ErrorKind::Interrupted => Error::Interrupted,
        _ => Error::Disk(error),
    })?;
    Relocation { tree: stage.tree(), former: &former, goal: to.path() }.apply()
}

/// Nothing, or an empty directory.
pub(super) fn is_free(to: &Plot) -> Result<(), Error> {
    let path = to.path();
    let free = match disk::look(path)? {
        None => below_directory(path)?,
        Some(found) => found.is_directory() && disk::entries(path)?.is_empty(),
    };
    if free { Ok(()) } else { Err(Error::Exists(path.to_owned())) }
}

/// Whether what stands nearest above a path is a directory.
fn below_directory(path: &Path) -> Result<bool, Error> {
    for above in path.ancestors().skip(1) {
        if let Some(found) = disk::follow(above)? {
            return Ok(found.is_directory());
        }
    }
    Ok(true)
}
