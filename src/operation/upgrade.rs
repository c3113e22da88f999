//! Upgrading: the newest patch of each installed minor comes, the environments go along, then the old patch goes.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;

use crate::disk::{self, Existing};
use crate::error::Error;
use crate::install::{Making, Material, Plan, Removal, Target};
use crate::inventory::{Succession, minor, tag};
use crate::operation::outdated::Line;
use crate::operation::site::{Outcome, Site};
use crate::operation::{Ground, dependents, mend, rehash};
use crate::progress::Progress;

/// What is asked for.
#[derive(Debug)]
pub(crate) struct Upgrade<'a> {
    /// Only these minors; none: all.
    pub(crate) minors: &'a [String],
    /// Whether the old patches stay.
    pub(crate) keep: bool,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Upgraded {
    /// How each installation ended.
    pub(crate) outcomes: Vec<Outcome>,
    /// What went wrong while environments were carried and old patches removed; each stopped no other.
    pub(crate) failures: Vec<Error>,
}

impl Upgrade<'_> {
    /// Upgrades these lines, and goes on with what an upgrade that died had begun.
    pub(crate) fn carry_out(
        &self,
        ground: &Ground,
        site: &Site<'_>,
        lines: &[Line],
        progress: &dyn Progress,
    ) -> Result<Upgraded, Error> {
        let begun = Succession::unfinished(site.places())?;
        let begun =
            begun.into_iter().filter(|one| !lines.iter().any(|line| line.name == one.former));
        let begun: Vec<_> = begun.filter(|one| self.names_minor_of(&one.former)).collect();
        let mut failures = self.finish(ground, site, &begun, progress);
        let plans = lines.iter().map(|line| plan(site, line)).collect::<Result<Vec<_>, _>>()?;
        let successions: Vec<_> = lines.iter().filter_map(succession).collect();
        for succession in &successions {
            refuse_strangers(&site.places().version(&succession.former))?;
        }
        for succession in &successions {
            succession.note(site.places())?;
        }
        let outcomes = site.carry_out(&plans)?;
        let failed: BTreeSet<&str> = lines
            .iter()
            .zip(&outcomes)
            .filter_map(|(line, outcome)| outcome.is_err().then_some(line.name.as_str()))
            .collect();
        let (stays, came): (Vec<_>, Vec<_>) =
            successions.into_iter().partition(|one| failed.contains(one.former.as_str()));
        for succession in &stays {
            succession.forget(site.places())?;
        }
        failures.extend(self.finish(ground, site, &came, progress));
        let mended = mend::leftovers(ground).and_then(|()| rehash::now(ground));
        failures.extend(mended.err());
        Ok(Upgraded { outcomes, failures })
    }

    fn names_minor_of(&self, name: &str) -> bool {
        let minor = tag(OsStr::new(name)).map(|(version, variant)| minor(version, variant));
        self.minors.is_empty() || minor.is_some_and(|minor| self.minors.contains(&minor))
    }

    /// Finishes each succession; what goes wrong with one stops no other.
    fn finish(
        &self,
        ground: &Ground,
        site: &Site<'_>,
        successions: &[Succession],
        progress: &dyn Progress,
    ) -> Vec<Error> {
        let follow_up = |one| self.follow_up(ground, site, one, progress);
        successions.iter().map(follow_up).filter_map(Result::err).collect()
    }

    /// The environments come along; then the old patch goes.
    fn follow_up(
        &self,
        ground: &Ground,
        site: &Site<'_>,
        succession: &Succession,
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        let Succession { former, successor } = succession;
        let prefix = site.places().version(former);
        let environments = dependents::on(ground, &prefix)?;
        let found = ground.resolver().exactly(successor.as_bytes());
        if let Some(installation) = found {
            dependents::carry(ground, &environments, &prefix, &installation, progress)?;
        }
        for environment in &environments {
            let place = environment.directory.display();
            progress.note(&format!("{place} stands on {successor} now"));
        }
        if self.keep {
            return Ok(succession.forget(site.places())?);
        }
        let homes = dependents::homes(ground)?;
        if let Some(removal) = Removal::of(site.places(), OsStr::new(former), &homes)? {
            site.remove(&removal)?;
            progress.note(&format!("removed {former}"));
        }
        Ok(())
    }
}

/// An error for a patch of another account's: neither it nor what stands on it is ours to carry along and remove.
fn refuse_strangers(prefix: &Path) -> Result<(), Error> {
    match disk::look(prefix)? {
        Some(found) if found.is_strangers() => Err(disk::anothers(prefix, found.owner).into()),
        Some(_) | None => Ok(()),
    }
}

/// What follows from a newer patch; nothing from a newer build, which is replaced where it stands.
fn succession(line: &Line) -> Option<Succession> {
    let successor = line.newer.first()?.release.name();
    let former = line.name.clone();
    (successor != former).then_some(Succession { former, successor })
}

fn plan(site: &Site<'_>, line: &Line) -> Result<Plan, Error> {
    let rebuilt = line.newer.first().is_some_and(|build| build.release.name() == line.name);
    Ok(Plan {
        material: Material::Release(site.offers(line.newer.clone())?),
        target: Target::Version,
        existing: if rebuilt { Existing::Replace } else { Existing::Keep },
        making: Making::default(),
        trust: false,
        sync: false,
    })
}
