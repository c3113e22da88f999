//! `pyman upgrade [X.Y…]`: the newest patch of each installed minor, and the environments on it.

use std::collections::BTreeSet;
use std::ffi::OsStr;

use crate::cli::context::Context;
use crate::cli::installing::{MirrorChoice, Site};
use crate::cli::newer::{self, Line};
use crate::cli::run::{Run, Status};
use crate::cli::standing;
use crate::cli::supply::{self, Network};
use crate::cli::{asking, mend, rehash, report};
use crate::disk::Existing;
use crate::error::Error;
use crate::install::{Making, Material, Plan, Removal, Target};
use crate::inventory::{Succession, minor, tag};
use crate::progress::Progress;

/// Install the newest patch of each installed minor
#[derive(clap::Parser)]
pub(crate) struct Upgrade {
    /// Only these: `3.12`, `3.13t`
    minors: Vec<String>,
    /// Say what would be done
    #[arg(long)]
    dry_run: bool,
    /// Keep the old patches
    #[arg(long)]
    keep: bool,
}

impl Run for Upgrade {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let client = supply::client(context, Network::default())?;
        let watch = context.watch()?;
        let catalogue = supply::catalogue(context, &client, &watch)?;
        let site = Site::new(context, &client, &watch, MirrorChoice::default())?;
        let mut lines = newer::lines(site.places(), &catalogue, supply::platform())?;
        if let Some(unknown) = self.minors.iter().find(|minor| !names(&lines, minor)) {
            return Err(Error::NotUnderstood(format!("no {unknown} was installed by pyman")));
        }
        lines.retain(|line| self.minors.is_empty() || self.minors.contains(&line.minor));
        lines.retain(|line| !line.newer.is_empty());
        if self.dry_run {
            for line in &lines {
                let newest = line.newest().unwrap_or_default();
                context.printer.line(format!("{} {newest}", line.installed()))?;
            }
            return Ok(Status::SUCCESS);
        }
        let begun = Succession::unfinished(site.places())?;
        let begun =
            begun.into_iter().filter(|one| !lines.iter().any(|line| line.name == one.former));
        let begun: Vec<_> = begun.filter(|one| self.names_minor_of(&one.former)).collect();
        let mut status = self.finish(context, &site, &begun, &watch);
        let plans = lines.iter().map(|line| plan(&site, line)).collect::<Result<Vec<_>, _>>()?;
        let successions: Vec<_> = lines.iter().filter_map(succession).collect();
        for succession in &successions {
            succession.note(site.places())?;
        }
        let results = site.carry_out(&plans)?;
        let failed: BTreeSet<&str> = lines
            .iter()
            .zip(&results)
            .filter_map(|(line, result)| result.is_err().then_some(line.name.as_str()))
            .collect();
        let (stays, came): (Vec<_>, Vec<_>) =
            successions.into_iter().partition(|one| failed.contains(one.former.as_str()));
        status = status.worst(site.conclude(results));
        for succession in &stays {
            succession.forget(site.places())?;
        }
        status = status.worst(self.finish(context, &site, &came, &watch));
        mend::leftovers(context)?;
        rehash::now(context)?;
        Ok(status)
    }
}

impl Upgrade {
    fn names_minor_of(&self, name: &str) -> bool {
        let minor = tag(OsStr::new(name)).map(|(version, variant)| minor(version, variant));
        self.minors.is_empty() || minor.is_some_and(|minor| self.minors.contains(&minor))
    }

    /// Finishes each succession; what goes wrong with one is said, and stops no other.
    fn finish(
        &self,
        context: &Context,
        site: &Site<'_>,
        successions: &[Succession],
        progress: &dyn Progress,
    ) -> Status {
        let finish = |one| self.follow_up(context, site, one, progress);
        let failures = successions.iter().map(finish).filter_map(Result::err);
        failures
            .map(|error| report::report(&context.printer, &error))
            .fold(Status::SUCCESS, Status::worst)
    }

    /// The environments come along; then the old patch goes.
    fn follow_up(
        &self,
        context: &Context,
        site: &Site<'_>,
        succession: &Succession,
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        let Succession { former, successor } = succession;
        let prefix = site.places().version(former);
        let environments = standing::on(context, &prefix)?;
        let found = asking::resolver(context).exactly(successor.as_bytes());
        if let Some(installation) = found {
            standing::carry(context, &environments, &prefix, &installation, progress)?;
        }
        for environment in &environments {
            let place = environment.directory.display();
            progress.note(&format!("{place} stands on {successor} now"));
        }
        if self.keep {
            return Ok(succession.forget(site.places())?);
        }
        let homes = standing::homes(context)?;
        if let Some(removal) = Removal::of(site.places(), OsStr::new(former), &homes)? {
            site.remove(&removal)?;
            progress.note(&format!("removed {former}"));
        }
        Ok(())
    }
}

/// What follows from a newer patch; nothing from a newer build, which is replaced where it stands.
fn succession(line: &Line) -> Option<Succession> {
    let successor = line.newer.first()?.release.name();
    let former = line.name.clone();
    (successor != former).then_some(Succession { former, successor })
}

fn names(lines: &[Line], minor: &str) -> bool {
    lines.iter().any(|line| line.minor == minor)
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
