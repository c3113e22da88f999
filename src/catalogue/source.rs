//! Answers a request with sources: the newest release's tarballs, whatever variant is to be made of them.

use std::collections::BTreeSet;

use pyman_shim::{Request, Variant, Version};

use crate::catalogue::Catalogue;
use crate::catalogue::build::{Build, Kind, Openssl};
use crate::catalogue::question::Question;
use crate::catalogue::release::Release;
use crate::catalogue::table::{self, Table};

/// The first version whose sources can be built without the global interpreter lock.
const FREE_THREADED_SINCE: (u32, u32) = (3, 13);

impl Catalogue {
    /// Every file of the newest source of what is asked for.
    pub(super) fn sources(&self, question: Question<'_>) -> Vec<Build> {
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
