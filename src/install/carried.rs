//! The environments inside a version outlive the tree that is replaced: taken aside, and brought into the new one.
//!
//! Where they belong is written down before they are touched, so that the sweep brings them back for a process
//! that died in between.

use std::io;
use std::path::Path;

use super::stage::Stage;
use super::system;

/// Within a stage: the environments.
const ASIDE: &str = "carried";
/// Within a stage: a link to where they belong.
const HOME: &str = "carried.to";

/// Takes the `envs/` of the tree at `prefix` into the stage. A link to a tree of somebody else's is left alone.
pub(super) fn take(stage: &Stage, prefix: &Path) -> io::Result<()> {
    let envs = prefix.join("envs");
    for directory in [prefix, &envs] {
        match fs_err::symlink_metadata(directory) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        }
    }
    system::symlink(&envs, &stage.path(HOME))?;
    fs_err::rename(envs, stage.path(ASIDE))
}

/// Brings what the stage at `directory` carries to where it belongs, beside what the new tree has there.
pub(super) fn bring_back(directory: &Path) -> io::Result<()> {
    let home = match fs_err::read_link(directory.join(HOME)) {
        Ok(home) => home,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let entries = match fs_err::read_dir(directory.join(ASIDE)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    match fs_err::create_dir(&home) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        // The version itself has gone since.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    }
    for entry in entries {
        let entry = entry?;
        let place = home.join(entry.file_name());
        match fs_err::symlink_metadata(&place) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs_err::rename(entry.path(), place)?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
