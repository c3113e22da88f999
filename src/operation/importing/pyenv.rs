//! pyenv: its versions and the environments of pyenv-virtualenv, its global version.

use std::path::{Path, PathBuf};

use crate::disk;
use crate::error::Error;
use crate::operation::Ground;
use crate::operation::importing::step::{
    Step, absent, entries, global_step, link_step, place, words,
};

pub(super) fn steps(ground: &Ground) -> Result<Vec<Step>, Error> {
    let mut root = place(ground, "PYENV_ROOT", ".pyenv")?;
    // After `setup --as-pyenv` the variable names us.
    if root == ground.root() {
        root = ground.machine.home().ok_or(Error::NoHome)?.join(".pyenv");
    }
    let versions = root.join("versions");
    if !disk::is_directory(&versions) {
        return Err(absent("pyenv", &versions));
    }
    let mut steps = Vec::new();
    for path in entries(&versions)? {
        let (Some(name), Some(target)) = (path.file_name(), tree(&path)) else { continue };
        steps.push(link_step(ground, name, target)?);
    }
    steps.extend(global_step(ground, words(&root.join("version"))?)?);
    Ok(steps)
}

/// The directory an entry is: of a link what it says, so that an alias stays one; nothing for a file or a link
/// that leads nowhere.
fn tree(path: &Path) -> Option<PathBuf> {
    if !disk::is_directory(path) {
        return None;
    }
    let Ok(Some(target)) = disk::link_target(path) else { return Some(path.to_path_buf()) };
    Some(path.parent()?.join(target))
}
