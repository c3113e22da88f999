//! What is known before a list is asked: which files, with which digests, how new.

use std::collections::HashMap;

use pyman_shim::Version;

use crate::catalogue::Catalogue;
use crate::catalogue::build::{Build, Kind};
use crate::catalogue::error::Error;
use crate::catalogue::release::CPYTHON;
use crate::catalogue::table;
use crate::fetch::{Sha256, Url};

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
