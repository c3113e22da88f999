//! `pyman outdated`: what is installed, and what the catalogue has that is newer.

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::operation::outdated::{self, Line};
use crate::operation::supply::{self, Network};
use crate::progress::Silent;

/// List the installed versions that have something newer
#[derive(clap::Parser)]
pub(crate) struct Outdated {
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl Run for Outdated {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let client = supply::client(&context.ground, Network::default())?;
        let catalogue = supply::catalogue(&context.ground, &client, &Silent)?;
        let places = context.places();
        let mut lines = outdated::lines(&places, &catalogue, supply::platform())?;
        lines.retain(|line| !line.newer.is_empty());
        let day = catalogue.as_of();
        if self.json {
            let rows: Vec<serde_json::Value> = lines.iter().map(row).collect();
            context.printer.json(&serde_json::json!({ "catalogue": day, "outdated": rows }))?;
            return Ok(Status::SUCCESS);
        }
        let shown = |line: &Line| {
            let newest = line.newest().unwrap_or_default();
            format!("{} {newest}", line.installed())
        };
        context.printer.table(lines.iter().map(shown))?;
        let day = day.map_or_else(|| "of unknown age".to_owned(), |day| format!("of {day}"));
        context
            .printer
            .say(&format!("the catalogue is {day}; `pyman update' asks for what is newer"));
        Ok(Status::SUCCESS)
    }
}

fn row(line: &Line) -> serde_json::Value {
    serde_json::json!({
        "minor": line.minor,
        "installed": line.installed(),
        "newest": line.newest(),
    })
}
