//! Where the list of prebuilts is not served: the newest release's name, and the sums published with it.

use pyman_shim::Version;
use serde::Deserialize;

use crate::catalogue::error::Error;
use crate::catalogue::family::Family;
use crate::catalogue::live::archive::{Archive, news};
use crate::catalogue::live::known::Known;
use crate::catalogue::live::list::{Brought, Refresh, Whole, malformed, whole};
use crate::catalogue::release::CPYTHON;
use crate::fetch::{self, Url};
use crate::platform::Platform;

/// What is said of the newest release.
#[derive(Debug, Deserialize)]
struct Latest {
    tag: String,
    asset_url_prefix: String,
}

/// The builds of the newest release, when it is newer than what is known.
pub(super) fn read(refresh: &Refresh<'_>, known: &Known) -> Result<Option<Brought>, Error> {
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
        let Some(archive) = named(file.trim_start_matches('*'), &prefix) else { continue };
        archives.push(Archive { sha256: Some(digest), ..archive });
    }
    let builds = news(archives, known, &sums)?;
    Ok(Some(Brought { from: sums, validator: None, builds }))
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
    use super::named;

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
