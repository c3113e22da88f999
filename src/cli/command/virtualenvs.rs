//! `pyman virtualenvs`: the environments under `versions/`, the selected ones marked.

use std::path::Path;

use pyman_shim::Installation;

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::disk;
use crate::error::Error;
use crate::operation::lineage::{self, Lineage};
use crate::operation::selection::{self, Resolved};
use crate::world;

/// List the environments, and what each was made from
#[derive(clap::Parser)]
pub(crate) struct Virtualenvs {
    /// Names only
    #[arg(long)]
    bare: bool,
    /// Leave out links
    #[arg(long)]
    skip_aliases: bool,
}

impl Run for Virtualenvs {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let resolver = context.ground.resolver();
        let (inside, entries): (Vec<_>, Vec<_>) = resolver
            .installations_and_environments()
            .into_iter()
            .partition(|found| found.name.contains(&b'/'));
        let mut listed = inside;
        for entry in entries {
            let alias = is_link(&world::path(&entry.directory))?;
            if lineage::is_listed(&entry)? && !(alias && self.skip_aliases) {
                listed.push(entry);
            }
        }
        if self.bare {
            context.printer.list(listed.iter().map(|found| &found.name))?;
            return Ok(Status::SUCCESS);
        }
        let pins = selection::pins(&context.ground, &resolver)?;
        let answer = Resolved::of(&resolver, &pins);
        answer.say_missing(&context.ground, &resolver);
        let mut lines = Vec::new();
        for found in &listed {
            let mark = answer.names.contains(&found.name).then(|| pins.origin.to_string());
            lines.push(line(context, found, mark.as_deref())?);
        }
        context.printer.table(lines)?;
        Ok(Status::SUCCESS)
    }
}

fn is_link(directory: &Path) -> Result<bool, Error> {
    Ok(disk::look(directory)?.is_some_and(|found| found.is_link()))
}

/// One line; `origin` says why it is selected.
fn line(context: &Context, found: &Installation, origin: Option<&str>) -> Result<Vec<u8>, Error> {
    let mut line = if origin.is_some() { b"* ".to_vec() } else { b"  ".to_vec() };
    line.extend_from_slice(&found.name);
    let directory = world::path(&found.directory);
    if is_link(&directory)? {
        line.extend_from_slice(b" --> ");
        let target = disk::link_target(&directory)?.unwrap_or_default();
        line.extend_from_slice(world::bytes(&target));
    } else {
        line.extend_from_slice(b" (created from ");
        match lineage::of(&context.ground, &directory)? {
            Lineage::Base(base) => line.extend_from_slice(world::bytes(Path::new(&base))),
            Lineage::None | Lineage::NoPython => {}
        }
        line.push(b')');
    }
    if let Some(origin) = origin {
        line.extend_from_slice(format!(" (set by {origin})").as_bytes());
    }
    Ok(line)
}
