//! `pyman update`, `outdated`, `upgrade`: the catalogue asked anew, what has something newer, and having it.

use crate::catalogue::{Error as CatalogueError, Refresh, Refreshed};
use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::cli::text::Tone;
use crate::cli::{report, schema};
use crate::error::Error;
use crate::operation;
use crate::operation::available::Care;
use crate::operation::network::{self, Network};
use crate::operation::site::{MirrorChoice, Site};
use crate::operation::upgrade::{self, Line};
use crate::progress::Silent;

/// How many names one line takes.
const NAMES: usize = 12;

/// The status of a network that brought nothing.
const UNSERVED: u8 = 3;

/// Ask for what is newer than the catalogue
#[derive(clap::Parser)]
pub(crate) struct Update {
    /// Accept lists that come over plain http
    #[arg(long)]
    insecure: bool,
}

impl Run for Update {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let network = Network { insecure: self.insecure, ..Network::default() };
        let client = network::client(&context.ground, network)?;
        let watch = context.watch()?;
        let catalogue = network::catalogue(&context.ground, &client, &watch)?;
        let age = catalogue.as_of().map_or_else(String::new, |day| format!(" of {day}"));
        let settings = context.settings()?;
        if settings.offline.value {
            context.printer.talk(&format!("offline: the catalogue{age} stays as it is"));
            return Ok(Status::new(UNSERVED));
        }
        let directory = context.root().join("catalogue");
        let base = settings.lists.value.as_ref();
        let refresh = Refresh { directory: &directory, base, client: &client, progress: &watch };
        match catalogue.refresh(&refresh) {
            Ok(refreshed) => Ok(report(context, &refreshed, &age)),
            Err(error) => watch.interruption().map_or_else(|| Err(error.into()), Ok),
        }
    }
}

/// Says what was added and what could not be asked. A list that nobody serves leaves what is there, and is
/// no failure while another is served; one that says what cannot be is.
fn report(context: &Context, refreshed: &[Refreshed], age: &str) -> Status {
    let mut status = Status::SUCCESS;
    let mut names: Vec<String> = Vec::new();
    let mut served = false;
    for list in refreshed {
        match &list.added {
            Ok(builds) => {
                served = true;
                names.extend(builds.iter().map(|build| build.release.name()));
            }
            Err(error) => {
                context.printer.say(&format!("pyman: {}: {error}", list.list));
                if !matches!(error, CatalogueError::Fetch(_)) {
                    error
                        .hints()
                        .iter()
                        .for_each(|hint| context.printer.say(&format!("hint: {hint}")));
                    status = status.worst(Status::new(error.exit_code()));
                }
            }
        }
    }
    names.dedup();
    if served {
        context.printer.talk(&summary(&names));
        return status;
    }
    context.printer.talk(&format!("the catalogue{age} stays as it is"));
    status.worst(Status::new(UNSERVED))
}

/// `2 new releases: 3.15.3, 3.14.11`
fn summary(names: &[String]) -> String {
    let shown = names.get(..NAMES).unwrap_or(names).join(", ");
    let more = if names.len() > NAMES { ", …" } else { "" };
    match names.len() {
        0 => "the catalogue is up to date".to_owned(),
        1 => format!("1 new release: {shown}"),
        count => format!("{count} new releases: {shown}{more}"),
    }
}

/// List the installed versions that have something newer
#[derive(clap::Parser)]
pub(crate) struct Outdated {
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl Run for Outdated {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let client = network::client(&context.ground, Network::default())?;
        let catalogue = network::catalogue(&context.ground, &client, &Silent)?;
        let places = context.places();
        let mut lines = upgrade::lines(&places, &catalogue, network::platform())?;
        lines.retain(|line| !line.newer.is_empty());
        let day = catalogue.as_of();
        let today = catalogue.today();
        if self.json {
            let rows: Vec<serde_json::Value> =
                lines.iter().map(|line| row(line, Care::of(line.version, today))).collect();
            context.printer.json(&serde_json::json!({ "catalogue": day, "outdated": rows }))?;
            return Ok(Status::SUCCESS);
        }
        let shown = |line: &Line| {
            let newest = line.newest().unwrap_or_default();
            let ended = Care::of(line.version, today).and_then(|care| care.ended());
            let mark = ended.map(|since| format!(" ({})", schema::unsupported(since)));
            let line = format!("{} {newest}", line.installed());
            let mark = mark.map(|mark| (Tone::Warning, mark.into_bytes()));
            [(Tone::Plain, line.into_bytes())].into_iter().chain(mark).collect()
        };
        context.printer.toned(lines.iter().map(shown))?;
        let day = day.map_or_else(|| "of unknown age".to_owned(), |day| format!("of {day}"));
        context
            .printer
            .talk(&format!("the catalogue is {day}; `pyman update' asks for what is newer"));
        Ok(Status::SUCCESS)
    }
}

fn row(line: &Line, care: Option<Care>) -> serde_json::Value {
    let mut row = schema::care(care.as_ref());
    for (key, value) in [
        ("minor", Some(line.minor.clone())),
        ("installed", Some(line.installed())),
        ("newest", line.newest()),
    ] {
        row.insert(key.to_owned(), value.into());
    }
    row.into()
}

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
        let client = network::client(&context.ground, Network::default())?;
        let watch = context.watch()?;
        let catalogue = network::catalogue(&context.ground, &client, &watch)?;
        let site = Site::new(&context.ground, &client, &watch, MirrorChoice::default())?;
        let mut lines = upgrade::lines(site.places(), &catalogue, network::platform())?;
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

#[cfg(test)]
mod tests {
    use super::summary;

    #[test]
    fn what_is_new_fits_a_line() {
        let names =
            |count: usize| (0..count).map(|patch| format!("3.15.{patch}")).collect::<Vec<_>>();
        assert_eq!(summary(&names(0)), "the catalogue is up to date");
        assert_eq!(summary(&names(1)), "1 new release: 3.15.0");
        assert_eq!(summary(&names(2)), "2 new releases: 3.15.0, 3.15.1");
        assert!(
            summary(&names(40)).starts_with("40 new releases: 3.15.0, ")
                && summary(&names(40)).ends_with("3.15.11, …")
        );
    }
}
