//! What a run left that was killed before its end, mended by the next command that writes: also by one that finds its work
//! done already, or may not do it.

use crate::environment;
use crate::error::Error;
use crate::install;
use crate::operation::Ground;
use crate::operation::rehash;
use crate::progress::Silent;

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
    rehash::when_due(ground)
}
