//! Installing what was asked for: planned, carried out together, and where no host served a prebuilt, built instead.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::mem;

use pyman_shim::Request;

use crate::disk::Existing;
use crate::error::Error;
use crate::install::{self, Done, Installed, Plan, Target};
use crate::operation::planner::{Planned, Planner, Verdict};
use crate::operation::site::{Outcome, Site};
use crate::operation::unpinned;
use crate::operation::wish::Wish;
use crate::operation::{Ground, mend};

/// What was asked for, looked at before anybody is asked or anything fetched.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// What the catalogue is needed for.
    pub(crate) left: Vec<Wish>,
    /// Whether something is there that its user does not want replaced.
    pub(crate) refused: bool,
}

/// Settles what needs no catalogue; where nothing is left, what a run killed before its end left is mended.
pub(crate) fn settle(
    ground: &Ground,
    planner: &Planner<'_>,
    wishes: Vec<Wish>,
) -> Result<Settled, Error> {
    let mut settled = Settled::default();
    for wish in wishes {
        match planner.at_once(&wish)? {
            None => settled.left.push(wish),
            Some(Planned::Leave | Planned::Do(_)) => {}
            Some(Planned::Refused) => settled.refused = true,
        }
    }
    if settled.left.is_empty() {
        mend::mend(ground)?;
    }
    Ok(settled)
}

/// The plans for several wishes, each release once.
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
    /// Plans each wish, until whoever watches asks to stop.
    pub(crate) fn of(planner: &Planner<'_>, site: &Site<'_>, wishes: Vec<Wish>) -> Self {
        let mut this = Self::default();
        let mut seen = BTreeSet::new();
        for wish in wishes {
            if site.interrupted() {
                break;
            }
            let request = wish.request().cloned();
            match planner.plan(wish, site) {
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
    /// is known only then which version it is, and whether that is there already.
    pub(crate) fn carry_out(
        &mut self,
        ground: &Ground,
        planner: &Planner<'_>,
        site: &Site<'_>,
    ) -> Result<Vec<Outcome>, Error> {
        let mut outcomes = site.carry_out(&self.each)?;
        unpinned::keep(ground, |file| planner.is_vouched_for(file), &self.each, &outcomes)?;
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
