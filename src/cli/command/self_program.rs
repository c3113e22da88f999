//! `pyman self update|uninstall`: the program itself, renewed, put back to the one before, or taken off again.

use std::path::{Path, PathBuf};

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::compatibility::Release;
use crate::disk;
use crate::error::Error;
use crate::operation::manager::uninstall::{self, Leave, Left};
use crate::operation::manager::update::{self, Renewed};
use crate::operation::manager::{self, Other};
use crate::operation::network::{self, Network};
use crate::operation::site::{MirrorChoice, Site};

/// So many places of a kind are named; how many more there are is said.
const NAMED: usize = 10;

/// Renew pyman itself, or take it off again
#[derive(clap::Parser)]
pub(crate) struct SelfProgram {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Put the newest pyman in place of this one
    Update(Update),
    /// Take pyman off again: start-up lines, shims, downloads, the program
    Uninstall(Uninstall),
}

#[derive(clap::Args)]
struct Update {
    /// Say whether there is a newer one
    #[arg(long)]
    check: bool,
    /// Go back to the one before
    #[arg(long, conflicts_with_all = ["check", "version"])]
    rollback: bool,
    /// Just this version, were it older
    #[arg(value_parser = release)]
    version: Option<Release>,
}

#[derive(clap::Args)]
struct Uninstall {
    /// Remove the installed versions too, with the environments in them
    #[arg(long)]
    versions: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

fn release(text: &str) -> Result<Release, String> {
    Release::parse(text).ok_or_else(|| "a version of pyman has three numbers: 1.2.3".to_owned())
}

impl Run for SelfProgram {
    fn run(self, context: &Context) -> Result<Status, Error> {
        match self.action {
            Action::Update(update) if update.rollback => roll_back(context),
            Action::Update(update) if update.check => check(context, update.version.as_ref()),
            Action::Update(update) => renew(context, update.version.as_ref()),
            Action::Uninstall(uninstall) => take_off(context, &uninstall),
        }
    }
}

fn check(context: &Context, wanted: Option<&Release>) -> Result<Status, Error> {
    let client = network::client(&context.ground, Network::default())?;
    let watch = context.listen()?;
    match update::look(&context.ground, wanted, &client, &watch)? {
        (Some(offer), own) => {
            context.printer.line(format!("pyman {} is to be had, this is {own}", offer.release))?;
            context.printer.talk(&format!("checked: {}", offer.checked));
        }
        (None, own) => context.printer.talk(&format!("pyman {own} is the newest there is")),
    }
    Ok(watch.interruption().unwrap_or(Status::SUCCESS))
}

fn renew(context: &Context, wanted: Option<&Release>) -> Result<Status, Error> {
    let client = network::client(&context.ground, Network::default())?;
    let watch = context.watch()?;
    match update::update(&context.ground, wanted, &client, &watch)? {
        Renewed::Already(own) if wanted.is_some() => {
            context.printer.talk(&format!("this is pyman {own} already"));
        }
        Renewed::Already(own) => {
            context.printer.talk(&format!("pyman {own} is the newest there is"));
        }
        Renewed::Yes { offer, former } => context.printer.talk(&format!(
            "pyman {} is in place of {former}\nchecked: {}\nto go back: pyman self update --rollback",
            offer.release, offer.checked
        )),
    }
    if let Some(Other { program, renews }) = manager::other(&context.ground)? {
        let renews = renews.map(|command| format!(": run `{command}' for that"));
        context.printer.talk(&format!(
            "{} on PATH is another pyman{}",
            program.display(),
            renews.unwrap_or_default()
        ));
    }
    Ok(watch.interruption().unwrap_or(Status::SUCCESS))
}

fn roll_back(context: &Context) -> Result<Status, Error> {
    let watch = context.watch()?;
    let (release, former) = update::roll_back(&context.ground, &watch)?;
    context.printer.talk(&format!("pyman {release} is in its place again, where {former} was"));
    Ok(watch.interruption().unwrap_or(Status::SUCCESS))
}

fn take_off(context: &Context, asked: &Uninstall) -> Result<Status, Error> {
    let ground = &context.ground;
    let client = network::client(ground, Network { offline: true, ..Network::default() })?;
    let watch = context.watch()?;
    let leave = uninstall::plan(ground, asked.versions, &watch)?;
    if !asked.yes {
        announce(context, &leave);
        match ground.ask_person("pyman: take pyman off? (y/N)")? {
            Some(true) => {}
            Some(false) => return Ok(Status::FAILURE),
            None => {
                context.printer.say("hint: run `pyman self uninstall --yes'");
                return Ok(Status::FAILURE);
            }
        }
    }
    let file = context.settings()?.file.clone();
    let site = Site::new(ground, &client, &watch, MirrorChoice::default())?;
    let left = uninstall::carry_out(ground, &site, &leave)?;
    conclude(context, &leave, &left, &file);
    Ok(watch.interruption().unwrap_or(Status::SUCCESS))
}

/// Says what would go.
fn announce(context: &Context, leave: &Leave) {
    let root = context.root().display();
    if leave.is_gone {
        context.printer.say(&format!("there is nothing of pyman's in {root}"));
    } else {
        context.printer.say(&format!("shims, downloads and pyman itself go from {root}"));
    }
    let names: Vec<String> =
        leave.versions.iter().map(|one| one.name.to_string_lossy().into_owned()).collect();
    if !names.is_empty() {
        context.printer.say(&format!("with all that is in them: {}", names.join(", ")));
    }
    if leave.staying > 0 {
        context
            .printer
            .say(&format!("its versions stay: {} (`--versions' removes them too)", leave.staying));
    }
    listed(context, "These environments stand on what goes:", &leave.broken);
}

/// Says what went, and what is left to whoever it belongs to.
fn conclude(context: &Context, leave: &Leave, left: &Left, settings: &Path) {
    if context.printer.is_quiet() {
        return;
    }
    for file in &left.changed {
        context.printer.say(&format!("taken out of {}", file.display()));
    }
    if left.places.is_empty() {
        context.printer.say(&format!("{} is gone", context.root().display()));
    }
    listed(context, "Left there:", &left.places);
    listed(context, "Environments elsewhere are left:", &leave.environments);
    if disk::is_file(settings) && !left.places.iter().any(|place| place == settings) {
        context.printer.say(&format!("the settings are left: {}", settings.display()));
    }
    context.printer.say("what names a version in your projects (.python-version) is left as it is");
    if let Some(command) = &left.removes {
        context.printer.say(&format!("the program itself goes by: {command}"));
    }
}

fn listed(context: &Context, head: &str, places: &[PathBuf]) {
    if places.is_empty() {
        return;
    }
    context.printer.say(head);
    for place in places.iter().take(NAMED) {
        context.printer.say(&format!("  {}", place.display()));
    }
    if let Some(more) = places.len().checked_sub(NAMED).filter(|more| *more > 0) {
        context.printer.say(&format!("  and {more} more"));
    }
}
