//! Commands that belong to no package: `pydoc`, which documents what the environment has, and what pyenv-virtualenv
//! adds, the base's `python*-config`, which builds of native extensions look for beside the interpreter.

use std::path::Path;

use super::{Base, Error, Layout, script, system};
use crate::world;

/// The script, for every version: `pydoc` is a module of the standard library.
const PYDOC: &[u8] = b"import pydoc\n\nif __name__ == \"__main__\":\n    pydoc.cli()\n";

/// Writes `pydoc` below `layout`, as it will be at `goal`.
pub(super) fn document(layout: &Layout, goal: &Layout) -> Result<(), Error> {
    let text = [script::head(&goal.python(), b""), PYDOC.to_vec()].concat();
    Ok(system::write_new(&layout.commands().join("pydoc"), 0o777, &text)?)
}

/// Puts pyenv-virtualenv's beside the environment's own commands; what is there is left.
pub fn accompany(layout: &Layout, base: &Base) -> Result<(), Error> {
    let commands = layout.commands();
    for entry in fs_err::read_dir(&base.home)? {
        let entry = entry?;
        let name = entry.file_name();
        let bytes = name.as_encoded_bytes();
        let beside = commands.join(&name);
        let is_config = bytes.starts_with(b"python") && bytes.ends_with(b"-config");
        if is_config && !is_there(&beside)? {
            system::symlink(&base.home.join(&name), &beside)?;
        }
    }
    Ok(())
}

fn is_there(path: &Path) -> Result<bool, Error> {
    match fs_err::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if world::absent(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
