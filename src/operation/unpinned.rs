//! Files whose publisher says no digest, installed because the user said so: the digest they had is kept.

use crate::catalogue;
use crate::error::Error;
use crate::fetch::Sha256;
use crate::install::{Done, Installed, Material, Offer, Plan};
use crate::inventory::{Origin, Receipt};
use crate::operation::Ground;
use crate::operation::site::Outcome;

/// Keeps, in the catalogue of this root, the digest of every installed file that `vouched` names.
pub(crate) fn keep(
    ground: &Ground,
    vouched: impl Fn(&str) -> bool,
    plans: &[Plan],
    results: &[Outcome],
) -> Result<(), Error> {
    let directory = ground.root().join("catalogue");
    for (plan, result) in plans.iter().zip(results) {
        let (Material::Release(offers), Ok(installed)) = (&plan.material, result) else { continue };
        if installed.done != Done::Here || !offers.iter().any(|offer| vouched(&offer.build.file)) {
            continue;
        }
        if let Some((offer, sha256)) = used(offers, installed)? {
            catalogue::keep_digest(&directory, &offer.build, sha256)?;
        }
    }
    Ok(())
}

/// The offer that was taken and the digest it had, as the receipt says.
fn used<'a>(
    offers: &'a [Offer],
    installed: &Installed,
) -> Result<Option<(&'a Offer, Sha256)>, Error> {
    let Some(receipt) = Receipt::read(&installed.prefix)? else {
        return Ok(None);
    };
    let (source, sha256) = match receipt.origin {
        Origin::Prebuilt { source, sha256 } | Origin::Installer { source, sha256 } => {
            (source, Some(sha256))
        }
        Origin::Source { source, sha256, .. } => (source, sha256),
    };
    let served = |offer: &&Offer| offer.candidates.iter().any(|url| url.to_string() == source);
    let sha256 = sha256.and_then(|text| text.parse().ok());
    Ok(offers.iter().find(served).zip(sha256))
}
