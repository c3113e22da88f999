//! python.org's own list of releases, and of each new one's files.

use pyman_shim::{Variant, Version};
use serde::Deserialize;

use crate::catalogue::error::Error;
use crate::catalogue::family::Family;
use crate::catalogue::live::list::{Known, News, Refresh, Whole, malformed, whole};
use crate::catalogue::release::{Build, CPYTHON, Kind, Openssl, Release};
use crate::catalogue::row;
use crate::fetch::{self, Sha256, Url};

#[derive(Debug, Deserialize)]
struct Published {
    name: String,
    #[serde(default)]
    resource_uri: String,
}

#[derive(Debug, Deserialize)]
struct Listed {
    url: String,
    #[serde(default)]
    sha256_sum: Option<String>,
    #[serde(default)]
    filesize: Option<u64>,
}

/// The tarballs of every release newer than what is known.
pub(super) fn read(
    refresh: &Refresh<'_>,
    known: &Known,
    validator: Option<&str>,
) -> Result<Option<News>, Error> {
    let family = Family::of(CPYTHON);
    let places = places(refresh, family, "releases", "?is_published=true&version=3")?;
    let Some(Whole { from, validator, body }) = whole(refresh, &places, validator)? else {
        return Ok(None);
    };
    let published: Vec<Published> =
        serde_json::from_slice(&body).map_err(|error| malformed(&from, &error))?;
    let mut builds = Vec::new();
    for release in published {
        let Some((version, id)) = identity(&release) else { continue };
        if known.is_news(version) {
            builds.extend(files(refresh, known, family, version, id)?);
        }
    }
    Ok(Some(News { from, validator, builds }))
}

/// The addresses of one of its lists, with a query.
fn places(
    refresh: &Refresh<'_>,
    family: &Family,
    list: &str,
    query: &str,
) -> Result<Vec<Url>, fetch::Error> {
    let places = family.list(list, refresh.base)?;
    Ok(places.iter().map(|place| place.join(query)).collect::<Result<_, _>>()?)
}

/// The version a release is of, and its number there.
fn identity(release: &Published) -> Option<(Version, &str)> {
    let version = Version::parse(release.name.trim().strip_prefix("Python ")?.as_bytes())?;
    let id = release.resource_uri.trim_end_matches('/').rsplit('/').next()?;
    // It becomes part of an address.
    let numbered = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    numbered.then_some((version, id))
}

fn files(
    refresh: &Refresh<'_>,
    known: &Known,
    family: &Family,
    version: Version,
    id: &str,
) -> Result<Vec<Build>, Error> {
    let places = places(refresh, family, "files", &format!("?release={id}"))?;
    let Some(Whole { from, body, .. }) = whole(refresh, &places, None)? else {
        return Ok(Vec::new());
    };
    let files: Vec<Listed> =
        serde_json::from_slice(&body).map_err(|error| malformed(&from, &error))?;
    let mut builds = Vec::new();
    for file in files {
        if let Some(build) = build(&file, version, family, &from)? {
            builds.extend(known.judge(build, &from)?);
        }
    }
    builds.sort_by(|one, other| one.file.cmp(&other.file));
    Ok(builds)
}

/// The build a file is; none for what is no source, or has no digest.
fn build(
    file: &Listed,
    version: Version,
    family: &Family,
    place: &Url,
) -> Result<Option<Build>, Error> {
    let name = row::last_part(&file.url);
    let wrong = |reason| Error::Malformed { place: place.to_string(), line: 1, reason };
    let digest = file.sha256_sum.as_deref().filter(|text| !text.is_empty());
    let (Some(digest), true) = (digest, is_source(&name, version)) else {
        return Ok(None);
    };
    let digest: Sha256 = digest.parse().map_err(|_| wrong(format!("{name} has no sha256")))?;
    let url = row::url(&file.url, place).map_err(wrong)?;
    let release = Release::cpython(version, Variant::Default);
    let path = row::path(&release, Kind::Source, None, &name);
    Ok(Some(Build {
        urls: family.beyond(Kind::Source, &path, url),
        release,
        kind: Kind::Source,
        tag: None,
        platform: None,
        path,
        file: name,
        sha256: Some(digest),
        size: file.filesize,
        openssl: Openssl::default(),
    }))
}

fn is_source(name: &str, version: Version) -> bool {
    ["tar.xz", "tgz"].iter().any(|ending| name == format!("Python-{version}.{ending}"))
}
