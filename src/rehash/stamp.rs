//! What a rehash leaves for others to ask: when it was, for prompt hooks, and whether plugins have
//! a say in what runs, for the shims. Neither is read, only looked at.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use fs_err as fs;

use super::commands::{Scan, changed, directories};
use crate::world;

/// As old as the youngest directory with commands that a rehash saw: `[ versions/3.12.7/bin -nt
/// .rehashed ]` is true in a shell when something has changed since.
const STAMP: &str = ".rehashed";

/// There while some plugin has a hook for `exec` or `which`.
const HOOKED: &str = ".hooked";

/// Two changes within this time may bear the same time of change.
const GRAIN: Duration = Duration::from_millis(20);

/// Where the stamp stands.
pub(super) fn path(root: &Path) -> PathBuf {
    root.join(STAMP)
}

/// Writes down what was seen, unless that is what is written there.
///
/// A directory that changed just now may change again without getting any younger: the stamp is
/// then kept a little older than it, so that it is looked at once more. One that changed in the future
/// would be younger than every stamp: it is said to have changed now.
pub(super) fn write(root: &Path, scan: &Scan) -> io::Result<()> {
    let now = SystemTime::now();
    let newest = scan.newest.unwrap_or(SystemTime::UNIX_EPOCH);
    if newest > now {
        bring_back(&root.join("versions"), now)?;
    }
    let newest = newest.min(now);
    let settled = now.duration_since(newest).is_ok_and(|age| age > GRAIN);
    let seen = if settled { newest } else { newest.checked_sub(GRAIN).unwrap_or(newest) };
    let stamp = path(root);
    if changed(&stamp)? == Some(seen) {
        return Ok(());
    }
    let file = fs::OpenOptions::new().write(true).create(true).truncate(false).open(&stamp)?;
    file.into_file().set_modified(seen)
}

/// Dates back to `now` what changed later than that, by a clock that was wrong. What is only linked stays as it is, and so
/// does what belongs to somebody else.
fn bring_back(versions: &Path, now: SystemTime) -> io::Result<()> {
    let ours = fs::canonicalize(versions)?;
    for directory in directories(versions)? {
        if changed(&directory)?.is_some_and(|time| time > now)
            && fs::canonicalize(&directory)?.starts_with(&ours)
        {
            let dated = fs::File::open(&directory)?.into_file().set_modified(now);
            match dated {
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
                result => result?,
            }
        }
    }
    Ok(())
}

/// Whether a directory with commands is younger than the stamp, or there is none that says anything.
pub(super) fn is_due(root: &Path) -> io::Result<bool> {
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
pub(super) fn record_hooks(root: &Path, hooked: bool) -> io::Result<()> {
    record(&root.join(HOOKED), hooked)
}

/// Tells the shims whether a command of a version that nothing selects is refused.
pub(super) fn record_refusal(root: &Path, refused: bool) -> io::Result<()> {
    record(&root.join(world::path(pyman_shim::REFUSED)), refused)
}

/// Makes a mark, or takes it away.
fn record(mark: &Path, wanted: bool) -> io::Result<()> {
    let recorded = changed(mark)?.is_some();
    match (recorded, wanted) {
        (false, true) => fs::write(mark, ""),
        (true, false) => super::program::remove(mark),
        (true, true) | (false, false) => Ok(()),
    }
}
