//! `pyman discover`: every interpreter on this machine, and whose it is.

use std::ffi::OsString;

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::cli::{link, rehash, report};
use crate::error::Error;
use crate::interpreter::{Found, Grounds, Tool, discover};
use crate::inventory::Inventory;

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
        let grounds = Grounds::of(context.machine, context.root());
        let discovery = discover(&grounds);
        if self.json {
            let all: Vec<_> = discovery.found.iter().map(json).collect();
            context.printer.json(&all.into())?;
        } else {
            context.printer.out(table(&discovery.found))?;
        }
        for silent in &discovery.silent {
            context.printer.say(&format!("passed over: {silent}"));
        }
        if self.link { link_all(context, &discovery.found) } else { Ok(Status::SUCCESS) }
    }
}

/// Links what is no version yet, the first of each name. One that cannot be linked does not keep
/// the others from it.
fn link_all(context: &Context, found: &[Found]) -> Result<Status, Error> {
    let watch = context.watch()?;
    let inventory = Inventory::read(&context.places())?;
    let mut taken: Vec<OsString> = inventory.iter().map(|one| one.name.clone()).collect();
    let mut worst = Status::SUCCESS;
    for found in found.iter().filter(|found| found.tool != Tool::Pyman) {
        let name = link::usual_name(&found.interpreter);
        if taken.contains(&name) {
            continue;
        }
        match link::adopt(context, &found.interpreter, &name, &watch) {
            Ok(adoption) => {
                let target = adoption.target().display();
                context.printer.say(&format!("linked {} -> {target}", name.display()));
                taken.push(name);
            }
            Err(error) => worst = worst.worst(report::report(&context.printer, &error)),
        }
    }
    rehash::now(context)?;
    Ok(worst)
}

/// A line for each: name, architecture, tool, path, in columns.
fn table(found: &[Found]) -> Vec<u8> {
    let rows: Vec<_> = found
        .iter()
        .map(|found| (found.interpreter.name(), &found.interpreter.architecture, found))
        .collect();
    let widest = |width: fn(&(String, &String, &Found)) -> usize| {
        rows.iter().map(width).max().unwrap_or_default()
    };
    let names = widest(|(name, _, _)| name.len());
    let processors = widest(|(_, architecture, _)| architecture.len());
    let tools = widest(|(_, _, found)| found.tool.word().len());
    let mut lines = Vec::new();
    for (name, architecture, found) in &rows {
        let tool = found.tool;
        let columns = format!("{name:names$}  {architecture:processors$}  {tool:tools$}  ");
        lines.extend(columns.bytes());
        lines.extend(found.interpreter.path.as_os_str().as_encoded_bytes());
        lines.push(b'\n');
    }
    lines
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
