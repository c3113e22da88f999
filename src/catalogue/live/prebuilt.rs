//! What python-build-standalone publishes: its list, a line a version and build, newest first, so only its head is read; and
//! where that fails the files of its newest release, told by their names. Which of many are worth a row is decided here.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use serde::Deserialize;

use pyman_shim::{Variant, Version};

use crate::catalogue::error::Error;
use crate::catalogue::family::Family;
use crate::catalogue::live::list::{Known, News, Refresh, Whole, malformed, whole};
use crate::catalogue::release::{Build, CPYTHON, Kind, Openssl, Release};
use crate::catalogue::row;
use crate::catalogue::store::LONGEST;
use crate::fetch::{self, Sha256, Url};
use crate::platform::Platform;

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
) -> Result<Option<News>, Error> {
    let urls = Family::of(CPYTHON).list("prebuilt", refresh.base).map_err(fetch::Error::from)?;
    let mut failure = None;
    for url in urls {
        match head(refresh, known, &url, validator) {
            Err(Error::Fetch(fetch::Error::Interrupted)) => {
                return Err(fetch::Error::Interrupted.into());
            }
            // A list that came and is wrong is told of; what could not be fetched may be had elsewhere.
            Err(error @ Error::Fetch(_)) => failure = Some(failure.unwrap_or(error)),
            answer => return answer,
        }
    }
    match (read_newest(refresh, known), failure) {
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
) -> Result<Option<News>, Error> {
    let mut archives = Vec::new();
    let (mut number, mut wrong) = (0, None);
    let mut each = |line: &[u8]| {
        number += 1;
        match parse(line, url) {
            Ok(None) => ControlFlow::Continue(()),
            Ok(Some((tag, found))) => {
                archives.extend(found);
                // Of the newest known build all lines are read: there may be more of them than the last time.
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
            Ok(Some(News { from: url.clone(), validator, builds }))
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

/// A file that python-build-standalone published.
#[derive(Debug, Clone)]
pub(super) struct Archive {
    pub(super) version: Version,
    pub(super) tag: String,
    pub(super) platform: Platform,
    /// The words of its name that say how it was built: `freethreaded+pgo+lto-full`.
    pub(super) flavour: String,
    pub(super) url: Url,
    pub(super) file: String,
    pub(super) sha256: Option<Sha256>,
    pub(super) size: Option<u64>,
}

/// The builds among these archives that are new: of each version, tag, platform and variant the smallest.
/// Every archive is compared with what is known of it; those of builds older than the newest known, and
/// those without a digest, are not taken.
pub(super) fn news(
    archives: Vec<Archive>,
    known: &Known,
    place: &Url,
) -> Result<Vec<Build>, Error> {
    let hosts = Family::of(CPYTHON);
    let mut best: BTreeMap<_, (u8, Build)> = BTreeMap::new();
    for archive in archives {
        let Some((variant, rank)) = worth(&archive.flavour) else { continue };
        let key = (archive.version, archive.tag.clone(), archive.platform, variant);
        let build = archive.build(variant, hosts);
        let fresh = build.tag.as_deref() >= Some(known.newest_tag()) && build.sha256.is_some();
        if known.judge(build.clone(), place)?.is_none() || !fresh {
            // A known one of this shape stands for the rest.
            if fresh {
                best.insert(key, (u8::MAX, build));
            }
        } else if best.get(&key).is_none_or(|(other, _)| *other < rank) {
            best.insert(key, (rank, build));
        }
    }
    Ok(best.into_values().filter(|(rank, _)| *rank < u8::MAX).map(|(_, build)| build).collect())
}

/// The variant a flavour is of, and how much it is preferred; none for those with debugging or without
/// optimisation.
fn worth(flavour: &str) -> Option<(Variant, u8)> {
    let mut variant = Variant::Default;
    let mut rank = 0;
    for word in flavour.split(['-', '+']) {
        match word {
            "freethreaded" => variant = Variant::FreeThreaded,
            "install_only_stripped" => rank = 5,
            "install_only" => rank = rank.max(4),
            "pgo" | "lto" => rank += 1,
            "debug" | "noopt" | "static" => return None,
            _ => {}
        }
    }
    (rank > 0).then_some((variant, rank))
}

impl Archive {
    fn build(self, variant: Variant, hosts: &Family) -> Build {
        let release = Release::cpython(self.version, variant);
        let path = row::path(&release, Kind::Prebuilt, Some(&self.tag), &self.file);
        let urls = hosts.beyond(Kind::Prebuilt, &path, self.url);
        Build {
            release,
            kind: Kind::Prebuilt,
            tag: Some(self.tag),
            platform: Some(self.platform),
            path,
            file: self.file,
            urls,
            sha256: self.sha256,
            size: self.size,
            openssl: Openssl::default(),
        }
    }
}

/// What is said of the newest release.
#[derive(Debug, Deserialize)]
struct Latest {
    tag: String,
    asset_url_prefix: String,
}

/// The builds of the newest release, when it is newer than what is known.
fn read_newest(refresh: &Refresh<'_>, known: &Known) -> Result<Option<News>, Error> {
    let urls = Family::of(CPYTHON).list("latest", refresh.base).map_err(fetch::Error::from)?;
    let Some(Whole { from, body, .. }) = whole(refresh, &urls, None)? else {
        return Ok(None);
    };
    let latest: Latest = serde_json::from_slice(&body).map_err(|error| malformed(&from, &error))?;
    if latest.tag.as_str() < known.newest_tag() {
        return Ok(None);
    }
    let prefix = format!("{}/", latest.asset_url_prefix.trim_end_matches('/'));
    let prefix = from.join(&prefix).map_err(fetch::Error::from)?;
    let sums = prefix.join("SHA256SUMS").map_err(fetch::Error::from)?;
    let Some(Whole { from: sums, body: text, .. }) =
        whole(refresh, std::slice::from_ref(&sums), None)?
    else {
        return Ok(None);
    };
    let mut archives = Vec::new();
    for (index, line) in String::from_utf8_lossy(&text).lines().enumerate() {
        let wrong = |reason: &str| Error::Malformed {
            place: sums.to_string(),
            line: index + 1,
            reason: reason.to_owned(),
        };
        let mut words = line.split_whitespace();
        let (Some(digest), Some(file)) = (words.next(), words.next()) else { continue };
        let digest = digest.parse().map_err(|_| wrong("not a sha256 and a name"))?;
        // sha256sum(1) writes a `*' before a name that it read as binary.
        let Some(archive) = named(file.trim_start_matches('*'), &prefix) else { continue };
        archives.push(Archive { sha256: Some(digest), ..archive });
    }
    let builds = news(archives, known, &sums)?;
    Ok(Some(News { from: sums, validator: None, builds }))
}

/// The archive a name describes: `cpython-3.12.7+20241016-x86_64-unknown-linux-gnu-install_only.tar.gz`.
fn named(file: &str, prefix: &Url) -> Option<Archive> {
    let (version, rest) = file.strip_prefix("cpython-")?.split_once('+')?;
    let stem = rest.strip_suffix(".tar.gz").or_else(|| rest.strip_suffix(".tar.zst"))?;
    let (tag, rest) = stem.split_once('-')?;
    let (platform, flavour) = split(rest)?;
    Some(Archive {
        version: Version::parse(version.as_bytes())?,
        tag: tag.to_owned(),
        platform,
        flavour: flavour.to_owned(),
        // To some servers a `+' in a path is a blank.
        url: prefix.join(&file.replace('+', "%2B")).ok()?,
        file: file.to_owned(),
        sha256: None,
        size: None,
    })
}

/// Splits a triple off the front.
fn split(text: &str) -> Option<(Platform, &str)> {
    text.match_indices('-').rev().find_map(|(at, _)| {
        let (triple, flavour) = (text.get(..at)?, text.get(at + 1..)?);
        Some((triple.parse().ok()?, flavour))
    })
}

#[cfg(test)]
mod tests {
    use pyman_shim::Variant;

    use super::{named, worth};

    #[test]
    fn the_smallest_of_the_usable_flavours_is_worth_most() {
        let order = ["pgo-full", "pgo+lto-full", "install_only", "install_only_stripped"];
        let ranks: Vec<u8> = order.iter().map(|flavour| worth(flavour).unwrap().1).collect();
        assert!(ranks.is_sorted_by(|one, other| one < other), "{ranks:?}");
        assert_eq!(worth("freethreaded+pgo+lto-full").unwrap().0, Variant::FreeThreaded);
        assert_eq!(
            worth("freethreaded-install_only_stripped").unwrap(),
            (Variant::FreeThreaded, 5)
        );
        for flavour in ["debug-full", "noopt-full", "freethreaded+debug-full", "", "wasm"] {
            assert_eq!(worth(flavour), None, "{flavour}");
        }
    }

    #[test]
    fn names_say_what_an_archive_is() {
        let prefix = "https://hub.example/download/20241016/".parse().unwrap();
        let table = [
            (
                "cpython-3.13.0rc2+20241016-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz",
                Some(("3.13.0rc2", "x86_64-unknown-linux-gnu", "install_only_stripped")),
            ),
            (
                "cpython-3.13.0+20241016-aarch64-apple-darwin-freethreaded+pgo+lto-full.tar.zst",
                Some(("3.13.0", "aarch64-apple-darwin", "freethreaded+pgo+lto-full")),
            ),
            ("cpython-3.13.0+20241016-z80-unknown-cpm-install_only.tar.gz", None),
            ("SHA256SUMS", None),
        ];
        for (file, expected) in table {
            let found = named(file, &prefix);
            let found = found.as_ref().map(|found| {
                (found.version.to_string(), found.platform.to_string(), found.flavour.clone())
            });
            let expected = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
            assert_eq!(found, expected, "{file}");
        }
        let url = named(table[0].0, &prefix).unwrap().url.to_string();
        assert!(
            url.starts_with("https://hub.example/download/20241016/cpython-3.13.0rc2%2B20241016-"),
            "{url}"
        );
    }
}
