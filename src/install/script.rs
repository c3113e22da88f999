//! Installer scripts: run unattended into the stage, then moved.

use std::path::Path;

use super::making::Made;
use super::plan::Offer;
use super::stage::Stage;
use super::{Error, Workshop};

/// Runs the script of an offer.
pub(super) fn install(
    _workshop: &Workshop<'_>,
    offer: &Offer,
    _prefix: &Path,
    _stage: &Stage,
) -> Result<Made, Error> {
    Err(Error::Nothing(offer.build.release.name()))
}
