//! python-build-standalone's list: a line a version and build, newest first, so only its head is read.

use std::ops::ControlFlow;

use pyman_shim::Version;
use serde::Deserialize;

use crate::catalogue::error::Error;
use crate::catalogue::family::Family;
use crate::catalogue::live::list::{Brought, Known, Refresh, malformed};
use crate::catalogue::live::standalone;
use crate::catalogue::live::standalone::{Archive, news};
use crate::catalogue::release::CPYTHON;
use crate::catalogue::row;
use crate::catalogue::store::LONGEST;
use crate::fetch::{self, Sha256, Url};

/// One version in one build.
#[derive(Debug, Deserialize)]
struct Line {
    version: String,
    #[serde(default)]
    artifacts: Vec<Artifact>,
}

#[derive(Debug, Deserialize)]
struct Artifact {
    platform: String,
    #[serde(default)]
    variant: String,
    url: String,
    sha256: Option<String>,
    size: Option<u64>,
}

/// What the list has beyond what is known; where nobody serves it, what the newest release's own sums say.
pub(super) fn read(
    refresh: &Refresh<'_>,
    known: &Known,
    validator: Option<&str>,
) -> Result<Option<Brought>, Error> {
    let urls = Family::of(CPYTHON).list("prebuilt", refresh.base).map_err(fetch::Error::from)?;
    let mut failure = None;
    for url in urls {
        match head(refresh, known, &url, validator) {
            Err(Error::Fetch(fetch::Error::Interrupted)) => {
                return Err(fetch::Error::Interrupted.into());
            }
            Err(error @ Error::Fetch(_)) => failure = Some(failure.unwrap_or(error)),
            answer => return answer,
        }
    }
    match (standalone::read(refresh, known), failure) {
        (Err(Error::Fetch(_)), Some(first)) => Err(first),
        (answer, _) => answer,
    }
}

/// Reads from the top down to the first build that is known.
fn head(
    refresh: &Refresh<'_>,
    known: &Known,
    url: &Url,
    validator: Option<&str>,
) -> Result<Option<Brought>, Error> {
    let mut archives = Vec::new();
    let (mut number, mut wrong) = (0, None);
    let mut each = |line: &[u8]| {
        number += 1;
        match parse(line, url) {
            Ok(None) => ControlFlow::Continue(()),
            Ok(Some((tag, found))) => {
                archives.extend(found);
                if tag.as_str() < known.newest_tag() {
                    return ControlFlow::Break(());
                }
                ControlFlow::Continue(())
            }
            Err(error) => {
                wrong = Some(match error {
                    Error::Malformed { place, reason, .. } => {
                        Error::Malformed { place, line: number, reason }
                    }
                    error => error,
                });
                ControlFlow::Break(())
            }
        }
    };
    let answer =
        fetch::lines(refresh.client, url, validator, LONGEST, refresh.progress, &mut each)?;
    if let Some(error) = wrong {
        return Err(error);
    }
    match answer {
        fetch::Document::Unchanged => Ok(None),
        fetch::Document::Changed { validator, .. } => {
            let builds = news(archives, known, url)?;
            Ok(Some(Brought { from: url.clone(), validator, builds }))
        }
    }
}

/// A line's tag and archives; none for a blank line, or a version of a form not known here.
fn parse(line: &[u8], place: &Url) -> Result<Option<(String, Vec<Archive>)>, Error> {
    if line.trim_ascii().is_empty() {
        return Ok(None);
    }
    let line: Line = serde_json::from_slice(line).map_err(|error| malformed(place, &error))?;
    let Some((version, tag)) = line.version.split_once('+') else {
        return Ok(None);
    };
    let Some(version) = Version::parse(version.as_bytes()) else {
        return Ok(None);
    };
    let mut archives = Vec::new();
    for artifact in line.artifacts {
        let wrong = |reason| Error::Malformed { place: place.to_string(), line: 0, reason };
        let Ok(platform) = artifact.platform.parse() else { continue };
        let sha256 = artifact.sha256.filter(|text| !text.is_empty());
        archives.push(Archive {
            version,
            tag: tag.to_owned(),
            platform,
            flavour: artifact.variant,
            file: row::last_part(&artifact.url),
            url: row::url(&artifact.url, place).map_err(wrong)?,
            sha256: sha256
                .map(|text| text.parse::<Sha256>().map_err(|error| wrong(error.to_string())))
                .transpose()?,
            size: artifact.size,
        });
    }
    Ok(Some((tag.to_owned(), archives)))
}
