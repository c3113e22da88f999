//! `pyman virtualenv-prefix [NAME…]`: what environments were made from.

use std::ffi::OsString;

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::operation::lineage::{self, Lineage};
use crate::operation::selection::{self, Resolved};
use crate::world;

/// Print the directories that environments were made from, joined with `:`; without one, of the selected ones
#[derive(clap::Parser)]
pub(crate) struct VirtualenvPrefix {
    /// The environments
    names: Vec<OsString>,
}

impl Run for VirtualenvPrefix {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let resolver = context.ground.resolver();
        let typed = self.names.iter().map(|name| name.as_encoded_bytes().to_vec());
        let mut names: Vec<Vec<u8>> = typed.filter(|name| !name.is_empty()).collect();
        if names.is_empty() {
            let pins = selection::pins(&context.ground, &resolver)?;
            let answer = Resolved::of(&resolver, &pins);
            answer.say_missing(&context.ground, &resolver);
            if !answer.missing.is_empty() {
                return Ok(Status::FAILURE);
            }
            names = answer.names;
        }
        let mut prefixes = Vec::new();
        for name in &names {
            let shown = String::from_utf8_lossy(name).into_owned();
            let lineage = match selection::require(&context.ground, &resolver, name)? {
                Some(found) => lineage::of(&context.ground, &world::path(&found.directory))?,
                None => Lineage::None,
            };
            let refusal = match lineage {
                Lineage::Base(base) => {
                    prefixes.push(base.into_os_string().into_encoded_bytes());
                    continue;
                }
                Lineage::None => format!("version `{shown}' is not a virtualenv"),
                Lineage::NoPython => format!("`python' not found in version `{shown}'"),
            };
            context.printer.say(&format!("pyman: {refusal}"));
            return Ok(Status::FAILURE);
        }
        context.printer.list([prefixes.join(&b':')])?;
        Ok(Status::SUCCESS)
    }
}
