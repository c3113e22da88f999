//! Installing what was asked for: planned, carried out together, and where no host served a prebuilt, built instead. Of a
//! file whose publisher says no digest, installed because the user said so, the digest it had is kept.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::mem;

use pyman_shim::Request;

use crate::catalogue;
use crate::disk::Existing;
use crate::error::Error;
use crate::fetch::Sha256;
use crate::install::{self, Done, Installed, Material, Offer, Plan, Target};
use crate::inventory::{Origin, Receipt};
use crate::operation::planner::{Planned, Planner, Verdict};
use crate::operation::site::{Outcome, Site};
use crate::operation::typed::Typed;
use crate::operation::{Ground, rehash};

/// Set where `py` installs what it was told to run: nobody chose a first version then.
pub(crate) const FOR_PY: &str = "_PYMAN_FOR_PY";

/// What was asked for, looked at before anybody is asked or anything fetched.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// What the catalogue is needed for.
    pub(crate) left: Vec<Typed>,
    /// Whether something is there that its user does not want replaced.
    pub(crate) refused: bool,
}

/// Settles what needs no catalogue; where nothing is left, what a run killed before its end left is mended.
pub(crate) fn settle(
    ground: &Ground,
    planner: &Planner<'_>,
    all: Vec<Typed>,
) -> Result<Settled, Error> {
    let mut settled = Settled::default();
    for typed in all {
        match planner.at_once(&typed)? {
            None => settled.left.push(typed),
            Some(Planned::Leave | Planned::Do(_)) => {}
            Some(Planned::Refused) => settled.refused = true,
        }
    }
    if settled.left.is_empty() {
        rehash::mend(ground)?;
    }
    Ok(settled)
}

/// The plans for several things typed, each release once.
#[derive(Debug, Default)]
pub(crate) struct Plans {
    each: Vec<Plan>,
    /// Of each plan, the request it is for, if it is one.
    requests: Vec<Option<Request>>,
    /// Whether something is there that its user does not want replaced.
    pub(crate) refused: bool,
    /// What cannot be planned.
    pub(crate) failures: Vec<Error>,
}

impl Plans {
    /// Plans each, until whoever watches asks to stop.
    pub(crate) fn of(planner: &Planner<'_>, site: &Site<'_>, all: Vec<Typed>) -> Self {
        let mut this = Self::default();
        let mut seen = BTreeSet::new();
        for typed in all {
            if site.interrupted() {
                break;
            }
            let request = typed.request().cloned();
            match planner.plan(typed, site) {
                Ok(Planned::Do(plan)) => {
                    if plan.name().is_none_or(|name| seen.insert(name)) {
                        this.each.push(*plan);
                        this.requests.push(request);
                    }
                }
                Ok(Planned::Leave) => {}
                Ok(Planned::Refused) => this.refused = true,
                Err(error) => this.failures.push(error),
            }
        }
        this
    }

    /// The plans themselves.
    pub(crate) fn plans(&self) -> &[Plan] {
        &self.each
    }

    /// Carries them out; what no host serves is built from source, where the request leaves that open. Of an archive it
    /// is known only then which version it is, and whether that is there already. Where nothing was made, what a run
    /// killed before its end left is mended.
    pub(crate) fn carry_out(
        &mut self,
        ground: &Ground,
        planner: &Planner<'_>,
        site: &Site<'_>,
    ) -> Result<Vec<Outcome>, Error> {
        let mut outcomes = site.carry_out(&self.each)?;
        keep(ground, |file| planner.is_vouched_for(file), &self.each, &outcomes)?;
        for ((outcome, plan), request) in outcomes.iter_mut().zip(&self.each).zip(&self.requests) {
            if let (Err(error), Some(request)) = (&*outcome, request)
                && error.is_of_the_network()
            {
                let (first, offline) = (plan.name().unwrap_or_default(), error.is_offline());
                if let Some(plan) = planner.second_choice(request, &first, site)? {
                    if let Some(name) = plan.name().filter(|_| !offline) {
                        site.say(&format!("no host serves {first}: building {name} from source"));
                    }
                    let first = mem::replace(outcome, site.carry_out(&[plan])?.remove(0));
                    if let (Err(error), Err(first)) = (outcome, first) {
                        error.comes_after(first);
                    }
                }
            }
        }
        for (outcome, plan) in outcomes.iter_mut().zip(&self.each) {
            if let Err(install::Error::Exists(prefix)) = &*outcome
                && plan.target == Target::Version
                && let Some(name) = prefix.file_name().and_then(OsStr::to_str)
            {
                let (name, prefix) = (name.to_owned(), prefix.clone());
                match planner.verdict(&name)? {
                    Verdict::Free => {}
                    Verdict::Replace => {
                        let plan = Plan { existing: Existing::Replace, ..plan.clone() };
                        if let Some(again) = site.carry_out(&[plan])?.pop() {
                            *outcome = again;
                        }
                    }
                    verdict @ (Verdict::Leave | Verdict::Refused) => {
                        self.refused |= verdict == Verdict::Refused;
                        *outcome = Ok(Installed { name, prefix, done: Done::Elsewhere });
                    }
                }
            }
        }
        let made =
            |outcome: &Outcome| matches!(outcome, Ok(installed) if installed.done == Done::Here);
        if planner.makes_versions() && !outcomes.iter().any(made) {
            rehash::mend(ground)?;
        }
        Ok(outcomes)
    }

    /// The requests that no host served.
    pub(crate) fn unserved(&self, outcomes: &[Outcome]) -> Vec<&Request> {
        let unserved = outcomes
            .iter()
            .zip(&self.requests)
            .filter(|(outcome, _)| outcome.as_ref().is_err_and(install::Error::is_of_the_network));
        unserved.filter_map(|(_, request)| request.as_ref()).collect()
    }
}

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
