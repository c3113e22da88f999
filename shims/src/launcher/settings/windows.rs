//! Where Windows keeps settings.

use alloc::vec::Vec;

use crate::path;
use crate::world::World;

/// `%LOCALAPPDATA%\py.ini`
pub(super) fn user(world: &dyn World) -> Option<Vec<u8>> {
    let directory = world.variable(b"LOCALAPPDATA").filter(|path| path::is_absolute(path))?;
    Some(path::join(&directory, b"py.ini"))
}

/// `py.ini` beside the launcher.
pub(super) fn machine(program: &[u8]) -> Option<Vec<u8>> {
    Some(path::join(path::parent(program)?, b"py.ini"))
}
