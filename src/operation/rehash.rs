//! Rehashing on behalf of a command: what the room is told of this process; and mending what a run left that was killed before
//! its end: done by the next command that writes, also by one that finds its work done already, or may not do it.

use std::ffi::OsString;
use std::path::Path;

use crate::error::Error;
use crate::operation::{Ground, shells as calling};
use crate::plugin::{self, Event};
use crate::progress::Silent;
use crate::rehash::{self, Order, Rehashed};
use crate::settings::Unselected;
use crate::{disk, environment, install, shell};

/// Makes the shims what the installed versions ask for.
pub(crate) fn now(ground: &Ground) -> Result<Rehashed, Error> {
    at(ground, ground.root())
}

/// The same where something that holds commands changed since the last time, as it did when a process died before its end.
pub(crate) fn when_due(ground: &Ground) -> Result<(), Error> {
    if rehash::is_due(ground.root())? {
        now(ground)?;
    }
    Ok(())
}

/// The same in the root of a shim, whatever root the variables name. Then the plugins are told.
pub(crate) fn at(ground: &Ground, root: &Path) -> Result<Rehashed, Error> {
    let manager = ground.machine.executable()?;
    let hooked = [Event::Exec, Event::Which].iter().try_fold(false, |hooked, event| {
        plugin::hooks(root, event.name()).map(|found| hooked || !found.is_empty())
    })?;
    let rehashed = rehash::rehash(Order { root, manager: &manager, hooked })?;
    // Of settings that cannot be read who needs them says so: commands appear all the same.
    if let Ok(settings) = ground.settings() {
        rehash::record_refusal(root, settings.unselected.value == Unselected::Refuse)?;
    }
    // A release may have other code for the shells than the one that `setup` ran with.
    shell::renew(&calling::kept(ground, root, &rehash::stamp(root))?)?;
    ground.tell_in(root, Event::Rehash, &[]);
    Ok(rehashed)
}

/// The names of the shims there are, in order. The launcher, `py`, is none.
pub(crate) fn shims(ground: &Ground) -> Result<Vec<OsString>, Error> {
    let entries = disk::entries(&ground.root().join("shims"))?.into_iter();
    let mut names: Vec<OsString> = entries.map(|entry| entry.name).collect();
    let is_launcher = |name: &OsString| rehash::LAUNCHERS.iter().any(|launcher| name == launcher);
    names.retain(|name| !name.as_encoded_bytes().starts_with(b".") && !is_launcher(name));
    names.sort_unstable();
    Ok(names)
}

/// Sweeps what the dead left, settles the minors' links, and forgets the environments that are gone.
pub(crate) fn leftovers(ground: &Ground) -> Result<(), Error> {
    let places = ground.places();
    install::tidy(&places, &Silent)?;
    environment::registered(&places)?;
    Ok(())
}

/// The same, and the shims where those are not what the versions ask for.
pub(crate) fn mend(ground: &Ground) -> Result<(), Error> {
    leftovers(ground)?;
    when_due(ground)
}
