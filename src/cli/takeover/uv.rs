//! uv: the interpreters it keeps, and its global pin.

use std::ffi::OsString;
use std::path::Path;

use crate::cli::context::Context;
use crate::cli::takeover::step::{Step, absent, global_step, link_step, place, trees, words};
use crate::disk;
use crate::error::Error;
use crate::interpreter::link::interpreter_in;
use crate::interpreter::probe;
use crate::progress::Progress;

pub(super) fn steps(context: &Context, progress: &dyn Progress) -> Result<Vec<Step>, Error> {
    let data = place(context, "XDG_DATA_HOME", ".local/share")?.join("uv/python");
    let named = context.machine.variable("UV_PYTHON_INSTALL_DIR").map(Into::into);
    let directory = named.unwrap_or(data);
    if !disk::is_directory(&directory) {
        return Err(absent("uv", &directory));
    }
    let mut steps = Vec::new();
    for tree in trees(&directory)? {
        steps.push(match name(&tree, progress) {
            Ok(name) => link_step(context, &name, tree)?,
            Err(error) if progress.interrupted() => return Err(error),
            Err(_) => {
                Step::Leave { what: tree.display().to_string(), why: "it has no Python that runs" }
            }
        });
    }
    let pin = place(context, "XDG_CONFIG_HOME", ".config")?.join("uv/.python-version");
    steps.extend(global_step(context, words(&pin)?)?);
    Ok(steps)
}

/// What the interpreter in a tree says of itself: uv's names hold a platform, ours do not.
fn name(tree: &Path, progress: &dyn Progress) -> Result<OsString, Error> {
    Ok(probe(&interpreter_in(tree)?, progress)?.name().into())
}
