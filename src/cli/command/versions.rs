//! `pyman versions`: what is installed, and what is selected.

use pyman_shim::{Installation, Resolver};
use serde_json::{Map, Value, json};

use crate::catalogue::{Catalogue, Day};
use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::cli::schema;
use crate::cli::text::{Span, Tone};
use crate::error::Error;
use crate::operation::available::Care;
use crate::operation::selection::{self, Resolved};
use crate::{disk, rehash, world};

/// List the installed versions and environments, the selected ones marked
#[derive(clap::Parser)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub(crate) struct Versions {
    /// Names only, without `system`
    #[arg(long)]
    bare: bool,
    /// Leave out links to other versions and to environments
    #[arg(long)]
    skip_aliases: bool,
    /// Leave out the environments inside versions
    #[arg(long)]
    skip_envs: bool,
    /// Print the names of all commands, whatever else is asked for
    #[arg(long, hide = true)]
    executables: bool,
    /// As JSON
    #[arg(long, conflicts_with = "bare")]
    json: bool,
    /// With --json: the bytes of each version's files, those with several names once
    #[arg(long, requires = "json")]
    sizes: bool,
}

/// One line.
struct Row {
    name: Vec<u8>,
    directory: Option<Vec<u8>>,
    /// What a link says, as written.
    target: Option<Vec<u8>>,
    selected: bool,
}

impl Run for Versions {
    fn run(self, context: &Context) -> Result<Status, Error> {
        if self.executables {
            let names = rehash::executables(context.root()).map_err(Error::Disk)?;
            context.printer.list(names.iter().map(|name| name.as_encoded_bytes()))?;
            return Ok(Status::SUCCESS);
        }
        let resolver = context.ground.resolver();
        if self.bare {
            let names = self.installations(&resolver).into_iter().map(|found| found.name);
            context.printer.list(names)?;
            return Ok(Status::SUCCESS);
        }
        let pins = selection::pins(&context.ground, &resolver)?;
        let answer = Resolved::of(&resolver, &pins);
        answer.say_missing(&context.ground, &resolver);
        let origin = pins.origin.to_string();
        let rows = self.rows(&resolver, &answer);
        if self.json {
            let today = Catalogue::embedded_only().today();
            let mut documents = Vec::new();
            for row in &rows {
                let mut document = row.json(&resolver, &origin, today);
                if self.sizes {
                    document.insert("bytes".to_owned(), json!(row.bytes()?));
                }
                documents.push(document);
            }
            context.printer.json(&json!({ "versions": documents }))?;
        } else {
            context.printer.toned(rows.iter().map(|row| row.line(&origin)))?;
        }
        if rows.is_empty() {
            context.printer.say("Warning: no Python detected on the system");
            return Ok(Status::FAILURE);
        }
        Ok(Status::SUCCESS)
    }
}

impl Versions {
    fn installations(&self, resolver: &Resolver<'_>) -> Vec<Installation> {
        let mut found = if self.skip_envs {
            resolver.installations()
        } else {
            resolver.installations_and_environments()
        };
        if self.skip_aliases {
            let versions = resolver.home().versions();
            let versions = disk::canonical(&world::path(&versions)).map_or(None, |path| path);
            let versions = versions.map(|path| path.into_os_string().into_encoded_bytes());
            let mut skipping = false;
            found.retain(|entry| {
                // The environments inside an entry follow it, and go with it.
                if !entry.name.contains(&b'/') {
                    skipping = is_alias(entry, versions.as_deref());
                }
                !skipping
            });
        }
        found
    }

    fn rows(&self, resolver: &Resolver<'_>, answer: &Resolved) -> Vec<Row> {
        let selected = |name: &[u8]| answer.names.iter().any(|other| other == name);
        let system = resolver.system_python().map(|_| Row {
            name: b"system".to_vec(),
            directory: None,
            target: None,
            selected: selected(b"system"),
        });
        let installed = self.installations(resolver).into_iter().map(|found| Row {
            target: link(&found.directory),
            selected: selected(&found.name),
            name: found.name,
            directory: Some(found.directory),
        });
        system.into_iter().chain(installed).collect()
    }
}

/// Whether an entry is a link to another entry of `versions/` or to an environment inside one.
fn is_alias(found: &Installation, versions: Option<&[u8]>) -> bool {
    if link(&found.directory).is_none() {
        return false;
    }
    let Ok(Some(target)) = disk::canonical(&world::path(&found.directory)) else {
        return false;
    };
    let Some(rest) = versions.and_then(|versions| world::bytes(&target).strip_prefix(versions))
    else {
        return false;
    };
    let parts: Vec<&[u8]> = rest.split(|byte| *byte == b'/').skip(1).collect();
    matches!(parts.as_slice(), [_] | [_, b"envs", _])
}

/// What a link says; none for a directory.
fn link(directory: &[u8]) -> Option<Vec<u8>> {
    let target = disk::link_target(&world::path(directory)).map_or(None, |target| target)?;
    Some(target.into_os_string().into_encoded_bytes())
}

impl Row {
    fn line(&self, origin: &str) -> Vec<Span> {
        let (mark, tone) = if self.selected { ("* ", Tone::Good) } else { ("  ", Tone::Plain) };
        let mut rest = Vec::new();
        if let Some(target) = &self.target {
            rest.extend_from_slice(b" --> ");
            rest.extend_from_slice(target);
        }
        if self.selected {
            rest.extend_from_slice(format!(" (set by {origin})").as_bytes());
        }
        vec![(tone, [mark.as_bytes(), &self.name].concat()), (Tone::Plain, rest)]
    }

    /// What its files take; a link's are its target's.
    fn bytes(&self) -> Result<Option<u64>, Error> {
        let directory = self.directory.as_deref().filter(|_| self.target.is_none());
        Ok(directory.map(|directory| disk::usage(&world::path(directory))).transpose()?)
    }

    fn json(&self, resolver: &Resolver<'_>, origin: &str, today: Day) -> Map<String, Value> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let identity = self.directory.as_ref().and_then(|directory| {
            let found = Installation { name: self.name.clone(), directory: directory.clone() };
            resolver.identity(&found)
        });
        let version = identity.as_ref().filter(|identity| identity.implementation == b"cpython");
        let version = version.and_then(|identity| identity.series.version());
        let care = version.and_then(|version| Care::of(version, today));
        let mut row = schema::care(care.as_ref());
        let fields = [
            ("name", json!(text(&self.name))),
            ("path", json!(self.directory.as_deref().map(text))),
            ("target", json!(self.target.as_deref().map(text))),
            (
                "implementation",
                json!(identity.as_ref().map(|identity| text(&identity.implementation))),
            ),
            ("version", json!(identity.as_ref().map(|identity| identity.series.to_string()))),
            ("variant", json!(identity.as_ref().map(|identity| identity.variant.suffix()))),
            ("selected", json!(self.selected)),
            ("origin", json!(self.selected.then_some(origin))),
        ];
        row.extend(fields.map(|(key, value)| (key.to_owned(), value)));
        row
    }
}
