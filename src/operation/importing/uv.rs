//! uv: the interpreters it keeps, and its global pin.

use std::ffi::OsString;
use std::path::Path;

use crate::disk;
use crate::error::Error;
use crate::interpreter::link::interpreter_in;
use crate::interpreter::probe;
use crate::operation::Ground;
use crate::operation::importing::step::{
    Step, absent, global_step, link_step, place, trees, words,
};
use crate::progress::Progress;

pub(super) fn steps(ground: &Ground, progress: &dyn Progress) -> Result<Vec<Step>, Error> {
    let data = place(ground, "XDG_DATA_HOME", ".local/share")?.join("uv/python");
    let named = ground.machine.variable("UV_PYTHON_INSTALL_DIR").map(Into::into);
    let directory = named.unwrap_or(data);
    if !disk::is_directory(&directory) {
        return Err(absent("uv", &directory));
    }
    let mut steps = Vec::new();
    for tree in trees(&directory)? {
        steps.push(match name(&tree, progress) {
            Ok(name) => link_step(ground, &name, tree)?,
            Err(error) if progress.interrupted() => return Err(error),
            Err(_) => {
                Step::Leave { what: tree.display().to_string(), why: "it has no Python that runs" }
            }
        });
    }
    let pin = place(ground, "XDG_CONFIG_HOME", ".config")?.join("uv/.python-version");
    steps.extend(global_step(ground, words(&pin)?)?);
    Ok(steps)
}

/// What the interpreter in a tree says of itself: uv's names hold a platform, ours do not.
fn name(tree: &Path, progress: &dyn Progress) -> Result<OsString, Error> {
    Ok(probe(&interpreter_in(tree)?, progress)?.name().into())
}
