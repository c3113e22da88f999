//! `pyman latest [-k] PREFIX`: the newest version of a prefix, installed or known.

use std::ffi::OsString;

use pyman_shim::{Name, PreReleases, Request};

use crate::cli::context::Context;
use crate::cli::overlooked::Overlooked;
use crate::cli::run::{self, Run, Status};
use crate::error::Error;
use crate::operation::selection;
use crate::operation::supply::{self, Network};
use crate::progress::Silent;

/// Print the newest installed version that a prefix matches
#[derive(clap::Parser)]
pub(crate) struct Latest {
    /// Of all that could be installed, not of what is
    #[arg(short, long)]
    known: bool,
    /// When nothing matches, print the prefix itself
    #[arg(short, long, hide = true)]
    bypass: bool,
    /// As --bypass, with status 0
    #[arg(short, long, hide = true)]
    force: bool,
    /// `3`, `3.12`, `3.13t`, `pypy3.10`
    prefix: OsString,
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for Latest {
    fn run(self, context: &Context) -> Result<Status, Error> {
        if self.prefix.is_empty() {
            return run::without_words(context, "latest");
        }
        let typed = self.prefix.as_encoded_bytes();
        let found = if self.known { known(context, typed)? } else { installed(context, typed) };
        if let Some(name) = found {
            context.printer.list([name])?;
            return Ok(Status::SUCCESS);
        }
        if self.bypass || self.force {
            context.printer.list([typed])?;
            return Ok(if self.force { Status::SUCCESS } else { Status::FAILURE });
        }
        let which = if self.known { "known" } else { "installed" };
        let prefix = self.prefix.to_string_lossy();
        context.printer.say(&format!("pyman: no {which} versions match the prefix `{prefix}'"));
        Ok(Status::FAILURE)
    }
}

fn installed(context: &Context, typed: &[u8]) -> Option<Vec<u8>> {
    let resolver = context.ground.resolver();
    let found = resolver.find(&Request::parse(typed));
    selection::say_notes(&context.ground, &resolver);
    Some(found?.name)
}

fn known(context: &Context, typed: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    let client = supply::client(&context.ground, Network::default())?;
    let names = supply::catalogue(&context.ground, &client, &Silent)?.names(supply::platform());
    if names.iter().any(|name| name.as_bytes() == typed) {
        return Ok(Some(typed.to_vec()));
    }
    let names = names.iter().map(|name| Name::parse(name.as_bytes()));
    let newest = Request::parse(typed).newest(names, PreReleases::Named);
    Ok(newest.map(|name| name.text().to_vec()))
}
