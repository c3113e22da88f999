//! Processes and programs as Windows has them.

use std::io;
use std::path::Path;

/// Programs need no signature.
#[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
pub(super) fn sign(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Ends this process as it stands.
pub(super) fn die() {
    std::process::abort();
}

/// Groups are a console's affair here.
pub(super) fn own_group(_: &mut std::process::Command) {}

/// Windows knows one way to end a process.
pub(super) fn kill_group(child: &mut std::process::Child) -> io::Result<()> {
    child.kill()
}
pub(super) use kill_group as ask_group;

/// Nobody is root here.
pub(super) fn is_root() -> bool {
    false
}
