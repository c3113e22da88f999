//! Telling plugins what happened. A hook that ends badly is said, and changes nothing.

use std::path::Path;

use crate::operation::Ground;
use crate::plugin::{self, Event, Told};

/// Tells the hooks of `event`.
pub(crate) fn tell(ground: &Ground, event: Event, told: &[Told<'_>]) {
    tell_in(ground, ground.root(), event, told);
}

/// Tells the hooks of another root's plugins: a shim's, whatever root the variables name.
pub(crate) fn tell_in(ground: &Ground, root: &Path, event: Event, told: &[Told<'_>]) {
    if let Err(error) = plugin::run(root, event, told) {
        ground.say(&format!("pyman: {error}"));
    }
}
