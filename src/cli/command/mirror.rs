//! `pyman mirror`: where archives come from before those who publish them, and how fast each serves: the first byte and the
//! rate of a small part, one mirror after the other.

mod pip;
mod sync;

use serde_json::{Value, json};

use pyman_shim::Request;

use crate::catalogue::{Build, Catalogue, Family, Kind, Mirrors, Options, Preset, Route};
use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::fetch::{Address, Attempt, Timing, Url, timings};
use crate::operation::network::{self, Network};
use crate::settings;

/// The setting that holds them.
const KEY: &str = "mirrors";

/// Say, time and choose where archives come from
#[derive(clap::Parser)]
pub(crate) struct Mirror {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Print the mirrors that have names, those in use marked
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Time mirrors: those named, else all that have names and those who publish
    Test {
        /// Names, URLs or directories
        #[arg(value_name = "NAME|URL")]
        mirrors: Vec<Address>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Ask these first, in this order
    Set {
        /// Names, URLs or directories
        #[arg(required = true, value_name = "NAME|URL")]
        mirrors: Vec<Address>,
        #[command(flatten)]
        pip: pip::Pip,
    },
    /// Ask no mirror, or no longer these
    Unset {
        /// Names, URLs or directories
        #[arg(value_name = "NAME|URL")]
        mirrors: Vec<Address>,
        #[command(flatten)]
        pip: pip::Pip,
    },
    /// Fill a directory that any web server or file share can serve
    Sync(sync::Sync),
}

impl Run for Mirror {
    fn run(self, context: &Context) -> Result<Status, Error> {
        match self.action {
            Action::List { json } => list(context, json),
            Action::Test { mirrors, json } => {
                test(context, network::mirrors(&context.ground, mirrors)?, json)
            }
            Action::Set { mirrors, pip } if pip.is_meant() => pip.set(context, &mirrors),
            Action::Unset { mirrors, pip } if pip.is_meant() => pip.unset(context, &mirrors),
            Action::Set { mirrors, .. } => set(context, mirrors),
            Action::Unset { mirrors, .. } => unset(context, &mirrors),
            Action::Sync(sync) => sync.run(context),
        }
    }
}

fn list(context: &Context, json: bool) -> Result<Status, Error> {
    let settings = context.settings()?;
    let used: Vec<String> = settings.mirrors.value.iter().map(Address::to_string).collect();
    let presets = Family::presets();
    if json {
        let rows = presets.iter().map(|preset| {
            serde_json::json!({
                "name": preset.name,
                "prebuilt": preset.prebuilt,
                "source": preset.source,
                "pip": preset.pip,
                "used": used.contains(&preset.name),
            })
        });
        let rows: Vec<_> = rows.collect();
        context.printer.json(&serde_json::json!({
            "mirrors": rows,
            "used": used,
            "set_by": settings.mirrors.origin.to_string(),
        }))?;
        return Ok(Status::SUCCESS);
    }
    for mirror in used.iter().filter(|mirror| !presets.iter().any(|preset| preset.name == **mirror))
    {
        context.printer.line(format!("* {mirror} (set by {})", settings.mirrors.origin))?;
    }
    for preset in presets {
        let origin = format!(" (set by {})", settings.mirrors.origin);
        let (mark, origin) =
            if used.contains(&preset.name) { ("*", origin.as_str()) } else { (" ", "") };
        context.printer.line(format!("{mark} {}{origin}", preset.name))?;
        for base in preset.prebuilt.iter().chain(&preset.source) {
            context.printer.line(format!("    {base}"))?;
        }
        if let Some(index) = &preset.pip {
            context.printer.line(format!("    {index} (with --pip)"))?;
        }
    }
    Ok(Status::SUCCESS)
}

fn set(context: &Context, mirrors: Vec<Address>) -> Result<Status, Error> {
    let mirrors = network::mirrors(&context.ground, mirrors)?;
    let file = &context.settings()?.file;
    settings::set_list(file, KEY, &mirrors)?;
    context.printer.talk(&format!("{} (written to {})", joined(&mirrors), file.display()));
    overruled(context)
}

fn unset(context: &Context, mirrors: &[Address]) -> Result<Status, Error> {
    let settings = context.settings()?;
    let mut left = settings::list(&settings.file, KEY)?;
    // One may be named as it is shown, without its secret.
    let is_meant =
        |one: &Address, mirror: &Address| one == mirror || one.to_string() == mirror.exact();
    if let Some(unknown) =
        mirrors.iter().find(|mirror| !left.iter().any(|one| is_meant(one, mirror)))
    {
        context.printer.talk(&format!(
            "pyman: `{unknown}' is not among the mirrors of {}",
            settings.file.display()
        ));
        return Ok(Status::FAILURE);
    }
    left.retain(|one| !mirrors.is_empty() && !mirrors.iter().any(|mirror| is_meant(one, mirror)));
    settings::set_list(&settings.file, KEY, &left)?;
    let said = if left.is_empty() { "no mirror".to_owned() } else { joined(&left) };
    context.printer.talk(&format!("{said} (written to {})", settings.file.display()));
    overruled(context)
}

fn joined(mirrors: &[Address]) -> String {
    mirrors.iter().map(Address::to_string).collect::<Vec<_>>().join(", ")
}

/// What is written counts only where no variable stands above it.
fn overruled(context: &Context) -> Result<Status, Error> {
    if let settings::Origin::Variable(name) = context.settings()?.mirrors.origin {
        context.printer.talk(&format!("hint: {name} is set, and stands above the settings file"));
    }
    Ok(Status::SUCCESS)
}

/// Times the newest prebuilt and the newest source at each of these, or at everyone.
pub(super) fn test(context: &Context, mirrors: Vec<Address>, json: bool) -> Result<Status, Error> {
    let client = network::client(&context.ground, Network::default())?;
    let watch = context.watch()?;
    let catalogue = network::catalogue(&context.ground, &client, &watch)?;
    let builds = samples(&catalogue);
    let mut best: Option<(f64, Address)> = None;
    let mut rows = Vec::new();
    for mirror in rivals(context, mirrors)? {
        for build in &builds {
            let urls = candidates(build, mirror.as_ref())?;
            let Some(timed) = first(timings(&client, &urls, &watch)?) else { continue };
            let name = mirror.as_ref().map_or("the publisher".to_owned(), Address::to_string);
            if json {
                rows.push(document(&name, build.kind, &timed));
            } else {
                let kind = build.kind.word();
                context.printer.line(format!("{name:20} {kind:9} {}", shown(&timed)))?;
            }
            if let (Ok(Timing { rate: Some(rate), .. }), Some(mirror)) = (&timed, &mirror)
                && best.as_ref().is_none_or(|(other, _)| rate > other)
            {
                best = Some((*rate, mirror.clone()));
            }
        }
    }
    if json {
        context.printer.json(&json!({ "timings": rows }))?;
        return Ok(Status::SUCCESS);
    }
    // One with a secret in it could not be pasted.
    if let Some((_, mirror)) = best.filter(|(_, mirror)| !mirror.is_secret()) {
        context.printer.talk(&format!("hint: `pyman mirror set {mirror}' asks the fastest first"));
    }
    Ok(Status::SUCCESS)
}

/// One file of each kind, the newest.
fn samples(catalogue: &Catalogue) -> Vec<Build> {
    let latest = Request::parse(b"latest");
    let newest = |route| {
        let options = Options { platform: network::platform(), route, variant: None };
        catalogue.answer(&latest, &options).unwrap_or_default().into_iter().next()
    };
    [Route::OnlyPrebuilt, Route::OnlySource].into_iter().filter_map(newest).collect()
}

/// Who is timed: those named, else everyone; none stands for who publishes.
fn rivals(context: &Context, mirrors: Vec<Address>) -> Result<Vec<Option<Address>>, Error> {
    if !mirrors.is_empty() {
        return Ok(mirrors.into_iter().map(Some).collect());
    }
    let mut rivals = vec![None];
    rivals.extend(context.settings()?.mirrors.value.iter().cloned().map(Some));
    for Preset { name, .. } in Family::presets() {
        let name = Some(Address::from(name.as_str()));
        if !rivals.contains(&name) {
            rivals.push(name);
        }
    }
    Ok(rivals)
}

fn candidates(build: &Build, mirror: Option<&Address>) -> Result<Vec<Url>, Error> {
    let mirrors = Mirrors {
        first: mirror.cloned().into_iter().collect(),
        only: mirror.is_some(),
        packages: Vec::new(),
    };
    let family = Family::of(&build.release.implementation);
    Ok(family.candidates(build, &mirrors).map_err(crate::fetch::Error::from)?)
}

/// The first address that served, else why the first did not.
fn first(timings: Vec<Result<Timing, Attempt>>) -> Option<Result<Timing, Attempt>> {
    let (served, failed): (Vec<_>, Vec<_>) = timings.into_iter().partition(Result::is_ok);
    served.into_iter().chain(failed).next()
}

fn document(name: &str, kind: Kind, timed: &Result<Timing, Attempt>) -> Value {
    let timing = timed.as_ref().ok();
    json!({
        "mirror": name,
        "kind": kind.word(),
        "first_byte_ms": timing.map(|timing| u64::try_from(timing.first_byte.as_millis()).unwrap_or(u64::MAX)),
        "bytes_per_second": timing.and_then(|timing| timing.rate),
        "failure": timed.as_ref().err().map(|attempt| attempt.reason.to_string()),
    })
}

fn shown(timed: &Result<Timing, Attempt>) -> String {
    match timed {
        Ok(Timing { first_byte, rate, .. }) => {
            let rate = rate.map_or_else(String::new, |rate| format!(", {:.1} MB/s", rate / 1e6));
            format!("{} ms{rate}", first_byte.as_millis())
        }
        Err(Attempt { reason, .. }) => reason.to_string(),
    }
}
