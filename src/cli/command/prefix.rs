//! `pyman prefix`, `root`: where a version stands, where everything does.

use std::ffi::OsString;

use pyman_shim::{Origin, Resolver};

use crate::cli::context::Context;
use crate::cli::overlooked::Overlooked;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::operation::pins;
use crate::operation::selection::{self, Resolved};
use crate::world;

/// Print the directories of versions, joined with `:`; without one, of the selected versions
#[derive(clap::Parser)]
pub(crate) struct Prefix {
    /// The versions
    versions: Vec<OsString>,
}

impl Run for Prefix {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let resolver = context.ground.resolver();
        let versions = pins::typed(&self.versions);
        let wanted = if versions.is_empty() {
            let pins = selection::pins(&context.ground, &resolver)?;
            if !matches!(pins.origin, Origin::Variable(_)) {
                let answer = Resolved::of(&resolver, &pins);
                if !answer.missing.is_empty() {
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
        for entry in wanted.iter().filter(|entry| !entry.is_empty()) {
            prefixes.push(directory(context, &resolver, entry)?);
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
