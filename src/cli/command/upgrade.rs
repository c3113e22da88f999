//! `pyman upgrade [X.Y…]`: the newest patch of each installed minor; the old one goes when nothing stands on it.

use std::ffi::OsStr;
use std::path::PathBuf;

use crate::cli::context::Context;
use crate::cli::installing::{MirrorChoice, Site};
use crate::cli::newer::{self, Line};
use crate::cli::run::{Run, Status};
use crate::cli::standing;
use crate::cli::supply::{self, Trust};
use crate::cli::{rehash, report};
use crate::error::Error;
use crate::install::{Making, Material, Plan, Removal, Standing, Target};

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
        let results = site.carry_out(&plans)?;
        let done: Vec<bool> = results.iter().map(Result::is_ok).collect();
        let mut status = site.conclude(results);
        if !self.keep {
            for (line, _) in lines.iter().zip(done).filter(|(_, done)| *done) {
                match retire(context, &site, line) {
                    Ok(()) => {}
                    Err(error) => status = status.worst(report::report(&context.printer, &error)),
                }
            }
            rehash::now(context)?;
        }
        Ok(status)
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
        standing: if rebuilt { Standing::Replace } else { Standing::Keep },
        making: Making::default(),
        trust: false,
        sync: false,
    })
}

/// The old patch goes, unless it was replaced where it stood, or something still stands on it.
fn retire(context: &Context, site: &Site<'_>, line: &Line) -> Result<(), Error> {
    if line.newer.first().is_some_and(|build| build.release.name() == line.name) {
        return Ok(());
    }
    let homes: Vec<PathBuf> = standing::homes(context);
    let Some(removal) = Removal::of(site.places(), OsStr::new(&line.name), &homes)? else {
        return Ok(());
    };
    let users = standing::environments(&removal, &homes)?;
    if let [first, ..] = users.as_slice() {
        let first = first.display();
        context.printer.say(&format!("{} stays: {first} stands on it", line.name));
        return Ok(());
    }
    site.remove(&removal)?;
    context.printer.say(&format!("removed {}", line.name));
    Ok(())
}
