//! Answers a request with sources: the newest release's tarballs, whatever variant is to be made of them.
//! And which of those the distribution's mirrors have: asked one by one, for their pools list no directories.

use std::collections::BTreeSet;

use pyman_shim::{Request, Variant, Version};

use crate::catalogue::Catalogue;
use crate::catalogue::error::Error;
use crate::catalogue::question::Question;
use crate::catalogue::release::{Build, Kind, Openssl, Release};
use crate::catalogue::table::{self, Table};
use crate::fetch::mirror::candidates;
use crate::fetch::{self, Address, Client};
use crate::platform::apt;
use crate::progress::Progress;

/// The first version whose sources can be built without the global interpreter lock.
const FREE_THREADED_SINCE: (u32, u32) = (3, 13);

impl Catalogue {
    /// Every file of the newest source of what is asked for.
    pub(super) fn sources(&self, question: Question<'_>) -> Vec<Build> {
        // Tags are of prebuilt archives.
        if question.tag().is_some() {
            return Vec::new();
        }
        let plain = question.with_variant(Variant::Default);
        let fits = |release: &&Release| {
            plain.means(release) && can_be(question.variant, release.version())
        };
        let Some(newest) = self
            .source_releases(question)
            .filter(fits)
            .max_by(|one, other| one.label.cmp(&other.label))
        else {
            return Vec::new();
        };
        let mut builds: Vec<Build> =
            self.added_sources().filter(|build| build.release == *newest).cloned().collect();
        for table in self.source_tables(question) {
            let entries = table.releases(question.only_minor());
            for (group, _) in entries.filter(|(_, release)| release == newest) {
                builds
                    .extend(table.rows(*group).map(|row| table.build(newest.clone(), *group, row)));
            }
        }
        for build in &mut builds {
            build.release.variant = question.variant;
            let unsaid = build.openssl == Openssl::default();
            if let Some(version) = build.release.version().filter(|_| unsaid) {
                build.openssl = table::openssl_of(version);
            }
        }
        builds
    }

    /// The versions of CPython a request could mean that have sources, newest first.
    pub(super) fn source_versions(&self, request: &Request) -> Vec<Version> {
        let question = Question::new(request, Some(Variant::Default));
        let meant = self.source_releases(question).filter(|release| question.means(release));
        let versions: BTreeSet<_> = meant.filter_map(Release::version).collect();
        versions.into_iter().rev().collect()
    }

    /// Every release with sources, of the families the question is about. None is of a variant yet.
    fn source_releases(&self, question: Question<'_>) -> impl Iterator<Item = &Release> {
        let tables = self.source_tables(question);
        let embedded = tables.flat_map(move |table| {
            table.releases(question.only_minor()).map(|(_, release)| release)
        });
        self.added_sources().map(|build| &build.release).chain(embedded)
    }

    fn added_sources(&self) -> impl Iterator<Item = &Build> {
        self.added.iter().filter(|build| build.kind == Kind::Source)
    }

    fn source_tables(&self, question: Question<'_>) -> impl Iterator<Item = Table> {
        self.tables(question).filter(|table| table.kind == Kind::Source)
    }
}

/// Whether sources of this version can be built as this variant.
pub(super) fn can_be(variant: Variant, version: Option<Version>) -> bool {
    let Some(version) = version else { return variant == Variant::Default };
    match variant {
        Variant::Default | Variant::Debug => true,
        Variant::FreeThreaded => (version.major, version.minor) >= FREE_THREADED_SINCE,
    }
}

/// How many versions are asked for: more than any minor ever had.
const VERSIONS: usize = 32;

/// The endings of a pool's tarballs, as upstream calls them; newer releases have the first.
const ENDINGS: [&str; 2] = ["tar.xz", "tgz"];

impl Catalogue {
    /// The versions a request could mean whose tarballs these package mirrors serve, newest first.
    pub fn in_pools(
        &self,
        request: &Request,
        mirrors: &[Address],
        client: &Client,
        progress: &dyn Progress,
    ) -> Result<Vec<Version>, Error> {
        let mut found = Vec::new();
        for version in self.source_versions(request).into_iter().take(VERSIONS) {
            if is_there(version, mirrors, client, progress)? {
                found.push(version);
            }
        }
        Ok(found)
    }
}

fn is_there(
    version: Version,
    mirrors: &[Address],
    client: &Client,
    progress: &dyn Progress,
) -> Result<bool, Error> {
    for mirror in mirrors {
        for ending in ENDINGS {
            let Some(path) = apt::pool_path(version, &format!("Python-{version}.{ending}")) else {
                continue;
            };
            for url in candidates(mirror.exact(), &[("path", path.as_str())], &["{path}"])
                .map_err(fetch::Error::from)?
            {
                match fetch::present(client, &url, progress) {
                    Ok(true) => return Ok(true),
                    // One mirror that does not answer stops nothing: the next may.
                    Ok(false) | Err(fetch::Error::Unserved { .. }) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
    }
    Ok(false)
}
