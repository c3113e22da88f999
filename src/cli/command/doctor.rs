//! `pyman doctor`: what is wrong with the set-up, and the command that mends it.

use std::ffi::OsString;

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::doctor::{self, Finding, Level};
use crate::cli::run::{Run, Status};
use crate::error::Error;

/// Examine PATH, shims, start-up files, installations, environments and build tools
#[derive(clap::Parser)]
pub(crate) struct Doctor {
    /// Print a JSON array
    #[arg(long)]
    json: bool,
    /// This environment alone, its shared libraries included
    #[arg(value_name = "NAME|PATH")]
    environment: Option<OsString>,
}

impl Run for Doctor {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let findings = match &self.environment {
            Some(environment) => doctor::examine_one(context, environment)?,
            None => doctor::examine(context),
        };
        if self.json {
            let rows: Vec<_> = findings.iter().map(json).collect();
            context.printer.json(&rows.into())?;
        } else if findings.is_empty() {
            context.printer.line("everything is well")?;
        } else {
            for finding in &findings {
                context.printer.line(text(finding))?;
            }
        }
        let problems = findings.iter().any(|finding| finding.level == Level::Problem);
        Ok(if problems { Status::FAILURE } else { Status::SUCCESS })
    }
}

fn text(finding: &Finding) -> String {
    let Finding { level, part, what, mend } = finding;
    let mend = mend.as_ref().map(|mend| format!("\n    run: {mend}"));
    format!("{}: {part}: {what}{}", level.word(), mend.unwrap_or_default())
}

fn json(finding: &Finding) -> serde_json::Value {
    json!({
        "level": finding.level.word(),
        "part": finding.part,
        "what": finding.what,
        "mend": finding.mend,
    })
}
