//! `pyman uninstall V…`: versions go, and with them what cannot be without them, after a question.

use std::ffi::OsString;

use crate::cli::context::Context;
use crate::cli::report;
use crate::cli::run::{self, Run, Status};
use crate::error::Error;
use crate::fetch::Client;
use crate::operation::dependents;
use crate::operation::site::{MirrorChoice, Site};
use crate::operation::uninstall::{self, Gone, Insistence, uninstall};

/// Remove versions of Python
#[derive(clap::Parser)]
pub(crate) struct Uninstall {
    /// Do not ask, and forgive what is not there
    #[arg(short, long, short_alias = 'y', alias = "yes")]
    force: bool,
    /// A version, a prefix (its newest installed), a link, an environment
    #[arg(required = true)]
    versions: Vec<OsString>,
}

impl Run for Uninstall {
    fn run(self, context: &Context) -> Result<Status, Error> {
        if self.versions.iter().any(|typed| typed.is_empty()) {
            return run::without_words(context, "uninstall");
        }
        let homes = dependents::homes(&context.ground)?;
        let client = Client::default();
        let watch = context.watch()?;
        let site = Site::new(&context.ground, &client, &watch, MirrorChoice::default())?;
        let mut status = Status::SUCCESS;
        let mut removed = false;
        let insistence = if self.force { Insistence::Force } else { Insistence::Ask };
        for typed in &self.versions {
            match uninstall(&context.ground, &site, typed, &homes, insistence) {
                Ok(Gone::Yes(gone)) => {
                    removed = true;
                    context.printer.line(format!("pyman: {} uninstalled", gone.name))?;
                    if let Err(error) = gone.tell(&context.ground) {
                        status = status.worst(report::report(&context.printer, &error));
                    }
                }
                Ok(Gone::NothingThere) => {}
                Ok(Gone::Refused) => status = status.worst(Status::FAILURE),
                Err(error) => status = status.worst(report::report(&context.printer, &error)),
            }
        }
        if removed {
            uninstall::finish(&context.ground)?;
        }
        Ok(watch.interruption().unwrap_or(status))
    }
}
