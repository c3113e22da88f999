//! Telling plugins what happened. A hook that ends badly is said, and changes nothing.

use std::path::Path;

use crate::cli::context::Context;
use crate::plugin::{self, Event, Told};

/// Tells the hooks of `event`.
pub(crate) fn tell(context: &Context, event: Event, told: &[Told<'_>]) {
    tell_in(context, context.root(), event, told);
}

/// Tells the hooks of another root's plugins: a shim's, whatever root the variables name.
pub(crate) fn tell_in(context: &Context, root: &Path, event: Event, told: &[Told<'_>]) {
    if let Err(error) = plugin::run(root, event, told) {
        context.printer.say(&format!("pyman: {error}"));
    }
}
