//! Telling plugins what happened. A hook that ends badly is said, and changes nothing.

use crate::cli::context::Context;
use crate::plugin::{self, Event, Told};

/// Tells the hooks of `event`.
pub(crate) fn tell(context: &Context, event: Event, told: &[Told<'_>]) {
    if let Err(error) = plugin::run(context.root(), event, told) {
        context.printer.say(&format!("pyman: {error}"));
    }
}
