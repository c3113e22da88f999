//! How fast mirrors serve: the first byte and the rate of a small part, one mirror after the other.

use pyman_shim::Request;
use serde_json::{Value, json};

use crate::catalogue::{Build, Catalogue, Family, Kind, Mirrors, Options, Preset, Route};
use crate::cli::context::Context;
use crate::cli::run::Status;
use crate::error::Error;
use crate::fetch::{Address, Attempt, Timing, Url, timings};
use crate::operation::network::{self, Network};

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
        context.printer.say(&format!("hint: `pyman mirror set {mirror}' asks the fastest first"));
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
