//! What a run left that was killed before its end, mended by the next command that writes: also by one that finds its work
//! done already, or may not do it.

use crate::cli::context::Context;
use crate::cli::rehash;
use crate::environment;
use crate::error::Error;
use crate::install;
use crate::progress::Silent;

/// Sweeps what the dead left, settles the minors' links, and forgets the environments that are gone.
pub(crate) fn leftovers(context: &Context) -> Result<(), Error> {
    let places = context.places();
    install::tidy(&places, &Silent)?;
    environment::registered(&places)?;
    Ok(())
}

/// The same, and the shims where those are not what the versions ask for.
pub(crate) fn mend(context: &Context) -> Result<(), Error> {
    leftovers(context)?;
    rehash::when_due(context)
}
