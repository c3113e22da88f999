//! `pyman discover`: every interpreter on this machine, and whose it is.

use std::ffi::OsString;

use crate::cli::context::Context;
use crate::cli::progress::Watch;
use crate::cli::report;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::interpreter::{Found, Grounds, Tool, discover};
use crate::inventory::Inventory;
use crate::operation::{link, rehash};
use crate::progress::Progress;

/// Find every interpreter on this machine
///
/// Looks into PATH and the places of pyenv, uv, mise, asdf, conda and Homebrew, /opt, and on Windows
/// the registry; asks each interpreter what it is; says its version, path, architecture and who
/// manages it.
#[derive(clap::Parser)]
pub(crate) struct Discover {
    /// Make each of them a version that is not one yet
    #[arg(long)]
    link: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl Run for Discover {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let watch = if self.link { context.watch()? } else { context.listen()? };
        let found = self.tell(context, &watch)?;
        match watch.interruption() {
            Some(status) => Ok(status),
            None if self.link => link_all(context, &found, &watch),
            None => Ok(Status::SUCCESS),
        }
    }
}

impl Discover {
    fn tell(&self, context: &Context, progress: &dyn Progress) -> Result<Vec<Found>, Error> {
        let discovery = discover(&Grounds::of(context.machine, context.root()), progress);
        if progress.interrupted() {
            return Ok(Vec::new());
        }
        if self.json {
            let all: Vec<_> = discovery.found.iter().map(json).collect();
            context.printer.json(&serde_json::json!({ "interpreters": all }))?;
        } else {
            context.printer.table(table(&discovery.found))?;
        }
        for silent in &discovery.silent {
            context.printer.remark(&format!("passed over: {silent}"));
        }
        Ok(discovery.found)
    }
}

/// Links what is no version yet, the first of each name. One that cannot be linked does not keep
/// the others from it.
fn link_all(context: &Context, found: &[Found], watch: &Watch) -> Result<Status, Error> {
    let inventory = Inventory::read(&context.places())?;
    let mut taken: Vec<OsString> = inventory.iter().map(|one| one.name.clone()).collect();
    let mut worst = Status::SUCCESS;
    for found in found.iter().filter(|found| found.tool != Tool::Pyman) {
        let name = link::usual_name(&found.interpreter);
        if taken.contains(&name) {
            continue;
        }
        match link::adopt(&context.ground, &found.interpreter, &name, watch) {
            Ok(adoption) => {
                let target = adoption.target().display();
                context.printer.talk(&format!("linked {} -> {target}", name.display()));
                taken.push(name);
            }
            Err(error) => worst = worst.worst(report::report(&context.printer, &error)),
        }
    }
    rehash::leftovers(&context.ground)?;
    rehash::now(&context.ground)?;
    Ok(worst)
}

/// A row for each: name, architecture, tool, path, in columns.
fn table(found: &[Found]) -> Vec<Vec<u8>> {
    let names: Vec<String> = found.iter().map(|found| found.interpreter.name()).collect();
    let widest = |width: fn(&Found) -> usize| found.iter().map(width).max().unwrap_or_default();
    let name_width = names.iter().map(String::len).max().unwrap_or_default();
    let processors = widest(|found| found.interpreter.architecture.len());
    let tools = widest(|found| found.tool.word().len());
    let row = |(name, found): (&String, &Found)| {
        let Found { interpreter, tool } = found;
        let architecture = &interpreter.architecture;
        let columns = format!("{name:name_width$}  {architecture:processors$}  {tool:tools$}  ");
        [columns.as_bytes(), interpreter.path.as_os_str().as_encoded_bytes()].concat()
    };
    names.iter().zip(found).map(row).collect()
}

fn json(found: &Found) -> serde_json::Value {
    let interpreter = &found.interpreter;
    serde_json::json!({
        "name": interpreter.name(),
        "implementation": interpreter.implementation,
        "version": interpreter.version.to_string(),
        "implementation_version": interpreter.own_version.to_string(),
        "path": interpreter.path.to_string_lossy(),
        "prefix": interpreter.prefix.to_string_lossy(),
        "architecture": interpreter.architecture,
        "bits": interpreter.bits,
        "manager": found.tool.word(),
    })
}
