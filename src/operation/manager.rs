//! The manager's own program in the root: a link to where it was installed, or itself where that place may vanish.

use std::path::{Path, PathBuf};

use crate::disk::{self, Directory, Privacy};
use crate::error::Error;
use crate::inventory::Folder;
use crate::operation::Ground;
use crate::shell::PROGRAM;

/// Puts the program that runs into the root, if it stands where it may vanish (an environment, a build's folder, among the
/// temporary files): start-up files that call a link would do nothing from then on. Tells whether it did.
pub(crate) fn keep(ground: &Ground) -> Result<bool, Error> {
    let executable = ground.machine.executable()?;
    if !may_vanish(ground, &executable)? {
        return Ok(false);
    }
    let (Some(folder), Some(name)) = (executable.parent(), executable.file_name()) else {
        return Ok(false);
    };
    let bin = ground.places().make(Folder::Programs)?;
    let kept = bin.join(PROGRAM);
    if disk::look(&kept)?.is_some_and(|found| found.is_file())
        && disk::read(&kept)? == disk::read(&executable)?
    {
        return Ok(false);
    }
    if bin.point_hard(PROGRAM, &Directory::open(folder)?, name).is_ok() {
        return Ok(true);
    }
    // Another file system, or a file that is another account's.
    let Some(bytes) = disk::read(&executable)? else { return Ok(false) };
    bin.replace(PROGRAM, &bytes, Privacy::Program)?;
    Ok(true)
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
