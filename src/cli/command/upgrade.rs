//! `pyman upgrade [X.Y…]`: the newest patch of each installed minor, and the environments on it.

use std::ffi::OsStr;

use crate::cli::context::Context;
use crate::cli::installing::{MirrorChoice, Site};
use crate::cli::newer::{self, Line};
use crate::cli::run::{Run, Status};
use crate::cli::standing;
use crate::cli::supply::{self, Trust};
use crate::cli::{asking, rehash, report};
use crate::disk::Existing;
use crate::environment::Environment;
use crate::error::Error;
use crate::install::{Making, Material, Plan, Removal, Target};
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
        let client = supply::client(context, Trust::Usual)?;
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
        let plans = lines.iter().map(|line| plan(&site, line)).collect::<Result<Vec<_>, _>>()?;
        let before = lines
            .iter()
            .map(|line| standing::on(context, &site.places().version(&line.name)))
            .collect::<Result<Vec<_>, _>>()?;
        let results = site.carry_out(&plans)?;
        let came: Vec<bool> = results.iter().map(Result::is_ok).collect();
        let mut status = site.conclude(results);
        for ((line, environments), _) in
            lines.iter().zip(&before).zip(came).filter(|(_, came)| *came)
        {
            let followed = self.follow_up(context, &site, line, environments, &watch);
            if let Err(error) = followed {
                status = status.worst(report::report(&context.printer, &error));
            }
        }
        rehash::now(context)?;
        Ok(status)
    }
}

impl Upgrade {
    /// The environments come along; then the old patch goes, unless it was replaced where it stood.
    fn follow_up(
        &self,
        context: &Context,
        site: &Site<'_>,
        line: &Line,
        environments: &[Environment],
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        let newest = line.newer.first().map(|build| build.release.name());
        let Some(newest) = newest.filter(|newest| *newest != line.name) else {
            return Ok(());
        };
        let former = site.places().version(&line.name);
        let found = asking::resolver(context).exactly(newest.as_bytes());
        if let Some(installation) = found {
            standing::carry(context, environments, &former, &installation, progress)?;
        }
        for environment in environments {
            let place = environment.directory.display();
            progress.note(&format!("{place} stands on {newest} now"));
        }
        if self.keep {
            return Ok(());
        }
        let homes = standing::homes(context)?;
        if let Some(removal) = Removal::of(site.places(), OsStr::new(&line.name), &homes)? {
            site.remove(&removal)?;
            progress.note(&format!("removed {}", line.name));
        }
        Ok(())
    }
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
