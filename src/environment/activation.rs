//! Writes an environment's activation scripts; what is in them is `activate`'s.

use std::path::Path;

use super::{Error, Layout, activate, stage, system};

/// Writes every script for the environment that stands, or will stand, at `goal`; what is there is replaced.
pub(super) fn write(layout: &Layout, goal: &Path, prompt: Option<&str>) -> Result<(), Error> {
    let name = goal.file_name().unwrap_or(goal.as_os_str()).to_string_lossy();
    for (file, text) in activate::scripts(goal, prompt, &name) {
        let path = layout.commands().join(file);
        stage::remove(&path)?;
        system::write_new(&path, activate::MODE, &text)?;
    }
    Ok(())
}
