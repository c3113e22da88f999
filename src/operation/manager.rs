//! The manager's own program in the root: a link to where it was installed, or itself where that place may vanish; and its
//! whole life after that: who owns it, how it is renewed, and how it goes.

mod owner;
mod release;
pub(crate) mod uninstall;
pub(crate) mod update;

use std::path::{Path, PathBuf};

use crate::compatibility::Release;
use crate::disk;
use crate::error::Error;
use crate::inventory::Folder;
use crate::operation::{Ground, shells};
use crate::shell::PROGRAM;

/// Another pyman that PATH has.
#[derive(Debug)]
pub(crate) struct Other {
    /// Where.
    pub(crate) program: PathBuf,
    /// What renews it, where one command does.
    pub(crate) renews: Option<String>,
}

/// The first pyman on PATH that is not this root's own program.
pub(crate) fn other(ground: &Ground) -> Result<Option<Other>, Error> {
    let own = disk::follow(&shells::link(ground.root()))?.map(|found| found.identity);
    for place in ground.machine.search_path() {
        let program = place.join(PROGRAM);
        let found = disk::follow(&program)?.filter(|_| disk::executable(&program));
        if found.is_some_and(|found| Some(found.identity) != own) {
            let renews = owner::of(ground, &program)?.and_then(|owner| owner.renews);
            return Ok(Some(Other { program, renews }));
        }
    }
    Ok(None)
}

/// What became of the root's own program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kept {
    /// It is a link to where this one was installed, or what it should be already.
    Linked,
    /// This one was put there, since where it ran from may be gone one day.
    Here,
    /// An older one was, of this version; it is a link now, or this one itself.
    Renewed(Release),
    /// A newer one is, and stays.
    Newer(Release),
}

/// Puts the program that runs into the root, if it stands where it may vanish (an environment, a build's folder, among the
/// temporary files): start-up files that call a link would do nothing from then on. An older copy of ours goes either way, a
/// newer one stays.
pub(crate) fn keep(ground: &Ground) -> Result<Kept, Error> {
    let executable = ground.machine.executable()?;
    let vanishes = may_vanish(ground, &executable)?;
    let own = shells::link(ground.root());
    let copy = disk::look(&own)?.is_some_and(|found| found.is_file());
    // It runs from there: nothing is to be done.
    if copy && disk::canonical(&own)? == disk::canonical(&executable)? {
        return Ok(Kept::Linked);
    }
    if copy && disk::read(&own)? == disk::read(&executable)? {
        return Ok(Kept::Linked);
    }
    let copied = copy.then(|| update::release(&own)).flatten();
    let newer = copied.as_ref().is_some_and(|copied| Some(copied) > Release::own().as_ref());
    if newer && let Some(copied) = copied {
        return Ok(Kept::Newer(copied));
    }
    let older = copied.filter(|copied| Some(copied) < Release::own().as_ref());
    if vanishes {
        update::give(&ground.places().make(Folder::Programs)?, PROGRAM, &executable)?;
    } else if copy && older.is_some() {
        // The rehash that follows makes it a link.
        ground.places().make(Folder::Programs)?.unlink(PROGRAM)?;
    }
    Ok(match older {
        Some(older) => Kept::Renewed(older),
        None if vanishes => Kept::Here,
        None => Kept::Linked,
    })
}

fn may_vanish(ground: &Ground, executable: &Path) -> Result<bool, Error> {
    if let Some(root) = disk::canonical(ground.root())?
        && executable.starts_with(root)
    {
        return Ok(false);
    }
    for place in temporary(ground) {
        if let Some(place) = disk::canonical(&place)?
            && executable.starts_with(place)
        {
            return Ok(true);
        }
    }
    // An environment's mark stands above its `bin`, that of what can be made again (cargo's, uv's) four folders up at most.
    let environment = executable.ancestors().nth(2).map(|above| above.join("pyvenv.cfg"));
    let marks = executable.ancestors().skip(1).take(4).map(|above| above.join("CACHEDIR.TAG"));
    let build = executable.with_file_name(".cargo-lock");
    Ok([build].into_iter().chain(environment).chain(marks).any(|mark| disk::is_file(&mark)))
}

/// Where systems keep what nobody need keep.
fn temporary(ground: &Ground) -> impl Iterator<Item = PathBuf> {
    let named = ["TMPDIR", "TEMP", "TMP"].map(|name| ground.machine.variable(name));
    let named = named.into_iter().flatten().map(PathBuf::from).filter(|place| place.is_absolute());
    named.chain(["/tmp", "/var/tmp"].map(PathBuf::from))
}
