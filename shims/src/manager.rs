//! What the manager has a part in: programs that change which commands there are, and, while some
//! plugin wants to be told of what runs, all of them. It runs what was chosen here.

use alloc::vec::Vec;

use pyman_shim::{Fault, Home};

use crate::process::{Image, Process};

/// Arguments looked at to tell what changes the set of commands.
pub(crate) const LOOKED_AT: usize = 64;

/// There while some plugin is to be told.
const HOOKED: &[u8] = b".hooked";

/// The manager's command: a root, a program and its arguments follow.
const RUN: &[u8] = b"_run";

/// Whether a plugin is to be told of what runs.
pub(crate) fn is_hooked(process: &impl Process, home: &Home) -> bool {
    process.read(&home.join(HOOKED), 0).is_ok_and(|mark| mark.is_some())
}

/// The same program, run by the manager of this root, whatever root the variables name.
pub(crate) fn image(home: &Home, direct: &Image) -> Image {
    let first = [RUN, home.root(), &direct.program].map(<[u8]>::to_vec);
    let leading: Vec<_> = first.into_iter().chain(direct.leading.iter().cloned()).collect();
    Image { program: home.manager(), leading, ..direct.clone() }
}

/// Becomes the manager if it has a part in it, and is where it belongs; else the program itself.
pub(crate) fn start(
    process: &impl Process,
    managed: Option<&Image>,
    direct: &Image,
) -> Result<u8, Fault> {
    match managed.map(|managed| process.replace(managed)) {
        Some(Ok(status)) => Ok(status),
        Some(Err(_)) | None => process.replace(direct),
    }
}
