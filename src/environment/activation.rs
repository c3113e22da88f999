//! Writes an environment's activation scripts; what is in them is `activate`'s.

use std::io;
use std::path::Path;

use super::{Error, Layout, activate};
use crate::disk::{Directory, Privacy};

/// Writes every script for the environment that will stand at `goal`, into a tree that nobody else sees and that has none.
pub(super) fn write_new(layout: &Layout, goal: &Path, prompt: Option<&str>) -> Result<(), Error> {
    let name = goal.file_name().unwrap_or(goal.as_os_str()).to_string_lossy();
    let commands = Directory::open(&layout.commands())?;
    for (file, text) in activate::scripts(goal, prompt, &name) {
        match commands.write_new(file, &text, Privacy::Shared) {
            // `activate.ps1` is `Activate.ps1` where small letters are capital ones.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            written => written?,
        }
    }
    Ok(())
}

/// Writes every script for the environment that stands at `goal`; what is there is replaced.
pub(super) fn write(layout: &Layout, goal: &Path, prompt: Option<&str>) -> Result<(), Error> {
    let name = goal.file_name().unwrap_or(goal.as_os_str()).to_string_lossy();
    let commands = Directory::open(&layout.commands())?;
    commands.sweep_temporaries()?;
    for (file, text) in activate::scripts(goal, prompt, &name) {
        if commands.has_directory(file)? {
            commands.remove(file)?;
        }
        commands.replace(file, &text, Privacy::Shared)?;
    }
    Ok(())
}
