//! Commands that belong to no package: `pydoc`, which documents what the environment has, and what pyenv-virtualenv
//! adds, the base's `python*-config`, which builds of native extensions look for beside the interpreter.

use super::{Base, Error, Layout};
use crate::disk::{self, Directory, Privacy};
use crate::relocate::header;

/// The script, for every version: `pydoc` is a module of the standard library.
const PYDOC: &[u8] = b"import pydoc\n\nif __name__ == \"__main__\":\n    pydoc.cli()\n";

/// Writes `pydoc` below `layout`, as it will be at `goal`.
pub(super) fn document(layout: &Layout, goal: &Layout) -> Result<(), Error> {
    let text = [header(&goal.python(), b""), PYDOC.to_vec()].concat();
    Ok(Directory::open(&layout.commands())?.write_new("pydoc", &text, Privacy::Program)?)
}

/// Puts pyenv-virtualenv's beside the environment's own commands; what is there is left.
pub fn accompany(layout: &Layout, base: &Base) -> Result<(), Error> {
    let commands = Directory::open(&layout.commands())?;
    for disk::Entry { name, .. } in disk::entries(&base.home)? {
        let bytes = name.as_encoded_bytes();
        let is_config = bytes.starts_with(b"python") && bytes.ends_with(b"-config");
        if !is_config || commands.look(&name)?.is_some() {
            continue;
        }
        match commands.link(&name, &base.home.join(&name)) {
            // A convenience, which a file system without links does not have.
            Err(error) if disk::cannot_link(&error) => return Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            result => result?,
        }
    }
    Ok(())
}
