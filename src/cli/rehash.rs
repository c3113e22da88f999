//! Rehashing on behalf of a command: what the room is told of this process.

use crate::cli::context::Context;
use crate::error::Error;
use crate::plugin::{self, Event};
use crate::rehash::{self, Order, Rehashed};

/// Makes the shims what the installed versions ask for.
pub(crate) fn now(context: &Context) -> Result<Rehashed, Error> {
    let manager = context.machine.executable()?;
    let hooked = [Event::Exec, Event::Which].iter().try_fold(false, |hooked, event| {
        plugin::hooks(context.root(), event.name()).map(|found| hooked || !found.is_empty())
    })?;
    Ok(rehash::rehash(Order { root: context.root(), manager: &manager, hooked })?)
}
