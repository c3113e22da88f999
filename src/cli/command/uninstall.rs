//! `pyman uninstall V…`, `cache list|clean`, `prune`: what goes: versions, and what cannot be without them, after a
//! question; downloads and finished builds; what nothing needs any more.

use std::ffi::OsString;
use std::path::Path;

use serde_json::{Value, json};

use crate::cli::context::Context;
use crate::cli::report;
use crate::cli::run::{self, Run, Status};
use crate::disk::Bytes;
use crate::error::Error;
use crate::fetch::Client;
use crate::install;
use crate::operation::cache::{self, Kept};
use crate::operation::selection::Selected;
use crate::operation::site::{MirrorChoice, Site};
use crate::operation::uninstall::{self, Gone, Insistence, uninstall};
use crate::operation::{dependents, prune, typed};
use crate::progress::Silent;

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
        let selected = Selected::now(&context.ground);
        let mut status = Status::SUCCESS;
        let mut removed = false;
        let insistence = if self.force { Insistence::Force } else { Insistence::Ask };
        for typed in &typed::versions(&self.versions) {
            match uninstall(&context.ground, &site, typed, &homes, insistence) {
                Ok(Gone::Yes(gone)) => {
                    removed = true;
                    context.printer.done(format!("pyman: {} uninstalled", gone.name))?;
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
            selected.say_what_went(&context.ground);
        }
        Ok(watch.interruption().unwrap_or(status))
    }
}

/// List or remove the downloads and builds that are kept
#[derive(clap::Parser)]
pub(crate) struct Cache {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// List the files, with their sizes
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove them; what is being fetched just now stays
    Clean,
}

impl Run for Cache {
    fn run(self, context: &Context) -> Result<Status, Error> {
        match self.action {
            Action::List { json } => list(context, cache::directory(&context.ground)?, json),
            Action::Clean => clean(context),
        }
    }
}

fn list(context: &Context, cache: &Path, json: bool) -> Result<Status, Error> {
    let files = cache::kept(cache)?;
    let bytes: u64 = files.iter().map(|file| file.bytes).sum();
    if json {
        let row = |file: &Kept| json!({ "path": cache.join(&file.name).to_string_lossy(), "bytes": file.bytes });
        let rows: Vec<Value> = files.iter().map(row).collect();
        context.printer.json(&json!({ "files": rows, "bytes": bytes }))?;
        return Ok(Status::SUCCESS);
    }
    for file in &files {
        context.printer.line(format!("{}  {}", column(file.bytes), file.name.display()))?;
    }
    if files.len() > 1 {
        context.printer.talk(&format!("{} in {}", Bytes(bytes), cache.display()));
    }
    Ok(Status::SUCCESS)
}

/// A size, flush right.
fn column(bytes: u64) -> String {
    format!("{:>9}", Bytes(bytes).to_string())
}

fn clean(context: &Context) -> Result<Status, Error> {
    context.warn()?;
    install::tidy(&context.places(), &Silent)?;
    if cache::is_somebodys(&context.ground)? {
        let cache = cache::directory(&context.ground)?.display();
        context.printer.talk(&format!(
            "{cache} was there before pyman kept downloads in it: what is in it stays"
        ));
        return Ok(Status::SUCCESS);
    }
    let (removed, bytes) = cache::clear(&context.ground)?;
    let files = if removed == 1 { "file" } else { "files" };
    context.printer.talk(&format!("removed {removed} {files}, {}", Bytes(bytes)));
    Ok(Status::SUCCESS)
}

/// Remove what nothing needs any more: superseded patches, downloads, builds, logs
///
/// A patch goes when pyman installed it, a newer one of its minor is installed, no environment stands on it, and neither
/// the global version, nor this directory's, nor that of a directory with an environment that pyman knows names it.
/// Kept downloads and builds, the sources that `install --keep` left, logs older than a week, and what processes left
/// that died go too. Versions that are only linked, and what belongs to others, stay.
#[derive(clap::Parser)]
pub(crate) struct Prune {
    /// Say what would be removed
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

impl Run for Prune {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let client = Client::default();
        let watch = context.watch()?;
        let site = Site::new(&context.ground, &client, &watch, MirrorChoice::default())?;
        let waste = prune::find(&context.ground)?;
        let bytes: u64 = waste.iter().map(|one| one.bytes).sum();
        for one in &waste {
            context.printer.line(format!("{}  {one}", column(one.bytes)))?;
        }
        if waste.is_empty() {
            context.printer.talk("there is nothing that nothing needs");
            return Ok(Status::SUCCESS);
        }
        if self.dry_run {
            context.printer.talk(&format!("would free {}", Bytes(bytes)));
            return Ok(Status::SUCCESS);
        }
        if !self.yes {
            match context.ground.ask_person("pyman: remove all of this? (y/N)")? {
                Some(true) => {}
                Some(false) => return Ok(Status::FAILURE),
                None => {
                    context.printer.talk("hint: run `pyman prune --yes'");
                    return Ok(Status::SUCCESS);
                }
            }
        }
        let freed = prune::remove(&context.ground, &site, &waste)?;
        context.printer.talk(&format!("freed {}", Bytes(freed)));
        Ok(watch.interruption().unwrap_or(Status::SUCCESS))
    }
}
