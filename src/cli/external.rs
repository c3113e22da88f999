//! Commands that are programs of their own: `pyman-foo` of a plugin or on PATH.

use std::ffi::{OsStr, OsString};

use crate::cli::command::COMMANDS;
use crate::cli::context::Context;
use crate::cli::run::Status;
use crate::error::Error;

/// Runs `pyman-NAME`, or says that there is no such command.
pub(crate) fn run(
    _context: &Context,
    name: &OsStr,
    _arguments: Vec<OsString>,
) -> Result<Status, Error> {
    let name = name.to_string_lossy().into_owned();
    Err(Error::NoSuchCommand { near: near(&name), name })
}

/// The command that was probably meant.
fn near(name: &str) -> Option<String> {
    let scored = COMMANDS.iter().map(|entry| (strsim::jaro_winkler(name, entry.name), entry.name));
    let (score, best) = scored.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (score > 0.8).then(|| best.to_owned())
}
