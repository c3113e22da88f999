//! What a rehash leaves for others to ask: when it was, for prompt hooks, and whether plugins have
//! a say in what runs, for the shims. Neither is read, only looked at.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::commands::{Scan, changed, directories};
use crate::disk::{self, Directory, Privacy};
use crate::world;

/// As old as the youngest directory with commands that a rehash saw: `[ versions/3.12.7/bin -nt
/// .rehashed ]` is true in a shell when something has changed since.
const STAMP: &str = ".rehashed";

/// There while some plugin has a hook for `exec` or `which`.
const HOOKED: &str = ".hooked";

/// Two changes within this time may bear the same time of change.
const GRAIN: Duration = Duration::from_millis(20);

/// The names of what a rehash leaves in the root beside the shims.
pub(crate) fn marks() -> [PathBuf; 3] {
    [PathBuf::from(STAMP), PathBuf::from(HOOKED), world::path(pyman_shim::REFUSED).to_path_buf()]
}

/// The file whose age tells whether a rehash is due: older than some directory with commands, or missing.
pub(crate) fn path(root: &Path) -> PathBuf {
    root.join(STAMP)
}

/// Writes down what was seen, unless that is what is written there.
///
/// A directory that changed just now may change again without getting any younger: the stamp is
/// then kept a little older than it, so that it is looked at once more. One that changed in the future
/// would be younger than every stamp: it is said to have changed now.
pub(super) fn write(root: &Directory, scan: &Scan) -> io::Result<()> {
    let now = SystemTime::now();
    let newest = scan.newest.unwrap_or(SystemTime::UNIX_EPOCH);
    if newest > now {
        bring_back(&root.join("versions"), now)?;
    }
    let newest = newest.min(now);
    let settled = now.duration_since(newest).is_ok_and(|age| age > GRAIN);
    let seen = if settled { newest } else { newest.checked_sub(GRAIN).unwrap_or(newest) };
    if root.look(STAMP)?.is_some_and(|found| found.is_file() && found.modified == seen) {
        return Ok(());
    }
    root.open_own(STAMP, Privacy::Shared)?.file().set_modified(seen)
}

/// Dates back to `now` what changed later than that, by a clock that was wrong. What is only linked stays as it is, and so
/// does what belongs to somebody else.
fn bring_back(versions: &Path, now: SystemTime) -> io::Result<()> {
    let Some(ours) = disk::canonical(versions)? else { return Ok(()) };
    for directory in directories(versions)? {
        let is_ours = || -> io::Result<bool> {
            Ok(disk::canonical(&directory)?.is_some_and(|place| place.starts_with(&ours)))
        };
        if changed(&directory)?.is_none_or(|time| time <= now) || !is_ours()? {
            continue;
        }
        let opened = Directory::open(&directory)?;
        if opened.found()?.is_own() {
            opened.set_modified(now)?;
        }
    }
    Ok(())
}

/// Whether something that holds commands changed since the last rehash, or nothing tells: dearer than nothing, far cheaper
/// than a rehash.
pub(crate) fn is_due(root: &Path) -> io::Result<bool> {
    let Some(stamp) = changed(&path(root))?.filter(|stamp| *stamp <= SystemTime::now()) else {
        return Ok(true);
    };
    for directory in directories(&root.join("versions"))? {
        if changed(&directory)?.is_some_and(|time| time > stamp) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Tells the shims whether to ask the manager.
pub(super) fn record_hooks(root: &Directory, hooked: bool) -> io::Result<()> {
    record(root, Path::new(HOOKED), hooked)
}

/// Tells the shims whether a command of a version that nothing selects is refused.
pub(super) fn record_refusal(root: &Directory, refused: bool) -> io::Result<()> {
    record(root, &world::path(pyman_shim::REFUSED), refused)
}

/// Makes a mark, or takes it away; what is no file is none.
fn record(root: &Directory, mark: &Path, wanted: bool) -> io::Result<()> {
    match (root.look(mark)?, wanted) {
        (Some(found), _) if found.is_strangers() => Ok(()),
        (Some(_), false) => root.make_way(mark),
        (Some(found), true) if !found.is_file() => {
            root.make_way(mark)?;
            root.replace(mark, b"", Privacy::Shared)
        }
        (None, true) => root.replace(mark, b"", Privacy::Shared),
        (Some(_), true) | (None, false) => Ok(()),
    }
}
