//! Where Unix keeps settings.

use alloc::vec::Vec;

use crate::path;
use crate::world::World;

/// `${XDG_CONFIG_HOME:-~/.config}/py.ini`; a relative directory is none, as XDG has it.
pub(super) fn user(world: &dyn World) -> Option<Vec<u8>> {
    let directory = world.variable(b"XDG_CONFIG_HOME").filter(|path| path::is_absolute(path));
    if let Some(directory) = directory {
        return Some(path::join(&directory, b"py.ini"));
    }
    let home = world.variable(b"HOME").filter(|path| path::is_absolute(path))?;
    Some(path::join(&home, b".config/py.ini"))
}

/// `/etc/py.ini`
#[expect(clippy::unnecessary_wraps, reason = "where Windows keeps it depends on the program")]
pub(super) fn machine(_program: &[u8]) -> Option<Vec<u8>> {
    Some(b"/etc/py.ini".to_vec())
}
