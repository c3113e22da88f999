//! `pyman doctor`, `rehash`: what is wrong with the set-up, and the command that mends it; the shims made what the
//! installed versions ask for, and in the shell that asks its own table of commands.

use std::ffi::OsString;

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::run::{Overlooked, Run, Status};
use crate::cli::shell;
use crate::cli::text::{Span, Tone};
use crate::error::Error;
use crate::operation::doctor::{self, Finding, Level, Section};
use crate::operation::{environments, rehash};
use crate::shell::{Script, Shell};

/// Examine PATH, shims, start-up files, installations, environments and build tools
#[derive(clap::Parser)]
pub(crate) struct Doctor {
    /// As JSON
    #[arg(long)]
    json: bool,
    /// Print what a report of a bug needs; secrets are left out
    #[arg(long, conflicts_with_all = ["json", "environment"])]
    report: bool,
    /// This environment alone, its shared libraries included
    #[arg(value_name = "NAME|PATH")]
    environment: Option<OsString>,
}

impl Run for Doctor {
    fn run(self, context: &Context) -> Result<Status, Error> {
        if self.report {
            context.printer.toned(doctor::report(&context.ground).into_iter().flat_map(section))?;
            return Ok(Status::SUCCESS);
        }
        let findings = match &self.environment {
            Some(environment) => doctor::examine_one(&context.ground, environment)?,
            None => doctor::examine(&context.ground),
        };
        if self.json {
            let rows: Vec<_> = findings.iter().map(json).collect();
            context.printer.json(&json!({ "findings": rows }))?;
        } else if findings.is_empty() {
            context.printer.toned([vec![(Tone::Good, b"everything is well".to_vec())]])?;
        } else {
            context.printer.toned(findings.iter().flat_map(lines))?;
        }
        let problems = findings.iter().any(|finding| finding.level == Level::Problem);
        Ok(if problems { Status::FAILURE } else { Status::SUCCESS })
    }
}

/// What is about one thing, below its heading.
fn section((about, lines): Section) -> Vec<Vec<Span>> {
    let lines = if lines.is_empty() { vec!["none".to_owned()] } else { lines };
    let lines = lines.into_iter().map(|line| vec![(Tone::Plain, format!("    {line}").into())]);
    [vec![(Tone::Strong, about.into())]].into_iter().chain(lines).collect()
}

/// What is so, and what to run.
fn lines(finding: &Finding) -> Vec<Vec<Span>> {
    let Finding { level, part, what, mend } = finding;
    let tone = match level {
        Level::Problem => Tone::Bad,
        Level::Advice => Tone::Warning,
    };
    let said = format!(" {part}: {what}").into_bytes();
    let mut lines = vec![vec![(tone, format!("{}:", level.word()).into()), (Tone::Plain, said)]];
    if let Some(mend) = mend {
        let run = (Tone::Hint, b"run:".to_vec());
        let mend = format!(" {mend}").into_bytes();
        lines.push(vec![(Tone::Plain, b"    ".to_vec()), run, (Tone::Plain, mend)]);
    }
    lines
}

fn json(finding: &Finding) -> serde_json::Value {
    json!({
        "level": finding.level.word(),
        "part": finding.part,
        "what": finding.what,
        "mend": finding.mend,
    })
}

/// Rewrite the shims, after commands were installed by hand
#[derive(clap::Parser)]
pub(crate) struct Rehash {
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for Rehash {
    fn run(self, context: &Context) -> Result<Status, Error> {
        context.warn()?;
        rehash::leftovers(&context.ground)?;
        environments::sweep_links(&context.ground)?;
        rehash::now(&context.ground)?;
        Ok(Status::SUCCESS)
    }
}

/// Rehash and make the calling shell forget where commands were
#[derive(clap::Parser)]
pub(crate) struct ShRehash {
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for ShRehash {
    fn run(self, context: &Context) -> Result<Status, Error> {
        // The other shells run the rehash themselves, as their code says.
        if shell::calling(context) == Shell::Nushell {
            rehash::now(&context.ground)?;
        }
        shell::print(context, Script::Rehash)?;
        Ok(Status::SUCCESS)
    }
}
