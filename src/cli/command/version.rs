//! `pyman version`, `version-name`, `version-origin`, `prefix`, `root`: what is selected here, why, and where it stands.

use std::ffi::OsString;

use pyman_shim::{NotInstalled, Origin, Resolver, Selection};
use serde_json::{Value, json};

use crate::cli::context::Context;
use crate::cli::run::{Overlooked, Run, Status};
use crate::cli::schema;
use crate::error::Error;
use crate::operation::selection::{self, Resolved};
use crate::operation::{pins, typed};
use crate::plugin::Event;
use crate::world;

/// Show the selected versions and what selected them
#[derive(clap::Parser)]
pub(crate) struct Version {
    /// Names only
    #[arg(long)]
    bare: bool,
    /// As JSON
    #[arg(long, conflicts_with = "bare")]
    json: bool,
}

impl Run for Version {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let resolver = context.ground.resolver();
        let pins: Selection = selection::pins(&context.ground, &resolver)?;
        let answer = Resolved::of(&resolver, &pins);
        answer.say_missing(&context.ground, &resolver);
        if self.json {
            let text = |name: &Vec<u8>| String::from_utf8_lossy(name).into_owned();
            let names: Vec<String> = answer.names.iter().map(text).collect();
            let missing = answer.missing.iter().map(|missing| text(&missing.request));
            let missing: Vec<String> = missing.collect();
            context.printer.json(&json!({
                "versions": names,
                "missing": missing,
                "origin": pins.origin.to_string(),
            }))?;
        } else if self.bare {
            context.printer.list(&answer.names)?;
        } else {
            let origin = format!(" (set by {})", pins.origin);
            let lines = answer.names.iter().map(|name| [name, origin.as_bytes()].concat());
            context.printer.table(lines)?;
        }
        Ok(if answer.missing.is_empty() { Status::SUCCESS } else { Status::FAILURE })
    }
}

/// Print the names of the selected versions, joined with `:`
#[derive(clap::Parser)]
pub(crate) struct VersionName {
    /// Print what is not installed as it was written
    #[arg(short, long)]
    force: bool,
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for VersionName {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let resolver = context.ground.resolver();
        let pins = selection::pins(&context.ground, &resolver)?;
        let answer = if self.force {
            Resolved::regardless(&resolver, &pins)
        } else {
            Resolved::of(&resolver, &pins)
        };
        let names = answer.names.join(&b':');
        answer.say_missing(&context.ground, &resolver);
        context.printer.list([&names])?;
        context.ground.tell(Event::VersionName, &[("version", &String::from_utf8_lossy(&names))]);
        Ok(if answer.missing.is_empty() { Status::SUCCESS } else { Status::FAILURE })
    }
}

/// Print what selects the version here: a variable or a file
#[derive(clap::Parser)]
pub(crate) struct VersionOrigin {
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for VersionOrigin {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let resolver = context.ground.resolver();
        let pins = resolver.pins()?;
        context.printer.list([pins.origin.to_string()])?;
        Ok(Status::SUCCESS)
    }
}

/// Print the directories of versions, joined with `:`; without one, of the selected versions
#[derive(clap::Parser)]
pub(crate) struct Prefix {
    /// As JSON: each version and its directory
    #[arg(long)]
    json: bool,
    /// The versions
    versions: Vec<OsString>,
}

impl Run for Prefix {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let resolver = context.ground.resolver();
        let versions = typed::versions(pins::typed(&self.versions));
        let wanted = if versions.is_empty() {
            let pins = selection::pins(&context.ground, &resolver)?;
            if !matches!(pins.origin, Origin::Variable(_)) {
                let answer = Resolved::of(&resolver, &pins);
                if !answer.missing.is_empty() {
                    let missing: Vec<String> = NotInstalled::lines(&answer.missing).collect();
                    let message = missing.join("; ");
                    context.printer.fail(|| schema::told(&message, &[], Status::FAILURE));
                    answer.say_missing(&context.ground, &resolver);
                    return Ok(Status::FAILURE);
                }
            }
            let mut entries: Vec<Vec<u8>> =
                pins.entries.iter().map(|entry| entry.text().to_vec()).collect();
            if entries.is_empty() {
                entries.push(b"system".to_vec());
            }
            entries
        } else {
            let typed = versions.iter().map(|version| version.as_encoded_bytes());
            typed.flat_map(|typed| typed.split(|byte| *byte == b':')).map(<[u8]>::to_vec).collect()
        };
        let mut prefixes = Vec::new();
        let wanted: Vec<&Vec<u8>> = wanted.iter().filter(|entry| !entry.is_empty()).collect();
        for entry in &wanted {
            prefixes.push(directory(context, &resolver, entry)?);
        }
        if self.json {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let row = |(version, path): (&&Vec<u8>, &Vec<u8>)| json!({ "version": text(version), "path": text(path) });
            let rows: Vec<Value> = wanted.iter().zip(&prefixes).map(row).collect();
            context.printer.json(&json!({ "prefixes": rows }))?;
            return Ok(Status::SUCCESS);
        }
        context.printer.list([prefixes.join(&b':')])?;
        Ok(Status::SUCCESS)
    }
}

fn directory(context: &Context, resolver: &Resolver<'_>, typed: &[u8]) -> Result<Vec<u8>, Error> {
    if let Some(installation) = selection::require(&context.ground, resolver, typed)? {
        return Ok(installation.directory);
    }
    resolver.system_prefix().ok_or(Error::NoSystemPython)
}

/// Print the directory where versions and shims are kept
#[derive(clap::Parser)]
pub(crate) struct Root {
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for Root {
    fn run(self, context: &Context) -> Result<Status, Error> {
        context.printer.list([world::bytes(context.root())])?;
        Ok(Status::SUCCESS)
    }
}
