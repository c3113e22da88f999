//! One list of those who publish, as it is asked for and as it came, and what is known before it is asked.

use std::collections::HashMap;
use std::path::Path;

use pyman_shim::Version;

use crate::catalogue::error::Error;
use crate::catalogue::release::{Build, CPYTHON, Kind};
use crate::catalogue::store::LONGEST;
use crate::catalogue::{Catalogue, row, table};
use crate::fetch::{self, Address, Client, Sha256, Url};
use crate::progress::Progress;

/// What a refresh is given.
#[derive(Clone, Copy)]
pub struct Refresh<'a> {
    /// `$PYMAN_ROOT/catalogue`, where what is learnt is kept.
    pub directory: &'a Path,
    /// A base that serves all the lists in place of those who publish them.
    pub base: Option<&'a Address>,
    /// Speaks to them.
    pub client: &'a Client,
    /// Watches, and may interrupt.
    pub progress: &'a dyn Progress,
}

/// What a list brought.
pub(super) struct News {
    pub(super) from: Url,
    pub(super) validator: Option<String>,
    pub(super) builds: Vec<Build>,
}

/// A list that was read whole.
pub(super) struct Whole {
    pub(super) from: Url,
    pub(super) validator: Option<String>,
    pub(super) body: Vec<u8>,
}

/// Reads a whole list from the first of its addresses that serves it.
pub(super) fn whole(
    refresh: &Refresh<'_>,
    urls: &[Url],
    known: Option<&str>,
) -> Result<Option<Whole>, Error> {
    let mut failure = None;
    for url in urls {
        match fetch::document(refresh.client, url, known, LONGEST, refresh.progress) {
            Ok(fetch::Document::Unchanged) => return Ok(None),
            Ok(fetch::Document::Changed { body, validator }) => {
                return Ok(Some(Whole { from: url.clone(), validator, body }));
            }
            Err(fetch::Error::Interrupted) => return Err(fetch::Error::Interrupted.into()),
            Err(error) => failure = Some(failure.unwrap_or(error)),
        }
    }
    Err(failure.map_or_else(
        || Error::Malformed {
            place: "plugin.toml".to_owned(),
            line: 0,
            reason: "no list".to_owned(),
        },
        Error::Fetch,
    ))
}

/// A list that is not what it should be.
pub(super) fn malformed(place: &Url, error: &serde_json::Error) -> Error {
    let (place, line) = (place.to_string(), error.line());
    Error::Malformed { place, line, reason: row::plain(error) }
}

/// Files by name, and how far each kind of list has been seen.
#[derive(Debug, Default)]
pub(super) struct Known {
    files: HashMap<String, Option<Sha256>>,
    newest_tag: String,
    newest_source: HashMap<(u32, u32), Version>,
}

impl Known {
    /// What the tables and the added rows say; the tables count even where another catalogue replaces
    /// them, for what is kept here is kept for good.
    pub(super) fn of(catalogue: &Catalogue) -> Self {
        let mut known = Self::default();
        for table in table::TABLES {
            for group in table.groups() {
                let Some(release) = table.release(group) else { continue };
                for row in table.rows(group) {
                    known.take(&table.build(release.clone(), group, row));
                }
            }
        }
        catalogue.added.iter().for_each(|build| known.take(build));
        known
    }

    /// The build if it is new; none if it is known; an error if it is known with another digest.
    pub(super) fn judge(&self, build: Build, place: &Url) -> Result<Option<Build>, Error> {
        match (self.files.get(&build.file), build.sha256) {
            (Some(Some(known)), Some(found)) if *known != found => Err(Error::Contradiction {
                place: place.to_string(),
                file: build.file,
                known: *known,
                found,
            }),
            // One that is known without a digest is news when it has one.
            (None, _) | (Some(None), Some(_)) => Ok(Some(build)),
            (Some(_), _) => Ok(None),
        }
    }

    /// The newest tag of any prebuilt CPython.
    pub(super) fn newest_tag(&self) -> &str {
        &self.newest_tag
    }

    /// Whether sources of this version are newer than what is known of its minor, or its minor is newer
    /// than every one known.
    pub(super) fn is_news(&self, version: Version) -> bool {
        match self.newest_source.get(&(version.major, version.minor)) {
            Some(newest) => version > *newest,
            None => self.newest_source.values().all(|newest| version > *newest),
        }
    }

    fn take(&mut self, build: &Build) {
        let digest = self.files.entry(build.file.clone()).or_default();
        *digest = digest.or(build.sha256);
        if build.release.implementation != CPYTHON {
            return;
        }
        if let Some(tag) = build
            .tag
            .as_deref()
            .filter(|tag| build.kind == Kind::Prebuilt && *tag > self.newest_tag.as_str())
        {
            tag.clone_into(&mut self.newest_tag);
        }
        if let Some(version) = build.release.version().filter(|_| build.kind == Kind::Source) {
            let newest =
                self.newest_source.entry((version.major, version.minor)).or_insert(version);
            *newest = version.max(*newest);
        }
    }
}
