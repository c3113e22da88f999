//! `pyman upgrade [X.Y…]`: the newest patch of each installed minor, and the environments on it.

use crate::cli::context::Context;
use crate::cli::report;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::operation;
use crate::operation::outdated::{self, Line};
use crate::operation::site::{MirrorChoice, Site};
use crate::operation::supply::{self, Network};

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
        let client = supply::client(&context.ground, Network::default())?;
        let watch = context.watch()?;
        let catalogue = supply::catalogue(&context.ground, &client, &watch)?;
        let site = Site::new(&context.ground, &client, &watch, MirrorChoice::default())?;
        let mut lines = outdated::lines(site.places(), &catalogue, supply::platform())?;
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
        let upgrade = operation::upgrade::Upgrade { minors: &self.minors, keep: self.keep };
        let done = upgrade.carry_out(&context.ground, &site, &lines, &watch)?;
        let status = report::conclude(&context.printer, &watch, done.outcomes);
        let failures = done.failures.iter().map(|error| report::report(&context.printer, error));
        Ok(failures.fold(status, Status::worst))
    }
}

fn names(lines: &[Line], minor: &str) -> bool {
    lines.iter().any(|line| line.minor == minor)
}
